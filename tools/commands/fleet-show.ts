/** `fleet show`: one unit, with the settings that a `config` would give it. */
import type { Command } from 'commander';
import { configOf } from '../fleet/config.js';
import { toJson } from '../fleet/files.js';
import { openFleet } from '../fleet/folder.js';
import { fleetOptions, say, type FleetFlags } from './options.js';

export function addFleetShow(fleet: Command): void {
  fleetOptions(fleet.command('show'))
    .description('one unit: what the fleet knows of it, and the settings it is to have')
    .argument('<unit>', 'call sign or unit id')
    .action(show);
}

function show(name: string, flags: FleetFlags): void {
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const result = { ...unit, config: configOf(fleet.file, unit) };
  say(flags, result, toJson(result).trimEnd());
}
