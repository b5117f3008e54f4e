/** What the tools' commands end with. */
import { COMMON_EXIT_CODES, CommandError } from './command-line/exit-codes.js';

export const ExitCode = {
  ...COMMON_EXIT_CODES,
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
export class UserError extends CommandError<ExitName> {}
