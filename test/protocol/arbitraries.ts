/** fast-check arbitraries that follow the tables' limits, and one seed for a whole run. */
import fc from 'fast-check';
import type { Fields } from '../../protocol/host/messages.js';
import { greatestOf, leastOf, type Field, type MessageTable } from '../../protocol/table.js';

/** `SEED=… node --import tsx test/protocol/….test.ts` repeats a run. */
export const seed = Number(process.env['SEED'] ?? Date.now() % 0x7fffffff);

export const PLAIN_CHARS = Array.from({ length: 0x5f }, (_, i) =>
  String.fromCharCode(0x20 + i),
).filter((char) => char !== '"' && char !== '\\');

function fieldArbitrary(field: Field): fc.Arbitrary<number | string | null> {
  const least = leastOf(field);
  const greatest = greatestOf(field);
  const lengths = { minLength: least, maxLength: greatest };
  if (field.kind === 'text')
    return fc.string({ unit: fc.constantFrom(...PLAIN_CHARS), ...lengths });
  if (field.kind === 'bytes') {
    return fc.uint8Array(lengths).map((octets) => Buffer.from(octets).toString('latin1'));
  }
  const value = fc.oneof(
    fc.integer({ min: least, max: greatest }),
    fc.constantFrom(least, greatest),
  );
  return field.nullable ? fc.option(value, { nil: null, freq: 4 }) : value;
}

/** Any message that keeps its table's limits. */
export function messageArbitrary(table: MessageTable): fc.Arbitrary<Fields> {
  const fields = table.fields.map((field) => [field.name, fieldArbitrary(field)]);
  const model = Object.fromEntries(fields) as Record<string, fc.Arbitrary<Fields[string]>>;
  return fc.record(model, { noNullPrototype: true });
}

/** Checks a property; a failure tells the seed and the smallest example. */
export function check<T>(arbitrary: fc.Arbitrary<T>, property: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, property), { seed, numRuns: 200 });
}
