/**
 * `fleet export`: what each unit's board is given, in one file that only its owner may read: for a
 * bench whose virtual units are to be this fleet's.
 */
import type { Command } from 'commander';
import { OWNER_MODE, toJson, writeWhole } from '../fleet/files.js';
import { openFleet, paths } from '../fleet/folder.js';
import { changeOptions, say, type ChangeFlags } from './options.js';

export function addFleetExport(fleet: Command): void {
  changeOptions(fleet.command('export'))
    .description('writes the settings and keys of units for a bench, as secrets/units.json')
    .argument('[units...]', 'call signs or unit ids; without, every unit')
    .action(exportUnits);
}

function exportUnits(names: string[], flags: ChangeFlags): void {
  const fleet = openFleet(flags.fleet, flags);
  const chosen = names.length > 0 ? names.map((name) => fleet.find(name)) : fleet.active;
  const path = paths(flags.fleet).records;
  const records = chosen.map(({ unitId, kind, place }) => {
    const { settings, keysRecord } = fleet.unit(unitId);
    const keys = Buffer.from(keysRecord, 'latin1').toString('base64');
    return { settings, kind, place, keysRecord: keys };
  });
  if (!flags.dryRun) writeWhole(path, toJson(records), OWNER_MODE);
  say(
    flags,
    { file: path, units: chosen.map(({ unitId }) => unitId), dryRun: flags.dryRun ?? false },
    `${flags.dryRun ? 'would write' : 'wrote'} the records of ${records.length} units: ${path}`,
  );
}
