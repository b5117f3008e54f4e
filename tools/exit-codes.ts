/** What the tools' commands end with. */
export const ExitCode = {
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
  /** The fleet's secret: not given, not this fleet's, or open to others. */
  secret: 9,
  noSuchUnit: 10,
  /** The person at the terminal did not confirm; nothing was changed. */
  notConfirmed: 11,
  /** The board did not answer, or cannot carry the unit. */
  board: 12,
  /** The unit did not answer in time. */
  noAnswer: 13,
} as const;

export type ExitName = keyof typeof ExitCode;

/** An error for the person at the terminal: what was expected, found, where, and what to do. */
export class UserError extends Error {
  constructor(
    readonly exit: ExitName,
    message: string,
  ) {
    super(message);
  }
}
