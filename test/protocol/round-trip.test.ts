/** Any message within its limits comes back as it was, and is what other CBOR libraries read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { validate } from '../support/cddl.js';
import { check, messageArbitrary, seed } from './arbitraries.js';
import {
  WIDTH,
  codecs,
  elementsByCborX,
  elementsByCborg,
  elementsOf,
  open,
  rawMessage,
  readWithCborX,
  schema,
} from './tables.js';
import { layout } from '../../tools/build/codec-source.js';

console.log(`fast-check seed ${seed}`);

for (const { table, encode, decode } of codecs) {
  const message = messageArbitrary(table);

  test(`${table.name}: what is encoded decodes to the same (CR-018)`, () => {
    check(message, (fields) => {
      assert.equal(decode(open(encode(fields))), fields);
    });
  });

  test(`${table.name}: is encoded by the rules of section 2, to the byte (CR-011, CR-013, CR-019)`, () => {
    check(message, (fields) => {
      assert.is(encode(fields), rawMessage(table, fields));
    });
  });

  test(`${table.name}: cbor-x, cborg and the schema agree`, () => {
    check(message, (fields) => {
      const bytes = encode(fields);
      const expected = elementsOf(table, fields);
      assert.equal(elementsByCborX(bytes), expected);
      assert.equal(elementsByCborg(bytes), expected);
      const version = fields['version'];
      if (version === undefined || version === 1) {
        assert.is(validate(schema, table.name, readWithCborX(bytes)), '');
      }
    });
  });

  test(`${table.name}: every number, and the first string, is always at its offset (CR-012)`, () => {
    const { fixed, strings, fixedBytes } = layout(table);
    let at = table.type === undefined ? 2 : 4;
    for (const { field, at: generated } of fixed) {
      assert.is(generated, at, field.name);
      at += WIDTH[field.kind]!;
    }
    assert.is(fixedBytes, at);
    check(message, (fields) => {
      const bytes = encode(fields);
      const elements = elementsByCborX(bytes).slice(table.type === undefined ? 0 : 1);
      for (const { field, at: offset } of fixed) {
        // The field alone, cut out at its offset, is the element that cbor-x finds in the whole.
        const alone = `\x81${bytes.substr(offset, WIDTH[field.kind])}`;
        assert.equal(elementsByCborX(alone), [elements[table.fields.indexOf(field)]], field.name);
      }
      if (strings.length === 0) assert.is(bytes.length, fixedBytes);
      else assert.is(bytes.charCodeAt(fixedBytes), strings[0]!.kind === 'text' ? 0x78 : 0x58);
    });
  });
}

test.run();
