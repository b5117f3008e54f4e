/**
 * Golden messages. Their bytes were put together by hand from SPEC section 2, not by the encoder,
 * so that they are a second witness.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { greatestOf, isString, leastOf } from '../../protocol/table.js';
import { elementNames, validate } from '../support/cddl.js';
import {
  codecs,
  elementsByCborX,
  elementsByCborg,
  elementsOf,
  open,
  readWithCborX,
  schema,
  toHex,
  vectorsOf,
} from './tables.js';

for (const { table, encode, decode } of codecs) {
  const vectors = vectorsOf(table);

  for (const { name, message, bytes } of vectors) {
    const title = `${table.name}, ${name}`;

    test(`${title}: encodes to the golden bytes (CR-010, CR-011, CR-012, CR-013)`, () => {
      assert.is(toHex(encode(message)), toHex(bytes));
    });

    test(`${title}: the golden bytes decode to the message`, () => {
      assert.equal(decode(open(bytes)), message);
    });

    test(`${title}: cbor-x and cborg read the same values (CR-010)`, () => {
      const expected = elementsOf(table, message);
      assert.equal(elementsByCborX(bytes), expected);
      assert.equal(elementsByCborg(bytes), expected);
    });

    test(`${title}: keeps the schema`, () => {
      const value = readWithCborX(bytes);
      assert.is(validate(schema, table.name, value), '');
      if (table.type !== undefined) assert.is(validate(schema, 'message', value), '');
    });
  }

  test(`${table.name}: there are golden messages at both ends of every limit (CR-055)`, () => {
    const named = Object.fromEntries(vectors.map(({ name, message }) => [name, message]));
    for (const field of table.fields) {
      // The codec takes any version, so that `openEnvelope` can say that it is another one.
      if (field.name === 'version') continue;
      const size = (vector: string): number => {
        const value = named[vector]![field.name];
        return isString(field) ? String(value).length : Number(value);
      };
      assert.is(size('least'), leastOf(field), `least ${field.name}`);
      assert.is(size('greatest'), greatestOf(field), `greatest ${field.name}`);
      if (field.nullable) assert.is(named['all-unknown']![field.name], null);
    }
  });

  test(`${table.name}: the schema names the elements of the table, in their order (CR-012)`, () => {
    const type = table.type === undefined ? [] : ['type'];
    const names = table.fields.map((field) => field.name);
    assert.equal(elementNames(schema, table.name), [...type, ...names]);
  });
}

test.run();
