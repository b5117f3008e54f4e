/** Envelopes at their limits, with paddings that no sender makes, and damaged. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { hostBytes, type Bytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import {
  MAX_ENVELOPE_BYTES,
  MAX_MESSAGE_BYTES,
  MAX_SEALED_BYTES,
  MIN_SEALED_BYTES,
} from '../../../protocol/limits.js';
import { openEnvelope, type Opened } from '../../../protocol/seal/envelope.js';
import { check, seed } from '../arbitraries.js';
import { referenceHead, referenceIv, referencePayload, referenceSealPadded } from './reference.js';
import { TOPIC, KEY, REFERENCE, seal, opened, latin1, messages } from './envelopes.js';

console.log(`fast-check seed ${seed}`);

test('a payload that is too long is refused before it is opened (CR-025)', () => {
  const untouched: Bytes = {
    ...hostBytes,
    toBuffer: () => {
      throw new Error('opened');
    },
  };
  const payload = '\x98'.repeat(MAX_ENVELOPE_BYTES + 1);
  assert.is(openEnvelope(untouched, nodeCiphers, [KEY], TOPIC, payload), Refusal.tooLong);
});

test('a wrong padding under a right tag is told like a wrong tag (CR-104, CR-106)', () => {
  const head = referenceHead(5, 1);
  const aad = Buffer.concat([head, Buffer.from(TOPIC)]);
  const payloadOf = (padded: Buffer): string => {
    const sealed = referenceSealPadded(REFERENCE, referenceIv(REFERENCE, head), aad, padded);
    return latin1(Buffer.concat([head, Buffer.from([0x58, sealed.length]), sealed]));
  };
  for (const blocks of [1, 2, 14]) {
    const size = blocks * 16;
    for (let count = 0; count < 256; count++) {
      const padded = Buffer.alloc(size, 0x41);
      padded.fill(count, Math.max(0, size - Math.max(count, 1)));
      const isGood = count >= 1 && count <= 16;
      const found = opened(payloadOf(padded));
      if (isGood) assert.is((found as Opened).message, 'A'.repeat(size - count));
      else assert.is(found, Refusal.badTag, `${count}`);
      // Any one byte of the padding wrong, its last not.
      for (let at = size - count; isGood && at < size - 1; at++) {
        const spoilt = Buffer.from(padded);
        spoilt[at]! ^= 1;
        assert.is(opened(payloadOf(spoilt)), Refusal.badTag, `${count} at ${at}`);
      }
    }
  }
});

test('MAX_MESSAGE_BYTES − 1, MAX_MESSAGE_BYTES, one more, and none (CR-025)', () => {
  for (const size of [1, MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]) {
    const message = 'x'.repeat(size);
    assert.is((opened(seal(message)) as Opened).message, message);
  }
  assert.is(seal('x'.repeat(MAX_MESSAGE_BYTES)).length, MAX_ENVELOPE_BYTES);
  assert.is(seal('x'.repeat(MAX_MESSAGE_BYTES + 1)), '');
  assert.is(seal(''), '');
});

test('MIN_SEALED_BYTES, MAX_SEALED_BYTES, a block less and a block more (CR-025)', () => {
  const sealedBytes = (payload: string): number => payload.length - 13;
  for (let size = 1; size <= 15; size++) {
    assert.is(sealedBytes(seal('x'.repeat(size))), MIN_SEALED_BYTES);
  }
  assert.is(sealedBytes(seal('x'.repeat(16))), MIN_SEALED_BYTES + 16);
  assert.is(sealedBytes(seal('x'.repeat(MAX_MESSAGE_BYTES - 16))), MAX_SEALED_BYTES - 16);
  assert.is(sealedBytes(seal('x'.repeat(MAX_MESSAGE_BYTES - 15))), MAX_SEALED_BYTES);
  const head = referenceHead(5, 1);
  // A right tag over no block at all.
  const aad = Buffer.concat([head, Buffer.from(TOPIC)]);
  const none = referenceSealPadded(REFERENCE, referenceIv(REFERENCE, head), aad, Buffer.alloc(0));
  const short = latin1(Buffer.concat([head, Buffer.from([0x58, none.length]), none]));
  assert.is(opened(short), Refusal.notSealed);
  const tooMuch = referencePayload(REFERENCE, head, TOPIC, Buffer.alloc(MAX_MESSAGE_BYTES + 1));
  assert.is(tooMuch.length, MAX_ENVELOPE_BYTES + 16);
  assert.is(opened(latin1(tooMuch)), Refusal.tooLong);
});

test('MAX_ENVELOPE_BYTES − 1, on it, one more: elements appended (CR-017, CR-025)', () => {
  // The next shorter one leaves 16 bytes for what a newer peer appends.
  const message = Buffer.alloc(MAX_MESSAGE_BYTES - 16, 'x');
  for (const more of [1, 2, 15, 16, 17]) {
    const head = referenceHead(5, 1, 4 + more);
    const appended = Buffer.alloc(more, 0xf6);
    const payload = referencePayload(REFERENCE, head, TOPIC, message, appended);
    assert.is(payload.length, MAX_ENVELOPE_BYTES - 16 + more);
    if (more === 17) assert.is(opened(latin1(payload)), Refusal.tooLong);
    else assert.is((opened(latin1(payload)) as Opened).message, latin1(message));
  }
});

test('the number of elements is under the seal, what is appended is not (CR-103)', () => {
  const head = referenceHead(5, 1, 6);
  const appended = Buffer.from('f6f6', 'hex');
  const payload = referencePayload(REFERENCE, head, TOPIC, Buffer.from('message'), appended);
  assert.is((opened(latin1(payload)) as Opened).message, 'message');
  const altered = Buffer.from(payload);
  altered[payload.length - 1] = 0x00;
  assert.is((opened(latin1(altered)) as Opened).message, 'message');
  const counted = Buffer.from(payload);
  counted[1] = 5;
  assert.is(opened(latin1(counted)), Refusal.badTag);
});

test('any bytes whatever are refused with a code of form or seal (CR-018)', () => {
  const codes: readonly number[] = [
    Refusal.tooLong,
    Refusal.wrongVersion,
    Refusal.notSealed,
    Refusal.unknownKey,
    Refusal.badTag,
  ];
  const start = latin1(referenceHead(5, 9));
  const noise = fc.uint8Array({ maxLength: MAX_ENVELOPE_BYTES + 20 }).map(latin1);
  const cut = fc.integer({ min: 0, max: 13 });
  check(fc.tuple(cut, noise), ([at, tail]) => {
    const found = opened(start.slice(0, at) + tail);
    assert.ok(codes.includes(found as number), JSON.stringify(found));
    const size = Math.floor(tail.length / 16) * 16;
    const shaped = `${start}\x58${String.fromCharCode(size & 0xff)}${tail.slice(0, size)}`;
    assert.ok(codes.includes(opened(shaped) as number));
  });
});

test('however it is damaged, it opens only if it came to be the same again (CR-023)', () => {
  const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const damage = fc.record({
    kind: fc.constantFrom('alter', 'cut', 'insert', 'remove', 'swap', 'repeat'),
    at: place,
    to: place,
    code: fc.integer({ min: 0, max: 255 }),
  });
  check(fc.tuple(messages, fc.array(damage, { minLength: 1, maxLength: 4 })), ([message, list]) => {
    const payload = seal(message);
    let bytes = Buffer.from(payload, 'latin1');
    for (const { kind, at, to, code } of list) {
      const from = Math.floor(at * bytes.length);
      const block = 13 + 16 * Math.floor((to * Math.max(0, bytes.length - 13)) / 16);
      if (kind === 'alter' && bytes.length > 0) bytes[from] = code;
      else if (kind === 'cut') bytes = bytes.subarray(0, from);
      else {
        const [head, tail] = [bytes.subarray(0, from), bytes.subarray(from)];
        if (kind === 'insert') bytes = Buffer.concat([head, Buffer.from([code]), tail]);
        else if (kind === 'remove') bytes = Buffer.concat([head, tail.subarray(1)]);
        else if (kind === 'repeat')
          bytes = Buffer.concat([bytes, bytes.subarray(block, block + 16)]);
        else {
          const moved = bytes.subarray(block, block + 16);
          bytes = Buffer.concat([bytes.subarray(0, block), bytes.subarray(block + 16), moved]);
        }
      }
      bytes = Buffer.from(bytes);
    }
    const found = opened(latin1(bytes));
    if (latin1(bytes) === payload) assert.is((found as Opened).message, message);
    else assert.type(found, 'number');
  });
});

test.run();
