/** The control room's end of the conversation with one unit, against a unit made of its keys. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { Refusal } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { deriveKeys, type UnitKeys } from '../../../protocol/host/keys.js';
import { decodeMessage, encodeMessage } from '../../../protocol/host/messages.js';
import { UnitPeer, newPeerState } from '../../../protocol/host/unit-peer.js';
import { MAX_ENVELOPE_BYTES, MAX_U32, WINDOW } from '../../../protocol/limits.js';
import { messageTables } from '../../../protocol/registry.js';
import { sealEnvelope } from '../../../protocol/seal/envelope.js';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { check, seed } from '../arbitraries.js';
import { byteStream } from './reference.js';
import {
  SECRET,
  UNIT,
  DOWN,
  UP,
  STATE,
  NOW_S,
  HELLO,
  fieldsOf,
  POSITION,
  keysOf,
  peerOf,
  sent,
  birth,
  death,
  position,
  read,
  snapshot,
  refuses,
  takes,
} from './peer-and-unit.js';

console.log(`fast-check seed ${seed}`);

test('a message down opens at the unit, on its own topic (CR-030, CR-100)', () => {
  const peer = peerOf();
  for (const name of ['dispatch', 'stand-down', 'hello', 'command']) {
    const fields = fieldsOf(name);
    const opened = read(peer.seal(name, fields));
    assert.equal(decodeMessage(opened.message), { name, message: fields });
  }
});

test('a message up is given with its name, fields, counter and generation (CR-079)', () => {
  const peer = peerOf();
  let counter = 10;
  for (const name of ['receipt', 'response', 'aed', 'position', 'health']) {
    const fields = fieldsOf(name);
    const received = takes(peer, UP, sent(UP, ++counter, name, fields));
    assert.equal(received, { name, message: fields, counter, generation: 1 });
  }
});

test('the counter begins at the seconds since 1970 and goes up by one (CR-110)', () => {
  const peer = peerOf(newPeerState(), NOW_S + 0.9);
  for (let i = 1; i <= 5; i++) {
    assert.is(read(peer.seal('hello', HELLO)).counter, NOW_S + i);
    assert.is(peer.state.counter, NOW_S + i);
  }
});

test('no counter comes twice over restarts, also of a state that is old (CR-110, CR-111)', () => {
  const run = fc.record({
    sends: fc.integer({ min: 0, max: 20 }),
    // A restart takes a second, and a message a second is the most that there may be.
    offS: fc.integer({ min: 1, max: 100 }),
    fromBackup: fc.boolean(),
  });
  check(fc.array(run, { minLength: 1, maxLength: 12 }), (runs) => {
    const seen = new Set<number>();
    let nowS = NOW_S;
    let state = newPeerState();
    const backup = snapshot(state);
    for (const { sends, offS, fromBackup } of runs) {
      const peer = peerOf(fromBackup ? snapshot(backup) : state, nowS);
      for (let i = 0; i < sends; i++) {
        const { counter } = read(peer.seal('hello', HELLO));
        assert.not.ok(seen.has(counter), `counter ${counter} came twice`);
        seen.add(counter);
      }
      state = snapshot(peer.state);
      nowS += sends + offS;
    }
  });
});

test('a clock that was set back brings no counter again, the state kept (CR-110)', () => {
  const peer = peerOf();
  const { counter } = read(peer.seal('hello', HELLO));
  const later = peerOf(snapshot(peer.state), NOW_S - 86400 * 400);
  assert.is(read(later.seal('hello', HELLO)).counter, counter + 1);
});

test('the counter goes on from what the unit has heard, should it be ahead (CR-111)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(5, NOW_S + 5000));
  assert.is(read(peer.seal('hello', HELLO)).counter, NOW_S + 5001);
  // Behind, it says nothing: those messages may be under way.
  takes(peer, STATE, birth(9, NOW_S));
  assert.is(read(peer.seal('hello', HELLO)).counter, NOW_S + 5002);
});

test('the last counters: MAX_U32 − 1, MAX_U32, and none after it (CR-110)', () => {
  const peer = peerOf({ ...newPeerState(), counter: MAX_U32 - 2 });
  assert.is(read(peer.seal('hello', HELLO)).counter, MAX_U32 - 1);
  assert.is(read(peer.seal('hello', HELLO)).counter, MAX_U32);
  assert.throws(() => peer.seal('hello', HELLO), 'ZD-41: no counter is left');
  assert.is(peer.state.counter, MAX_U32);
});

test('what cannot be sent uses no counter (CR-018)', () => {
  const peer = peerOf();
  const before = snapshot(peer.state);
  assert.throws(() => peer.seal('hello', { ...HELLO, state: 256 }), /hello\.state: expected/);
  assert.throws(() => peer.seal('greeting', HELLO), /no message is called greeting/);
  assert.equal(snapshot(peer.state), before);
});

test('a secret or a unit id that is none is said at once (CR-120)', () => {
  const state = newPeerState();
  assert.throws(() => new UnitPeer(SECRET.subarray(1), UNIT, state, NOW_S), /fleet secret/);
  assert.throws(() => new UnitPeer(SECRET, 'ZD 41', state, NOW_S), /unit id/);
  assert.throws(() => peerOf(newPeerState(0)), /generation: expected/);
});

test('what came on a topic of another unit, or not up, is refused unread (CR-037, CR-104)', () => {
  const peer = peerOf();
  const payload = position(7);
  const others = [upTopic('ZD-42'), stateTopic('ZD-42'), downTopic('ZD-42'), `${UP}/x`, '', 'cr/1'];
  for (const topic of others) refuses(peer, topic, payload, Refusal.wrongUnit);
  refuses(peer, DOWN, payload, Refusal.wrongDirection);
  const own = peer.seal('hello', HELLO);
  refuses(peer, own.topic, own.payload, Refusal.wrongDirection);
  const long = Buffer.alloc(MAX_ENVELOPE_BYTES + 1);
  refuses(peer, DOWN, long, Refusal.wrongDirection);
  refuses(peer, UP, long, Refusal.tooLong);
});

test('a message of another unit, topic, direction or fleet is refused (CR-023)', () => {
  const peer = peerOf();
  const body = encodeMessage('position', POSITION);
  const forged = (key: UnitKeys['up'], topic: string): Buffer =>
    Buffer.from(sealEnvelope(nodeCiphers, key, topic, 9, body), 'latin1');
  const otherFleet = deriveKeys(byteStream(2)(32), UNIT, 1);
  refuses(peer, UP, forged(keysOf(1, 'ZD-42').up, UP), Refusal.badTag);
  refuses(peer, UP, forged(keysOf(1).down, UP), Refusal.badTag);
  refuses(peer, UP, forged(otherFleet.up, UP), Refusal.badTag);
  refuses(peer, UP, forged(keysOf(1).up, STATE), Refusal.badTag);
  refuses(peer, UP, forged(keysOf(1).up, upTopic('ZD-42')), Refusal.badTag);
  refuses(peer, STATE, forged(keysOf(1).up, UP), Refusal.badTag);
  takes(peer, UP, forged(keysOf(1).up, UP));
});

test('a message that does not belong on its topic is refused, though it opened (CR-037)', () => {
  const peer = peerOf();
  const belongs: Record<string, readonly string[]> = {
    [UP]: ['receipt', 'response', 'aed', 'position', 'health', 'status', 'outcome'],
    [STATE]: ['birth', 'death'],
  };
  let counter = 1000;
  for (const topic of [UP, STATE]) {
    for (const { name } of messageTables) {
      const payload = sent(topic, ++counter, name, fieldsOf(name));
      if (!belongs[topic]!.includes(name)) refuses(peer, topic, payload, Refusal.wrongType);
    }
  }
});

test('a message that opens and is none is refused with the code of its form (CR-018)', () => {
  const peer = peerOf();
  const cases: [string, number][] = [
    ['\x98', Refusal.tooShort],
    ['text', Refusal.notAnArray],
    ['\x98\x02\x18\xff', Refusal.wrongType],
    ['\x98\x02\x18\x41\x1a\x00\x00\x00\x00', Refusal.badField],
  ];
  for (const [body, refusal] of cases) {
    const payload = sealEnvelope(nodeCiphers, keysOf(1).up, UP, 5, body);
    refuses(peer, UP, Buffer.from(payload, 'latin1'), refusal);
  }
});

test('a replayed message is refused, and one too old to tell (CR-112)', () => {
  const peer = peerOf();
  takes(peer, UP, position(100));
  refuses(peer, UP, position(100), Refusal.replayed);
  // An order that a broker may not make, but a loss may.
  takes(peer, UP, position(100 - (WINDOW - 1)));
  refuses(peer, UP, position(100 - (WINDOW - 1)), Refusal.replayed);
  refuses(peer, UP, position(100 - WINDOW), Refusal.stale);
  takes(peer, UP, position(101));
});

test('the window is kept with the state, over a restart (CR-111, CR-112)', () => {
  const first = peerOf();
  for (const counter of [40, 71, 50]) takes(first, UP, position(counter));
  const second = peerOf(snapshot(first.state));
  for (const counter of [40, 71, 50]) refuses(second, UP, position(counter), Refusal.replayed);
  refuses(second, UP, position(39), Refusal.stale);
  takes(second, UP, position(51));
});

test('a birth is taken again while it is the last word: a broker retains it (CR-114)', () => {
  const peer = peerOf();
  for (let i = 0; i < 3; i++) {
    assert.is(takes(peer, STATE, birth(2048)).name, 'birth');
    assert.equal([peer.state.alive, peer.state.birthCounter], [true, 2048]);
  }
  const restarted = peerOf(snapshot(peer.state));
  takes(restarted, STATE, birth(2048));
});

test('a death ends its birth, and neither counts after it (CR-072, CR-114)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(2048));
  takes(peer, STATE, death(2048));
  assert.is(peer.state.alive, false);
  refuses(peer, STATE, birth(2048), Refusal.replayed);
  // Retained, it comes with every subscription.
  takes(peer, STATE, death(2048));
  assert.is(peer.state.alive, false);
  takes(peer, STATE, birth(2050));
  assert.is(peer.state.alive, true);
});

test('a birth or death of an earlier connection says nothing (CR-072, CR-114)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(2048));
  takes(peer, STATE, birth(3000));
  refuses(peer, STATE, death(2048), Refusal.stale);
  refuses(peer, STATE, birth(2048), Refusal.stale);
  assert.is(peer.state.alive, true);
});

test('a death whose birth was missed is taken: the broker has replaced it (CR-072, CR-114)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(2048));
  takes(peer, STATE, death(3000));
  assert.equal([peer.state.alive, peer.state.birthCounter], [false, 3000]);
  refuses(peer, STATE, birth(3000), Refusal.replayed);
});

test('births and deaths do not move the window, nor the window them (CR-114)', () => {
  const peer = peerOf();
  takes(peer, UP, position(5000));
  takes(peer, STATE, birth(1024));
  assert.is(peer.state.up.newest, 5000);
  takes(peer, UP, position(4999));
});

test('in whatever order: each is taken once, no death is undone (CR-112, CR-114)', () => {
  const payloads = [
    ...[2000, 2001, 2005, 2030, 2040].map((counter) => [UP, position(counter), counter] as const),
    ...[1024, 2048].map((counter) => [STATE, birth(counter), counter] as const),
    ...[1024, 2048].map((counter) => [STATE, death(counter), counter] as const),
  ];
  check(fc.array(fc.nat(payloads.length - 1), { maxLength: 40 }), (order) => {
    const peer = peerOf();
    const taken = new Set<number>();
    const died = new Set<number>();
    for (const i of order) {
      const [topic, payload, counter] = payloads[i]!;
      const received = peer.open(topic, payload);
      if (typeof received === 'number') continue;
      if (topic === UP) {
        assert.not.ok(taken.has(counter));
        taken.add(counter);
      } else {
        assert.not.ok(died.has(counter) && received.name === 'birth');
        if (received.name === 'death') died.add(counter);
        assert.is(peer.state.birthCounter, counter);
        assert.is(peer.state.alive, received.name === 'birth');
      }
    }
  });
});

test('any bytes whatever change nothing (CR-105)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(2048));
  const topics = fc.constantFrom(UP, STATE, DOWN, upTopic('ZD-42'));
  const noise = fc.uint8Array({ maxLength: MAX_ENVELOPE_BYTES + 10 });
  check(fc.tuple(topics, noise), ([topic, payload]) => {
    const before = snapshot(peer.state);
    assert.type(peer.open(topic, payload), 'number');
    assert.equal(snapshot(peer.state), before);
  });
});

test.run();
