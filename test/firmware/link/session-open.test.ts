/** How a connection comes about, and every way in which it does not: never "open" by mistake. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createOutbox } from '../../../firmware/link/outbox.js';
import {
  CloseReason,
  KEEP_ALIVE_S,
  PATIENCE_MS,
  Phase,
  acknowledge,
  closeSession,
  createSession,
  openSession,
  publishRetained,
  watchSession,
} from '../../../firmware/link/session.js';
import { FakeClock, FakeNet } from '../../support/fake-ports.js';
import { bytesOfId, numberOf } from './packet-id.js';

/** Two, so that the broker can grant one and not the other. */
const TOPICS = ['cr/1/unit/x/down', 'another/topic'];

/** A session that has called the broker; what it told is in `told`. */
function called(manner: FakeNet['manner'] = 'opens', blocksMs = 0) {
  const clock = new FakeClock(1000000);
  const net = new FakeNet(clock);
  net.manner = manner;
  net.blocksMs = blocksMs;
  const told: string[] = [];
  const session = createSession(net, clock, createOutbox(), 'cr/1/unit/x/up', TOPICS, {
    onOpen: () => told.push('open'),
    onMessage: (topic, payload, packetId) =>
      told.push([topic, payload, numberOf(packetId)].join(' ')),
    onOversized: () => told.push('oversized'),
    onTaken: () => {},
    onClose: () => told.push('close'),
    wrapPayload: (_topic, body) => '<' + body + '>',
  });
  openSession(session, '10.0.0.1', 1883, {
    clientId: 'MP-1',
    user: 'mp',
    password: 'pw',
    keepAliveS: KEEP_ALIVE_S,
    willTopic: 'cr/1/unit/MP-1/state',
    willPayload: 'death',
  });
  clock.advance(0);
  return { clock, net, session, told };
}

/** Also accepted by the broker, and subscribing. */
function accepted() {
  const parts = called();
  parts.net.far.say({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  return parts;
}

test('CR-034, CR-035, CR-092: CONNECT says who, with a will, for a session that lasts', () => {
  const { net, session } = called();
  assert.is(session.phase, Phase.connecting);
  const connect = net.far.take()[0];
  if (connect?.cmd !== 'connect') throw new Error('no CONNECT');
  assert.is(connect.clientId, 'MP-1');
  assert.is(connect.username, 'mp');
  assert.is(connect.password?.toString(), 'pw');
  assert.is(connect.clean, false);
  assert.is(connect.keepalive, 30);
  assert.is(connect.will?.topic, 'cr/1/unit/MP-1/state');
  assert.is(connect.will?.payload.toString(), 'death');
  assert.is(connect.will?.qos, 1);
  assert.is(connect.will?.retain, true);
});

test('CR-032: subscribes with QoS 1 once CONNACK is good, and is open only after SUBACK', () => {
  const { net, session, told } = accepted();
  const subscribe = net.far.take()[1];
  if (subscribe?.cmd !== 'subscribe') throw new Error('no SUBSCRIBE');
  assert.equal(
    subscribe.subscriptions.map((each) => [each.topic, each.qos]),
    TOPICS.map((topic) => [topic, 1]),
  );
  assert.equal(told, []);
  net.far.say({ cmd: 'suback', messageId: subscribe.messageId as number, granted: [1, 1] });
  assert.is(session.phase, Phase.open);
  assert.equal(told, ['open']);
  assert.is(session.closeReason, CloseReason.none);
});

test('a CONNACK that refuses, 1 to 5, or that is malformed closes with its code', () => {
  const cases: [string, number][] = [1, 2, 3, 4, 5].map((code) => [
    '\x20\x02\x00' + String.fromCharCode(code),
    code,
  ]);
  for (const bytes of ['\x20\x00', '\x20\x01\x00', '\x20\x03\x00\x00\x00'])
    cases.push([bytes, 255]);
  for (const [bytes, code] of cases) {
    const { net, session, told } = called();
    net.far.say(bytes);
    assert.is(session.phase, Phase.closed);
    assert.is(session.closeReason, CloseReason.connectRefused);
    assert.is(session.refusedWith, code);
    assert.equal(told, ['close'], 'never open');
    assert.ok(net.far.isClosed);
  }
});

test('CR-032: a SUBACK of QoS 0, of a refusal or of the wrong length closes', () => {
  const cases = [
    '\x01\x80',
    '\x80\x01',
    '\x01\x00',
    '\x00\x01',
    '\x01\x02',
    '\x01',
    '',
    '\x01\x01\x01',
  ];
  for (const granted of cases) {
    const { net, session, told } = accepted();
    net.far.say('\x90' + String.fromCharCode(2 + granted.length) + '\x00\x01' + granted);
    assert.is(session.phase, Phase.closed, JSON.stringify(granted));
    assert.is(session.closeReason, CloseReason.subscribeRefused);
    assert.equal(told, ['close']);
  }
});

test('CR-041: a message between CONNACK and SUBACK is handed on, acknowledged when told', () => {
  const { net, session, told } = accepted();
  net.far.take();
  net.far.say({
    cmd: 'publish',
    topic: TOPICS[0] as string,
    payload: 'kept',
    messageId: 9,
    qos: 1,
    retain: false,
    dup: true,
  });
  assert.equal(told, [TOPICS[0] + ' kept 9']);
  assert.equal(net.far.take(), []);
  acknowledge(session, bytesOfId(9));
  assert.is(net.far.take()[0]?.cmd, 'puback');
  net.far.say({ cmd: 'suback', messageId: 1, granted: [1, 1] });
  assert.is(session.phase, Phase.open);
});

test('whatever comes before CONNACK is not MQTT (3.2.0-1)', () => {
  for (const early of [
    '\x30\x04\x00\x01ax',
    '\xd0\x00',
    '\x40\x02\x00\x01',
    '\x90\x04\x00\x01\x01\x01',
  ]) {
    const { net, session, told } = called();
    net.far.say(early);
    assert.is(session.phase, Phase.closed, JSON.stringify(early));
    assert.is(session.closeReason, CloseReason.notMqtt);
    assert.equal(told, ['close']);
  }
});

test('a second CONNACK, and packets that only a client sends, close the connection', () => {
  for (const wrong of [
    '\x20\x02\x00\x00',
    '\xc0\x00',
    '\x82\x06\x00\x01\x00\x01a\x01',
    '\x00\x00',
  ]) {
    const { net, session } = accepted();
    net.far.say({ cmd: 'suback', messageId: 1, granted: [1, 1] });
    net.far.say(wrong);
    assert.is(session.phase, Phase.closed, JSON.stringify(wrong));
    assert.is(session.closeReason, CloseReason.notMqtt);
  }
});

test('a connection that is refused at once is unreachable', () => {
  const { session, told } = called('refuses');
  assert.is(session.phase, Phase.closed);
  assert.is(session.closeReason, CloseReason.unreachable);
  assert.equal(told, ['close']);
});

test('TCP, CONNACK or SUBACK that never comes: closed after PATIENCE_MS', () => {
  for (const parts of [called('hangs'), called(), accepted()]) {
    const { clock, net, session, told } = parts;
    clock.advance(PATIENCE_MS);
    watchSession(session, clock.nowMs());
    assert.is.not(session.phase, Phase.closed);
    clock.advance(1);
    watchSession(session, clock.nowMs());
    assert.is(session.phase, Phase.closed);
    assert.is(session.closeReason, CloseReason.silent);
    assert.equal(told, ['close']);
    assert.ok(net.far.isClosed);
  }
});

test('the time that a connect blocks is not counted as silence of the broker', () => {
  const { clock, session } = called('hangs', 60000);
  watchSession(session, clock.nowMs());
  assert.is(session.phase, Phase.opening);
});

test('a connection that closes at once is lost, before and after TCP is up', () => {
  for (const { net, session, told } of [called('hangs'), called(), accepted()]) {
    net.far.drop();
    assert.is(session.phase, Phase.closed);
    assert.is(session.closeReason, CloseReason.lost);
    assert.equal(told, ['close']);
  }
});

test('data and events of a connection that has ended change nothing', () => {
  const { clock, net, session, told } = accepted();
  const old = net.far;
  old.drop();
  const options = {
    clientId: 'MP-1',
    user: '',
    password: '',
    keepAliveS: 30,
    willTopic: 'w',
    willPayload: '',
  };
  openSession(session, '10.0.0.1', 1883, options);
  clock.advance(0);
  old.say({ cmd: 'connack', returnCode: 5, sessionPresent: false });
  old.say('\x00garbage');
  assert.is(session.phase, Phase.connecting);
  assert.equal(told, ['close']);
  assert.is(session.closeReason, CloseReason.lost);
});

test('a session is closed once, without DISCONNECT, so that the will is published', () => {
  const { net, session, told } = accepted();
  net.far.take();
  closeSession(session, CloseReason.silent);
  assert.equal(net.far.take(), []);
  assert.ok(net.far.isClosed);
  closeSession(session, CloseReason.lost);
  assert.is(session.closeReason, CloseReason.silent, 'closed once');
  assert.equal(told, ['close']);
  acknowledge(session, bytesOfId(1));
  publishRetained(session, 'x', 'y');
  assert.equal(net.far.take(), [], 'nothing is written to a closed connection');
});

test.run();
