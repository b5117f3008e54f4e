/** What the tables of the diagnosis are made of. */
import type { BundleFiles } from './bundle-files.js';

export interface Expected {
  readonly unitId: string;
  readonly callSign: string;
  /** CRC-32 of every keys record that the board may have. */
  readonly keys: readonly number[];
  readonly firmware: BundleFiles;
  /** Of the bundle that is built here. */
  readonly version: string;
}

/** What a row finds wrong, or null. */
export type Look<T> = (facts: T, expected: Expected) => string | null;
export type Row<T> = readonly [id: string, look: Look<T>, whatToDo: string];

export const PROVISION = 'run provision: it writes what is missing and leaves the rest';
