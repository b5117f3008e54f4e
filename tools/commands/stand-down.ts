/** `stand-down`: withdraws a dispatch that was sent to a unit. */
import { Option, type Command } from 'commander';
import { StandDownReason, Step } from '../../protocol/codes.js';
import { UserError } from '../exit-codes.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { KeptPeer } from '../fleet/state.js';
import { MAX_U32 } from '../../protocol/limits.js';
import { confirm, integer, say, unitOptions, type UnitFlags } from './options.js';
import { nowS, openSession } from './orders.js';

interface StandDownFlags extends UnitFlags {
  readonly reason: keyof typeof StandDownReason;
}

export function addStandDown(program: Command): void {
  unitOptions(program.command('stand-down'), 10)
    .description('withdraws a dispatch: the unit falls silent')
    .argument('<unit>', 'call sign or unit id')
    .argument('[dispatch]', 'its number; without, the latest from here', integer(1, MAX_U32))
    .addOption(
      new Option('--reason <name>', 'why')
        .choices(Object.keys(StandDownReason))
        .default('notStated'),
    )
    .action(standDown);
}

async function standDown(
  name: string,
  given: number | undefined,
  flags: StandDownFlags,
): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const who = `${unit.callSign} (${unit.unitId})`;
  const dispatchId = given ?? latestOf(fleet, unit);
  const result = { unit: unit.unitId, dispatchId, reason: flags.reason };
  if (flags.dryRun) {
    say(flags, { ...result, dryRun: true }, `would stand ${who} down from ${dispatchId}`);
    return;
  }
  await confirm(flags, `stand ${who} down from dispatch ${dispatchId}?`);
  const session = await openSession(fleet, unit, flags);
  try {
    const stoodDown = session.wait(
      ({ name: kind, message }) =>
        kind === 'receipt' &&
        message['dispatchId'] === dispatchId &&
        message['step'] === Step.stoodDown,
      flags.follow * 1000,
    );
    const reason = StandDownReason[flags.reason];
    await session.send('stand-down', { dispatchId, issuedAt: nowS() * 1000, reason });
    if (!(await stoodDown)) {
      throw new UserError(
        'noAnswer',
        `${who}: no word within ${flags.follow} s; it says nothing of a dispatch that is not open`,
      );
    }
    say(flags, { ...result, step: 'stoodDown' }, `${who} stood down from dispatch ${dispatchId}`);
  } finally {
    await session.close();
  }
}

function latestOf(fleet: Fleet, unit: FleetUnit): number {
  const { lastDispatchId } = new KeptPeer(fleet, unit, nowS());
  if (lastDispatchId > 0) return lastDispatchId;
  throw new UserError('usage', `${unit.callSign}: no dispatch was sent from here; say its number`);
}
