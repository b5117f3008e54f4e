/** What the bench's commands end with. */
export const ExitCode = {
  ok: 0,
  checksFailed: 1,
  usage: 2,
  fileMissing: 3,
  badFile: 4,
  portInUse: 5,
  brokerUnreachable: 6,
  bundleMissing: 7,
  toolMissing: 8,
  ledgerInUse: 9,
  brokerLost: 10,
} as const;

export type ExitName = keyof typeof ExitCode;

/** An error for the person at the terminal: one line, and the code to end with. */
export class UserError extends Error {
  constructor(
    readonly exit: ExitName,
    message: string,
  ) {
    super(message);
  }
}
