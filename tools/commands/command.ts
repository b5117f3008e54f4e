/** `command`: has one unit do something: a self-test, a chirp, a report, a restart, new keys. */
import { Argument, type Command as Program } from 'commander';
import { Command } from '../../protocol/codes.js';
import { UserError } from '../exit-codes.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import type { UnitSession } from '../fleet/unit-session.js';
import { confirm, say, unitOptions, type UnitFlags } from './options.js';
import { openSession, order } from './orders.js';

type CommandName = keyof typeof Command;

export function addCommand(program: Program): void {
  unitOptions(program.command('command'), 30)
    .description('has one unit do something, and waits for its word that it did')
    .argument('<unit>', 'call sign or unit id')
    .addArgument(new Argument('<what>', 'what').choices(Object.keys(Command)))
    .action(command);
}

async function command(name: string, what: CommandName, flags: UnitFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const who = `${unit.callSign} (${unit.unitId})`;
  const result = { unit: unit.unitId, command: what };
  if (flags.dryRun) {
    say(flags, { ...result, dryRun: true }, `would send ${what} to ${who}`);
    return;
  }
  await confirm(flags, `${what} on ${who}?`);
  const session = await openSession(fleet, unit, flags);
  try {
    if (what === 'rotateKeys') await rotate(session, fleet, unit, who, flags);
    else await order(session, 'command', commandFields(Command[what]), who, flags);
  } finally {
    await session.close();
  }
  say(flags, { ...result, outcome: 'none' }, `${who}: ${what} done`);
}

function commandFields(code: number) {
  return { command: code, generation: 0, issuedAt: Date.now(), keys: '' };
}

/** Its birth under the new keys is the only confirmation (CR-126). */
async function rotate(
  session: UnitSession,
  fleet: Fleet,
  { unitId }: FleetUnit,
  who: string,
  flags: UnitFlags,
): Promise<void> {
  const generation = session.kept.peer.state.generation + 1;
  const reborn = session.wait(
    (received) => received.name === 'birth' && received.generation === generation,
    flags.follow * 1000,
  );
  await session.publish(session.kept.peer.sealRotation(Date.now()));
  if (!(await reborn)) {
    throw new UserError(
      'noAnswer',
      `${who}: not born with its new keys within ${flags.follow} s; run this again: the keys are the same`,
    );
  }
  fleet.writeUnits(
    fleet.units.map((unit) => (unit.unitId === unitId ? { ...unit, generation } : unit)),
  );
}
