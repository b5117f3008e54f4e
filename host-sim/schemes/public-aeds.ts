/**
 * Public-access AEDs from a CSV file (L13), with the columns of an OpenStreetMap export: `@id`,
 * `@lat`, `@lon`, `access`, `opening_hours`, `defibrillator:location`. Other columns are left out.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';
import { UserError } from '../exit-codes.js';
import { publicAed, type PublicAed } from './form.js';

const NEEDED = ['@id', '@lat', '@lon'];

/** @throws UserError that names file, line and column */
export function readPublicAeds(path: string): PublicAed[] {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UserError('fileMissing', `${path}: no such list of public AEDs`);
  }
  return parsePublicAeds(text, path);
}

interface Row {
  readonly record: Record<string, string>;
  readonly info: { readonly lines: number };
}

export function parsePublicAeds(text: string, path: string): PublicAed[] {
  let rows: Row[];
  try {
    rows = parse(text, { columns: needed(path), bom: true, info: true, skip_empty_lines: true });
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError('badFile', `${path}: not CSV: ${(error as Error).message}`);
  }
  return rows.map(({ record, info }) => {
    const result = publicAed.safeParse({
      id: record['@id'],
      latitude: number(record['@lat']),
      longitude: number(record['@lon']),
      where: record['defibrillator:location'] ?? '',
      access: record['access'] ?? '',
      hours: record['opening_hours'] ?? '',
    });
    if (result.success) return result.data;
    const [issue] = result.error.issues;
    const found = JSON.stringify(record);
    const what = `${issue?.path.join('.')}: ${issue?.message}, found ${found}`;
    throw new UserError('badFile', `${path}:${info.lines}: ${what}`);
  });
}

function needed(path: string) {
  return (header: string[]): string[] => {
    const missing = NEEDED.filter((column) => !header.includes(column));
    if (missing.length === 0) return header;
    const expected = `expected a column ${missing.join(' and ')}`;
    throw new UserError('badFile', `${path}:1: ${expected}, found ${header.join(', ')}`);
  };
}

/** An empty cell is no number. */
function number(cell: string | undefined): number {
  return cell === undefined || cell.trim() === '' ? NaN : Number(cell);
}
