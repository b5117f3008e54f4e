/** Runs one command line: whatever comes of it is a line for a person, and an exit code. */
import { CommanderError, type Command } from 'commander';
import { COMMON_EXIT_CODES, CommandError } from './exit-codes.js';

/**
 * @param program its name begins the line of an error
 * @param words of the command line, without the program's own
 * @param codes the number of each name that a CommandError may have
 */
export async function runCommand(
  program: Command,
  words: readonly string[],
  codes: Readonly<Record<string, number>>,
): Promise<void> {
  const report = (error: unknown) => {
    process.exitCode = reported(program.name(), error, codes);
  };
  // What a listener throws comes past every caller.
  const thrown = (error: unknown) => {
    report(error);
    process.exit();
  };
  process.once('uncaughtException', thrown);
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    report(error);
  } finally {
    process.off('uncaughtException', thrown);
  }
}

function reported(name: string, error: unknown, codes: Readonly<Record<string, number>>): number {
  if (error instanceof CommandError) {
    console.error(`${name}: ${error.message}`);
    return codes[error.exit as string] ?? COMMON_EXIT_CODES.checkFailed;
  }
  // Commander has printed its line; --help ends well, anything else is a usage error.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : COMMON_EXIT_CODES.usage;
  // A fault of the program's own: with its stack, for those who mend it.
  console.error(error);
  return COMMON_EXIT_CODES.checkFailed;
}
