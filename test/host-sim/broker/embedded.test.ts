/** The embedded broker: the moment a PUBLISH leaves, keep-alive in world time, ports in use. */
import { spawnSync } from 'node:child_process';
import type { Duplex } from 'node:stream';
import { MqttClient, connect, type IClientOptions } from 'mqtt';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createEmbeddedBroker,
  type EmbeddedBroker,
  type PublishSent,
} from '../../../host-sim/broker/embedded.js';
import { RealClock, SimulatedClock } from '../../../host-sim/world/clock.js';
import { ROOT } from '../../support/cli.js';

const QUIET: IClientOptions = { keepalive: 0, reconnectPeriod: 0 };

function clientOf(stream: Duplex, clientId: string, options: IClientOptions = {}): MqttClient {
  return new MqttClient(() => stream, { ...QUIET, clientId, ...options });
}

interface World {
  readonly clock: SimulatedClock;
  readonly broker: EmbeddedBroker;
  readonly sent: PublishSent[];
}

async function createWorld(): Promise<World> {
  const clock = new SimulatedClock(0);
  const broker = await createEmbeddedBroker(clock);
  const sent: PublishSent[] = [];
  broker.onPublishSent((info) => sent.push(info));
  return { clock, broker, sent };
}

async function close({ clock, broker }: World): Promise<void> {
  const closed = broker.close();
  await clock.runUntil(clock.nowMs() + 1000);
  await closed;
}

test('tells of each PUBLISH in the instant it leaves for a client', async () => {
  const world = await createWorld();
  const { clock, broker, sent } = world;
  const unit = clientOf(broker.dialDuplex(40), 'unit');
  const control = clientOf(broker.dialDuplex(), 'control');
  const got: unknown[] = [];
  unit.on('message', (topic, payload) =>
    got.push([topic, payload.toString('latin1'), clock.nowMs()]),
  );
  unit.subscribe('down', { qos: 1 });
  clock.after(1000, () => control.publish('down', Buffer.from('\xff\0x', 'latin1'), { qos: 1 }));
  clock.after(2000, () => control.publish('elsewhere', 'x', { qos: 1 }));
  await clock.runUntil(3000);
  assert.equal(got, [['down', '\xff\0x', 1040]]);
  assert.equal(
    sent.map(({ clientId, topic, payload, atMs }) => [
      clientId,
      topic,
      payload.toString('latin1'),
      atMs,
    ]),
    [['unit', 'down', '\xff\0x', 1000]],
  );
  await close(world);
});

test('a persistent session gets what came while it was away, when it comes back', async () => {
  const world = await createWorld();
  const { clock, broker, sent } = world;
  const control = clientOf(broker.dialDuplex(), 'control');
  const first = clientOf(broker.dialDuplex(), 'unit', { clean: false });
  first.subscribe('down', { qos: 1 });
  await clock.runUntil(100);
  first.end(true);
  await clock.runUntil(200);
  control.publish('down', 'waited', { qos: 1 });
  await clock.runUntil(300);
  assert.is(sent.length, 0);
  const second = clientOf(broker.dialDuplex(), 'unit', { clean: false });
  const got: string[] = [];
  second.on('message', (_topic, payload) => got.push(payload.toString()));
  await clock.runUntil(400);
  assert.equal(got, ['waited']);
  assert.is(sent[0]?.atMs, 300);
  await close(world);
});

test('a retained message comes to who names its topic, in full or by a wildcard, until it is taken back', async () => {
  const world = await createWorld();
  const { clock, broker } = world;
  const control = clientOf(broker.dialDuplex(), 'control');
  const give = (topic: string, payload: string) =>
    control.publish(topic, payload, { qos: 1, retain: true });
  give('unit/a/state', 'a');
  give('unit/b/state', 'b');
  await clock.runUntil(100);
  const gotBy = async (name: string, ...topics: string[]) => {
    const client = clientOf(broker.dialDuplex(), name);
    const got: string[] = [];
    client.on('message', (topic, payload, { retain }) => got.push(`${topic} ${payload} ${retain}`));
    client.subscribe(topics, { qos: 1 });
    await clock.runUntil(clock.nowMs() + 100);
    client.end(true);
    return got.sort();
  };
  const [a, b] = ['unit/a/state a true', 'unit/b/state b true'];
  assert.equal(await gotBy('one', 'unit/a/state'), [a]);
  assert.equal(await gotBy('two', 'unit/b/state', 'unit/a/state', 'unit/c/state'), [a, b]);
  assert.equal(await gotBy('all', 'unit/+/state'), [a, b]);
  give('unit/a/state', '');
  give('unit/b/state', 'new');
  await clock.runUntil(clock.nowMs() + 100);
  assert.equal(await gotBy('late', 'unit/a/state', 'unit/b/state'), ['unit/b/state new true']);
  assert.equal(await gotBy('later', 'unit/#'), ['unit/b/state new true']);
  await close(world);
});

test('keep-alive runs in world time: silence brings the will after one and a half times', async () => {
  const world = await createWorld();
  const { clock, broker, sent } = world;
  const control = clientOf(broker.dialDuplex(), 'control');
  control.subscribe('gone', { qos: 1 });
  // Its own pings would come by the wall clock, so never here.
  clientOf(broker.dialDuplex(), 'unit', {
    keepalive: 60,
    will: { topic: 'gone', payload: Buffer.from('unit'), qos: 1, retain: false },
  });
  await clock.runUntil(89_999);
  assert.is(sent.length, 0);
  await clock.runUntil(90_001);
  assert.equal(
    sent.map(({ topic, payload, atMs }) => [topic, payload.toString(), atMs]),
    [['gone', 'unit', 90_000]],
  );
  await close(world);
});

test('a connection without CONNECT is closed after 30 s', async () => {
  const world = await createWorld();
  const stream = world.broker.dialDuplex();
  let closedAtMs = 0;
  stream.on('data', () => {});
  stream.on('close', () => (closedAtMs = world.clock.nowMs()));
  await world.clock.runUntil(60_000);
  assert.is(closedAtMs, 30_000);
  await close(world);
});

test('a broker that was left open does not keep its process', () => {
  const left = `
    import { simulatedNetwork } from './host-sim/bench/networks.ts';
    import { SimulatedClock } from './host-sim/world/clock.ts';
    const clock = new SimulatedClock(0);
    const client = (await simulatedNetwork(clock)).connect('unit');
    await clock.runUntil(1000);
    process.stdout.write(String(client.connected));
  `;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', left];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    encoding: 'utf8',
    timeout: 30_000,
  });
  assert.is(stdout, 'true', stderr);
  assert.is(status, 0, 'it ended by itself');
});

test('a client that is not allowed is refused', async () => {
  const clock = new SimulatedClock(0);
  const broker = await createEmbeddedBroker(clock, {
    authenticate: (user, password) => user === 'unit' && password === 'secret',
  });
  const seen: string[] = [];
  for (const password of ['secret', 'guess']) {
    const client = clientOf(broker.dialDuplex(), password, { username: 'unit', password });
    client.on('connect', () => seen.push(`${password} in`));
    client.on('error', (error) => seen.push(`${password}: ${error.message}`));
  }
  await clock.runUntil(1000);
  assert.equal(seen.sort(), ['guess: Connection refused: Bad username or password', 'secret in']);
  await close({ clock, broker, sent: [] });
});

test('listens on loopback, and says when a port is in use', async () => {
  const clock = new RealClock();
  const broker = await createEmbeddedBroker(clock);
  const port = await broker.listen(0);
  const client = connect(`mqtt://127.0.0.1:${port}`, QUIET);
  await new Promise((resolve) => client.once('connect', resolve));
  const other = await createEmbeddedBroker(clock);
  try {
    await other.listen(port);
    assert.unreachable();
  } catch (error) {
    assert.is((error as NodeJS.ErrnoException).code, 'EADDRINUSE');
  }
  await other.close();
  await client.endAsync(true);
  await broker.close();
  clock.stop();
});

test.run();
