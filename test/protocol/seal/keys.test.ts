/** Keys: how they follow from the fleet's secret, and the record that holds them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { hostBytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import {
  MIN_SECRET_BYTES,
  deriveKeyBytes,
  deriveKeys,
  keysRecord,
} from '../../../protocol/host/keys.js';
import { MAX_GENERATION, MAX_UNIT_ID_CHARS } from '../../../protocol/limits.js';
import { openEnvelope, sealEnvelope } from '../../../protocol/seal/envelope.js';
import {
  DIRECTION_BYTES,
  GENERATION_BYTES,
  KEYS_RECORD,
  packKeys,
  sealKey,
  unpackKeys,
  type StoredKeys,
} from '../../../protocol/seal/keys.js';
import { check, seed } from '../arbitraries.js';
import { toHex } from '../tables.js';
import { rowsOf, section } from '../spec-text.js';
import { byteStream, referenceHkdf } from './reference.js';

console.log(`fast-check seed ${seed}`);

const SECRET = byteStream(1)(32);
const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');

test('the bytes are those of HKDF as RFC 5869 writes it (CR-120)', () => {
  const secrets = fc.uint8Array({ minLength: 32, maxLength: 100 });
  const units = fc.stringMatching(/^[A-Za-z0-9_-]{1,16}$/);
  const generations = fc.integer({ min: 1, max: MAX_GENERATION });
  check(fc.tuple(secrets, units, generations), ([secret, unit, generation]) => {
    const info = `unit ${unit} generation ${generation}`;
    const expected = referenceHkdf(Buffer.from(secret), 'co-responder/1', info, 96);
    assert.is(toHex(deriveKeyBytes(secret, unit, generation)), expected.toString('hex'));
  });
});

test('no two units, generations or directions share a key (CR-120, CR-121, CR-124)', () => {
  const seen = new Set<string>();
  let count = 0;
  const secrets = [SECRET, byteStream(2)(32)];
  for (const secret of secrets) {
    for (const unit of ['A', 'a', 'A1', 'ZD-41', 'ZD-42', '1', '11']) {
      for (const generation of [1, 2, 11, 111, 255]) {
        const bytes = deriveKeyBytes(secret, unit, generation);
        assert.is(bytes.length, GENERATION_BYTES);
        for (let at = 0; at < bytes.length; at += 16, count++) seen.add(bytes.substr(at, 16));
      }
    }
  }
  assert.is(seen.size, count);
});

test('the six keys stand where the specification says (CR-121)', () => {
  const places = rowsOf(section('4.4 Keys'), 'Offset').map(
    ({ Offset, Direction, Key }) => [Number(Offset), `${Direction} ${Key}`] as const,
  );
  assert.equal(
    places.map(([, name]) => name),
    ['down MAC_KEY', 'down ENC_KEY', 'down IV_KEY', 'up MAC_KEY', 'up ENC_KEY', 'up IV_KEY'],
  );
  const bytes = deriveKeyBytes(SECRET, 'ZD-41', 3);
  const { down, up } = deriveKeys(SECRET, 'ZD-41', 3);
  const pads = (key: string, pad: number): string =>
    latin1(Buffer.from(key.padEnd(64, '\x00'), 'latin1').map((code) => code ^ pad));
  for (const [at, name] of places) {
    const key = bytes.substr(at, 16);
    const direction = name.startsWith('down') ? down : up;
    if (name.endsWith('MAC_KEY')) {
      assert.equal([direction.inner, direction.outer], [pads(key, 0x36), pads(key, 0x5c)]);
    }
    if (name.endsWith('ENC_KEY')) assert.is(direction.cipherKey, key);
    if (name.endsWith('IV_KEY')) assert.is(direction.ivKey, key);
  }
  assert.is(places.at(-1)![0] + 16, GENERATION_BYTES);
  assert.is(2 * DIRECTION_BYTES, GENERATION_BYTES);
});

test('the generation is the key id; directions do not open each other (CR-023, CR-123)', () => {
  for (const generation of [1, 2, MAX_GENERATION]) {
    const { down, up } = deriveKeys(SECRET, 'ZD-41', generation);
    assert.equal([down.keyId, up.keyId], [generation, generation]);
    const payload = sealEnvelope(nodeCiphers, down, 'topic', 1, 'message');
    assert.is(payload.charCodeAt(5), generation);
    assert.is(openEnvelope(hostBytes, nodeCiphers, [up], 'topic', payload), Refusal.badTag);
  }
});

test('a secret of 31, 32 and 33 bytes (CR-120)', () => {
  const short = byteStream(1)(MIN_SECRET_BYTES - 1);
  const expected = `fleet secret: expected at least 32 bytes, found 31`;
  assert.throws(
    () => deriveKeyBytes(short, 'A', 1),
    (error: Error) => error.message === expected,
  );
  for (const size of [MIN_SECRET_BYTES, MIN_SECRET_BYTES + 1]) {
    assert.is(deriveKeyBytes(byteStream(1)(size), 'A', 1).length, GENERATION_BYTES);
  }
});

test('a unit id of 0, 1, 16 and 17 characters, and of others (CR-031, CR-120)', () => {
  for (const id of ['A', 'A'.repeat(MAX_UNIT_ID_CHARS)]) deriveKeyBytes(SECRET, id, 1);
  for (const id of ['', 'A'.repeat(MAX_UNIT_ID_CHARS + 1), 'A B', 'A generation 1', 'é']) {
    assert.throws(() => deriveKeyBytes(SECRET, id, 1), /unit id: expected/);
  }
});

test('generation 0, 1, MAX_GENERATION and one more, and what is no generation (CR-123)', () => {
  for (const generation of [1, 2, MAX_GENERATION - 1, MAX_GENERATION]) {
    deriveKeyBytes(SECRET, 'A', generation);
  }
  for (const generation of [-1, 0, MAX_GENERATION + 1, 1.5, NaN, Infinity]) {
    assert.throws(
      () => deriveKeyBytes(SECRET, 'A', generation),
      new RegExp(`generation: expected 1 to 255, found ${generation}`),
    );
    assert.throws(() => keysRecord(SECRET, 'A', generation));
  }
});

test('a provisioned record has the one generation, 97 bytes (CR-122)', () => {
  assert.is(KEYS_RECORD, 'keys');
  for (const generation of [1, MAX_GENERATION]) {
    const record = keysRecord(SECRET, 'ZD-41', generation);
    assert.is(record.length, 97);
    assert.is(record.charCodeAt(0), generation);
    assert.is(record.slice(1), deriveKeyBytes(SECRET, 'ZD-41', generation));
    assert.equal(unpackKeys(record), {
      generation,
      keys: record.slice(1),
      lastGeneration: 0,
      lastDown: '',
    });
  }
});

test('a record comes back as it was packed, 97 or 146 bytes (CR-122)', () => {
  const bytes = (size: number): fc.Arbitrary<string> =>
    fc.uint8Array({ minLength: size, maxLength: size }).map(latin1);
  const generation = fc.integer({ min: 1, max: MAX_GENERATION });
  const present = fc.tuple(generation, bytes(GENERATION_BYTES));
  const last = fc.option(fc.tuple(generation, bytes(DIRECTION_BYTES)));
  check(fc.tuple(present, last), ([[generation, keys], before]) => {
    const [lastGeneration, lastDown] = before ?? [0, ''];
    const stored: StoredKeys = { generation, keys, lastGeneration, lastDown };
    const record = packKeys(stored);
    assert.is(record.length, stored.lastDown === '' ? 97 : 146);
    assert.equal(unpackKeys(record), stored);
  });
});

test('a record of any other length, or of generation 0, is as if it were absent (CR-122)', () => {
  assert.is(unpackKeys(null), null);
  for (let size = 0; size < 300; size++) {
    const isGood = size === 97 || size === 146;
    assert.is(unpackKeys('\x01'.repeat(size)) !== null, isGood, `${size}`);
    assert.is(unpackKeys('\x00'.repeat(size)), null);
  }
  for (let generation = 0; generation < 256; generation++) {
    const record = String.fromCharCode(generation) + 'k'.repeat(GENERATION_BYTES);
    const isGood = generation >= 1 && generation <= MAX_GENERATION;
    assert.is(unpackKeys(record)?.generation ?? null, isGood ? generation : null);
  }
});

test('what a record holds opens messages of two generations (CR-122, CR-123)', () => {
  const last = deriveKeys(SECRET, 'ZD-41', 4);
  const lastDown = deriveKeyBytes(SECRET, 'ZD-41', 4).slice(0, DIRECTION_BYTES);
  const keys = deriveKeyBytes(SECRET, 'ZD-41', 5);
  const stored = unpackKeys(packKeys({ generation: 5, keys, lastGeneration: 4, lastDown }))!;
  const valid = [
    sealKey(stored.generation, stored.keys.slice(0, DIRECTION_BYTES)),
    sealKey(stored.lastGeneration, stored.lastDown),
  ];
  for (const { down } of [last, deriveKeys(SECRET, 'ZD-41', 5)]) {
    const payload = sealEnvelope(nodeCiphers, down, 'topic', 9, 'message');
    const found = openEnvelope(hostBytes, nodeCiphers, valid, 'topic', payload);
    assert.equal(found, { keyId: down.keyId, counter: 9, message: 'message' });
  }
  const older = deriveKeys(SECRET, 'ZD-41', 3).down;
  const payload = sealEnvelope(nodeCiphers, older, 'topic', 9, 'message');
  assert.is(openEnvelope(hostBytes, nodeCiphers, valid, 'topic', payload), Refusal.unknownKey);
});

test.run();
