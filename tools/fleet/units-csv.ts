/**
 * A service's list of vehicles and stations as CSV: taken whole, or not at all with every fault
 * named by its place. It knows no file.
 */
import { parse, CsvError } from 'csv-parse/sync';
import { z } from 'zod';
import { expected, found } from './expected.js';
import * as form from './schema.js';
import type { FleetUnit } from './schema.js';

export interface CsvFault {
  /** From 1, as editors count. */
  readonly line: number;
  /** From 1; 0 for the row as a whole. */
  readonly column: number;
  /** Of the column; '' for the row as a whole. */
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

/** An empty cell is that value. */
const or = <T>(value: T, schema: z.ZodType<T, string>) =>
  z.union([z.literal('').transform(() => value), schema]);

const number = (schema: z.ZodNumber) => z.string().min(1).transform(Number).pipe(schema);

/** Columns by their headings, in the order of the documentation. Those with `or` may be absent. */
const COLUMNS = {
  call_sign: form.callSign,
  unit_id: or('', form.unitId),
  service: or('', form.words),
  area: form.words,
  type: form.kind,
  aed_model: or('unknown', form.aedModel),
  aed_mount: or('bracket', form.aedMount),
  aed_tag: form.aedTag,
  pads_expire: or<string | null>(null, form.day),
  battery_expire: or<string | null>(null, form.day),
  latitude: or<number | null>(null, number(form.latitude)),
  longitude: or<number | null>(null, number(form.longitude)),
  skills: z
    .string()
    .transform((text) => text.split(';').map((skill) => skill.trim()))
    .transform((skills) => skills.filter((skill) => skill !== ''))
    .pipe(z.array(form.words)),
};

type ColumnName = keyof typeof COLUMNS;
type Row = { -readonly [Name in ColumnName]: z.infer<(typeof COLUMNS)[Name]> };

const MAX_NAME_CHARS = 40;
const REQUIRED: readonly ColumnName[] = ['call_sign', 'area', 'type'];
export const COLUMN_NAMES = Object.keys(COLUMNS) as ColumnName[];

/**
 * The units of a list, new to the fleet.
 * @param service of those that name none
 * @param existing units of the fleet, the retired ones too: no unit id is given twice
 * @returns all of them, or every fault
 */
export function unitsFromCsv(
  text: string,
  service: string,
  existing: readonly FleetUnit[],
): { readonly units: readonly FleetUnit[] } | { readonly faults: readonly CsvFault[] } {
  const table = split(text);
  if ('fault' in table) return { faults: [table.fault] };
  const [head, ...rows] = table.rows;
  const names = (head?.cells ?? []) as ColumnName[];
  const faults = headingFaults(head?.line ?? 1, names);
  if (faults.length > 0) return { faults };
  const taken = new Names(existing);
  const units: FleetUnit[] = [];
  for (const { line, cells } of rows) {
    const row = readRow(line, names, cells, faults);
    if (!row) continue;
    const unit = unitOf(row, service);
    taken.take(unit, row, line, names, faults);
    units.push(unit);
  }
  if (rows.length === 0) faults.push(wholeRow(1, 'a row for each unit', 'none'));
  return faults.length > 0 ? { faults } : { units };
}

interface Line {
  readonly line: number;
  readonly cells: readonly string[];
}

function split(text: string): { rows: Line[] } | { fault: CsvFault } {
  try {
    const options = { bom: true, trim: true, info: true, relax_column_count: true };
    const records = parse(text, { ...options, skip_empty_lines: true }) as unknown as {
      info: { lines: number };
      record: string[];
    }[];
    return { rows: records.map(({ info, record }) => ({ line: info.lines, cells: record })) };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { lines, column } = error as unknown as { lines?: number; column?: number };
    const fault = wholeRow(lines ?? 1, 'CSV', error.code.replace(/^CSV_/, ''));
    return { fault: { ...fault, column: typeof column === 'number' ? column + 1 : 0 } };
  }
}

function wholeRow(line: number, expectation: string, what: string): CsvFault {
  return { line, column: 0, name: '', expected: expectation, found: what };
}

function headingFaults(line: number, names: readonly string[]): CsvFault[] {
  const strange = names.flatMap((name, index) => {
    // A file that is no list may be one heading of any length.
    const shown = name.slice(0, MAX_NAME_CHARS);
    const place = { line, column: index + 1, name: shown, found: found(name) };
    if (!COLUMN_NAMES.includes(name as ColumnName)) {
      return [{ ...place, expected: `a heading of ${COLUMN_NAMES.join(', ')}` }];
    }
    return names.indexOf(name) < index ? [{ ...place, expected: 'each heading once' }] : [];
  });
  const missing = REQUIRED.filter((name) => !names.includes(name)).map((name) =>
    wholeRow(line, `a heading ${name}`, 'none'),
  );
  return [...strange, ...missing];
}

function readRow(
  line: number,
  names: readonly ColumnName[],
  cells: readonly string[],
  faults: CsvFault[],
): Row | null {
  const before = faults.length;
  if (cells.length !== names.length) {
    faults.push(wholeRow(line, `${names.length} columns`, String(cells.length)));
    return null;
  }
  const row: Record<string, unknown> = {};
  for (const name of COLUMN_NAMES) {
    const cell = cells[names.indexOf(name)] ?? '';
    const result = COLUMNS[name].safeParse(cell);
    if (result.success) row[name] = result.data;
    else faults.push(cellFault(line, names, name, reason(result.error), cell));
  }
  if (faults.length > before) return null;
  const { type, latitude, longitude } = row as Row;
  for (const [name, value] of Object.entries({ latitude, longitude })) {
    const isRight = (value !== null) === (type === 'station');
    const wanted = type === 'station' ? "a station's place in degrees" : 'nothing: vehicles move';
    if (!isRight) {
      faults.push(cellFault(line, names, name as ColumnName, wanted, String(value ?? '')));
    }
  }
  return faults.length > before ? null : (row as Row);
}

/** Of a union's branches the last says what was meant: the first is the empty cell. */
function reason(error: z.ZodError): string {
  const [issue] = error.issues as [z.core.$ZodIssue];
  if (issue.code !== 'invalid_union') return expected(issue);
  const last = issue.errors.at(-1)?.[0];
  return `${last ? expected(last) : issue.message}, or nothing`;
}

function cellFault(
  line: number,
  names: readonly string[],
  name: ColumnName,
  expectation: string,
  cell: string,
): CsvFault {
  const column = names.indexOf(name) + 1;
  return { line, column, name, expected: expectation, found: found(cell) };
}

function unitOf(row: Row, service: string): FleetUnit {
  const { latitude, longitude } = row;
  const isPlace = latitude !== null && longitude !== null;
  const owner = row.service || service;
  return {
    unitId: row.unit_id || idFor(owner, row.call_sign),
    callSign: row.call_sign,
    kind: row.type,
    service: owner,
    area: row.area,
    skills: row.skills,
    aed: {
      model: row.aed_model,
      mount: row.aed_mount,
      tag: row.aed_tag,
      padsExpire: row.pads_expire,
      batteryExpire: row.battery_expire,
    },
    place: isPlace ? { latitude, longitude } : null,
    settings: {},
    configVersion: 0,
    provisioned: 1,
    generation: 1,
    retired: null,
  };
}

/** `met-bx01` for BX01 of met: what may stand in a topic, and what people can read. */
function idFor(service: string, callSign: string): string {
  return `${service}-${callSign}`.toLowerCase().replace(/[^a-z0-9_-]+/g, '-');
}

/** Which names are taken, and where. */
class Names {
  readonly #ids = new Map<string, string>();
  readonly #callSigns = new Map<string, string>();

  constructor(existing: readonly FleetUnit[]) {
    for (const { unitId, callSign, retired } of existing) {
      this.#ids.set(unitId, retired === null ? 'in the fleet' : `retired on ${retired}`);
      if (retired === null) this.#callSigns.set(callSign, 'in the fleet');
    }
  }

  take(
    unit: FleetUnit,
    row: Row,
    line: number,
    names: readonly string[],
    faults: CsvFault[],
  ): void {
    const { unitId, callSign } = unit;
    const id = form.unitId.safeParse(unitId).success;
    const idColumn = row.unit_id ? 'unit_id' : 'call_sign';
    const say = (name: ColumnName, expectation: string, what: string) =>
      faults.push({ ...cellFault(line, names, name, expectation, ''), found: what });
    if (!id) say(idColumn, 'a unit id of 16 characters, or one in unit_id', found(unitId));
    const idTaken = this.#ids.get(unitId);
    if (idTaken) say(idColumn, 'a unit id that is new', `${found(unitId)}, ${idTaken}`);
    const callSignTaken = this.#callSigns.get(callSign);
    if (callSignTaken) {
      say('call_sign', 'a call sign that is new', `${found(callSign)}, ${callSignTaken}`);
    }
    this.#ids.set(unitId, `line ${line}`);
    this.#callSigns.set(callSign, `line ${line}`);
  }
}
