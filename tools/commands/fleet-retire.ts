/** `fleet retire`: a unit leaves the fleet. Its id is never given again, because its keys were. */
import type { Command } from 'commander';
import { openFleet } from '../fleet/folder.js';
import { changeOptions, confirm, say, type ConfirmFlags } from './options.js';

export function addFleetRetire(fleet: Command): void {
  changeOptions(fleet.command('retire'))
    .description('takes a unit out of the fleet; then run fleet access, so that the broker knows')
    .argument('<unit>', 'call sign or unit id')
    .option('--yes', 'without asking')
    .action(retire);
}

async function retire(name: string, flags: ConfirmFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const { unitId, callSign } = fleet.find(name);
  const retired = new Date().toISOString().slice(0, 10);
  if (!flags.dryRun) {
    await confirm(flags, `retire ${callSign} (${unitId})?`);
    fleet.writeUnits(
      fleet.units.map((unit) => (unit.unitId === unitId ? { ...unit, retired } : unit)),
    );
  }
  const would = flags.dryRun ? 'would retire' : 'retired';
  say(
    flags,
    { unitId, callSign, retired, dryRun: flags.dryRun ?? false },
    `${would} ${callSign} (${unitId}); fleet access takes it from the broker's lists`,
  );
}
