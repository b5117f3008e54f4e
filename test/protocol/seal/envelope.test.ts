/** Envelopes: what is bound, and in which order a receiver looks. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { hostBytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import { decodeEnvelope, encodeEnvelope } from '../../../protocol/generated/envelope.js';
import {
  MAX_ENVELOPE_BYTES,
  MAX_MESSAGE_BYTES,
  PROTOCOL_VERSION,
} from '../../../protocol/limits.js';
import { openEnvelope, type Opened } from '../../../protocol/seal/envelope.js';
import { sealKey } from '../../../protocol/seal/keys.js';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { check, seed } from '../arbitraries.js';
import { fromHex, open, toHex } from '../tables.js';
import { referenceHead } from './reference.js';
import {
  KEY,
  KEY_BYTES,
  OTHER,
  TOPIC,
  counters,
  latin1,
  messages,
  named,
  opened,
  seal,
  spied,
} from './envelopes.js';

console.log(`fast-check seed ${seed}`);

test('what is sealed opens, with its key id and its counter (CR-022, CR-100)', () => {
  check(fc.tuple(messages, counters), ([message, counter]) => {
    assert.equal(opened(seal(message, counter)), { keyId: 5, counter, message });
  });
});

test('an envelope is the bytes of its table: the head that is under the seal, too (CR-101)', () => {
  const keyIds = fc.integer({ min: 1, max: 255 });
  check(fc.tuple(messages, counters, keyIds), ([message, counter, keyId]) => {
    const payload = seal(message, counter, named(keyId));
    const envelope = decodeEnvelope(open(payload));
    assert.type(envelope, 'object');
    const found = envelope as Exclude<typeof envelope, number>;
    assert.is(encodeEnvelope(found, hostBytes), payload);
    assert.equal([found.version, found.keyId, found.counter], [PROTOCOL_VERSION, keyId, counter]);
    assert.is(toHex(payload.slice(0, 11)), referenceHead(keyId, counter).toString('hex'));
  });
});

test('sealed again, it is the same bytes (CR-026)', () => {
  for (const message of ['x', 'x'.repeat(MAX_MESSAGE_BYTES)])
    assert.is(seal(message), seal(message));
});

test('it is bound to the unit, to the direction and to the topic (CR-023)', () => {
  const payload = seal('message');
  const others = [downTopic('ZD-42'), upTopic('ZD-41'), stateTopic('ZD-41'), '', `${TOPIC}x`];
  for (const topic of others) assert.is(opened(payload, [KEY], topic), Refusal.badTag, topic);
});

test('it is bound to the key: another one of the same id does not open it (CR-023)', () => {
  for (let byte = 0; byte < 48; byte++) {
    const bytes = Buffer.from(KEY_BYTES);
    bytes[byte]! ^= 1;
    // Of the encryption key alone the tag knows nothing: what then comes out is not padded, or
    // it is other bytes. Who has the right MAC key has the right encryption key too.
    const found = opened(seal('message'), [sealKey(5, latin1(bytes))]);
    if (byte < 16 || byte >= 32) assert.is(found, Refusal.badTag, `key byte ${byte}`);
    else assert.not.equal(found, { keyId: 5, counter: 1000, message: 'message' });
  }
});

test('each of several keys opens its own, and no other (CR-021, CR-123)', () => {
  for (const keys of [
    [KEY, OTHER],
    [OTHER, KEY],
  ]) {
    for (const key of keys) {
      const found = opened(seal('message', 3, key), keys);
      assert.equal(found, { keyId: key.keyId, counter: 3, message: 'message' });
    }
    // A key under another's name.
    assert.is(opened(seal('message', 3, named(6)), keys), Refusal.badTag);
  }
});

test('a key id without a key is refused, and 0 is no key id (CR-021)', () => {
  for (let keyId = 1; keyId < 256; keyId++) {
    const payload = seal('message', 1, named(keyId));
    assert.is(typeof opened(payload) === 'number', keyId !== 5);
    if (keyId !== 5) assert.is(opened(payload), Refusal.unknownKey);
  }
  assert.is(opened(seal('message', 1, named(0))), Refusal.notSealed);
  assert.is(opened(seal('message'), []), Refusal.unknownKey);
});

test('any version but 1 is refused with wrongVersion, whatever else is wrong (CR-020)', () => {
  assert.is(PROTOCOL_VERSION, 1);
  const payload = seal('message');
  for (let version = 0; version < 256; version++) {
    const altered = payload.slice(0, 3) + String.fromCharCode(version) + payload.slice(4);
    for (const bytes of [altered, altered.slice(0, 20), `${altered}more`]) {
      if (version !== 1) assert.is(opened(bytes, []), Refusal.wrongVersion);
    }
    if (version === 1) assert.type(opened(altered), 'object');
  }
});

test('what is no envelope is refused with notSealed (CR-021)', () => {
  const good = seal('message');
  const cases = [
    '',
    '98',
    '9804',
    // An array of another head, a map, a text, an array of fewer elements.
    `84${toHex(good).slice(4)}`,
    `9f${toHex(good).slice(4)}ff`,
    `b804${toHex(good).slice(4)}`,
    toHex('{"version":1}'),
    `9803${toHex(good).slice(4)}`,
    // The counter 0; numbers in other forms.
    `9804180118051a00000000${toHex(good).slice(22)}`,
    `980401${toHex(good).slice(8)}`,
    // What is sealed is a text, is cut off, or is followed by something.
    `${toHex(good).slice(0, 22)}78${toHex(good).slice(24)}`,
    toHex(good).slice(0, -2),
    `${toHex(good)}00`,
  ];
  for (const hex of cases) assert.is(opened(fromHex(hex)), Refusal.notSealed, hex);
  for (const size of [0, 1, 15, 16, 17, 31, 33, 47, 49, 239]) {
    const bytes = '\x00'.repeat(size);
    const raw = `${latin1(referenceHead(5, 1))}\x58${String.fromCharCode(size)}${bytes}`;
    assert.is(opened(raw), Refusal.notSealed, `${size} bytes are sealed`);
  }
});

test('it looks in the order of the specification (CR-104)', () => {
  const good = seal('message');
  const tagged = (bytes: string): string =>
    bytes.slice(0, -1) + String.fromCharCode(bytes.charCodeAt(bytes.length - 1) ^ 1);
  const keyed = (bytes: string): string => `${bytes.slice(0, 5)}\x09${bytes.slice(6)}`;
  const formed = (bytes: string): string => `${bytes}x`;
  const versioned = (bytes: string): string => `${bytes.slice(0, 3)}\x02${bytes.slice(4)}`;
  const long = (bytes: string): string => bytes + 'x'.repeat(MAX_ENVELOPE_BYTES);
  // Each spoils what is looked at before all that is spoilt already.
  const steps: readonly [(bytes: string) => string, number][] = [
    [tagged, Refusal.badTag],
    [keyed, Refusal.unknownKey],
    [formed, Refusal.notSealed],
    [versioned, Refusal.wrongVersion],
    [long, Refusal.tooLong],
  ];
  let spoilt = good;
  for (const [spoil, refusal] of steps) {
    spoilt = spoil(spoilt);
    assert.is(opened(spoilt), refusal);
  }
});

test('nothing is deciphered before the tag is right (CR-104)', () => {
  const good = seal('message');
  const cases: [string, string[]][] = [
    [good, ['encrypt', 'sha256', 'sha256', 'decrypt']],
    [`${good.slice(0, -1)}\x00`, ['encrypt', 'sha256', 'sha256']],
    [`${good.slice(0, 5)}\x09${good.slice(6)}`, []],
    [`${good}x`, []],
  ];
  for (const [payload, expected] of cases) {
    const { ciphers, calls } = spied();
    openEnvelope(hostBytes, ciphers, [KEY], TOPIC, payload);
    assert.equal(calls, expected);
  }
});

test('a wrong tag takes the same work wherever it differs (CR-106)', () => {
  const good = seal('message');
  for (let at = good.length - 16; at < good.length; at++) {
    const { ciphers, calls } = spied();
    const code = String.fromCharCode(good.charCodeAt(at) ^ 0x80);
    const payload = good.slice(0, at) + code + good.slice(at + 1);
    assert.is(openEnvelope(hostBytes, ciphers, [KEY], TOPIC, payload), Refusal.badTag);
    assert.equal(calls, ['encrypt', 'sha256', 'sha256']);
  }
});

test('counters come out as they went in, 1 to 2 ** 32 − 1 (CR-022)', () => {
  for (const counter of [1, 255, 256, 65535, 65536, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.is((opened(seal('x', counter)) as Opened).counter, counter);
  }
});

test('two messages under one counter show which first blocks are equal (CR-116)', () => {
  const blocks = (message: string, counter: number): string[] =>
    toHex(seal(message, counter).slice(13, -16)).match(/.{32}/g)!;
  const one = `${'same block twice'.repeat(2)}${'one'.repeat(9)}`;
  const other = `${'same block twice'.repeat(2)}${'two'.repeat(9)}`;
  const [a, b] = [blocks(one, 7), blocks(other, 7)];
  assert.equal(
    a.map((block, i) => block === b[i]),
    [true, true, false, false],
  );
  // Equal blocks within a message do not show, nor do equal messages under two counters.
  assert.is(new Set([...a, ...blocks(one, 8)]).size, 2 * a.length);
});

test('no IV comes twice, neither for another counter nor for another key id (CR-102)', () => {
  const counters = Array.from({ length: 1000 }, (_, i) => [i + 1, (i + 1) * 0x400000 - 1]).flat();
  const message = 'x'.repeat(16);
  const firstBlocks = counters.map((counter) => seal(message, counter).slice(13, 29));
  for (let keyId = 1; keyId < 256; keyId++) {
    if (keyId !== 5) firstBlocks.push(seal(message, 1, named(keyId)).slice(13, 29));
  }
  assert.is(new Set(firstBlocks).size, new Set(counters).size + 254);
});

test.run();
