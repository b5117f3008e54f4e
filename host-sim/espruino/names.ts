/**
 * The build shortens the names of properties in the bundle, because on the device each long name
 * costs memory in every record. `unit.names.json` beside the bundle tells how, so that the bench
 * can ask a unit for things by the names of the source.
 */
import { existsSync, readFileSync } from 'node:fs';

export class BundleNames {
  readonly #short: ReadonlyMap<string, string>;
  readonly #long: ReadonlyMap<string, string>;

  /** @param table name in the source → name in the bundle, for those that differ. */
  constructor(table: Readonly<Record<string, string>>) {
    const pairs = Object.entries(table);
    this.#short = new Map(pairs);
    this.#long = new Map(pairs.map(([long, short]) => [short, long]));
  }

  /** A path of properties, as `receiver.fixes`, in the bundle's names. */
  shorten(path: string): string {
    return path
      .split('.')
      .map((name) => this.#short.get(name) ?? name)
      .join('.');
  }

  /** A copy of plain data with the names of the source. */
  lengthen(value: unknown): unknown {
    if (Array.isArray(value)) return value.map((item) => this.lengthen(item));
    if (typeof value !== 'object' || value === null) return value;
    const named = Object.entries(value).map(([short, item]) => [
      this.#long.get(short) ?? short,
      this.lengthen(item),
    ]);
    return Object.fromEntries(named);
  }
}

/** The names of the bundle at `path`; none are changed where no table is beside it. */
export function readNames(path: string): BundleNames {
  const file = path.replace(/\.js$/, '.names.json');
  const table = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  return new BundleNames(table as Record<string, string>);
}
