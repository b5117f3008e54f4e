/**
 * The ciphers of hosts and of the stand-in, held against Node's own made anew for each call: those
 * that are kept must not let one text tell on the next.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { encryptCbc, MAX_KEPT } from '../../../protocol/host/aes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { bootStandIn } from './stand-in.js';

const SEED = 20170710;
const KEY = '0123456789abcdef';

const latin1 = (text: string) => Buffer.from(text, 'latin1');
const toHex = (data: ArrayBuffer) => Buffer.from(data).toString('hex');

function referenceOf(
  name: 'encrypt' | 'decrypt',
  text: string,
  key: string,
  iv = '\0'.repeat(16),
): string {
  const create = name === 'encrypt' ? createCipheriv : createDecipheriv;
  const cipher = create('aes-128-cbc', latin1(key), latin1(iv)).setAutoPadding(false);
  return Buffer.concat([cipher.update(latin1(text)), cipher.final()]).toString('hex');
}

/** What its module gives, as hexadecimal digits, or null for `undefined`. */
const STAND_IN = `
  var crypto = require('crypto');
  var hex = function (buffer) {
    if (!buffer) return null;
    var text = '';
    new Uint8Array(buffer).forEach(function (byte) { text += (256 + byte).toString(16).substr(1); });
    return text;
  };
  api.encrypt = function (data, key, iv) { return hex(crypto.AES.encrypt(data, key, iv && { iv: iv })); };
  api.decrypt = function (data, key, iv) { return hex(crypto.AES.decrypt(data, key, iv && { iv: iv })); };
  api.sha256 = function (data) { return hex(crypto.SHA256(data)); };
`;

async function bootCiphers(): Promise<(name: string, ...data: unknown[]) => unknown> {
  const { host } = await bootStandIn(STAND_IN);
  return (name, ...data) =>
    host.evaluate(`unit.${name}(${data.map((each) => JSON.stringify(each)).join()})`);
}

const bytes = (size: number) =>
  fc
    .uint8Array({ minLength: size, maxLength: size })
    .map((octets) => Buffer.from(octets).toString('latin1'));
const blocks = fc.integer({ min: 0, max: 80 }).chain((count) => bytes(16 * count));

test('AES-128-CBC of any blocks, one after the other with few keys and any IV or none', async () => {
  const standIn = await bootCiphers();
  const call = fc.record({
    name: fc.constantFrom('encrypt' as const, 'decrypt' as const),
    text: blocks,
    key: fc.constantFrom(KEY, 'another key, too', '\0'.repeat(16)),
    iv: fc.option(bytes(16), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(call, { minLength: 1, maxLength: 8 }), (calls) => {
      for (const { name, text, key, iv } of calls) {
        const expected = referenceOf(name, text, key, iv);
        assert.is(toHex(nodeCiphers[name](text, key, iv === undefined ? iv : { iv })), expected);
        assert.is(standIn(name, text, key, iv), expected);
      }
    }),
    { seed: SEED },
  );
});

test('what is no whole block, or no IV, is refused, and spoils nothing of what comes next', () => {
  for (const size of [15, 17, 31, 33]) {
    const text = 'x'.repeat(size);
    assert.throws(() => nodeCiphers.encrypt(text, KEY), /expected whole blocks of 16 bytes/);
    assert.throws(() => nodeCiphers.decrypt(text, KEY), /expected whole blocks of 16 bytes/);
  }
  assert.throws(() => nodeCiphers.encrypt(KEY, KEY, { iv: KEY.slice(1) }), /16 bytes and 15/);
  for (const name of ['encrypt', 'decrypt'] as const) {
    assert.is(toHex(nodeCiphers[name](KEY, KEY)), referenceOf(name, KEY, KEY));
  }
});

test('beyond the ciphers that are kept all are made anew', () => {
  const expected = referenceOf('encrypt', KEY, KEY);
  for (let i = 0; i <= MAX_KEPT; i++) encryptCbc(KEY, String(i).padStart(16), KEY);
  assert.is(toHex(nodeCiphers.encrypt(KEY, KEY)), expected);
});

test('SHA-256 of parts of every kind', async () => {
  const standIn = await bootCiphers();
  const text = fc.integer({ min: 0, max: 200 }).chain(bytes);
  const part = fc.oneof(text, fc.integer({ min: 0, max: 255 }));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const hash = createHash('sha256');
      for (const each of parts) {
        hash.update(typeof each === 'number' ? Uint8Array.of(each) : latin1(each));
      }
      const expected = hash.digest('hex');
      assert.is(toHex(nodeCiphers.sha256(parts)), expected);
      assert.is(standIn('sha256', parts), expected);
    }),
    { seed: SEED },
  );
});

test('what comes out is a buffer of its own, and may be a part or an IV', () => {
  const digest = nodeCiphers.sha256(['abc']);
  assert.is(digest.byteLength, 32);
  const again = createHash('sha256').update('x').update(Buffer.from(digest)).digest('hex');
  assert.is(toHex(nodeCiphers.sha256(['x', digest])), again);
  const iv = nodeCiphers.encrypt(KEY, KEY);
  assert.is(iv.byteLength, 16);
  const expected = referenceOf('encrypt', KEY + KEY, KEY, Buffer.from(iv).toString('latin1'));
  assert.is(toHex(nodeCiphers.encrypt(KEY + KEY, KEY, { iv })), expected);
});

test('of a key or a text of another size the device makes nothing', async () => {
  const standIn = await bootCiphers();
  for (const size of [15, 17]) assert.is(standIn('encrypt', 'x'.repeat(size), KEY), null);
  for (const size of [15, 17]) assert.is(standIn('decrypt', KEY, 'k'.repeat(size)), null);
  assert.is(standIn('encrypt', KEY, KEY), referenceOf('encrypt', KEY, KEY));
});

test('a short IV is filled with zeros, of a long one the beginning counts', async () => {
  const standIn = await bootCiphers();
  const filled = referenceOf('encrypt', KEY, KEY, 'iv' + '\0'.repeat(14));
  assert.is(standIn('encrypt', KEY, KEY, 'iv'), filled);
  assert.is(standIn('encrypt', KEY, KEY, 'iv' + '\0'.repeat(14) + 'more'), filled);
});

test.run();
