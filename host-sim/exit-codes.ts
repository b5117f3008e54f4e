/** What the bench's commands end with. */
import { COMMON_EXIT_CODES, CommandError } from '../tools/command-line/exit-codes.js';

export const ExitCode = { ...COMMON_EXIT_CODES, ledgerInUse: 9, brokerLost: 10 } as const;

export type ExitName = keyof typeof ExitCode;

/** An error for the person at the terminal: one line, and the code to end with. */
export class UserError extends CommandError<ExitName> {}
