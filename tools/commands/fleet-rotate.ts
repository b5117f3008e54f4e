/**
 * `fleet rotate`: new keys and passwords for boards that are about to be provisioned again
 * (SPEC CR-128). Keys alone, over the air: `command UNIT rotateKeys`.
 */
import type { Command } from 'commander';
import { MAX_GENERATION } from '../../protocol/limits.js';
import { UserError } from '../exit-codes.js';
import { openFleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { changeOptions, confirm, say, type ConfirmFlags } from './options.js';

interface RotateFlags extends ConfirmFlags {
  readonly all?: boolean;
}

export function addFleetRotate(fleet: Command): void {
  changeOptions(fleet.command('rotate'))
    .description('new keys and passwords for units: provision them and run fleet access after it')
    .argument('[units...]', 'call signs or unit ids')
    .option('--all', 'every unit of the fleet')
    .option('--yes', 'without asking')
    .action(rotate);
}

async function rotate(names: string[], flags: RotateFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  if (names.length > 0 === (flags.all ?? false)) {
    throw new UserError('usage', 'expected call signs, or --all');
  }
  const chosen = flags.all ? fleet.active : names.map((name) => fleet.find(name));
  const rotated = new Map(chosen.map((unit) => [unit.unitId, withNext(unit)]));
  const list = chosen.map(({ callSign }) => callSign).join(', ');
  if (!flags.dryRun) {
    await confirm(flags, `new keys and passwords for ${list}? Until provisioned they are cut off.`);
    fleet.writeUnits(fleet.units.map((unit) => rotated.get(unit.unitId) ?? unit));
  }
  const units = [...rotated.values()].map(({ unitId, provisioned }) => ({ unitId, provisioned }));
  say(
    flags,
    { units, dryRun: flags.dryRun ?? false },
    `${flags.dryRun ? 'would rotate' : 'rotated'} ${list}; now provision, and run fleet access`,
  );
}

/** A generation that the unit has never had. */
function withNext(unit: FleetUnit): FleetUnit {
  const next = unit.generation + 1;
  if (next <= MAX_GENERATION) return { ...unit, provisioned: next, generation: next };
  throw new UserError(
    'secret',
    `${unit.unitId}: generation ${MAX_GENERATION} is the last; the fleet needs a new secret`,
  );
}
