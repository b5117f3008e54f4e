/** The example of RFC 7518, appendix B.1, byte for byte. */
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostBytes } from '../../../protocol/bytes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { aeadKey, openAead, sealAead } from '../../../protocol/seal/aead.js';
import { fromHex, path, toHex } from '../tables.js';
import { referenceOpen, referenceSeal } from './reference.js';

type Name = 'source' | 'key' | 'plaintext' | 'iv' | 'aad' | 'ciphertext' | 'tag';
type Example = Readonly<Record<Name, string>>;

const read = (file: string): Example => JSON.parse(readFileSync(path(file), 'utf8')) as Example;

const example = read('test/fixtures/aead/rfc7518-b1.json');
const [key, plain, iv, aad] = [
  aeadKey(fromHex(example.key)),
  fromHex(example.plaintext),
  fromHex(example.iv),
  fromHex(example.aad),
];
const sealed = fromHex(example.ciphertext + example.tag);

test('RFC 7518 B.1: its plaintext gives its ciphertext and tag (CR-100)', () => {
  assert.is(toHex(sealAead(nodeCiphers, key, iv, aad, plain)), toHex(sealed));
});

test('RFC 7518 B.1: its ciphertext and tag give its plaintext (CR-100)', () => {
  assert.is(openAead(hostBytes, nodeCiphers, key, iv, aad, sealed), plain);
});

test('RFC 7518 B.1: any bit of it turned, it is refused (CR-100)', () => {
  for (const [name, given] of Object.entries({ iv, aad, sealed })) {
    for (let bit = 0; bit < given.length * 8; bit++) {
      const bytes = Buffer.from(given, 'latin1');
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      const turned = { iv, aad, sealed, [name]: bytes.toString('latin1') };
      const { iv: iv1, aad: aad1, sealed: sealed1 } = turned;
      assert.is(openAead(hostBytes, nodeCiphers, key, iv1, aad1, sealed1), null, `${name} ${bit}`);
    }
  }
});

test('RFC 7518 B.1: the reference of these tests gives the same (CR-100)', () => {
  const of = (hex: string): Buffer => Buffer.from(hex, 'hex');
  const keys = { macKey: of(example.key).subarray(0, 16), encKey: of(example.key).subarray(16) };
  const given = referenceSeal(keys, of(example.iv), of(example.aad), of(example.plaintext));
  assert.is(given.toString('hex'), toHex(sealed));
  const opened = referenceOpen(keys, of(example.iv), of(example.aad), given);
  assert.is(opened?.toString('hex'), example.plaintext);
});

const SHARED = '../shared/data/aead/rfc7518-b1.json';
if (existsSync(path(SHARED))) {
  test('RFC 7518 B.1: the copy of the shared data is the same', () => {
    assert.equal(read(SHARED), example);
  });
} else {
  console.log(`RFC 7518 B.1: one comparison left out, there is no ${SHARED} beside the project`);
  test.skip('RFC 7518 B.1: the copy of the shared data is the same', () => {});
}

test.run();
