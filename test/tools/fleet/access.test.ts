/** A fleet's access files on the real Mosquitto (SPEC CR-036): 700 units, each with its own topics. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { connectAsync, type MqttClient } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { openFleet, type Fleet } from '../../../tools/fleet/folder.js';
import { listOf, makeFleet, type TestFleet } from '../../support/fleet.js';
import { findMosquitto, freePort, startMosquittoWith } from '../../support/mosquitto.js';

const UNITS = 700;
const mosquitto = findMosquitto();
const test = suite('fleet access');
const port = await freePort();
let made: TestFleet;
let fleet: Fleet;

test.before(async () => {
  made = await makeFleet(port, listOf(UNITS));
  fleet = openFleet(made.folder);
});
test.after(() => made.remove());

const fileOf = (broker: string, name: string) =>
  readFileSync(join(made.folder, 'secrets/access', broker, name), 'utf8');

/** Connects with what is given, and fails at the first refusal. */
function login(username: string, password: string, clientId = username): Promise<MqttClient> {
  const options = { username, password, clientId, reconnectPeriod: 0, clean: true };
  return connectAsync(`mqtt://127.0.0.1:${port}`, options, false);
}

const THIEF_EVERY = 35;
/** So many at a time: one after the other waits for the network most of the time. */
const BATCH = 50;

async function each<T>(items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < items.length; at += BATCH) {
    await Promise.all(items.slice(at, at + BATCH).map(work));
  }
}

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
  const other = await makeFleet(port, listOf(1));
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
    acl.split('\n').filter((line) => line.includes('met-bx007')),
    [
      '{allow, {username, "met-bx007"}, publish, ["cr/1/unit/met-bx007/up", "cr/1/unit/met-bx007/state"]}.',
      '{allow, {username, "met-bx007"}, subscribe, ["cr/1/unit/met-bx007/down"]}.',
    ],
  );
});

if (!mosquitto) {
  test.skip('on Mosquitto: it is not installed', () => {});
} else {
  test(`CR-036 on Mosquitto: ${UNITS} units connect, and none reaches another's topics`, async () => {
    const conf = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    const broker = await startMosquittoWith(mosquitto, conf, port);
    const room = await login('control.room', fileOf('mosquitto', 'control.room.password').trim());
    const heard: string[] = [];
    room.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    await room.subscribeAsync(['cr/1/unit/+/up', 'cr/1/unit/+/state'], { qos: 1 });
    const clients = new Map<string, MqttClient>();
    const got = new Map<string, string[]>();
    await each(fleet.active, async ({ unitId }) => {
      const client = await login(unitId, passwordOf(unitId));
      client.on('message', (topic) => got.set(unitId, [...(got.get(unitId) ?? []), topic]));
      clients.set(unitId, client);
    });
    assert.is(clients.size, UNITS);

    const ids = [...clients.keys()];
    await each(ids, async (unitId) => {
      const client = clients.get(unitId) as MqttClient;
      await client.subscribeAsync(downTopic(unitId), { qos: 1 });
      await client.publishAsync(upTopic(unitId), 'own', { qos: 1 });
    });
    // Some ask for everything there is, and speak in their neighbour's name.
    const thieves = ids.filter((_, index) => index % THIEF_EVERY === 0);
    await each(thieves, async (unitId) => {
      const client = clients.get(unitId) as MqttClient;
      const neighbour = ids[ids.indexOf(unitId) + 1] as string;
      await client.subscribeAsync(['#', 'cr/1/unit/+/down', downTopic(neighbour)], { qos: 1 });
      for (const topic of [upTopic, stateTopic, downTopic]) {
        await client.publishAsync(topic(neighbour), `forged by ${unitId}`, { qos: 1 });
      }
    });
    await each(ids, (unitId) => room.publishAsync(downTopic(unitId), 'order', { qos: 1 }));
    // What was published before this on its connection has been handled when this comes.
    await room.unsubscribeAsync('none');
    await each(ids, async (id) => clients.get(id)?.unsubscribeAsync('none'));

    assert.equal(heard.toSorted(), ids.map((id) => `${upTopic(id)} own`).toSorted());
    for (const unitId of ids) {
      // Once for each of its filters that match.
      const topics = new Set(got.get(unitId));
      assert.equal([...topics], [downTopic(unitId)], unitId);
    }

    // Nobody connects with another's password, an old one, none, or for a retired unit.
    const refused = /Not authorized|Connection refused/;
    const fails = async (user: string, password: string) =>
      login(user, password).then(
        () => assert.unreachable(`${user} was let in`),
        (error: Error) => assert.match(error.message, refused),
      );
    await fails('met-bx001', passwordOf('met-bx002'));
    await fails('met-bx001', '');
    await fails('met-zz001', passwordOf('met-bx001'));
    await fails('control.room', passwordOf('met-bx001'));

    // A client id is no way into another's session.
    const thief = await login('met-bx001', passwordOf('met-bx001'), 'met-bx002');
    assert.ok(clients.get('met-bx002')?.connected);
    thief.end(true);

    for (const client of [...clients.values(), room]) client.end(true);
    await broker.stop();
  });
}

test.run();
