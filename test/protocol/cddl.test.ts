/** The validator that holds messages against the schema: what it must refuse, and what it must not skip. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadSchema, validate, type Schema } from '../support/cddl.js';
import { codecs, readWithCborX, schema, vectorsOf } from './tables.js';

const folder = mkdtempSync(join(tmpdir(), 'cddl-'));

function schemaOf(text: string): Schema {
  const file = join(folder, 'schema.cddl');
  writeFileSync(file, text);
  return loadSchema(file);
}

const small = schemaOf(`
sample = [ kind: 7, small: 0..3 / 255, signed: low, name: word .size (1..4), blob: bstr .size (0..2), * any ]
low = -5..-1
word = tstr .regexp "[a-z]*"
pair = [ first: uint, second: int ]
`);
const good: readonly unknown[] = [7, 3, -5, 'abcd', new Uint8Array(2)];

test('what keeps the rules is good, also with elements appended', () => {
  assert.is(validate(small, 'sample', good), '');
  assert.is(validate(small, 'sample', [7n, 255n, -1n, 'a', new Uint8Array(0)]), '');
  assert.is(validate(small, 'sample', [...good, null, 'x', [1]]), '');
  assert.is(validate(small, 'pair', [0, -1]), '');
});

const BAD: readonly [string, number, unknown, string][] = [
  ['of a wrong constant', 0, 8, 'sample.kind: expected 7, found 8'],
  [
    'out of range',
    1,
    4,
    'sample.small: expected 0..3, found 4, or sample.small: expected 255, found 4',
  ],
  ['a range of another rule', 2, 0, 'sample.signed: expected -5..-1, found 0'],
  ['no integer', 2, -1.5, 'sample.signed: expected -5..-1, found -1.5'],
  ['a text for a number', 2, '-1', 'sample.signed: expected -5..-1, found "-1"'],
  ['too long', 3, 'abcde', 'sample.name.size: expected 1..4, found 5'],
  ['too short', 3, '', 'sample.name.size: expected 1..4, found 0'],
  ['a text of other characters', 3, 'aB', 'sample.name: expected text like [a-z]*, found "aB"'],
  [
    'a text that goes on after a good line',
    3,
    'a\n',
    'sample.name: expected text like [a-z]*, found "a\\n"',
  ],
  ['bytes for a text', 3, new Uint8Array(1), 'sample.name: expected tstr, found 1 bytes'],
  ['a text for bytes', 4, 'a', 'sample.blob: expected bstr, found "a"'],
  ['too many bytes', 4, new Uint8Array(3), 'sample.blob.size: expected 0..2, found 3'],
  ['null', 4, null, 'sample.blob: expected bstr, found null'],
];

for (const [what, at, value, complaint] of BAD) {
  test(`refuses what is ${what}`, () => {
    assert.is(validate(small, 'sample', good.toSpliced(at, 1, value)), complaint);
  });
}

test('refuses missing elements, surplus elements, and what is no array', () => {
  for (let length = 0; length < good.length; length++) {
    assert.match(validate(small, 'sample', good.slice(0, length)), /: missing$/);
  }
  assert.is(validate(small, 'pair', [1, 2, 3]), 'pair: 1 elements too many');
  assert.is(validate(small, 'pair', [-1, 2]), 'pair.first: expected uint, found -1');
  assert.is(validate(small, 'pair', { 0: 1 }), 'pair: expected an array, found {"0":1}');
});

test('throws at what it does not know, instead of passing over it', () => {
  const unknown: [string, unknown][] = [
    ['rule = [ a: float ]', [1.5]],
    ['rule = [ a: uint .bits other ]\nother = [ b: 1 ]', [1]],
    ['rule = [ a: 0...3 ]', [1]],
    ['rule = [ * a: uint, b: uint ]', [1]],
    ['rule = [ ? a: uint ]', []],
    ['rule = [ a: "text" ]', ['text']],
    ['rule = { a: uint }', { a: 1 }],
    ['rule = [ a: absent ]', [1]],
  ];
  for (const [text, value] of unknown) {
    assert.throws(() => validate(schemaOf(text), 'rule', value), /not known|has no rule/, text);
  }
  assert.throws(() => validate(small, 'absent', 1), 'the schema has no rule absent');
});

for (const { table } of codecs) {
  test(`${table.name}: the schema refuses it with an element missing, or of another type`, () => {
    for (const { bytes } of vectorsOf(table)) {
      const elements = readWithCborX(bytes);
      for (let at = 0; at < elements.length; at++) {
        assert.is.not(validate(schema, table.name, elements.slice(0, at)), '');
        for (const other of [null, true, 1.5, [], typeof elements[at] === 'string' ? 1 : 'text']) {
          assert.is.not(validate(schema, table.name, elements.toSpliced(at, 1, other)), '');
        }
      }
    }
  });

  test(`${table.name}: no other rule of the schema takes it`, () => {
    for (const { bytes } of vectorsOf(table)) {
      const elements = readWithCborX(bytes);
      const takers = codecs.filter((other) => validate(schema, other.table.name, elements) === '');
      assert.equal(
        takers.map((taker) => taker.table.name),
        [table.name],
      );
    }
  });
}

test.run();
