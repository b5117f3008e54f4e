/** What the commands of the bench and of the tools both end with. Each adds its own from 9 on. */
export const COMMON_EXIT_CODES = {
  ok: 0,
  /** Something was looked at and found wanting: a unit that refused, a check that failed. */
  checkFailed: 1,
  usage: 2,
  fileMissing: 3,
  badFile: 4,
  /** A file, folder, unit or port is there already, or in use by another program. */
  inUse: 5,
  brokerUnreachable: 6,
  bundleMissing: 7,
  toolMissing: 8,
} as const;

/** An error for the person at the terminal: what was expected, found, where, and what to do. */
export class CommandError<ExitName extends string> extends Error {
  constructor(
    readonly exit: ExitName,
    message: string,
  ) {
    super(message);
  }
}
