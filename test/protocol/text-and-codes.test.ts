/** Plain text, codes without a name, and unknown values, in every field that has them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { hostBytes, isPlainText } from '../../protocol/bytes.js';
import * as codes from '../../protocol/codes.js';
import {
  decodeMessage,
  encodeMessage,
  inWords,
  type Fields,
} from '../../protocol/host/messages.js';
import { messageTables } from '../../protocol/registry.js';
import { greatestOf, leastOf } from '../../protocol/table.js';
import { PLAIN_CHARS } from './arbitraries.js';
import { UNKNOWN, codecs, elementsByCborX, open, rawMessage, vectorsOf } from './tables.js';

test('plain text is 0x20 to 0x7E without quotation mark and backslash, nothing else (CR-015)', () => {
  for (let code = 0; code < 0x180; code++) {
    const char = String.fromCharCode(code);
    assert.is(isPlainText(`a${char}b`), PLAIN_CHARS.includes(char), `0x${code.toString(16)}`);
  }
  assert.ok(hostBytes.isPlainText(''));
});

test('what is plain text needs no escape in JSON, and that is how a unit tests it (CR-015)', () => {
  for (let code = 0; code < 0x7f; code++) {
    const char = String.fromCharCode(code);
    assert.is(JSON.stringify(char).length === 3, isPlainText(char), `0x${code.toString(16)}`);
  }
});

for (const { table, encode, decode } of codecs) {
  const { message } = vectorsOf(table)[0]!;

  for (const field of table.fields.filter(({ kind }) => kind === 'text')) {
    test(`${table.name}.${field.name}: takes every plain character and no other (CR-015)`, () => {
      for (let code = 0; code < 0x100; code++) {
        const char = String.fromCharCode(code);
        const changed: Fields = { ...message, [field.name]: char };
        const raw = rawMessage(table, changed);
        const isPlain = PLAIN_CHARS.includes(char);
        assert.is(encode(changed), isPlain ? raw : '');
        assert.equal(decode(open(raw)), isPlain ? changed : codes.Refusal.badText);
      }
    });
  }

  for (const field of table.fields.filter(({ names }) => names)) {
    test(`${table.name}.${field.name}: a code without a name is passed on (CR-016)`, () => {
      for (let code = leastOf(field); code <= greatestOf(field); code++) {
        const changed: Fields = { ...message, [field.name]: code };
        assert.equal(decode(open(encode(changed))), changed);
      }
    });
  }

  for (const field of table.fields.filter(({ nullable }) => nullable)) {
    test(`${table.name}.${field.name}: null is the unknown value of its kind, and not 0 (CR-014)`, () => {
      const changed: Fields = { ...message, [field.name]: null };
      const bytes = encode(changed);
      const at = table.fields.indexOf(field) + (table.type === undefined ? 0 : 1);
      assert.is(elementsByCborX(bytes)[at], UNKNOWN[field.kind]);
      assert.equal(decode(open(bytes)), changed);
    });
  }
}

test('every name of a code can be said, and a code without a name is shown as its number (CR-016)', () => {
  for (const table of messageTables) {
    const { message } = vectorsOf(table)[0]!;
    for (const { name, names } of table.fields) {
      for (const [word, code] of Object.entries(names ?? {})) {
        const isBelowLeast = code < leastOf(table.fields.find((field) => field.name === name)!);
        assert.not.ok(isBelowLeast, `${table.name}.${name} cannot be ${word}`);
        assert.is(inWords(table.name, { ...message, [name]: code })[name], word);
      }
      if (names) assert.is(inWords(table.name, { ...message, [name]: 200 })[name], '200');
    }
  }
});

test('the types that the codecs export are those of the tables (CR-010)', () => {
  for (const { table, exportedType } of codecs) assert.is(exportedType, table.type, table.name);
});

test('no two messages have the same type or name (CR-050)', () => {
  assert.is(new Set(messageTables.map(({ type }) => type)).size, messageTables.length);
  assert.is(new Set(messageTables.map(({ name }) => name)).size, messageTables.length);
});

test('a type is told apart by its fourth byte, and an unknown one is refused (CR-010)', () => {
  const types = new Map(messageTables.map(({ type, name }) => [type, name]));
  for (let type = 0; type < 256; type++) {
    const name = types.get(type);
    const bytes = name ? encodeMessage(name, vectorsOf(tableNamed(name))[0]!.message) : null;
    const decoded = decodeMessage(bytes ?? `\x98\x02\x18${String.fromCharCode(type)}\x18\x00`);
    if (name === undefined) assert.is(decoded, codes.Refusal.wrongType);
    else assert.is((decoded as { name: string }).name, name);
  }
});

function tableNamed(name: string): (typeof messageTables)[number] {
  return messageTables.find((table) => table.name === name)!;
}

test('a refusal of a form is below 32, one of what is asked for is not (CR-051)', () => {
  const asked = [
    'expired',
    'stoodDown',
    'deskFull',
    'jobOpen',
    'badSetting',
    'notSupported',
    'rolledBack',
  ];

  for (const [name, code] of Object.entries(codes.Refusal)) {
    assert.is(code >= 32, asked.includes(name), name);
  }
});

test.run();
