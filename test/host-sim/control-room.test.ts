/** What the control room sends, and what it believes of what comes. */
import { EventEmitter } from 'node:events';
import type { MqttClient } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlRoom, type ControlEvent } from '../../host-sim/control-room/control-room.js';
import { SimulatedClock } from '../../host-sim/world/clock.js';
import { BENCH_SECRET } from '../../host-sim/bench/bench.js';
import { hostBytes } from '../../protocol/bytes.js';
import { PositionReason } from '../../protocol/codes.js';
import { nodeCiphers } from '../../protocol/host/ciphers.js';
import { deriveKeys } from '../../protocol/host/keys.js';
import { defaultConfig } from '../../protocol/generated/config.js';
import { decodeMessage, encodeMessage, type Fields } from '../../protocol/host/messages.js';
import { openEnvelope, sealEnvelope } from '../../protocol/seal/envelope.js';
import { unitOfTopic } from '../../protocol/topics.js';

const test = suite('control room');
const START_MS = Date.UTC(2026, 2, 2, 10);

interface Published {
  readonly topic: string;
  readonly name: string;
  readonly fields: Fields;
  readonly qos: number;
  readonly retain: boolean;
}

/** Stands for mqtt.js: remembers what is published, and says what a test says. */
class FakeClient extends EventEmitter {
  readonly published: Published[] = [];
  connected = true;

  subscribe(): void {}

  publish(
    topic: string,
    payload: Buffer,
    options: { qos: number; retain?: boolean },
    done?: (error?: Error) => void,
  ): void {
    const { name, fields } = opened(topic, payload);
    this.published.push({ topic, name, fields, qos: options.qos, retain: options.retain === true });
    done?.();
  }

  async endAsync(): Promise<void> {
    this.connected = false;
  }
}

function opened(topic: string, payload: Buffer): { name: string; fields: Fields } {
  const keys = [1, 2].map((each) => deriveKeys(BENCH_SECRET, unitOfTopic(topic), each).down);
  const message = openEnvelope(hostBytes, nodeCiphers, keys, topic, payload.toString('latin1'));
  if (typeof message === 'number') throw new Error(`refused with ${message}`);
  const decoded = decodeMessage(message.message);
  if (typeof decoded === 'number') throw new Error(`refused with ${decoded}`);
  return { name: decoded.name, fields: decoded.message };
}

function room(startMs = START_MS) {
  const client = new FakeClient();
  const events: ControlEvent[] = [];
  const clock = new SimulatedClock(startMs);
  const control = new ControlRoom({
    clock,
    secret: BENCH_SECRET,
    units: ['met-1', 'met-2'],
    connect: () => client as unknown as MqttClient,
    watch: (event) => events.push(event),
  });
  client.emit('connect');
  let counter = 0;
  const say = (unit: string, level: string, name: string, fields: object, options: Said = {}) => {
    const topic = `cr/1/unit/${unit}/${level}`;
    const { up } = deriveKeys(BENCH_SECRET, unit, options.generation ?? 1);
    const body = encodeMessage(name, fields);
    const payload = sealEnvelope(nodeCiphers, up, topic, options.counter ?? ++counter, body);
    client.emit('message', topic, Buffer.from(payload, 'latin1'));
  };
  return { client, clock, control, events, say };
}

interface Said {
  readonly counter?: number;
  readonly generation?: number;
}

const JOB = {
  ambulanceReference: 'LAS-1',
  latitude: 51.5,
  longitude: -0.1,
  address: '1 High Street',
};
const birthOf = (birthCounter: number) => ({
  ...{ birthCounter, heardCounter: 0, configVersion: 0, unitKind: 1, at: null, clock: 0 },
  ...{ callSign: 'BX01', firmware: '0.1.0', board: 'esp32-devkit' },
});
const positionOf = (reason: number) => ({
  fix: 0,
  reason,
  latitudeE7: null,
  longitudeE7: null,
  speedCmPerS: null,
  courseCentiDeg: null,
  altitudeDm: null,
  satellites: null,
  hdopCenti: null,
  fixAgeMs: null,
  at: null,
  clock: 0,
});
const aedOf = (presence: number) => ({
  ...{ presence, readiness: 0, reasons: 1, seenMsAgo: 0, at: null, clock: 0 },
  temperatureDeciC: null,
});
const responseOf = (dispatchId: number, answer: number) => ({
  ...{ dispatchId, answer, reason: 0, elapsedMs: 0, at: null, clock: 0 },
});
const receiptOf = (dispatchId: number, step: number) => ({
  ...{ dispatchId, step, refusal: 0, elapsedMs: 0, at: null, clock: 0 },
});
const statusOf = (status: number) => ({ status, reason: 0, at: null, clock: 0 });
const outcomeOf = (counter: number, refusal: number) => ({ counter, refusal, at: null, clock: 0 });

test('CR-073: on duty to every unit that is present, each minute, and away when it ends', async () => {
  const { client, clock, control, say } = room();
  say('met-1', 'state', 'birth', birthOf(7));
  await clock.runUntil(START_MS + 60_000);
  const hellos = () => client.published.filter(({ name }) => name === 'hello');
  assert.equal(
    hellos().map(({ topic, fields }) => [topic, fields['birthCounter'], fields['state']]),
    [
      ['cr/1/unit/met-1/down', 7, 1],
      ['cr/1/unit/met-1/down', 7, 1],
    ],
  );
  say('met-1', 'state', 'death', { birthCounter: 7 });
  await clock.runUntil(START_MS + 120_000);
  assert.is(hellos().length, 2);
  say('met-1', 'state', 'birth', birthOf(9));
  await control.close();
  assert.equal([hellos().at(-1)?.fields['birthCounter'], hellos().at(-1)?.fields['state']], [9, 0]);
});

test('CR-047: every dispatch has an id of its own, also after a restart, and expires', () => {
  const { client, control } = room();
  for (let i = 0; i < 5; i++) control.dispatch('met-1', { ...JOB, expiresInS: 1 + i });
  const sent = client.published.filter(({ name }) => name === 'dispatch');
  assert.is(new Set(sent.map(({ fields }) => fields['dispatchId'])).size, 5);
  for (const { fields, qos, retain } of sent) {
    assert.ok(Number(fields['expiresAt']) > Number(fields['issuedAt']));
    assert.equal([qos, retain], [1, false]);
  }
});

test('L8: a dispatch without an ambulance reference cannot be sent', () => {
  const { client, control } = room();
  assert.throws(
    () => control.dispatch('met-1', { ...JOB, ambulanceReference: '' }),
    /dispatch\.ambulanceReference: expected 1 to 16/,
  );
  assert.not.ok(client.published.some(({ name }) => name === 'dispatch'));
  assert.is(control.ledger.entries.length, 0);
});

test('CR-077: a birth is answered by a hello with the time, which no broker keeps', () => {
  const { client, say } = room();
  say('met-1', 'state', 'birth', birthOf(7));
  const hello = client.published.at(-1);
  assert.equal(
    [hello?.topic, hello?.name, hello?.qos, hello?.retain],
    ['cr/1/unit/met-1/down', 'hello', 0, false],
  );
  assert.is(hello?.fields['issuedAt'], START_MS);
});

test('CR-072: the death of an older birth says nothing, and is counted', () => {
  const { control, say } = room();
  say('met-1', 'state', 'birth', birthOf(8));
  say('met-1', 'state', 'death', { birthCounter: 7 });
  assert.is(control.units.get('met-1')?.alive, true);
  assert.equal(control.refused, { stale: 1 });
  say('met-1', 'state', 'death', { birthCounter: 8 });
  assert.is(control.units.get('met-1')?.alive, false);
});

test('CR-079: a message that comes late does not replace a newer one', () => {
  const { control, say } = room();
  const presence = () => control.units.get('met-1')?.latest['aed']?.['presence'];
  say('met-1', 'up', 'aed', aedOf(1), { counter: 10 });
  say('met-1', 'up', 'aed', aedOf(2), { counter: 9 });
  assert.is(presence(), 1);
  say('met-1', 'up', 'aed', aedOf(2), { counter: 11 });
  assert.is(presence(), 2);
  assert.is(control.units.get('met-1')?.counts['aed'], 3);
});

test('CR-088: a position of a time when nobody could be told is not where the unit is', () => {
  const { control, say } = room();
  const known = () => control.units.get('met-1');
  say('met-1', 'up', 'position', positionOf(PositionReason.periodic), { counter: 10 });
  say('met-1', 'up', 'position', positionOf(PositionReason.missed), { counter: 11 });
  assert.is(known()?.latest['position']?.['reason'], PositionReason.periodic);
  assert.is(known()?.missed.length, 1);
});

test('a rotation is told without its keys, and confirmed by a message under the new ones', () => {
  const { client, control, events, say } = room();
  say('met-1', 'state', 'birth', birthOf(1));
  control.rotate('met-1');
  const { fields } = client.published.at(-1)!;
  assert.equal([fields['generation'], String(fields['keys']).length], [2, 96]);
  assert.equal(events.at(-1)?.fields, { command: 'rotateKeys' });
  assert.is(control.units.get('met-1')?.generation, 1);
  say('met-1', 'state', 'birth', birthOf(3), { generation: 2 });
  assert.is(control.units.get('met-1')?.generation, 2);
  control.dispatch('met-1', JOB);
  assert.is(client.published.at(-1)?.name, 'dispatch');
});

test('the ledger keeps the first time of a step, and only of its own dispatches', async () => {
  const { clock, control, say } = room();
  const entry = control.dispatch('met-1', JOB);
  const receipt = (dispatchId: number, step: number, refusal = 0) =>
    say('met-1', 'up', 'receipt', {
      ...{ dispatchId, step, refusal, elapsedMs: 0, at: null, clock: 0 },
    });
  await clock.runUntil(START_MS + 250);
  receipt(entry.id, 3);
  await clock.runUntil(START_MS + 900);
  receipt(entry.id, 3);
  receipt(entry.id + 1, 3);
  receipt(entry.id, 200);
  assert.equal(entry.steps, { sent: 0, queued: 0, sounding: 250, '200': 900 });
  assert.is(control.ledger.entries.length, 1);
  receipt(entry.id, 2, 32);
  assert.is(entry.refusal, 'expired');
});

test('what does not prove itself is shown as refused, counted, and changes nothing', () => {
  const { client, control, events, say } = room();
  client.emit('message', 'cr/1/unit/met-1/up', Buffer.from('nonsense'));
  assert.equal(events.at(-1)?.fields, { refusal: 'notSealed' });
  say('met-1', 'up', 'aed', aedOf(1), { generation: 3 });
  say('met-9', 'up', 'aed', aedOf(1));
  assert.equal(control.refused, { notSealed: 1, unknownKey: 1, wrongUnit: 1 });
  assert.is(control.units.size, 0);
});

test("CR-146: a hello tells the highest counter that was taken on the unit's up topic", async () => {
  const { client, clock, say } = room();
  const heard = () => client.published.at(-1)?.fields['heardCounter'];
  say('met-1', 'state', 'birth', birthOf(7), { counter: 8 });
  assert.is(heard(), 0, 'a birth is not on that topic');
  say('met-1', 'up', 'aed', aedOf(1), { counter: 12 });
  say('met-1', 'up', 'aed', aedOf(1), { counter: 11 });
  await clock.runUntil(START_MS + 60_000);
  assert.is(heard(), 12);
});

test('CR-147: a hello at once for what the crew said, and at most one a second', async () => {
  const { client, clock, say } = room();
  const hellos = () =>
    client.published
      .filter(({ name }) => name === 'hello')
      .map(({ fields }) => [Number(fields['issuedAt']) - START_MS, fields['heardCounter']]);
  say('met-1', 'state', 'birth', birthOf(1), { counter: 2 });
  await clock.runUntil(START_MS + 5000);
  say('met-1', 'up', 'response', responseOf(1, 1), { counter: 3 });
  const first = [
    [0, 0],
    [5000, 3],
  ];
  assert.equal(hellos(), first);
  say('met-1', 'up', 'aed', aedOf(1), { counter: 4 });
  await clock.runUntil(START_MS + 5400);
  say('met-1', 'up', 'status', statusOf(2), { counter: 5 });
  say('met-1', 'up', 'response', responseOf(1, 3), { counter: 6 });
  assert.equal(hellos(), first);
  await clock.runUntil(START_MS + 7000);
  assert.equal(hellos(), [...first, [6000, 6]]);
  say('met-1', 'up', 'aed', aedOf(1), { counter: 7 });
  await clock.runUntil(START_MS + 9000);
  assert.is(hellos().length, 3);
});

test('CR-077, CR-147: no hello for what a unit said that is gone meanwhile', async () => {
  const { client, clock, say } = room();
  say('met-1', 'up', 'response', responseOf(1, 1));
  assert.is(client.published.length, 0, 'its birth has not come');
  say('met-1', 'state', 'birth', birthOf(1));
  say('met-1', 'up', 'response', responseOf(1, 1));
  say('met-1', 'state', 'death', { birthCounter: 1 });
  await clock.runUntil(START_MS + 5000);
  assert.is(client.published.length, 1);
});

test('CR-144: how the job goes on, in any order and with anything left out', async () => {
  const { clock, control, say } = room();
  const { id, steps } = control.dispatch('met-1', JOB);
  for (const answer of [1, 6, 4, 10]) {
    await clock.runUntil(clock.nowMs() + 100);
    say('met-1', 'up', 'response', responseOf(id, answer));
  }
  const told = { accepted: 100, aedTaken: 200, onScene: 300, clear: 400 };
  assert.equal(steps, { sent: 0, queued: 0, ...told });
});

test('CR-145: what the crew said last, whatever comes late', () => {
  const { control, events, say } = room();
  say('met-1', 'up', 'status', statusOf(3), { counter: 10 });
  say('met-1', 'up', 'status', statusOf(1), { counter: 9 });
  assert.is(control.units.get('met-1')?.status, 'committedElsewhere');
  assert.is(events.at(-1)?.name, 'status');
  say('met-1', 'up', 'status', statusOf(1), { counter: 11 });
  assert.is(control.units.get('met-1')?.status, 'available');
});

test('CR-140: each update has a greater revision, and what it does not change as it was', async () => {
  const { client, clock, control, say } = room();
  const entry = control.dispatch('met-1', { ...JOB, note: 'Door code 4471', expiresInS: 900 });
  await clock.runUntil(START_MS + 500);
  assert.is(control.update(entry.id, { address: '2 High Street', latitude: 51.6 }), entry);
  const sent = () => client.published.at(-1)!;
  assert.equal([sent().topic, sent().name, sent().qos], ['cr/1/unit/met-1/down', 'update', 1]);
  assert.equal(sent().fields, {
    ...{ dispatchId: entry.id, revision: 1, issuedAt: START_MS + 500, latitudeE7: 516000000 },
    ...{ expiresAt: START_MS + 900_000, longitudeE7: -1000000 },
    ...{ address: '2 High Street', note: 'Door code 4471' },
  });
  control.update(entry.id, { note: '', longitude: 0.2 });
  const { revision, address, note, longitudeE7 } = sent().fields;
  assert.equal([revision, address, note, longitudeE7], [2, '2 High Street', '', 2000000]);
  say('met-1', 'up', 'receipt', receiptOf(entry.id, 12));
  say('met-1', 'up', 'receipt', receiptOf(entry.id, 12));
  assert.equal([entry.steps['updated'], entry.revision, entry.updates], [500, 2, 2]);
  assert.throws(() => control.update(1, {}), /dispatch 1 was not sent/);
});

test('CR-142: an update expires later than it is sent', async () => {
  const { client, clock, control } = room();
  const { id } = control.dispatch('met-1', { ...JOB, expiresInS: 10 });
  await clock.runUntil(START_MS + 10_000);
  assert.throws(() => control.update(id, { note: 'late' }), /has expired: say expiresInS/);
  assert.is(client.published.length, 1);
  control.update(id, { expiresInS: 60 });
  assert.is(client.published.at(-1)?.fields['expiresAt'], START_MS + 70_000);
});

test('CR-150: a config is a whole set, of a version above what the unit has and was sent', () => {
  const { client, control, say } = room();
  say('met-1', 'state', 'birth', { ...birthOf(1), configVersion: 7 });
  const version = () => client.published.at(-1)?.fields['version'];
  const { counter } = control.configure('met-1', { volumePercent: 60 });
  const { topic, name, fields, qos } = client.published.at(-1)!;
  assert.equal([topic, name, qos], ['cr/1/unit/met-1/down', 'config', 1]);
  const expected = { ...defaultConfig(), version: 8, issuedAt: START_MS, volumePercent: 60 };
  assert.equal(fields, expected);
  control.configure('met-1', {});
  assert.is(version(), 9);
  say('met-1', 'up', 'outcome', outcomeOf(counter, 38));
  control.configure('met-1', {});
  assert.is(version(), 10);
  control.configure('met-2', {});
  assert.is(version(), 1);
});

test('CR-151, CR-154: a setting out of range cannot be sent', () => {
  const { client, control } = room();
  for (const volumePercent of [0, 29, 101]) {
    assert.throws(() => control.configure('met-1', { volumePercent }), /config\.volumePercent/);
  }
  assert.throws(() => control.configure('met-9', {}), /met-9 is no unit/);
  assert.is(client.published.length, 0);
  assert.is(control.units.get('met-1')?.config, undefined);
});

test('CR-156: an outcome is of the order that came with its counter', () => {
  const { control, events, say } = room();
  say('met-1', 'state', 'birth', birthOf(1));
  const unit = control.units.get('met-1')!;
  const [config, report, reboot] = [
    control.configure('met-1', {}),
    control.command('met-1', 'report'),
    control.command('met-1', 'reboot'),
  ];
  assert.is(new Set([config.counter, report.counter, reboot.counter]).size, 3);
  say('met-1', 'up', 'outcome', outcomeOf(reboot.counter, 35));
  say('met-1', 'up', 'outcome', outcomeOf(report.counter, 0));
  say('met-2', 'up', 'outcome', outcomeOf(config.counter, 0));
  assert.equal([config.outcome, report.outcome, reboot.outcome], [undefined, 'none', 'jobOpen']);
  assert.is(unit.configVersion, 0);
  say('met-1', 'up', 'outcome', outcomeOf(config.counter, 0));
  assert.is(events.at(-1)?.name, 'outcome');
  assert.equal([unit.config?.outcome, unit.configVersion], ['none', 1]);
  say('met-1', 'state', 'birth', birthOf(1));
  assert.is(unit.configVersion, 1, 'a birth that is told again');
  const next = control.configure('met-1', {});
  say('met-1', 'up', 'outcome', outcomeOf(next.counter, 38));
  assert.equal([unit.config?.outcome, unit.configVersion], ['rolledBack', 1]);
});

test('CR-157: a command has no keys', () => {
  const { client, control } = room();
  control.command('met-1', 'selfTest');
  const { topic, name, fields, qos } = client.published.at(-1)!;
  assert.equal([topic, name, qos], ['cr/1/unit/met-1/down', 'command', 1]);
  assert.equal(fields, { command: 2, generation: 0, issuedAt: START_MS, keys: '' });
});

test('a stand-down goes to the unit that has the dispatch', () => {
  const { client, control } = room();
  const entry = control.dispatch('met-1', JOB);
  control.standDown(entry.id, 'ambulanceOnScene');
  const sent = client.published.at(-1);
  assert.equal([sent?.topic, sent?.name], ['cr/1/unit/met-1/down', 'stand-down']);
  assert.equal([sent?.fields['dispatchId'], sent?.fields['reason']], [entry.id, 2]);
  assert.throws(() => control.standDown(1), /dispatch 1 was not sent/);
});

test.run();
