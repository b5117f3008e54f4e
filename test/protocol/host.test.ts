/** What host programs are told when a message cannot be sent or read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Refusal, Step } from '../../protocol/codes.js';
import {
  decodeMessage,
  encodeMessage,
  inWords,
  nameOf,
  tableOf,
  type Fields,
} from '../../protocol/host/messages.js';
import { messageTables } from '../../protocol/registry.js';
import { greatestOf, isString, leastOf } from '../../protocol/table.js';
import { fromHex, rawMessage, vectorsOf } from './tables.js';

function errorOf(name: string, message: object): string {
  try {
    encodeMessage(name, message);
  } catch (error) {
    return (error as Error).message;
  }
  return '';
}

for (const table of messageTables) {
  const vectors = vectorsOf(table);

  test(`${table.name}: by its name there and back (CR-010)`, () => {
    assert.is(tableOf(table.name), table);
    for (const { message, bytes } of vectors) {
      assert.is(encodeMessage(table.name, message), bytes);
      assert.equal(decodeMessage(bytes), { name: table.name, message });
    }
  });

  for (const field of table.fields) {
    test(`${table.name}.${field.name}: errors say the field, what was expected and what was found`, () => {
      const place = `${table.name}.${field.name}: expected `;
      const orNull = field.nullable ? ' or null' : '';
      const at = (value: unknown): string =>
        errorOf(table.name, { ...vectors[0]!.message, [field.name]: value });
      const kind = isString(field) ? 'text' : 'number';
      assert.is(at(undefined), `${place}a ${kind}${orNull}, found undefined`);
      assert.is(at(null), field.nullable ? '' : `${place}a ${kind}, found null`);
      assert.is(at(isString(field) ? 5 : '5').split(', ')[0], `${place}a ${kind}${orNull}`);

      const [least, greatest] = [leastOf(field), greatestOf(field)];
      const bounds = `${least} to ${greatest}${isString(field) ? ' characters' : ''}${orNull}`;
      const sizes = isString(field) ? [greatest + 1] : [least - 1, greatest + 1, least + 0.5, NaN];
      for (const size of sizes) {
        const value = isString(field) ? 'x'.repeat(size) : size;
        assert.is(at(value), `${place}${bounds}, found ${size}`);
      }
      if (field.kind === 'text') assert.match(at('a"'), /expected plain text .*, found a"$/);
    });
  }
}

test('a name that no message has is said', () => {
  for (const name of ['', 'envelope', 'constructor', 'Dispatch']) {
    assert.throws(() => encodeMessage(name, {}), `no message is called ${name}`);
    assert.throws(() => tableOf(name), `no message is called ${name}`);
  }
});

test('a body that is no message is refused with the code of its form (CR-018)', () => {
  const cases: [string, number][] = [
    ['', Refusal.tooShort],
    ['980218', Refusal.tooShort],
    ['980218ff', Refusal.wrongType],
    ['82184100', Refusal.notAnArray],
    ['7b7d0000', Refusal.notAnArray],
    ['98021941', Refusal.tooShort],
    ['980219411a0000002a', Refusal.wrongType],
    ['980218411a00000000', Refusal.badField],
  ];
  for (const [hex, refusal] of cases) assert.is(decodeMessage(fromHex(hex)), refusal, hex);
});

test('codes are told in words, and what has no words as it is (CR-016)', () => {
  const receipt: Fields = {
    dispatchId: 1,
    step: Step.refused,
    refusal: 99,
    elapsedMs: 0,
    at: null,
    clock: 0,
  };
  assert.equal(inWords('receipt', receipt), {
    dispatchId: 1,
    step: 'refused',
    refusal: '99',
    elapsedMs: 0,
    at: null,
    clock: 'unknown',
  });
  assert.is(nameOf(Step, Step.resumed), 'resumed');
  assert.is(nameOf(Step, 0), '0');
});

test('an appended element does not change what a host reads (CR-017)', () => {
  const table = tableOf('death');
  const { message } = vectorsOf(table)[0]!;
  assert.equal(decodeMessage(rawMessage(table, message, ['\xf6'])), { name: 'death', message });
});

test.run();
