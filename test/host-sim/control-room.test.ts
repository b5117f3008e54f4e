/** What the control room sends, and what it believes of what comes. */
import { EventEmitter } from 'node:events';
import type { MqttClient } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ControlRoom, type ControlEvent } from '../../host-sim/control-room/control-room.js';
import { SimulatedClock } from '../../host-sim/world/clock.js';
import { hostBytes } from '../../protocol/bytes.js';
import { unsealed, unwrap, wrap } from '../../protocol/envelope.js';
import { decodeMessage, encodeMessage, type Fields } from '../../protocol/host.js';

const test = suite('control room');
const START_MS = Date.UTC(2026, 2, 2, 10);
const CONTROL = 'cr/1/control/state';

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
  const envelope = unwrap(hostBytes, unsealed, topic, payload.toString('latin1'));
  if (typeof envelope === 'number') throw new Error(`refused with ${envelope}`);
  const decoded = decodeMessage(envelope.body);
  if (typeof decoded === 'number') throw new Error(`refused with ${decoded}`);
  return { name: decoded.name, fields: decoded.message };
}

function room(startMs = START_MS) {
  const client = new FakeClient();
  const events: ControlEvent[] = [];
  const clock = new SimulatedClock(startMs);
  let will: { topic: string; payload: Buffer } | undefined;
  const control = new ControlRoom(
    clock,
    (itsWill) => {
      will = itsWill;
      return client as unknown as MqttClient;
    },
    (event) => events.push(event),
  );
  client.emit('connect');
  const say = (unit: string, level: string, name: string, fields: object, order = [1, 1]) => {
    const topic = `cr/1/unit/${unit}/${level}`;
    const [epoch, sequence] = order as [number, number];
    const body = encodeMessage(name, fields);
    const payload = wrap(hostBytes, unsealed, topic, epoch, sequence, body);
    client.emit('message', topic, Buffer.from(payload, 'latin1'));
  };
  return { client, clock, control, events, say, will: will as NonNullable<typeof will> };
}

const JOB = {
  ambulanceReference: 'LAS-1',
  latitude: 51.5,
  longitude: -0.1,
  address: '1 High Street',
};
const birthOf = (birthCounter: number) => ({
  ...{ birthCounter, unitKind: 1, at: null, clock: 0 },
  ...{ callSign: 'BX01', firmware: '0.1.0', board: 'esp32-devkit' },
});
const aedOf = (presence: number) => ({
  ...{ presence, readiness: 0, reasons: 1, seenMsAgo: 0, at: null, clock: 0 },
});

test('CR-073, CR-033: present when it is ready, away when it ends, and by its will', async () => {
  const { client, control, will } = room();
  const [first] = client.published;
  assert.equal(
    [first?.topic, first?.name, first?.fields['state'], first?.retain],
    [CONTROL, 'hello', 1, true],
  );
  const { name, fields } = opened(will.topic, will.payload);
  assert.equal([will.topic, name, fields['state']], [CONTROL, 'hello', 0]);
  await control.close();
  const last = client.published.at(-1);
  assert.equal([last?.topic, last?.fields['state'], last?.retain], [CONTROL, 0, true]);
  const later = room(START_MS + 1000).client.published[0];
  assert.ok(Number(later?.fields['session']) > Number(first?.fields['session']));
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

test('CR-072: the death of an older birth says nothing', () => {
  const { control, say } = room();
  say('met-1', 'state', 'birth', birthOf(8));
  say('met-1', 'state', 'death', { birthCounter: 7 });
  assert.is(control.units.get('met-1')?.alive, true);
  say('met-1', 'state', 'death', { birthCounter: 8 });
  assert.is(control.units.get('met-1')?.alive, false);
});

test('CR-079: a message that comes late does not replace a newer one', () => {
  const { control, say } = room();
  const presence = () => control.units.get('met-1')?.latest['aed']?.['presence'];
  say('met-1', 'up', 'aed', aedOf(1), [2, 10]);
  say('met-1', 'up', 'aed', aedOf(2), [2, 9]);
  assert.is(presence(), 1);
  say('met-1', 'up', 'aed', aedOf(2), [1, 99]);
  assert.is(presence(), 1);
  say('met-1', 'up', 'aed', aedOf(2), [3, 1]);
  assert.is(presence(), 2);
  assert.is(control.units.get('met-1')?.counts['aed'], 4);
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

test('what cannot be read is shown as refused and changes nothing', () => {
  const { client, control, events } = room();
  client.emit('message', 'cr/1/unit/met-1/up', Buffer.from('nonsense'));
  assert.is(events.at(-1)?.name, 'refused');
  assert.is(control.units.size, 0);
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
