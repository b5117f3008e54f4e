/** `fleet add`: vehicles and stations from a CSV file, all or none. */
import type { Command } from 'commander';
import { UserError } from '../exit-codes.js';
import { AED_MODELS } from '../fleet/aed-models.js';
import { readText } from '../fleet/files.js';
import { openFleet, refuseSecret } from '../fleet/folder.js';
import { COLUMN_NAMES, unitsFromCsv, type CsvFault } from '../fleet/units-csv.js';
import { changeOptions, say, type ChangeFlags } from './options.js';

const HEADINGS = `Headings: ${COLUMN_NAMES.join(', ')}.`;
const MODELS = `AED models: ${Object.keys(AED_MODELS).join(', ')}.`;

export function addFleetAdd(fleet: Command): void {
  changeOptions(fleet.command('add'))
    .description('adds the vehicles and stations of a CSV file: all of them, or none')
    .argument('<file>', 'CSV with a line of headings')
    .addHelpText('after', () => `\n${HEADINGS}\n${MODELS}`)
    .action(add);
}

function add(path: string, flags: ChangeFlags): void {
  const fleet = openFleet(flags.fleet, flags);
  refuseSecret(flags.fleet, path);
  const text = readText(path, 'name the CSV file with the list');
  const list = unitsFromCsv(text, fleet.file.service, fleet.units);
  if ('faults' in list) {
    const { faults } = list;
    if (flags.json) say(flags, { added: 0, faults }, '');
    const lines = faults.map((fault) => inWords(path, fault)).join('\n');
    throw new UserError('badFile', `${path}: nothing was added\n${lines}`);
  }
  if (!flags.dryRun) fleet.writeUnits([...fleet.units, ...list.units]);
  const count = list.units.length;
  say(
    flags,
    { added: count, dryRun: flags.dryRun ?? false, units: list.units.map(({ unitId }) => unitId) },
    `${flags.dryRun ? 'would add' : 'added'} ${count} units to ${flags.fleet}`,
  );
}

function inWords(path: string, fault: CsvFault): string {
  const column = fault.column > 0 ? ` column ${fault.column} (${fault.name}):` : '';
  return `${path}:${fault.line}:${column} expected ${fault.expected}, found ${fault.found}`;
}
