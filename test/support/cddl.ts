/**
 * Holds decoded CBOR against a CDDL schema (RFC 8610), over the syntax tree of the npm package
 * `cddl`. It knows what `protocol/schema.cddl` uses, and throws at anything else in a schema, so
 * that a rule which it does not understand cannot pass for one that was kept.
 */
import { readFileSync } from 'node:fs';
import { parse, type Assignment, type Operator, type Property, type PropertyType } from 'cddl';

/** Rules by name. */
export type Schema = ReadonlyMap<string, Assignment>;

interface Literal {
  readonly Type: 'literal';
  readonly Value: number | string;
}
interface Range {
  readonly Min: Literal;
  readonly Max: Literal;
  readonly Inclusive: boolean;
}
interface Reference {
  readonly Type: unknown;
  readonly Value?: unknown;
  readonly Operator?: Operator;
}

export function loadSchema(path: string): Schema {
  // The parser stops quietly at some errors: every rule that the text begins must have come out.
  const rules = parse(path);
  const begun = readFileSync(path, 'utf8').match(/^[a-z][a-z0-9-]* =/gm) ?? [];
  if (begun.length !== rules.length) {
    throw new Error(`${path}: begins ${begun.length} rules, ${rules.length} were read`);
  }
  return new Map(rules.map((rule) => [rule.Name, rule]));
}

/** '' if the value keeps the rule; otherwise where it does not, what was expected, what found. */
export function validate(schema: Schema, rule: string, value: unknown): string {
  const found = schema.get(rule);
  if (found === undefined) throw new Error(`the schema has no rule ${rule}`);
  if (found.Type === 'array') return checkArray(schema, rule, found.Values, value);
  if (found.Type !== 'variable' || found.Operator) throw unknownSyntax(found);
  return checkType(schema, rule, found.PropertyType, value);
}

/** Names of a rule's elements in their order, without those that repeat. */
export function elementNames(schema: Schema, rule: string): string[] {
  const found = schema.get(rule);
  if (found?.Type !== 'array') throw new Error(`the schema has no array ${rule}`);
  return found.Values.map((entry) => onlyOne(entry).Name).filter((name) => name !== '');
}

function unknownSyntax(what: unknown): Error {
  return new Error(`not known to this validator: ${JSON.stringify(what)}`);
}

function onlyOne(entry: Property | Property[]): Property {
  if (Array.isArray(entry)) throw unknownSyntax(entry);
  return entry;
}

function show(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value);
}

function mismatch(place: string, expected: string, value: unknown): string {
  return `${place}: expected ${expected}, found ${show(value)}`;
}

function checkArray(
  schema: Schema,
  place: string,
  entries: readonly (Property | Property[])[],
  value: unknown,
): string {
  if (!Array.isArray(value)) return mismatch(place, 'an array', value);
  let at = 0;
  for (const entry of entries) {
    const { Name, Type, Occurrence, Operator } = onlyOne(entry);
    if (Operator) throw unknownSyntax(entry);
    const name = `${place}.${Name || at}`;
    if (Occurrence.n === 0 && Occurrence.m === Infinity && entry === entries.at(-1)) {
      for (; at < value.length; at++) {
        const wrong = checkType(schema, name, Type, value[at]);
        if (wrong !== '') return wrong;
      }
    } else if (Occurrence.n === 1 && Occurrence.m === 1) {
      if (at >= value.length) return `${name}: missing`;
      const wrong = checkType(schema, name, Type, value[at++]);
      if (wrong !== '') return wrong;
    } else {
      throw unknownSyntax(entry);
    }
  }
  return at === value.length ? '' : `${place}: ${value.length - at} elements too many`;
}

function checkType(
  schema: Schema,
  place: string,
  types: PropertyType | PropertyType[],
  value: unknown,
): string {
  const choices = Array.isArray(types) ? types : [types];
  const wrong = choices.map((type) => checkOne(schema, place, type, value));
  return wrong.includes('') ? '' : wrong.join(', or ');
}

function checkOne(schema: Schema, place: string, type: PropertyType, value: unknown): string {
  if (typeof type === 'string') return checkNative(place, type, value);
  const { Type, Value, Operator } = type as Reference;
  const base =
    Type === 'literal'
      ? checkNumber(place, Value as number, Value as number, value)
      : Type === 'range'
        ? checkRange(place, Value as Range, value)
        : Type === 'group' && typeof Value === 'string'
          ? validate(schema, Value, value)
          : Value === undefined && Operator
            ? checkOne(schema, place, Type as PropertyType, value)
            : null;
  if (base === null) throw unknownSyntax(type);
  if (base !== '' || !Operator) return base === '' ? '' : inPlace(place, base);
  return checkOperator(place, Operator, value);
}

/** A rule's own complaint, said of the element that the rule is for. */
function inPlace(place: string, wrong: string): string {
  return wrong.replace(/^[^:]*/, place);
}

function checkNative(place: string, type: string, value: unknown): string {
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  const good: Record<string, boolean> = {
    any: true,
    int: isInteger,
    uint: isInteger && (value as number) >= 0,
    tstr: typeof value === 'string',
    bstr: value instanceof Uint8Array,
  };
  if (good[type] === undefined) throw unknownSyntax(type);
  return good[type] ? '' : mismatch(place, type, value);
}

function checkNumber(place: string, least: number, greatest: number, value: unknown): string {
  if (typeof least !== 'number' || typeof greatest !== 'number') throw unknownSyntax([least]);
  const isInteger = typeof value === 'bigint' || Number.isInteger(value);
  // Comparisons of a number with a bigint are exact.
  const good = isInteger && (value as number) >= least && (value as number) <= greatest;
  return good
    ? ''
    : mismatch(place, least === greatest ? `${least}` : `${least}..${greatest}`, value);
}

function checkRange(place: string, { Min, Max, Inclusive }: Range, value: unknown): string {
  if (!Inclusive) throw unknownSyntax('...');
  return checkNumber(place, Min.Value as number, Max.Value as number, value);
}

function checkOperator(place: string, operator: Operator, value: unknown): string {
  const { Type, Value } = operator.Value as Reference;
  if (operator.Type === 'regexp' && typeof value === 'string') {
    const whole = new RegExp(`^(?:${String(Value)})$`, 'u');
    return whole.test(value) ? '' : mismatch(place, `text like ${String(Value)}`, value);
  }
  if (operator.Type === 'size' && Type === 'range') {
    const size =
      typeof value === 'string'
        ? Buffer.byteLength(value)
        : value instanceof Uint8Array
          ? value.length
          : null;
    if (size !== null) return checkRange(`${place}.size`, Value as Range, size);
  }
  throw unknownSyntax(operator);
}
