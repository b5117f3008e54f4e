/**
 * The seal against others: one put together here over node:crypto, and the library jose. What one
 * seals the other opens, and what either sealed nobody alters.
 */
import { FlattenedEncrypt, flattenedDecrypt } from 'jose';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostBytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { MAX_MESSAGE_BYTES } from '../../../protocol/limits.js';
import { aeadKey, openAead, sealAead } from '../../../protocol/seal/aead.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../../protocol/seal/envelope.js';
import { sealKey } from '../../../protocol/seal/keys.js';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { seed } from '../arbitraries.js';
import {
  byteStream,
  referenceHead,
  referenceKey,
  referenceOpen,
  referenceOpened,
  referencePayload,
  referenceSeal,
} from './reference.js';

console.log(`seed ${seed}`);

const MESSAGES = 10_250;
const MAX_PLAIN_BYTES = 1024;
/** RFC 7518's A may be longer than any of ours: its length is two bytes of eight. */
const MAX_AAD_BYTES = 8191;
const PROTECTED = { alg: 'dir', enc: 'A128CBC-HS256' };

interface Sample {
  readonly key: Buffer;
  readonly iv: Buffer;
  readonly aad: Buffer;
  readonly plain: Buffer;
}

/** Each length from 0 to 1,024 ten times over. */
function* samples(salt: number): Generator<Sample> {
  const next = byteStream(seed + salt);
  for (let i = 0; i < MESSAGES; i++) {
    yield {
      key: next(32),
      iv: next(16),
      // Not empty: jose takes an empty one for none.
      aad: next(1 + (i % 47)),
      plain: next(i % (MAX_PLAIN_BYTES + 1)),
    };
  }
}

const text = (bytes: Buffer): string => bytes.toString('latin1');

function sealed({ key, iv, aad, plain }: Sample): Buffer {
  const bytes = sealAead(nodeCiphers, aeadKey(text(key)), text(iv), text(aad), text(plain));
  return Buffer.from(bytes, 'latin1');
}

function opened({ key, iv, aad }: Sample, bytes: Buffer): string | null {
  const ready = aeadKey(text(key));
  return openAead(hostBytes, nodeCiphers, ready, text(iv), text(aad), text(bytes));
}

/** Compares without building a message each time: these run some ten thousand times. */
function agree(sample: Sample, one: Buffer | string | null, other: Buffer): void {
  const same = typeof one === 'string' ? one === text(other) : one !== null && one.equals(other);
  if (same) return;
  const { key, iv, aad, plain } = sample;
  const hex = [key, iv, aad, plain].map((bytes) => bytes.toString('hex')).join(' ');
  assert.unreachable(`seed ${seed}: differs for key, IV, A, P: ${hex}`);
}

test('10,000 messages of 0 to 1,024 bytes: node:crypto does the same (CR-100)', () => {
  for (const sample of samples(0)) {
    const { key, iv, aad, plain } = sample;
    const keys = { macKey: key.subarray(0, 16), encKey: key.subarray(16) };
    const ours = sealed(sample);
    agree(sample, referenceOpen(keys, iv, aad, ours), plain);
    const theirs = referenceSeal(keys, iv, aad, plain);
    agree(sample, opened(sample, theirs), plain);
    agree(sample, ours, theirs);
  }
});

test('A of 0 to 8,191 bytes: node:crypto seals the same (CR-100)', () => {
  const next = byteStream(seed + 1);
  for (const size of [0, 1, 31, 32, 33, 8190, MAX_AAD_BYTES]) {
    const sample = { key: next(32), iv: next(16), aad: next(size), plain: next(40) };
    const keys = { macKey: sample.key.subarray(0, 16), encKey: sample.key.subarray(16) };
    agree(sample, sealed(sample), referenceSeal(keys, sample.iv, sample.aad, sample.plain));
  }
});

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
const headerText = base64(Buffer.from(JSON.stringify(PROTECTED)));

/** JOSE authenticates its header, and other bytes only as text after it (RFC 7516, 5.1). */
const asJose = (sample: Sample): Sample => ({
  ...sample,
  aad: Buffer.from(`${headerText}.${base64(sample.aad)}`),
});

async function joseAgrees(sample: Sample): Promise<void> {
  const { key, iv, aad, plain } = sample;
  const ours = sealed(asJose(sample));
  const { plaintext } = await flattenedDecrypt(
    {
      protected: headerText,
      iv: base64(iv),
      aad: base64(aad),
      ciphertext: base64(ours.subarray(0, -16)),
      tag: base64(ours.subarray(-16)),
    },
    key,
  );
  agree(sample, Buffer.from(plaintext), plain);
  const theirs = await new FlattenedEncrypt(plain)
    .setProtectedHeader(PROTECTED)
    .setInitializationVector(iv)
    .setAdditionalAuthenticatedData(aad)
    .encrypt(key);
  const bytes = Buffer.from(theirs.ciphertext, 'base64url');
  const whole = Buffer.concat([bytes, Buffer.from(theirs.tag!, 'base64url')]);
  agree(sample, opened(asJose(sample), whole), plain);
  agree(sample, ours, whole);
}

test('10,000 messages of 0 to 1,024 bytes: jose opens ours, we open its (CR-100)', async () => {
  let batch: Promise<void>[] = [];
  for (const sample of samples(2)) {
    batch.push(joseAgrees(sample));
    if (batch.length === 128) {
      await Promise.all(batch);
      batch = [];
    }
  }
  await Promise.all(batch);
});

const UNIT = 'ZD-41';
const TOPICS = [downTopic(UNIT), upTopic(UNIT), stateTopic(UNIT)];

test('envelopes of every length: node:crypto does the same (CR-101, CR-102)', () => {
  const next = byteStream(seed + 3);
  for (let i = 0; i < 10 * MAX_MESSAGE_BYTES; i++) {
    const bytes = next(48);
    const [reference, key] = [referenceKey(bytes), sealKey(1 + (i % 255), text(bytes))];
    const topic = TOPICS[i % 3]!;
    const counter = next(4).readUInt32BE() || 1;
    const message = next(1 + (i % MAX_MESSAGE_BYTES));
    const ours = Buffer.from(
      sealEnvelope(nodeCiphers, key, topic, counter, text(message)),
      'latin1',
    );
    const theirs = referencePayload(reference, referenceHead(key.keyId, counter), topic, message);
    assert.is(ours.toString('hex'), theirs.toString('hex'));
    assert.ok(referenceOpened(reference, topic, ours)?.equals(message));
    const found = openEnvelope(hostBytes, nodeCiphers, [key], topic, text(theirs)) as Opened;
    assert.equal(found, { keyId: key.keyId, counter, message: text(message) });
  }
});

/** Where each part of a payload begins, and the code that an altered bit of it gives. */
const PARTS: readonly (readonly [name: string, at: number, refusals: readonly number[]])[] = [
  ['array head', 0, [Refusal.notSealed]],
  ['version head', 2, [Refusal.notSealed]],
  ['version', 3, [Refusal.wrongVersion]],
  ['key id head', 4, [Refusal.notSealed]],
  // Some turn it into the other key id that is valid, and one into 0, which is none.
  ['key id', 5, [Refusal.unknownKey, Refusal.badTag, Refusal.notSealed]],
  ['counter head', 6, [Refusal.notSealed]],
  ['counter', 7, [Refusal.badTag]],
  ['head of what is sealed', 11, [Refusal.notSealed]],
  ['ciphertext and tag', 13, [Refusal.badTag]],
];

for (const size of [1, 15, 16, 20, 47, 118, MAX_MESSAGE_BYTES]) {
  test(`${size} bytes: with any bit of envelope or topic turned it is refused (CR-023)`, () => {
    const next = byteStream(seed + 4 + size);
    // Two generations that differ in one bit.
    const [key, other] = [sealKey(1, text(next(48))), sealKey(3, text(next(48)))];
    const topic = TOPICS[size % 3]!;
    const payload = Buffer.from(
      sealEnvelope(nodeCiphers, key, topic, (next(4).readUInt32BE() | 3) >>> 0, text(next(size))),
      'latin1',
    );
    const code = (on: string, bytes: Buffer): Opened | number =>
      openEnvelope(hostBytes, nodeCiphers, [key, other], on, text(bytes));
    assert.type(code(topic, payload), 'object');
    for (let bit = 0; bit < payload.length * 8; bit++) {
      const turned = Buffer.from(payload);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      const refusal = code(topic, turned) as number;
      const [name, , refusals] = PARTS.filter(([, at]) => at <= bit >> 3).at(-1)!;
      assert.ok(refusals.includes(refusal), `seed ${seed}: ${name}, bit ${bit}: ${refusal}`);
    }
    for (let bit = 0; bit < topic.length * 8; bit++) {
      const turned = Buffer.from(topic);
      turned[bit >> 3]! ^= 1 << (bit & 7);
      assert.is(code(text(turned), payload), Refusal.badTag, `seed ${seed}: topic, bit ${bit}`);
    }
  });
}

test.run();
