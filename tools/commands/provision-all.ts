/** `provision --all`: works through the units that have no board yet, board after board. */
import { createInterface } from 'node:readline';
import { isIssued } from '../board/from-fleet.js';
import { ExitCode, UserError } from '../exit-codes.js';
import type { Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { say } from './options.js';
import type { Provisioned } from './provision.js';

/**
 * Enter, or a line from a program, means that the next board is connected. A board with which
 * something is wrong is said, and asked for again.
 */
export async function provisionAll(
  fleet: Fleet,
  flags: { readonly json?: boolean },
  provisionOne: (unit: FleetUnit) => Promise<Provisioned>,
  told: (done: Provisioned) => string,
): Promise<void> {
  const left = fleet.active.filter((unit) => !isIssued(fleet, unit));
  const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const done: Provisioned[] = [];
  const skipped: string[] = [];
  while (left[0]) {
    const [unit] = left;
    process.stderr.write(question(unit));
    const answer = await answers.next();
    const word = answer.done ? 'q' : answer.value.trim();
    if (word === 'q') break;
    if (word === 's') {
      skipped.push(unit.callSign);
      left.shift();
      continue;
    }
    try {
      const one = await provisionOne(unit);
      done.push(one);
      left.shift();
      if (!flags.json) console.log(told(one));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.error(`tools: ${error.message}`);
    }
  }
  process.stdin.destroy();
  process.stderr.write('\n');
  const rest = [...skipped, ...left.map(({ callSign }) => callSign)];
  say(flags, { done, left: rest }, summary(done.length, rest));
  if (rest.length > 0) process.exitCode = ExitCode.checkFailed;
}

function question({ callSign, unitId }: FleetUnit): string {
  return `${callSign} (${unitId}): connect its board, then Enter; s skips it, q ends: `;
}

function summary(done: number, rest: readonly string[]): string {
  return `${done} done, ${rest.length} left${rest.length > 0 ? `: ${rest.join(', ')}` : ''}`;
}
