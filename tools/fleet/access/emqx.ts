/**
 * Files for EMQX 5.8 or later, by its documentation (Use Built-in Database; Use ACL File): users for
 * its built-in database, rules for its file authorizer, settings. Tried on no broker yet.
 */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { ROOM_USERS } from '../folder.js';
import { queueLength, type AccessFiles, type Account } from './accounts.js';

/** What EMQX puts the user's name in the place of. No user but a unit has such topics. */
const OWN = '${username}';

/** @param folder where the broker will find the files */
export function emqxFiles(accounts: readonly Account[], folder: string): AccessFiles {
  const rooms = accounts.filter(({ user }) => (ROOM_USERS as readonly string[]).includes(user));
  // A rule for each unit would be tried one after the other, for each message.
  const rules = [
    rule('all', 'publish', [upTopic(OWN), stateTopic(OWN)]),
    rule('all', 'subscribe', [downTopic(OWN)]),
    ...rooms.flatMap(rulesOf),
    '{deny, all}.',
  ];
  return {
    'users.csv': ['user_id,password_hash,salt,is_superuser', ...accounts.map(userOf), ''].join(
      '\n',
    ),
    'acl.conf': `${rules.join('\n')}\n`,
    'emqx.conf': configuration(folder, queueLength(accounts)),
  };
}

function userOf({ user, password, salt }: Account): string {
  const text = salt.toString('hex');
  const hash = createHash('sha256').update(text).update(password).digest('hex');
  return `${user},${hash},${text},false`;
}

function rulesOf({ user, publish, subscribe }: Account): string[] {
  const who = `{username, "${user}"}`;
  return [
    ...(publish.length > 0 ? [rule(who, 'publish', publish)] : []),
    rule(who, 'subscribe', subscribe),
  ];
}

function rule(who: string, action: string, topics: readonly string[]): string {
  const list = topics.map((topic) => `"${topic}"`).join(', ');
  return `{allow, ${who}, ${action}, [${list}]}.`;
}

function configuration(folder: string, queued: number): string {
  return `# With the client id of another, a unit could take its session and end its connection.
mqtt.use_username_as_clientid = true
# A control room that is slow for a moment must not miss what all units say at once.
mqtt.max_mqueue_len = ${queued}
authentication = [{
  mechanism = password_based
  backend = built_in_database
  user_id_type = username
  password_hash_algorithm { name = sha256, salt_position = prefix }
  bootstrap_file = "${join(folder, 'users.csv')}"
  bootstrap_type = hash
}]
authorization {
  no_match = deny
  deny_action = disconnect
  sources = [{ type = file, path = "${join(folder, 'acl.conf')}" }]
}
`;
}
