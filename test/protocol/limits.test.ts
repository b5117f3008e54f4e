/** Every limit, derived from the tables: one before it, on it, one past it, for both directions. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Refusal } from '../../protocol/codes.js';
import { envelope } from '../../protocol/envelope-table.js';
import type { Fields } from '../../protocol/host/messages.js';
import * as limits from '../../protocol/limits.js';
import { messageTables } from '../../protocol/registry.js';
import { greatestOf, isString, leastOf, type Field } from '../../protocol/table.js';
import { longest } from '../../tools/build/codec-source.js';
import { validate } from '../support/cddl.js';
import {
  UNKNOWN,
  codecs,
  open,
  rawMessage,
  readWithCborX,
  schema,
  vectorsOf,
  type Codec,
} from './tables.js';

/** What the form of a kind can hold; past that there are no bytes to decode. */
const HOLDS = {
  u8: [0, 0xff],
  u16: [0, 0xffff],
  u32: [0, 0xffffffff],
  i32: [-0x100000000, 0xffffffff],
  time: [0, Number.MAX_SAFE_INTEGER],
  text: [0, 0xff],
  bytes: [0, 0xff],
} as const;

function valueOf(field: Field, size: number): number | string {
  return isString(field) ? 'x'.repeat(size) : size;
}

/** Encodes and decodes a golden message with one field set to this value or length. */
function probe({ table, encode, decode }: Codec, field: Field, size: number): void {
  const message: Fields = { ...vectorsOf(table)[0]!.message, [field.name]: valueOf(field, size) };
  const place = `${table.name}.${field.name} = ${size}`;
  const isLegal = size >= leastOf(field) && size <= greatestOf(field);
  const raw = rawMessage(table, message);
  assert.is(encode(message), isLegal ? raw : '', `encode ${place}`);

  const [least, greatest] = HOLDS[field.kind];
  if (size < least || size > greatest) return;
  const unknown = field.nullable === true && size === UNKNOWN[field.kind];
  const expected = unknown ? { ...message, [field.name]: null } : message;
  assert.equal(decode(open(raw)), isLegal || unknown ? expected : Refusal.badField, place);
  if (field.name === 'version') return;
  const wrong = validate(schema, table.name, readWithCborX(raw));
  assert.is(wrong === '', isLegal || unknown, `schema, ${place}: ${wrong}`);
}

for (const codec of codecs) {
  for (const field of codec.table.fields) {
    test(`${codec.table.name}.${field.name}: least − 1, least, least + 1 (CR-018, CR-055)`, () => {
      const least = leastOf(field);
      if (!isString(field) || least > 0) probe(codec, field, least - 1);
      probe(codec, field, least);
      probe(codec, field, least + 1);
    });

    test(`${codec.table.name}.${field.name}: greatest − 1, greatest, greatest + 1 (CR-014, CR-018, CR-055)`, () => {
      const greatest = greatestOf(field);
      for (const size of [greatest - 1, greatest, greatest + 1]) probe(codec, field, size);
    });
  }

  for (const field of codec.table.fields.filter(({ kind }) => kind === 'i32')) {
    test(`${codec.table.name}.${field.name}: −1, 0, 1, where the sign turns (CR-013)`, () => {
      for (const value of [-1, 0, 1]) probe(codec, field, value);
    });
  }

  test(`${codec.table.name}: the encoder refuses what is no value of a field (CR-018)`, () => {
    const [golden] = vectorsOf(codec.table);
    for (const field of codec.table.fields) {
      if (isString(field)) continue;
      const wrong: unknown[] = [NaN, Infinity, -Infinity, 1.5, '7', true, undefined];
      if (!field.nullable) wrong.push(null);
      for (const value of wrong) {
        const message = { ...golden!.message, [field.name]: value } as Fields;
        assert.is(codec.encode(message), '', `${field.name} = ${String(value)}`);
      }
    }
  });
}

test('the unknown value is beyond every limit that is nullable (CR-014)', () => {
  for (const { table } of codecs) {
    for (const field of table.fields.filter(({ nullable }) => nullable)) {
      const unknown = UNKNOWN[field.kind]!;
      assert.ok(unknown < leastOf(field) || unknown > greatestOf(field), field.name);
    }
  }
});

test('no message is longer than MAX_MESSAGE_BYTES (CR-056)', () => {
  for (const table of messageTables) {
    assert.ok(longest(table) <= limits.MAX_MESSAGE_BYTES, table.name);
    const greatest = vectorsOf(table).find(({ name }) => name === 'greatest');
    assert.is(greatest?.bytes.length, longest(table), table.name);
  }
});

test('padded and tagged, the longest message makes the longest envelope (CR-025, CR-055)', () => {
  const padded = (size: number): number => (Math.floor(size / 16) + 1) * 16;
  assert.is(padded(limits.MAX_MESSAGE_BYTES) + limits.TAG_BYTES, limits.MAX_SEALED_BYTES);
  // One byte more would be padded to a block more.
  assert.is(padded(limits.MAX_MESSAGE_BYTES + 1), padded(limits.MAX_MESSAGE_BYTES) + 16);
  assert.is(padded(1) + limits.TAG_BYTES, limits.MIN_SEALED_BYTES);
  const { table } = codecs.find(({ table: { type } }) => type === undefined)!;
  assert.is(longest(table), limits.MAX_ENVELOPE_BYTES);
});

test('every generation is a key id that an envelope can name (CR-055, CR-123)', () => {
  const keyId = envelope.fields.find(({ name }) => name === 'keyId')!;
  assert.equal([leastOf(keyId), greatestOf(keyId)], [1, limits.MAX_GENERATION]);
});

test('the window is as wide as its bits (CR-055, CR-112)', () => {
  assert.is(limits.WINDOW, 32);
});

test('the last time is the one that MAX_TIME_HIGH_WORD leaves, in January 10000 (CR-055)', () => {
  assert.is(limits.MAX_TIME, limits.MAX_TIME_HIGH_WORD * 2 ** 32 + 2 ** 32 - 1);
  assert.is(new Date(limits.MAX_TIME).toISOString().slice(0, 10), '+010000-01');
});

test.run();
