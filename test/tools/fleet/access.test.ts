/** The files that give a fleet's units their rights on a broker, by their form (SPEC CR-036). */
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFleet, type Fleet } from '../../../tools/fleet/folder.js';
import { listOf, makeFleet, type TestFleet } from '../../support/fleet.js';

const UNITS = 20;
const PORT = 1883;
const test = suite('fleet access');
let made: TestFleet;
let fleet: Fleet;

test.before(async () => {
  made = await makeFleet(PORT, listOf(UNITS));
  fleet = openFleet(made.folder);
});
test.after(() => made.remove());

const fileOf = (broker: string, name: string) =>
  readFileSync(join(made.folder, 'secrets/access', broker, name), 'utf8');
const passwordOf = (unitId: string) => fleet.unit(unitId).settings.password;

test('the files are for their owner alone, and the same each time', async () => {
  for (const broker of ['mosquitto', 'rabbitmq', 'emqx']) {
    const first = await made.run('fleet', 'access', '--broker', broker, '--json');
    assert.is(first.code, 0, first.stderr);
    const { files } = JSON.parse(first.stdout) as { files: string[] };
    const contents = files.map((file) => readFileSync(file, 'utf8'));
    for (const file of files) assert.is(statSync(file).mode & 0o777, 0o600, file);
    await made.run('fleet', 'access', '--broker', broker);
    assert.equal(
      files.map((file) => readFileSync(file, 'utf8')),
      contents,
    );
  }
});

test('a dry run writes nothing', async () => {
  const other = await makeFleet(PORT, listOf(1));
  const { code, stdout } = await other.run('fleet', 'access', '--broker', 'emqx', '--dry-run');
  assert.is(code, 0);
  assert.match(stdout, /would write/);
  assert.throws(() => statSync(join(other.folder, 'secrets/access')), /ENOENT/);
  other.remove();
});

test('RabbitMQ: the hash is of the password, and the rights match the own topics alone', () => {
  const {
    users,
    permissions,
    topic_permissions: topics,
  } = JSON.parse(fileOf('rabbitmq', 'definitions.json')) as Record<
    string,
    Record<string, string>[]
  >;
  assert.is(users?.length, UNITS + 3);
  const of = (list: Record<string, string>[] | undefined, key: string, user: string) =>
    list?.find((each) => each[key] === user) as Record<string, string>;
  const hash = Buffer.from(of(users, 'name', 'met-bx007')['password_hash'] as string, 'base64');
  const salted = Buffer.concat([hash.subarray(0, 4), Buffer.from(passwordOf('met-bx007'))]);
  assert.equal(hash.subarray(4), createHash('sha256').update(salted).digest());
  const may = (user: string, right: 'read' | 'write', key: string) =>
    new RegExp(of(topics, 'user', user)[right] as string).test(key);
  assert.ok(may('met-bx007', 'write', 'cr.1.unit.met-bx007.up'));
  assert.ok(may('met-bx007', 'write', 'cr.1.unit.met-bx007.state'));
  assert.ok(may('met-bx007', 'read', 'cr.1.unit.met-bx007.down'));
  for (const key of ['cr.1.unit.met-bx008.up', 'cr.1.unit.met-bx007.down', 'cr.1.unit.*.up', '#']) {
    assert.not.ok(may('met-bx007', 'write', key), key);
  }
  for (const key of ['cr.1.unit.met-bx008.down', 'cr.1.unit.*.down', '#', 'cr.#']) {
    assert.not.ok(may('met-bx007', 'read', key), key);
  }
  assert.ok(may('control.room', 'read', 'cr.1.unit.*.up'));
  assert.ok(may('control.room', 'write', 'cr.1.unit.met-bx008.down'));
  assert.not.ok(may('tools.watch', 'write', 'cr.1.unit.met-bx008.down'));
  const session = new RegExp(of(permissions, 'user', 'met-bx007')['configure'] as string);
  assert.ok(session.test('mqtt-subscription-met-bx007qos1'));
  assert.not.ok(session.test('mqtt-subscription-met-bx008qos1'));
});

test('EMQX: the hash is of salt and password, and every other right is denied', () => {
  const row = fileOf('emqx', 'users.csv').match(/^met-bx007,(\w+),(\w+),false$/m) ?? [];
  const hash = createHash('sha256')
    .update(`${row[2]}${passwordOf('met-bx007')}`)
    .digest('hex');
  assert.is(row[1], hash);
  const acl = fileOf('emqx', 'acl.conf');
  assert.is(acl.trimEnd().split('\n').at(-1), '{deny, all}.');
  assert.equal(
    acl.split('\n').filter((line) => line.includes('{allow, all')),
    [
      '{allow, all, publish, ["cr/1/unit/${username}/up", "cr/1/unit/${username}/state"]}.',
      '{allow, all, subscribe, ["cr/1/unit/${username}/down"]}.',
    ],
  );
  assert.is(acl.split('\n').filter((line) => line.includes('"tools.watch"')).length, 1);
});

test.run();
