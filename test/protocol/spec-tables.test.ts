/** The tables of SPEC.md say what the code does, and the code nothing that they do not say. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as codes from '../../protocol/codes.js';
import { envelope } from '../../protocol/envelope-table.js';
import * as limits from '../../protocol/limits.js';
import { messageTables } from '../../protocol/registry.js';
import { greatestOf, isString, leastOf, type Field } from '../../protocol/table.js';
import { layout, longest } from '../../tools/build/codec-source.js';
import { rowsOf, section, subheadings, type Row } from './spec-text.js';
import { UNKNOWN, WIDTH, rawField, toHex } from './tables.js';

const sets: Readonly<Record<string, Readonly<Record<string, number>>>> = codes;
const tables = [envelope, ...messageTables];

test('every set of codes is specified, and no other (CR-050)', () => {
  assert.equal(subheadings('5 Codes').sort(), Object.keys(sets).sort());
});

for (const [set, names] of Object.entries(sets)) {
  test(`${set}: specified as it is (CR-050)`, () => {
    const rows = rowsOf(section(set), 'Code').map(({ Code, Name }) => [Name!, Number(Code)]);
    assert.equal(Object.fromEntries(rows), names);
    assert.is(rows.length, new Set(Object.values(names)).size, 'a number has two names');
  });
}

test('the limits are specified as they are, and no other (CR-055)', () => {
  const rows = rowsOf(section('6 Limits'), 'Name').map(({ Name, Value }) => [Name, Number(Value)]);
  assert.equal(Object.fromEntries(rows), { ...limits });
});

test('every message is specified, in the order of its type, and no other (CR-010)', () => {
  assert.equal(
    subheadings('9 Messages'),
    tables.map(({ name }) => name),
  );
  const types = messageTables.map(({ type }) => type!);
  assert.equal(
    types,
    [...types].sort((a, b) => a - b),
  );
});

/** The unit that a field's name tells; of another, its table has it. */
const UNITS: readonly [RegExp, string][] = [
  [/Ms(Ago)?$/, 'ms'],
  [/S$/, 's'],
  [/E7$/, '1e-7°'],
  [/CmPerS$/, 'cm/s'],
  [/CentiDeg$/, '0.01°'],
  [/Centi$/, '0.01'],
  [/Dm$/, '0.1 m'],
  [/^reasons$/, 'bits `AedReason`'],
  [/^ranOut$/, 'bits `Exhaustion`'],
];

function unitOf({ name, kind, names, unit }: Field): string {
  if (unit !== undefined) return unit;
  if (kind === 'time') return 'ms';
  if (kind === 'text') return 'characters';
  if (kind === 'bytes') return 'bytes';
  const set = Object.keys(sets).find((key) => sets[key] === names);
  if (set !== undefined) return `code \`${set}\``;
  const found = UNITS.filter(([pattern]) => pattern.test(name)).at(-1);
  return found === undefined ? '–' : found[1];
}

function defaultOf({ default: value }: Field): string {
  if (value === undefined) return '–';
  return value === null ? 'unknown' : String(value) || 'empty';
}

for (const table of tables) {
  const hasDefaults = table.fields.some((field) => field.default !== undefined);

  test(`${table.name}: its table is specified as it is (CR-012, CR-014, CR-018)`, () => {
    let at: number | null = table.type === undefined ? 2 : 4;
    const expected: Row[] = table.fields.map((field) => {
      const row = {
        Field: field.name,
        Kind: field.kind,
        Offset: at === null ? 'follows' : String(at),
        Unit: unitOf(field),
        Unknown: field.nullable ? 'yes' : 'no',
        Least: String(leastOf(field)),
        Greatest: String(greatestOf(field)),
        ...(hasDefaults ? { Default: defaultOf(field) } : {}),
        Meaning: field.about,
      };
      at = at === null || isString(field) ? null : at + WIDTH[field.kind]!;
      return row;
    });
    assert.equal(rowsOf(section(table.name), 'Field'), expected);
  });

  test(`${table.name}: its type, direction and sizes are specified as they are (CR-010)`, () => {
    const { elements, strings } = layout(table);
    const size = `${strings.length > 0 ? 'at most ' : ''}${longest(table)} bytes`;
    const way = [table.direction, `${elements} elements`, size].join(', ');
    const type = table.type === undefined ? '' : `Type ${table.type}, `;
    const line = section(table.name).trim().split('\n')[0];
    assert.is(line, `${type}${way}. ${table.about}`);
  });
}

test('the unknown values are specified as they are (CR-014)', () => {
  const rows = rowsOf(section('2 Encoding'), 'Kind').filter((row) => 'Unknown value' in row);
  const specified = rows.map((row) => [row['Kind']!.replaceAll('`', ''), row['Unknown value']]);
  assert.equal(
    Object.fromEntries(specified),
    Object.fromEntries(Object.entries(UNKNOWN).map(([kind, value]) => [kind, String(value)])),
  );
  for (const row of rows) {
    const kind = row['Kind']!.replaceAll('`', '') as Field['kind'];
    const bytes = toHex(rawField({ name: '', kind, about: '' }, null));
    assert.is(row['Bytes'], `\`${bytes.match(/../g)!.join(' ')}\``);
  }
});

test('each message goes where the specification says (CR-030)', () => {
  const rows = rowsOf(section('3 Topics'), 'Topic');
  const named = rows.flatMap(({ From, Messages }) =>
    Messages!.split(', ').map((name) => ({ name: name.replaceAll('`', ''), from: From })),
  );
  assert.equal([...new Set(named.map(({ name }) => name))].sort(), [
    ...messageTables.map(({ name }) => name).sort(),
  ]);
  for (const { name, from } of named) {
    const { direction } = messageTables.find((table) => table.name === name)!;
    assert.is(direction, from === 'unit' ? 'up' : 'down', name);
  }
});

test.run();
