/** JSON as the interpreter has it; the results are its own (2v29.277). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { createJson } from '../../../host-sim/espruino/json.js';

const json = createJson({ SyntaxError, Array, Object });

const READ: [string, unknown][] = [
  ["{'a':'x'}", { a: 'x' }],
  ['{"a":1,}', { a: 1 }],
  ['[1,2,]', [1, 2]],
  ['{"a":0x1F}', { a: 31 }],
  ['{"a":1} zork', { a: 1 }],
  ['[1]]', [1]],
  ['true x', true],
  ['null', null],
  ['-', undefined],
  ['{"a":-}', undefined],
  ['- 5', -5],
  ['1.', 1],
  ['.5', 0.5],
  ['-.5', -0.5],
  ['1e', 1],
  ['1_000', 1000],
  ['0b11', 3],
  ['0x', 0],
  ['1e400', Infinity],
  ['"a\\u20ACb"', 'a\xacb'],
  ['"a\\x41"', 'aA'],
  ["'it\\'s'", "it's"],
  ['"a\\\nb"', 'a\nb'],
  ['"\\q\\0"', 'q\0'],
  ['`x`', 'x'],
  ['{"a" : /*c*/ 1 //d\n}', { a: 1 }],
  ['{"a":[{"b":[]}]}', { a: [{ b: [] }] }],
  ['{"a":1,"a":2}', { a: 1 }],
  ["{'':1}", { '': 1 }],
];

const REFUSED = [
  '{a:1}',
  '[1,,2]',
  '',
  '  ',
  'tru',
  'undefined',
  '+5',
  '"a\nb"',
  '{1:2}',
  '{"a"}',
  '{',
  '[',
  '{"a":',
  '"abc',
  '[1 2]',
  'NaN',
  'Infinity',
  '{,}',
  '[,]',
  '[1;2]',
  '\xa01',
  '/*',
  '"a\\u12"',
  '{"a":1,,"b":2}',
  '{true:1}',
  '(1)',
  '--5',
];

test('reads leniently, as the interpreter does', () => {
  for (const [text, expected] of READ) assert.equal(json.parse(text), expected, text);
});

test('refuses what the interpreter refuses', () => {
  for (const text of REFUSED) assert.throws(() => json.parse(text), /./, text);
});

test('writes bytes only', () => {
  assert.is(
    json.stringify('a"\\\b\f\n\r\t\v\0\x01\x7f\x80\xff/\u20ac'),
    '"a\\"\\\\\\b\\f\\n\\r\\t\\u000B\\u0000\\u0001\\u007F\\u0080\\u00FF/\\u00AC"',
  );
  assert.is(json.stringify('\\u000b'), '"\\\\u000b"');
  assert.is(json.stringify(new Uint8Array([1, 2])), '[1,2]');
  assert.is(
    json.stringify({ a: undefined, b: [undefined, NaN, Infinity], c: -0 }),
    '{"b":[null,null,null],"c":0}',
  );
});

test('reads what it writes, for all byte strings', () => {
  const byteString = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('latin1'));
  fc.assert(
    fc.property(
      fc.dictionary(
        byteString.filter((key) => key !== '__proto__'),
        byteString,
      ),
      (record) => {
        assert.equal(json.parse(json.stringify(record)), { ...record });
      },
    ),
  );
});

test.run();
