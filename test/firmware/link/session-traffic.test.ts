/** An open session: messages both ways, signs of life, and what goes again after a loss. */
import type { IPublishPacket, Packet } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_IN_FLIGHT, createOutbox, post } from '../../../firmware/link/outbox.js';
import { MAX_PACKET_BYTES } from '../../../firmware/link/reader.js';
import {
  CloseReason,
  KEEP_ALIVE_PING_MS,
  KEEP_ALIVE_S,
  PATIENCE_MS,
  Phase,
  acknowledge,
  createSession,
  flush,
  openSession,
  publishRetained,
  watchSession,
  type Session,
} from '../../../firmware/link/session.js';
import { Exhausted, FakeClock, FakeNet } from '../../support/fake-ports.js';
import { bytesOfId, numberOf } from './packet-id.js';

const DOWN = 'cr/1/unit/x/down';

interface Line {
  clock: FakeClock;
  net: FakeNet;
  session: Session;
  told: string[];
}

function connect({ clock, net, session }: Line): void {
  openSession(session, '10.0.0.1', 1883, {
    clientId: 'x',
    user: '',
    password: '',
    keepAliveS: KEEP_ALIVE_S,
    willTopic: 'w',
    willPayload: 'd',
  });
  clock.advance(0);
  net.far.say({ cmd: 'connack', returnCode: 0, sessionPresent: true });
  net.far.take();
  net.far.say({ cmd: 'suback', messageId: 1, granted: [1] });
}

/** An open session whose every message is wrapped with a number of its own. */
function opened(onOpen: (session: Session) => void = () => {}): Line {
  const clock = new FakeClock(5000);
  const net = new FakeNet(clock);
  const told: string[] = [];
  let wrapped = 0;
  const session = createSession(net, clock, createOutbox(), 'up', [DOWN], {
    onOpen: () => onOpen(session),
    onMessage: (_topic, payload, packetId) => {
      if (payload === 'exhausting') throw new Exhausted();
      told.push(payload + ' ' + numberOf(packetId));
    },
    onOversized: () => told.push('oversized'),
    onTaken: () => {},
    onClose: () => told.push('close'),
    wrapPayload: (topic, body) => `${topic}:${body}:${++wrapped}`,
  });
  const line: Line = { clock, net, session, told };
  connect(line);
  return line;
}

function publish(payload: string, messageId: number, qos: 0 | 1 | 2 = 1, retain = false): Packet {
  return { cmd: 'publish', topic: DOWN, payload, messageId, qos, retain, dup: false };
}

/** Posts a message of which each one counts. */
function say(line: Line, content: string): void {
  post(line.session.outbox, 66, content, true);
  flush(line.session);
}

/** What the unit has published since the last call: payload, packet id, and whether repeated. */
function published(line: Line): string[] {
  const packets = line.net.far.take().filter((packet) => packet.cmd === 'publish');
  return (packets as IPublishPacket[]).map(
    (packet) => `${packet.payload} ${packet.messageId}${packet.dup ? ' dup' : ''}`,
  );
}

/** Lets time pass, looking after the session every second. */
function wait(line: Line, ms: number, eachSecond = (): void => {}): void {
  for (let passed = 0; passed < ms; passed += 1000) {
    line.clock.advance(1000);
    watchSession(line.session, line.clock.nowMs());
    eachSecond();
  }
}

test('CR-041: a message is acknowledged when the unit says so, and not before', () => {
  const line = opened();
  line.net.far.say(publish('job', 7));
  assert.equal(line.told, ['job 7']);
  assert.equal(line.net.far.take(), []);
  acknowledge(line.session, bytesOfId(7));
  const puback = line.net.far.take()[0];
  assert.is(puback?.cmd, 'puback');
  assert.is(puback?.messageId, 7);
});

test('retained or not, at QoS 0 or 1, a message is handed on; it may be empty', () => {
  const line = opened();
  line.net.far.say(publish('old', 8, 1, true));
  line.net.far.say(publish('hello', 0, 0));
  line.net.far.say(publish('', 9));
  assert.equal(line.told, ['old 8', 'hello 0', ' 9']);
});

test('QoS 2 and a PUBLISH that is cut short close the connection', () => {
  const cut = [
    '\x32\x00',
    '\x32\x01\x00',
    '\x32\x03\x00\x05a',
    '\x32\x05\x00\x02ab\x00',
    '\x30\x02\x00\x01',
  ];
  for (const wrong of [publish('job', 7, 2), '\x36\x07\x00\x01a\x00\x07xx', ...cut]) {
    const line = opened();
    line.net.far.say(wrong);
    assert.is(line.session.phase, Phase.closed, JSON.stringify(wrong));
    assert.is(line.session.closeReason, CloseReason.notMqtt);
    assert.equal(line.told, ['close']);
  }
});

test('a message that is too long is acknowledged and told, and the next one is taken', () => {
  const line = opened();
  line.net.far.say(publish('x'.repeat(MAX_PACKET_BYTES), 4));
  line.net.far.say(publish('x'.repeat(3000), 0, 0));
  line.net.far.say(publish('job', 5));
  assert.equal(line.told, ['oversized', 'oversized', 'job 5']);
  assert.equal(
    line.net.far.take().map((packet) => packet.messageId),
    [4],
  );
});

test('CR-092: after 20 s of silence a PINGREQ, and PINGRESP keeps the connection', () => {
  const line = opened();
  wait(line, KEEP_ALIVE_PING_MS - 1000);
  assert.equal(line.net.far.take(), []);
  wait(line, 1000);
  assert.equal(
    line.net.far.take().map((packet) => packet.cmd),
    ['pingreq'],
  );
  wait(line, PATIENCE_MS);
  line.net.far.say({ cmd: 'pingresp' });
  wait(line, 600000, () => {
    if (line.net.far.take().length > 0) line.net.far.say({ cmd: 'pingresp' });
  });
  assert.is(line.session.phase, Phase.open);
});

test('CR-092: without PINGRESP it is dead 10 s later; half-open is known in 45 s', () => {
  const line = opened();
  const fromMs = line.clock.nowMs();
  while (line.session.phase === Phase.open) wait(line, 1000);
  assert.ok(line.clock.nowMs() - fromMs <= 32000, 'well within 45 s');
  assert.is(line.session.closeReason, CloseReason.silent);
  assert.equal(line.told, ['close']);
});

test('a PINGRESP is wanted also where the broker still talks', () => {
  const line = opened();
  wait(line, KEEP_ALIVE_PING_MS);
  wait(line, PATIENCE_MS + 1000, () => {
    if (line.session.phase === Phase.open) line.net.far.say(publish('hello', 0, 0));
  });
  assert.is(line.session.phase, Phase.closed);
});

test('3.1.2-23: a unit that only listens says something within the keep-alive', () => {
  const line = opened();
  let saidAtMs = line.clock.nowMs();
  wait(line, 300000, () => {
    line.net.far.say(publish('hello', 0, 0));
    if (line.net.far.take().some((packet) => packet.cmd === 'pingreq')) {
      line.net.far.say({ cmd: 'pingresp' });
      saidAtMs = line.clock.nowMs();
    }
    assert.ok(line.clock.nowMs() - saidAtMs < KEEP_ALIVE_S * 1000, 'silent for too long');
  });
});

test('no PUBACK for 30 s closes, although the broker answers pings', () => {
  const line = opened();
  say(line, 'receipt');
  const fromMs = line.clock.nowMs();
  wait(line, KEEP_ALIVE_PING_MS + PATIENCE_MS, () => {
    if (line.net.far.take().some((packet) => packet.cmd === 'pingreq')) {
      line.net.far.say({ cmd: 'pingresp' });
    }
  });
  assert.is(line.session.phase, Phase.open);
  wait(line, 1000);
  assert.is(line.session.phase, Phase.closed);
  assert.is(line.session.closeReason, CloseReason.silent);
  assert.ok(line.clock.nowMs() - fromMs <= 31000);
});

test('CR-026, 4.4.0-1: what was not acknowledged goes again, the same bytes, with DUP', () => {
  const line = opened();
  for (const content of ['a', 'b', 'c']) say(line, content);
  assert.equal(published(line), ['up:a:1 2', 'up:b:2 3', 'up:c:3 4']);
  line.net.far.say({ cmd: 'puback', messageId: 3 });
  line.net.far.drop();
  say(line, 'd');
  connect(line);
  assert.equal(published(line), ['up:a:1 2 dup', 'up:c:3 4 dup', 'up:d:4 6']);
});

test('4.6.0-1: what goes again goes in the order in which it first went', () => {
  const line = opened();
  post(line.session.outbox, 69, 'position', false);
  say(line, 'receipt');
  assert.equal(published(line), ['up:receipt:1 2', 'up:position:2 3']);
  line.net.far.drop();
  connect(line);
  assert.equal(published(line), ['up:receipt:1 2 dup', 'up:position:2 3 dup']);
});

test('CR-070: the birth goes first, then what was under way, then what is new', () => {
  const line = opened((session) => {
    publishRetained(session, 'state', session.events.wrapPayload('state', 'birth'));
    post(session.outbox, 68, 'aed', false);
    flush(session);
  });
  line.net.far.take();
  line.net.far.say({ cmd: 'puback', messageId: 3 });
  say(line, 'a');
  line.net.far.drop();
  say(line, 'b');
  connect(line);
  const order = published(line).map((each) => each.split(':')[1]);
  assert.equal(order, ['birth', 'a', 'b', 'aed']);
});

test('the order holds where packet ids have wrapped round', () => {
  const line = opened();
  line.session.outbox.lastPacketId = 65533;
  for (const content of ['a', 'b', 'c']) say(line, content);
  assert.equal(published(line), ['up:a:1 65534', 'up:b:2 65535', 'up:c:3 1']);
  line.net.far.drop();
  connect(line);
  assert.equal(published(line), ['up:a:1 65534 dup', 'up:b:2 65535 dup', 'up:c:3 1 dup']);
});

test('MAX_IN_FLIGHT messages are under way; each PUBACK lets the next one go', () => {
  const line = opened();
  for (let i = 0; i < MAX_IN_FLIGHT + 2; i++) say(line, 'm' + i);
  assert.is(published(line).length, MAX_IN_FLIGHT);
  line.net.far.say({ cmd: 'puback', messageId: 2 });
  assert.equal(published(line), [`up:m${MAX_IN_FLIGHT}:5 6`]);
});

test('a message whose taking was abandoned comes again: the connection ends', () => {
  const line = opened();
  line.clock.guard = (callback) => {
    try {
      callback();
    } catch (error) {
      if (!(error instanceof Exhausted)) throw error;
    }
  };
  line.net.far.say(publish('exhausting', 5));
  assert.equal(line.net.far.take(), [], 'never acknowledged');
  wait(line, 1000);
  assert.is(line.session.phase, Phase.closed);
  assert.ok(line.net.far.isClosed);
});

test('a message whose sending was abandoned is wrapped once when it goes', () => {
  const line = opened();
  const outbox = line.session.outbox;
  post(outbox, 66, 'a', true);
  Object.defineProperty(outbox, 'lastPacketId', {
    configurable: true,
    get: () => {
      throw new Exhausted();
    },
  });
  assert.throws(() => flush(line.session));
  Object.defineProperty(outbox, 'lastPacketId', { value: 1, writable: true });
  flush(line.session);
  assert.equal(published(line), ['up:a:2 2']);
});

test.run();
