/** Files for Mosquitto 2: mosquitto.conf(5), mosquitto_passwd(1). */
import { pbkdf2Sync } from 'node:crypto';
import { join } from 'node:path';
import type { FleetFile } from '../schema.js';
import { queueLength, type AccessFiles, type Account } from './accounts.js';

/** As mosquitto_passwd has it by default: what is hashed here is random already. */
const ITERATIONS = 101;
const SALT_BYTES = 12;
const HASH_BYTES = 64;

/**
 * @param folder where the broker will find the files
 * @param owner who alone may read them; null where they are copied to another's folder
 */
export function mosquittoFiles(
  accounts: readonly Account[],
  broker: FleetFile['brokers'][number],
  folder: string,
  owner: string | null,
): AccessFiles {
  return {
    'mosquitto.conf': configuration(broker, folder, owner, queueLength(accounts)),
    passwords: accounts.map(passwordLine).join(''),
    acl: accounts.map(accessLines).join('\n'),
  };
}

function passwordLine({ user, password, salt }: Account): string {
  const used = salt.subarray(0, SALT_BYTES);
  const hash = pbkdf2Sync(password, used, ITERATIONS, HASH_BYTES, 'sha512');
  return `${user}:$7$${ITERATIONS}$${used.toString('base64')}$${hash.toString('base64')}\n`;
}

function accessLines({ user, publish, subscribe }: Account): string {
  const lines = [
    `user ${user}`,
    ...publish.map((topic) => `topic write ${topic}`),
    ...subscribe.map((topic) => `topic read ${topic}`),
  ];
  return `${lines.join('\n')}\n`;
}

function configuration(
  broker: FleetFile['brokers'][number],
  folder: string,
  owner: string | null,
  queued: number,
): string {
  const isLoopback = broker.host === '127.0.0.1' || broker.host === 'localhost';
  const listener = broker.tls
    ? [
        '# The listener, with its certfile and keyfile, is for your own file that includes this one.',
      ]
    : [`listener ${broker.port}${isLoopback ? ' 127.0.0.1' : ''}`];
  return [
    ...listener,
    // Started as root it goes on as another, who could not read them.
    ...(owner === null ? [] : [`user ${owner}`]),
    'allow_anonymous false',
    `password_file ${join(folder, 'passwords')}`,
    `acl_file ${join(folder, 'acl')}`,
    '# With the client id of another, a unit could take its session and end its connection.',
    'use_username_as_clientid true',
    '# A control room that is slow for a moment must not miss what all units say at once.',
    `max_queued_messages ${queued}`,
    '',
  ].join('\n');
}
