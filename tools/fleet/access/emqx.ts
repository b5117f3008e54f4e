/** Files for EMQX 5: users for its built-in database, rules for its file authorizer, settings. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { AccessFiles, Account } from './accounts.js';

/** @param folder where the broker will find the files */
export function emqxFiles(accounts: readonly Account[], folder: string): AccessFiles {
  const rules = accounts.flatMap(rulesOf);
  return {
    'users.csv': ['user_id,password_hash,salt,is_superuser', ...accounts.map(userOf), ''].join(
      '\n',
    ),
    'acl.conf': [...rules, '{deny, all}.', ''].join('\n'),
    'emqx.conf': configuration(folder),
  };
}

function userOf({ user, password, salt }: Account): string {
  const text = salt.toString('hex');
  const hash = createHash('sha256').update(text).update(password).digest('hex');
  return `${user},${hash},${text},false`;
}

function rulesOf({ user, publish, subscribe }: Account): string[] {
  return [
    ...(publish.length > 0 ? [rule(user, 'publish', publish)] : []),
    rule(user, 'subscribe', subscribe),
  ];
}

function rule(user: string, action: string, topics: readonly string[]): string {
  const list = topics.map((topic) => `"${topic}"`).join(', ');
  return `{allow, {username, "${user}"}, ${action}, [${list}]}.`;
}

function configuration(folder: string): string {
  return `# With the client id of another, a unit could take its session and end its connection.
mqtt.use_username_as_clientid = true
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
