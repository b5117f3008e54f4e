/** The whole unit on fake ports: how it starts, what it tells, and what it does not believe. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IConnectPacket, IPublishPacket } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { esp32DevKit } from '../../firmware/boards/esp32-devkit.js';
import { MAX_PACKET_BYTES } from '../../firmware/link/reader.js';
import { Input } from '../../firmware/ports/inputs.js';
import { Lamp } from '../../firmware/ports/outputs.js';
import { WATCHDOG_S, startUnit } from '../../firmware/unit.js';
import { hostBytes } from '../../protocol/bytes.js';
import { ClockQuality, Fix, Presence } from '../../protocol/codes.js';
import { unsealed, unwrap, wrap } from '../../protocol/envelope.js';
import { decodeMessage, encodeMessage, type Fields } from '../../protocol/host.js';
import { ROOT } from '../support/cli.js';
import { createFakePorts, obliging } from '../support/fake-ports.js';

const DOWN = 'cr/1/unit/MP-1/down';
const CONTROL = 'cr/1/control/state';
const STATE = 'cr/1/unit/MP-1/state';
const UTC = 1700000000000;

function bodyOf(topic: string, payload: string): { name: string; message: Fields } {
  const envelope = unwrap(hostBytes, unsealed, topic, payload);
  const decoded = typeof envelope === 'number' ? envelope : decodeMessage(envelope.body);
  if (typeof decoded === 'number') throw new Error('refused with ' + decoded);
  return decoded;
}

function started(files = new Map<string, string>()) {
  const ports = createFakePorts(files);
  ports.net.onPacket = obliging;
  const unit = startUnit(ports, esp32DevKit, {
    unitId: 'MP-1',
    callSign: 'Alpha 1',
    kind: 1,
    host: '10.0.0.1',
    port: 1883,
    user: 'mp',
    password: 'pw',
    ssid: 'car',
    wifiPassword: 'key',
  });
  const sayBytes = (topic: string, payload: string, qos: 0 | 1, retain: boolean): void => {
    const bytes = Buffer.from(payload, 'latin1');
    ports.net.far.say({
      cmd: 'publish',
      topic,
      payload: bytes,
      messageId: 9,
      qos,
      retain,
      dup: false,
    });
  };
  const say = (topic: string, name: string, fields: object, qos: 0 | 1 = 1): void => {
    const payload = wrap(hostBytes, unsealed, topic, 1, 1, encodeMessage(name, fields));
    sayBytes(topic, payload, qos, topic === CONTROL);
  };
  /** What the unit published since the last call, with `retain`, `topic`, epoch and sequence. */
  const told = () =>
    ports.net.far
      .take()
      .filter((packet): packet is IPublishPacket => packet.cmd === 'publish')
      .map(({ topic, payload, retain }) => {
        const bytes = payload.toString('latin1');
        const envelope = unwrap(hostBytes, unsealed, topic, bytes);
        return { topic, retain, envelope, ...bodyOf(topic, bytes) };
      });
  /** The newest message of this name among those published since the last call. */
  const newest = (name: string): Fields => {
    const message = told()
      .filter((each) => each.name === name)
      .pop()?.message;
    if (message === undefined) throw new Error('no ' + name);
    return message;
  };
  return { ports, unit, say, sayBytes, told, newest };
}

const hello = { session: 1, issuedAt: UTC, state: 1 };

test('starts in silence, with a watchdog, and joins the network only where it must', () => {
  const { ports } = started();
  assert.is(ports.system.watchdogS, WATCHDOG_S);
  assert.equal(ports.trace, ['write epoch.0'], 'nothing sounds, nothing is lit');
  ports.clock.advance(2000);
  assert.equal(ports.network.joins, []);
  assert.ok(ports.trace.includes('call 10.0.0.1:1883'));
  assert.ok(ports.outputs.lit[Lamp.amber]);
});

test('CR-033, CR-070, CR-071: birth first, alone retained, with the counter of its will', () => {
  const { ports, told } = started();
  ports.clock.advance(2000);
  const connect = ports.net.far.heard[0] as IConnectPacket;
  assert.is(connect.clientId, 'MP-1');
  assert.is(connect.will?.topic, STATE);
  const death = bodyOf(STATE, (connect.will?.payload as Buffer).toString('latin1'));
  const [birth, ...others] = told();
  assert.is(birth?.name, 'birth');
  assert.is(birth?.topic, STATE);
  assert.is(birth?.retain, true);
  assert.equal(death.message, { birthCounter: birth?.message['birthCounter'] });
  assert.is(birth?.message['callSign'], 'Alpha 1');
  assert.equal(new Set(others.map((each) => each.name)), new Set(['aed', 'position', 'health']));
  for (const each of others) assert.is(each.retain, false);
});

test('CR-071: every connection and every boot has a greater birth counter', () => {
  const files = new Map<string, string>();
  let last = 0;
  for (let boot = 0; boot < 3; boot++) {
    const { ports, told } = started(files);
    for (let connection = 0; connection < 3; connection++) {
      ports.clock.advance(3000);
      const births = told().filter((each) => each.name === 'birth');
      assert.is(births.length, 1);
      assert.ok((births[0]?.message['birthCounter'] as number) > last);
      last = births[0]?.message['birthCounter'] as number;
      ports.net.far.drop();
    }
  }
});

test('CR-022: no envelope has the epoch and sequence of another', () => {
  const files = new Map<string, string>();
  const seen = new Map<string, string>();
  for (let boot = 0; boot < 2; boot++) {
    const { ports, told } = started(files);
    for (let i = 0; i < 5; i++) {
      ports.clock.advance(120000);
      for (const { envelope } of told()) {
        if (typeof envelope === 'number') throw new Error('refused');
        const number = envelope.epoch + ':' + envelope.sequence;
        // What MQTT sends again is the same bytes (CR-026).
        assert.is(seen.get(number) ?? envelope.body, envelope.body, number);
        seen.set(number, envelope.body);
      }
      ports.net.far.drop();
    }
  }
  assert.ok(seen.size > 40);
});

test('CR-018, CR-041: what is refused changes nothing, is counted, and is acknowledged', () => {
  const { ports, unit, say, sayBytes, told, newest } = started();
  ports.clock.advance(2000);
  told();
  const before = JSON.stringify([unit.desk.jobs, unit.clock, unit.control, [...ports.store.files]]);
  const good = wrap(hostBytes, unsealed, DOWN, 1, 1, encodeMessage('hello', hello));
  sayBytes(DOWN, '', 1, false);
  sayBytes(DOWN, good.substring(0, 30), 1, false);
  sayBytes(DOWN, good.replace('\x98\x06', '\x98\x05'), 1, false);
  sayBytes('cr/1/unit/MP-2/down', good, 1, false);
  sayBytes(DOWN, 'x'.repeat(300), 1, false);
  sayBytes(DOWN, 'x'.repeat(MAX_PACKET_BYTES + 1), 1, false);
  say(CONTROL, 'stand-down', { dispatchId: 7, issuedAt: UTC, reason: 1 });
  say(DOWN, 'death', { birthCounter: 1 });
  const pubacks = ports.net.far.take().filter((packet) => packet.cmd === 'puback');
  assert.is(pubacks.length, 8);
  assert.is(unit.counts.refused, 8);
  const after = JSON.stringify([unit.desk.jobs, unit.clock, unit.control, [...ports.store.files]]);
  assert.is(after, before);
  ports.clock.advance(300000);
  assert.is(newest('health')['refusedMessages'], 8);
});

test('CR-075, CR-076, CR-078: the time comes from a hello to this unit alone', () => {
  const { ports, unit, say, newest, told } = started();
  ports.clock.advance(2000);
  assert.is(newest('health')['at'], null);
  say(CONTROL, 'hello', hello);
  ports.clock.advance(1000);
  assert.is(unit.clock.quality, ClockQuality.unknown);
  say(DOWN, 'hello', { ...hello, issuedAt: UTC + 5000 }, 0);
  told();
  ports.clock.advance(60000);
  const position = newest('position');
  assert.is(position['clock'], ClockQuality.network);
  assert.ok((position['at'] as number) > UTC + 5000 && (position['at'] as number) < UTC + 66000);
});

test('CR-074: green only with the link, the control room, the AED and a time', () => {
  const { ports, say } = started();
  const { outputs, inputs, clock } = ports;
  const steps: [string, () => void, boolean][] = [
    ['the link', () => clock.advance(2000), false],
    ['the control room', () => say(CONTROL, 'hello', hello), false],
    ['a time', () => say(DOWN, 'hello', hello, 0), false],
    ['the AED', () => inputs.set(Input.bracket, true), true],
    ['no AED', () => inputs.set(Input.bracket, false), false],
    ['the AED again', () => inputs.set(Input.bracket, true), true],
    ['no control room', () => say(CONTROL, 'hello', { ...hello, state: 0 }), false],
    ['a new one', () => say(CONTROL, 'hello', { ...hello, session: 2 }), true],
    ['no link', () => ports.net.far.drop(), false],
  ];
  for (const [name, happen, armed] of steps) {
    happen();
    if (name === 'no link') ports.net.manner = 'refuses';
    clock.advance(1000);
    assert.is(outputs.lit[Lamp.green], armed, name);
    assert.is(outputs.lit[Lamp.amber], !armed, name);
  }
});

test('CR-083: the AED is reported at birth, at every change and every 5 minutes', () => {
  const { ports, newest, told } = started();
  ports.clock.advance(2000);
  const first = newest('aed');
  assert.equal([first['presence'], first['seenMsAgo']], [Presence.absent, 0]);
  ports.inputs.set(Input.bracket, true);
  ports.clock.advance(1);
  assert.is(newest('aed')['presence'], Presence.present);
  ports.clock.advance(3600000);
  assert.is(told().filter((each) => each.name === 'aed').length, 12);
  ports.net.far.drop();
  ports.clock.advance(2000);
  const names = told().map((each) => each.name);
  assert.equal(names.slice(0, 2), ['birth', 'aed']);
});

test('CR-081, CR-082: the fix, its time and its loss come from the line of the receiver', () => {
  const { ports, unit, newest, told } = started();
  ports.clock.advance(2000);
  told();
  const rmc = '$GPRMC,120000,A,5130.0000,N,00007.5000,W,000.0,000.0,211126,,*';
  let checksum = 0;
  for (const char of rmc.slice(1, -1)) checksum ^= char.charCodeAt(0);
  ports.gps.feed(rmc + checksum.toString(16).toUpperCase().padStart(2, '0') + '\r\n');
  ports.clock.advance(2000);
  const position = newest('position');
  assert.is(position['latitudeE7'], 515000000);
  assert.is(position['longitudeE7'], -1250000);
  assert.is(unit.clock.quality, ClockQuality.gps);
  ports.clock.advance(6000);
  const lost = newest('position');
  assert.is(lost['fix'], Fix.none);
  assert.is(lost['latitudeE7'], null);
  assert.ok((lost['fixAgeMs'] as number) >= 5000);
});

test('CR-085, CR-091: a week without a broker: no restart, bounded, and then all is told', () => {
  const { ports, unit, newest } = started();
  ports.net.manner = 'refuses';
  for (let hour = 0; hour < 7 * 24; hour++) {
    const kicks = ports.system.kicks;
    ports.clock.advance(3600000);
    assert.ok(ports.system.kicks - kicks >= 3600, 'the watchdog is kicked');
    assert.ok(unit.outbox.waiting.length <= 4, 'the latest of each state');
  }
  assert.is(unit.tasks.late, 0);
  ports.net.manner = 'opens';
  ports.clock.advance(40000);
  const health = newest('health');
  assert.equal([health['lateTasks'], health['droppedMessages']], [0, 0]);
});

test('CR-094: what is shed for want of memory, or cannot be encoded, is counted', () => {
  const { ports, unit, say } = started();
  ports.net.manner = 'hangs';
  ports.clock.advance(500);
  ports.net.far.open();
  ports.system.free = 100;
  ports.net.far.say({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  const waiting = unit.outbox.waiting.length;
  say(CONTROL, 'hello', hello);
  assert.is(unit.outbox.waiting.length, 0);
  assert.is(unit.outbox.dropped, waiting);
  unit.bay.presence = 1000;
  unit.bay.onReport();
  assert.is(unit.outbox.dropped, waiting + 1);
  assert.is(unit.outbox.waiting.length, 0, 'and never sent as nothing');
});

test('an exception in one part is counted, and the others go on', () => {
  const { ports, unit, newest } = started();
  ports.clock.advance(2000);
  ports.system.survives = true;
  Object.assign(unit.tracker, {
    onReport: () => {
      throw new Error('broken');
    },
  });
  ports.clock.advance(601000);
  const health = newest('health');
  assert.is(health['uncaughtErrors'], 10, 'once every 60 s');
  assert.is(unit.session.closeReason, 0, 'the link stayed open');
});

test('what the line kept while something blocked comes as one string, and is read like any', () => {
  const log = readFileSync(join(ROOT, 'test/fixtures/gps/town-drive.log'), 'latin1').slice(0, 4096);
  const [whole, cut] = [started(), started()];
  whole.ports.gps.feed(log);
  for (let at = 0; at < log.length; at += 48) cut.ports.gps.feed(log.slice(at, at + 48));
  const { sentences, fixes } = whole.unit.receiver;
  assert.equal([sentences, fixes], [cut.unit.receiver.sentences, cut.unit.receiver.fixes]);
  assert.ok(fixes > 5);
});

test.run();
