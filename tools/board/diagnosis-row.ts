/** What the tables of the diagnosis are made of. */
import type { WantedUnit } from './wanted-unit.js';

export interface Expected {
  /** What provisioning would make of the board. */
  readonly wanted: WantedUnit;
  /** Of the bundle that is built here. */
  readonly version: string;
}

/** What a row finds wrong, or null. */
export type Look<T> = (facts: T, expected: Expected) => string | null;
export type Row<T> = readonly [id: string, look: Look<T>, whatToDo: string];

export const PROVISION = 'run provision: it writes what is missing and leaves the rest';
