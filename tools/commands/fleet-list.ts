/** `fleet list`: who is in the fleet. */
import Table from 'cli-table3';
import type { Command } from 'commander';
import { COMPACT } from '../fleet/watch-table.js';
import { openFleet } from '../fleet/folder.js';
import { fleetOptions, say, type FleetFlags } from './options.js';

interface ListFlags extends FleetFlags {
  readonly retired?: boolean;
  readonly area?: string;
}

export function addFleetList(fleet: Command): void {
  fleetOptions(fleet.command('list'))
    .description('who is in the fleet')
    .option('--area <name>', 'of one area')
    .option('--retired', 'those too that have left it')
    .action(list);
}

function list(flags: ListFlags): void {
  const fleet = openFleet(flags.fleet, flags);
  const units = (flags.retired ? fleet.units : fleet.active).filter(
    ({ area }) => flags.area === undefined || area === flags.area,
  );
  const head = ['call sign', 'unit id', 'type', 'service', 'area', 'AED', 'pads', 'battery', ''];
  const table = new Table({ head, ...COMPACT });
  for (const { callSign, unitId, kind, service, area, aed, retired } of units) {
    const dates = [aed.padsExpire ?? '–', aed.batteryExpire ?? '–'];
    const state = retired === null ? '' : `retired ${retired}`;
    table.push([callSign, unitId, kind, service, area, aed.model, ...dates, state]);
  }
  say(flags, units, `${table.toString()}\n${units.length} units`);
}
