/** What comes down is taken whole or changes nothing: every refusal, by a message that earns it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { openMessage, type Inbox } from '../../../firmware/link/inbox.js';
import { MAX_PACKET_BYTES } from '../../../firmware/link/reader.js';
import { createKeyring } from '../../../firmware/seal/keyring.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { ClockQuality } from '../../../protocol/codes.js';
import { COMMAND_TYPE } from '../../../protocol/generated/command.js';
import { DISPATCH_TYPE } from '../../../protocol/generated/dispatch.js';
import { HELLO_TYPE } from '../../../protocol/generated/hello.js';
import { STAND_DOWN_TYPE } from '../../../protocol/generated/stand-down.js';
import {
  MAX_COUNTER_AHEAD_S,
  MAX_ENVELOPE_BYTES,
  MAX_MESSAGE_BYTES,
  Refusal,
  WINDOW,
  encodeMessage,
  nameOf,
  nodeCiphers,
  sealEnvelope,
} from '../../../protocol/host/index.js';
import { takeCounter } from '../../../protocol/seal/window.js';
import { FakeStore, FakeSystem } from '../../support/fake-ports.js';
import {
  Bench,
  DISPATCH,
  DOWN,
  STATE,
  UP,
  UTC,
  keysOf,
  provisioned,
  sealBody,
  sealDown,
} from '../../support/sealed.js';

const dispatch = encodeMessage('dispatch', DISPATCH);
/** Newest counter that was taken before each case. */
const NEWEST = UTC / 1000 + 100;
const NEXT = NEWEST + 1;

function altered(text: string, at: number, code = text.charCodeAt(at) ^ 1): string {
  return text.substring(0, at) + String.fromCharCode(code) + text.substring(at + 1);
}

/** An inbox that has taken NEWEST, with the keys of generation 1. */
function fitted(): Inbox {
  const records = { store: new FakeStore(provisioned()), crc32: new FakeSystem().crc32 };
  const keyring = createKeyring(hostBytes, nodeCiphers, records);
  if (keyring === null) throw new Error('no keys');
  const window = { newest: 0, seen: 0 };
  takeCounter(window, NEWEST);
  return { bytes: hostBytes, keyring, downTopic: DOWN, window };
}

/** Opens a message at a time of day that is trusted, or at none. */
function openAt(inbox: Inbox, topic: string, payload: string, utcMs: number | null) {
  const quality = utcMs === null ? ClockQuality.unknown : ClockQuality.network;
  const clock = { offsetMs: utcMs === null ? 0 : utcMs, quality, learnedAtMs: 0 };
  return openMessage(inbox, topic, payload, clock, 0);
}

/** A head by the envelope's rules, and anything as what is sealed. */
function headed(sealed: string): string {
  const good = sealBody('x', NEXT);
  return good.substring(0, 12) + String.fromCharCode(sealed.length) + sealed;
}

const good = sealDown('dispatch', DISPATCH, NEXT);
const withoutSeal = headed(dispatch.padEnd(144, '\0'));

/** A name, the code, and what comes. The last field is the count of `health` that tells it. */
const cases: [string, keyof typeof Refusal, string, string, string][] = [
  ['keys not given yet', 'unknownKey', DOWN, sealDown('dispatch', DISPATCH, NEXT, 3), 'UnknownKey'],
  ['key id 255', 'unknownKey', DOWN, altered(good, 5, 255), 'UnknownKey'],
  ['for another unit', 'badTag', DOWN, sealedFor('cr/1/unit/MP-2/down'), 'BadTag'],
  ['by the up key', 'badTag', DOWN, sealedUp(DOWN), 'BadTag'],
  ['a message of its own', 'badTag', DOWN, sealedUp(UP), 'BadTag'],
  ['another counter', 'badTag', DOWN, altered(good, 10), 'BadTag'],
  ['an altered byte', 'badTag', DOWN, altered(good, 20), 'BadTag'],
  ['an altered tag', 'badTag', DOWN, altered(good, good.length - 1), 'BadTag'],
  ['an unsealed message', 'badTag', DOWN, withoutSeal, 'BadTag'],
  ['the newest again', 'replayed', DOWN, sealDown('dispatch', DISPATCH, NEWEST), 'Replayed'],
  ['one too old', 'stale', DOWN, sealDown('dispatch', DISPATCH, NEWEST - WINDOW), 'Stale'],
  ['counter 1', 'stale', DOWN, sealDown('dispatch', DISPATCH, 1), 'Stale'],
  [
    'from tomorrow',
    'fromFuture',
    DOWN,
    sealDown('dispatch', DISPATCH, NEWEST + MAX_COUNTER_AHEAD_S + 60),
    'FromFuture',
  ],
  ['another unit', 'wrongUnit', 'cr/1/unit/MP-2/down', good, 'WrongUnit'],
  ['a longer id', 'wrongUnit', 'cr/1/unit/MP-11/down', good, 'WrongUnit'],
  ['a newer protocol', 'wrongUnit', 'cr/2/unit/MP-1/down', good, 'WrongUnit'],
  ['no topic', 'wrongUnit', '', good, 'WrongUnit'],
  ['its up topic', 'wrongDirection', UP, good, 'WrongDirection'],
  ['its state topic', 'wrongDirection', STATE, good, 'WrongDirection'],
  ['a newer version', 'wrongVersion', DOWN, altered(good, 3, 2), 'WrongVersion'],
  ['too long', 'tooLong', DOWN, 'x'.repeat(MAX_ENVELOPE_BYTES + 1), 'TooLong'],
  ['far too long', 'tooLong', DOWN, 'x'.repeat(MAX_PACKET_BYTES + 1), 'TooLong'],
  ['nothing', 'notSealed', DOWN, '', 'NotSealed'],
  ['a byte', 'notSealed', DOWN, '\x98', 'NotSealed'],
  ['garbage', 'notSealed', DOWN, 'hello', 'NotSealed'],
  ['a message as it is', 'notSealed', DOWN, altered(dispatch, 3, 1), 'NotSealed'],
  ['cut off', 'notSealed', DOWN, good.substring(0, good.length - 1), 'NotSealed'],
  ['bytes after it', 'notSealed', DOWN, good + 'x', 'NotSealed'],
  ['key id 0', 'notSealed', DOWN, altered(good, 5, 0), 'NotSealed'],
  ['counter 0', 'notSealed', DOWN, sealDown('dispatch', DISPATCH, 0), 'NotSealed'],
  ['a tag alone', 'notSealed', DOWN, headed('x'.repeat(16)), 'NotSealed'],
  ['no whole blocks', 'notSealed', DOWN, headed('x'.repeat(47)), 'NotSealed'],
  ['a body of one byte', 'wrongType', DOWN, sealBody('\x98', NEXT), 'Malformed'],
  ['an unknown type', 'wrongType', DOWN, sealBody(altered(dispatch, 3, 99), NEXT), 'Malformed'],
  [
    'a message of units',
    'wrongType',
    DOWN,
    sealDown('death', { birthCounter: 1 }, NEXT),
    'Malformed',
  ],
  ['cut in text', 'badField', DOWN, sealBody(dispatch.substring(0, 50), NEXT), 'Malformed'],
  ['cut in numbers', 'tooShort', DOWN, sealBody(dispatch.substring(0, 20), NEXT), 'Malformed'],
  ['dispatch id 0', 'badField', DOWN, sealBody(altered(dispatch, 8, 0), NEXT), 'Malformed'],
  ['text not plain', 'badText', DOWN, sealBody(altered(dispatch, 42, 0x22), NEXT), 'Malformed'],
  ['bytes after', 'trailingBytes', DOWN, sealBody(dispatch + 'x', NEXT), 'Malformed'],
  ['a map', 'notAnArray', DOWN, sealBody(altered(dispatch, 0, 0xb8), NEXT), 'Malformed'],
];

function sealedFor(topic: string): string {
  return sealEnvelope(nodeCiphers, keysOf(1).down, topic, NEXT, dispatch);
}
function sealedUp(topic: string): string {
  return sealEnvelope(nodeCiphers, keysOf(1).up, topic, NEXT, dispatch);
}

test('each message goes to the part that it is for, with its counter', () => {
  const stop = { dispatchId: 7, issuedAt: UTC, reason: 1 };
  const hello = { birthCounter: 5, heardCounter: 0, issuedAt: UTC, state: 1 };
  const command = { command: 1, generation: 2, issuedAt: UTC, keys: 'k' };
  const messages: [string, object, number][] = [
    ['dispatch', DISPATCH, DISPATCH_TYPE],
    ['stand-down', stop, STAND_DOWN_TYPE],
    ['hello', hello, HELLO_TYPE],
    ['command', command, COMMAND_TYPE],
  ];
  for (const [name, message, type] of messages) {
    const incoming = openAt(fitted(), DOWN, sealDown(name, message, NEXT), null);
    assert.equal(incoming, { type, message, counter: NEXT });
  }
});

test('CR-018, CR-020, CR-021, CR-037: each refusal has its code, and moves no window', () => {
  for (const [name, code, topic, payload] of cases) {
    const inbox = fitted();
    const before = JSON.stringify(inbox.window);
    const refusal = openAt(inbox, topic, payload, NEWEST * 1000);
    assert.is(typeof refusal === 'number' ? nameOf(Refusal, refusal) : 'taken', code, name);
    assert.is(JSON.stringify(inbox.window), before, name);
  }
});

test('CR-041, CR-105: refused by the unit: silent, unchanged, acknowledged, counted, told', () => {
  for (const [name, code, topic, payload, count] of cases) {
    const bench = new Bench().opened();
    // What the unit takes brings its clock and its window to where the cases expect them.
    bench.hello(NEWEST * 1000);
    bench.deliver(sealDown('stand-down', { dispatchId: 99, issuedAt: UTC, reason: 1 }, NEWEST));
    bench.ports.clock.advance(1000);
    bench.sent();
    bench.ports.trace.length = 0;
    const before = bench.state();
    bench.deliver(payload, 77, topic);
    assert.is(bench.state(), before, name);
    assert.equal(bench.ports.trace, ['puback'], name);
    bench.ports.clock.advance(1000);
    assert.equal(bench.told(), [], `${name}: ${code}`);
    bench.ports.clock.advance(300000);
    const health = bench.newest('health');
    const counts = Object.entries(health).filter(([field, n]) => /^refused/.test(field) && n !== 0);
    assert.equal(counts, [['refused' + count, 1]], name);
  }
});

test('CR-104: the first refusal that applies is the one that is told', () => {
  const body = altered(dispatch, 3, 99);
  const late = sealBody(body, NEWEST - WINDOW);
  const order: [keyof typeof Refusal, string, string][] = [
    ['wrongUnit', 'cr/1/unit/MP-2/up', 'x'.repeat(MAX_ENVELOPE_BYTES + 1)],
    ['wrongDirection', UP, 'x'.repeat(MAX_ENVELOPE_BYTES + 1)],
    ['tooLong', DOWN, altered(good, 3, 2).padEnd(MAX_ENVELOPE_BYTES + 1, 'x')],
    ['wrongVersion', DOWN, '\x98\x04\x18\x02'],
    ['notSealed', DOWN, altered(headed('x'.repeat(47)), 5, 9)],
    ['unknownKey', DOWN, altered(altered(good, 5, 9), 20)],
    ['badTag', DOWN, altered(late, late.length - 1)],
    ['stale', DOWN, late],
    ['replayed', DOWN, sealBody(body, NEWEST)],
    ['fromFuture', DOWN, sealBody(body, NEWEST + 2 * MAX_COUNTER_AHEAD_S)],
    ['wrongType', DOWN, sealBody(body, NEXT)],
  ];
  for (const [code, topic, payload] of order) {
    const refusal = openAt(fitted(), topic, payload, NEWEST * 1000);
    assert.is(typeof refusal === 'number' ? nameOf(Refusal, refusal) : 'taken', code);
  }
});

test('CR-085, CR-105: counts of refusals stop at their greatest value', () => {
  const bench = new Bench().opened();
  for (const code of Object.values(Refusal)) bench.unit.counts.refused[code] = 65534;
  for (let i = 0; i < 3; i++) bench.deliver('hello', 0);
  bench.ports.clock.advance(300000);
  const health = bench.newest('health');
  assert.equal([health['refusedNotSealed'], health['refusedBadTag']], [65535, 65534]);
});

test('CR-112: what was not taken by this unit is, in any order, once', () => {
  const inbox = fitted();
  for (const counter of [NEWEST - 5, NEWEST + 40, NEWEST + 39, NEWEST + 40 - WINDOW + 1]) {
    const payload = sealDown('dispatch', DISPATCH, counter);
    const incoming = openAt(inbox, DOWN, payload, null);
    assert.is(typeof incoming === 'number' ? incoming : incoming.counter, counter);
    takeCounter(inbox.window, counter);
    assert.is(openAt(inbox, DOWN, payload, null), Refusal.replayed);
  }
});

test('CR-043, L8: a dispatch without an ambulance reference is refused', () => {
  const without = altered(dispatch, 40, 0).replace('CAD-1', '');
  assert.is(openAt(fitted(), DOWN, sealBody(without, NEXT), null), Refusal.badField);
});

test('CR-017, CR-025: messages of MAX_MESSAGE_BYTES - 1, 0 and + 1', () => {
  const appended = (length: number): string =>
    altered(dispatch, 1, 10 + length - dispatch.length).padEnd(length, '\x00');
  for (const length of [MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]) {
    const payload = sealBody(appended(length), NEXT);
    assert.is(typeof openAt(fitted(), DOWN, payload, null), 'object');
    assert.ok(payload.length <= MAX_ENVELOPE_BYTES);
  }
  assert.is(sealBody(appended(MAX_MESSAGE_BYTES + 1), NEXT), '', 'a sender sends none');
});

test('no byte of a good message can be cut off, and none can be altered', () => {
  for (let at = 0; at < good.length; at++) {
    assert.is(typeof openAt(fitted(), DOWN, good.substring(0, at), null), 'number');
    assert.is(typeof openAt(fitted(), DOWN, altered(good, at), null), 'number', `byte ${at}`);
  }
});

test('CR-113: the future: MAX_COUNTER_AHEAD_S - 1, 0, + 1 after the time, or the newest', () => {
  const late = NEWEST + 5000;
  for (const [utcS, from] of [
    [NEWEST - 90000, NEWEST],
    [NEWEST, NEWEST],
    [late, late],
  ] as const) {
    for (const ahead of [-1, 0, 1]) {
      const payload = sealDown('dispatch', DISPATCH, from + MAX_COUNTER_AHEAD_S + ahead);
      const incoming = openAt(fitted(), DOWN, payload, utcS * 1000);
      if (ahead > 0) assert.is(incoming, Refusal.fromFuture);
      else assert.is(typeof incoming, 'object', `${utcS} ${ahead}`);
    }
  }
});

test('CR-113: without a time that is trusted, no counter is too far ahead', () => {
  for (const counter of [NEWEST + MAX_COUNTER_AHEAD_S + 1, 0xffffffff]) {
    const payload = sealDown('dispatch', DISPATCH, counter);
    assert.is(typeof openAt(fitted(), DOWN, payload, null), 'object');
  }
});

test.run();
