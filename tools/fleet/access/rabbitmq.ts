/**
 * Definitions for RabbitMQ, for `rabbitmqctl import_definitions`. Its MQTT plugin keeps a session in
 * a queue that is named by the client id, and turns each `/` of a topic into a dot and each `+` into
 * `*`; rights are regular expressions on those (RabbitMQ: MQTT Plugin, Access Control, Passwords).
 */
import { createHash } from 'node:crypto';
import { toJson } from '../files.js';
import type { AccessFiles, Account } from './accounts.js';

const VHOST = '/';
const EXCHANGE = 'amq.topic';
const SALT_BYTES = 4;

export function rabbitmqFiles(
  accounts: readonly Account[],
  retired: readonly string[],
): AccessFiles {
  return {
    'definitions.json': toJson({
      vhosts: [{ name: VHOST }],
      users: accounts.map(userOf),
      permissions: accounts.map(({ user }) => permissionOf(user)),
      topic_permissions: accounts.map(topicPermissionOf),
    }),
    // An import adds and changes users; it takes none away.
    'delete-retired.sh': ['#!/bin/sh', ...retired.map(deletionOf), ''].join('\n'),
  };
}

function userOf({ user, password, salt }: Account) {
  const used = salt.subarray(0, SALT_BYTES);
  const hash = createHash('sha256').update(used).update(password).digest();
  return {
    name: user,
    password_hash: Buffer.concat([used, hash]).toString('base64'),
    hashing_algorithm: 'rabbit_password_hashing_sha256',
    tags: [],
  };
}

/** Only the session of a client id that is the user's name; and the exchange of all topics. */
function permissionOf(user: string) {
  const queue = `mqtt-subscription-${escaped(user)}(qos[01])?`;
  const both = `^(${queue}|${escaped(EXCHANGE)})$`;
  return { user, vhost: VHOST, configure: `^${queue}$`, write: both, read: both };
}

function topicPermissionOf({ user, publish, subscribe }: Account) {
  const any = (topics: readonly string[]) => `^(${topics.map(routingKey).join('|')})$`;
  return { user, vhost: VHOST, exchange: EXCHANGE, write: any(publish), read: any(subscribe) };
}

/** A filter as a regular expression of routing keys; `+` also stands for its own `*`. */
function routingKey(topic: string): string {
  const levels = topic.split('/').map((level) => (level === '+' ? '[^.#]+' : escaped(level)));
  return levels.join('\\.');
}

function escaped(text: string): string {
  return text.replace(/[.]/g, '\\.');
}

const deletionOf = (user: string) => `rabbitmqctl delete_user ${user}`;
