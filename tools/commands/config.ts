/** `config set`: how one unit is to work. The whole of its settings goes to it, every time. */
import type { Command } from 'commander';
import { isString, type Field } from '../../protocol/table.js';
import { UserError } from '../exit-codes.js';
import { configOf } from '../fleet/config.js';
import { openFleet } from '../fleet/folder.js';
import { SETTING_FIELDS } from '../fleet/schema.js';
import { confirm, say, unitOptions, type UnitFlags } from './options.js';
import { checkFields, openSession, order } from './orders.js';

export function addConfig(program: Command): void {
  const config = program.command('config').description("a unit's settings");
  unitOptions(config.command('set'), 30)
    .description("sends a unit its settings: the fleet's, its AED's, and those given here")
    .argument('<unit>', 'call sign or unit id')
    .argument('[settings...]', 'NAME=VALUE, which is kept; NAME=unknown; NAME= for the default')
    .addHelpText('after', () => `\nSettings:\n${SETTING_FIELDS.map(inWords).join('\n')}`)
    .action(set);
}

async function set(name: string, changes: string[], flags: UnitFlags): Promise<void> {
  const fleet = openFleet(flags.fleet, flags);
  const unit = fleet.find(name);
  const who = `${unit.callSign} (${unit.unitId})`;
  const settings = { ...unit.settings };
  for (const change of changes) apply(settings, change);
  const config = configOf(fleet.file, { ...unit, settings });
  const fields = { ...config, version: unit.configVersion + 1, issuedAt: Date.now() };
  checkFields('config', fields);
  if (flags.dryRun) {
    say(flags, { unit: unit.unitId, dryRun: true, config }, `would send ${who} its settings`);
    return;
  }
  await confirm(
    flags,
    `send ${who} its settings${changes.length > 0 ? `, ${changes.join(', ')}` : ''}?`,
  );
  const session = await openSession(fleet, unit, flags);
  const inUse = session.birth['configVersion'] as number;
  const version = Math.max(unit.configVersion, inUse) + 1;
  try {
    await order(session, 'config', { ...fields, version }, who, flags);
  } finally {
    await session.close();
  }
  fleet.writeUnits(
    fleet.units.map((each) =>
      each.unitId === unit.unitId ? { ...each, settings, configVersion: version } : each,
    ),
  );
  say(flags, { unit: unit.unitId, version, config }, `${who} works by settings ${version}`);
}

function apply(settings: Record<string, number | string | null>, change: string): void {
  const [name = '', ...rest] = change.split('=');
  const value = rest.join('=');
  const field = SETTING_FIELDS.find((each) => each.name === name);
  if (!field || !change.includes('=')) {
    throw new UserError('usage', `${change}: expected NAME=VALUE; config set --help has the names`);
  }
  if (value === '') delete settings[name];
  else settings[name] = valueOf(field, value);
}

/** What is outside its limits is said by `checkFields`. */
function valueOf(field: Field, text: string): number | string | null {
  if (text === 'unknown') return null;
  if (isString(field)) return text;
  const named = field.names?.[text];
  if (named !== undefined) return named;
  const value = Number(text);
  if (Number.isInteger(value)) return value;
  throw new UserError('usage', `${field.name}: expected a whole number, found ${text}`);
}

function inWords({ name, unit, about }: Field): string {
  return `  ${name.padEnd(18)} ${unit === undefined ? '' : `${unit}. `}${about}`;
}
