/** Reads SPEC.md: its clauses and its tables. */
import { readFileSync } from 'node:fs';
import { path } from './tables.js';

export const SPEC = readFileSync(path('protocol/SPEC.md'), 'utf8');

/** A row by the names of its columns. Numbers stay as they are written. */
export type Row = Readonly<Record<string, string>>;

/** Every clause's id, in the order of the text. */
export const CLAUSES: readonly string[] = [...SPEC.matchAll(/^\*\*(CR-\d{3})\*\* /gm)].map(
  ([, id]) => id!,
);

/** A clause's text, to the next clause or heading, as one line. */
export function clause(id: string): string {
  const rest = SPEC.split(`\n**${id}** `)[1];
  if (rest === undefined) throw new Error(`SPEC.md has no clause ${id}`);
  return rest.split(/\n(?:\*\*CR-|#)/)[0]!.replace(/\s+/g, ' ');
}

/** The text under the heading of this wording, to the next heading of the same rank or higher. */
export function section(heading: string): string {
  const lines = SPEC.split('\n');
  const start = lines.findIndex((line) => /^#+ /.test(line) && line.endsWith(` ${heading}`));
  if (start < 0) throw new Error(`SPEC.md has no heading ${heading}`);
  const rank = lines[start]!.indexOf(' ');
  const length = lines
    .slice(start + 1)
    .findIndex((line) => /^#+ /.test(line) && line.indexOf(' ') <= rank);
  return lines.slice(start + 1, length < 0 ? undefined : start + 1 + length).join('\n');
}

/** Headings one rank below the heading of this wording. */
export function subheadings(heading: string): string[] {
  return [...section(heading).matchAll(/^### (.+)$/gm)].map(([, name]) => name!);
}

function cells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim());
}

/** The rows of the tables in a text that have this first column. */
export function rowsOf(text: string, firstColumn: string): Row[] {
  const rows: Row[] = [];
  let columns: string[] | null = null;
  for (const line of text.split('\n')) {
    if (!line.startsWith('|')) columns = null;
    else if (columns === null) columns = cells(line);
    else if (columns[0] === firstColumn && !line.startsWith('|---')) {
      const values = cells(line);
      if (values.length !== columns.length) throw new Error(`SPEC.md, a ragged row: ${line}`);
      rows.push(Object.fromEntries(columns.map((column, i) => [column, values[i]!])));
    }
  }
  return rows;
}
