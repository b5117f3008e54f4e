/** Options that several commands have, with one meaning. */
import { createInterface } from 'node:readline/promises';
import { Option, type Command } from 'commander';
import { integer } from '../command-line/options.js';
import { UserError } from '../exit-codes.js';
import type { SecretSource } from '../fleet/secret.js';

export { integer };

export interface FleetFlags extends SecretSource {
  readonly fleet: string;
  readonly json?: boolean;
}

export interface ChangeFlags extends FleetFlags {
  readonly dryRun?: boolean;
}

/** Where the fleet is, and where its secret is if not in there; and how to answer. */
export function fleetOptions(command: Command): Command {
  return command
    .option('--fleet <folder>', 'the fleet folder', 'fleet')
    .option('--secret-env <name>', "environment variable with the fleet's secret, in base64")
    .addOption(
      new Option('--secret-fd <n>', 'file descriptor to read it from').argParser(integer(0, 1023)),
    )
    .option('--json', 'JSON only on standard output');
}

/** For a command that changes something. */
export function changeOptions(command: Command): Command {
  return fleetOptions(command).option('--dry-run', 'say what would change, and change nothing');
}

/** What a command did, for a program or for a person. */
export function say(flags: { json?: boolean }, result: object, text: string): void {
  console.log(flags.json ? JSON.stringify(result) : text);
}

export interface ConfirmFlags extends ChangeFlags {
  readonly yes?: boolean;
}

/** Asks at the terminal. @throws UserError `notConfirmed` unless the answer is yes */
export async function confirm(flags: ConfirmFlags, question: string): Promise<void> {
  if (flags.yes) return;
  if (!process.stdin.isTTY) {
    throw new UserError('notConfirmed', `${question} No terminal to ask at: say --yes`);
  }
  // On standard error: standard output is for results.
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  if (!/^y(es)?$/i.test(answer.trim())) throw new UserError('notConfirmed', 'nothing was changed');
}

/** For a command that speaks with one unit. */
export interface UnitFlags extends ConfirmFlags {
  readonly broker?: string;
  readonly follow: number;
}

/** @param followS how long the unit's answer is waited for by default */
export function unitOptions(command: Command, followS: number): Command {
  return changeOptions(command)
    .option('--broker <url>', "instead of the fleet's first, as mqtt://host:port")
    .option('--follow <s>', "seconds to wait for the unit's answer", integer(1, 3600), followS)
    .option('--yes', 'without asking');
}
