/**
 * Damaged messages. Whatever a decoder accepts must be a message through and through: it encodes
 * to the same bytes, and another CBOR library and the schema find nothing wrong with it. All else
 * is refused with a code, without an exception, and without a read beyond the end.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { Refusal } from '../../protocol/codes.js';
import { validate } from '../support/cddl.js';
import { check, messageArbitrary, seed } from './arbitraries.js';
import {
  codecs,
  elementsByCborX,
  elementsOf,
  fromHex,
  rawMessage,
  readWithCborX,
  schema,
  toHex,
  vectorsOf,
  type Codec,
} from './tables.js';
import { watch } from './watched.js';

console.log(`fast-check seed ${seed}`);

/** Codes that a decoder of one message may give: those of its form. */
const FORM: readonly number[] = [
  Refusal.tooShort,
  Refusal.notAnArray,
  Refusal.wrongType,
  Refusal.badField,
  Refusal.badText,
  Refusal.trailingBytes,
];
/** Up to this length every byte is tried with every value. */
const SMALL_BYTES = 32;

function replaced(bytes: string, at: number, code: number): string {
  return bytes.slice(0, at) + String.fromCharCode(code) + bytes.slice(at + 1);
}

/** Decodes, and says with what code it was refused, or 0. */
function probe({ table, encode, decode }: Codec, bytes: string): number {
  const input = watch(bytes);
  const message = decode(input);
  // Built only where it is needed: this runs some hundred thousand times.
  const complain = (what: string): never => {
    throw new Error(`${table.name} ${toHex(bytes)}: ${what}`);
  };
  if (input.readEnd() > bytes.length) complain(`read to ${input.readEnd()}`);
  if (typeof message === 'number') {
    return FORM.includes(message) ? message : complain(`refused with ${message}`);
  }
  if (encode(message) !== bytes) complain('accepted, but encodes to other bytes');
  assert.equal(elementsByCborX(bytes), elementsOf(table, message));
  // Which version it is, is for `openEnvelope` to judge.
  if (table.type !== undefined || message['version'] === 1) {
    const wrong = validate(schema, table.name, readWithCborX(bytes));
    if (wrong !== '') complain(`accepted, but ${wrong}`);
  }
  return Refusal.none;
}

/** What to try in place of a byte: everything, or each bit turned, the ends and some in between. */
function alterations(code: number, length: number, at: number): number[] {
  if (length <= SMALL_BYTES) return Array.from({ length: 255 }, (_, i) => (code + 1 + i) % 256);
  const flips = Array.from({ length: 8 }, (_, bit) => code ^ (1 << bit));
  return [...flips, 0x00, 0xff, 0x18, 0x22, 0x5c, 0x7f, (at * 37 + seed) % 256];
}

for (const codec of codecs) {
  const { table } = codec;
  const vectors = vectorsOf(table);

  test(`${table.name}: cut at any byte, it is refused (CR-018)`, () => {
    for (const { bytes } of vectors) {
      for (let length = 0; length < bytes.length; length++) {
        assert.is.not(probe(codec, bytes.slice(0, length)), Refusal.none, `cut at ${length}`);
      }
    }
  });

  test(`${table.name}: with any byte altered, it is refused or another message (CR-011, CR-018)`, () => {
    for (const { bytes } of vectors) {
      for (let at = 0; at < bytes.length; at++) {
        for (const code of alterations(bytes.charCodeAt(at), bytes.length, at)) {
          probe(codec, replaced(bytes, at, code));
        }
      }
    }
  });

  test(`${table.name}: bytes after the array are refused (CR-010)`, () => {
    for (const { bytes } of vectors) {
      for (const more of ['00', 'ff', 'f6', '5800', '9800']) {
        assert.is(probe(codec, bytes + fromHex(more)), Refusal.trailingBytes);
      }
    }
  });

  test(`${table.name}: an array of fewer elements, or that counts what is not there, is refused (CR-017)`, () => {
    for (const { bytes } of vectors) {
      const elements = bytes.charCodeAt(1);
      for (let count = 0; count < 256; count++) {
        if (count === elements) continue;
        assert.is(probe(codec, replaced(bytes, 1, count)), Refusal.tooShort, `counts ${count}`);
      }
    }
  });

  test(`${table.name}: shorter CBOR forms of the same values are refused (CR-010, CR-011)`, () => {
    for (const { bytes, message } of vectors) {
      const elements = bytes.charCodeAt(1);
      if (elements < 24) {
        const shorter = String.fromCharCode(0x80 + elements) + bytes.slice(2);
        assert.is.not(probe(codec, shorter), Refusal.none);
        assert.equal(elementsByCborX(shorter), elementsOf(table, message));
      }
      const indefinite = `\x9f${bytes.slice(2)}\xff`;
      assert.is.not(probe(codec, indefinite), Refusal.none);
    }
  });

  test(`${table.name}: any bytes whatever are refused or a message`, () => {
    const start = vectors[0]!.bytes.slice(0, 4);
    const noise = fc.uint8Array({ maxLength: 300 }).map((o) => Buffer.from(o).toString('latin1'));
    check(fc.tuple(fc.boolean(), noise), ([withStart, tail]) => {
      probe(codec, withStart ? start + tail : tail);
    });
  });

  test(`${table.name}: elements that a newer peer appends are ignored (CR-017)`, () => {
    const items = ['00', '18ff', 'f6', 'fb3ff199999999999a', '6161', '82f6a0', 'a10102', 'd82a05'];
    const appended = fc.array(fc.constantFrom(...items.map(fromHex)), {
      minLength: 1,
      maxLength: 240,
    });
    check(fc.tuple(messageArbitrary(table), appended), ([message, more]) => {
      const bytes = rawMessage(table, message, more);
      const input = watch(bytes);
      assert.equal(codec.decode(input), message);
      assert.ok(input.readEnd() <= bytes.length);
      const known = elementsOf(table, message);
      assert.equal(elementsByCborX(bytes).slice(0, known.length), known);
      if (table.type !== undefined) {
        assert.is(validate(schema, table.name, readWithCborX(bytes)), '');
      }
      // Less than one byte for each counted element cannot be.
      const cut = bytes.slice(0, rawMessage(table, message).length + more.length - 1);
      assert.is(codec.decode(watch(cut)), Refusal.tooShort);
    });
  });
}

test.run();
