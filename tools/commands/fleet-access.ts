/** `fleet access`: the broker's own files, so that each unit can reach its own topics and no other. */
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { accountsOf, type AccessFiles } from '../fleet/access/accounts.js';
import { emqxFiles } from '../fleet/access/emqx.js';
import { mosquittoFiles } from '../fleet/access/mosquitto.js';
import { rabbitmqFiles } from '../fleet/access/rabbitmq.js';
import { OWNER_MODE, writeWhole } from '../fleet/files.js';
import { openFleet, paths, type Fleet } from '../fleet/folder.js';
import type { FleetFile } from '../fleet/schema.js';
import { changeOptions, say, type ChangeFlags } from './options.js';

interface AccessFlags extends ChangeFlags {
  readonly broker: keyof typeof BROKERS;
  readonly at?: string;
}

/** What each broker is given, and what is to be done with it. */
const BROKERS = {
  mosquitto: {
    files: (fleet: Fleet, folder: string, owner: string | null) => {
      const [broker] = fleet.file.brokers as [FleetFile['brokers'][number]];
      return mosquittoFiles(accountsOf(fleet), broker, folder, owner);
    },
    next: (at: string) =>
      `mosquitto -c ${join(at, 'mosquitto.conf')}; one that runs takes changes by SIGHUP`,
  },
  rabbitmq: {
    files: (fleet: Fleet) =>
      rabbitmqFiles(
        accountsOf(fleet),
        fleet.units.filter(({ retired }) => retired !== null).map(({ unitId }) => unitId),
      ),
    next: (at: string) =>
      `rabbitmqctl import_definitions ${join(at, 'definitions.json')}; sh ${join(at, 'delete-retired.sh')}`,
  },
  emqx: {
    files: (fleet: Fleet, folder: string) => emqxFiles(accountsOf(fleet), folder),
    next: (at: string) =>
      `include ${join(at, 'emqx.conf')} in your emqx.conf, and start emqx; one that knows its ` +
      'users already changes and deletes them by its dashboard or HTTP API only',
  },
};

export function addFleetAccess(fleet: Command): void {
  const names = Object.keys(BROKERS);
  changeOptions(fleet.command('access'))
    .description("writes the broker's users and access lists, and the control room's password")
    .addOption(new Option('--broker <name>', 'whose files').choices(names).makeOptionMandatory())
    .option('--at <folder>', 'where the broker will find them, if they are copied elsewhere')
    .action(access);
}

function access(flags: AccessFlags): void {
  const fleet = openFleet(flags.fleet, flags);
  const folder = paths(flags.fleet).access(flags.broker);
  const at = flags.at ?? resolve(folder);
  const broker = BROKERS[flags.broker];
  const files: AccessFiles = {
    ...broker.files(fleet, at, flags.at === undefined ? userInfo().username : null),
    'control.room.password': `${fleet.passwordOf('control.room')}\n`,
  };
  const written = Object.keys(files).map((name) => join(folder, name));
  if (!flags.dryRun) {
    for (const [name, content] of Object.entries(files)) {
      writeWhole(join(folder, name), content, OWNER_MODE);
    }
  }
  const users = fleet.active.length;
  say(
    flags,
    { broker: flags.broker, units: users, files: written, dryRun: flags.dryRun ?? false },
    `${flags.dryRun ? 'would write' : 'wrote'} the files for ${users} units:\n` +
      `${written.map((path) => `  ${path}`).join('\n')}\nnext: ${broker.next(at)}`,
  );
}
