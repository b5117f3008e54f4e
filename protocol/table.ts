/**
 * The form of a message's table. A table is data: from it come the encoder and the decoder of
 * both ends (`npm run generate` writes them to `protocol/generated/`), and tests hold it against
 * `schema.cddl` and `SPEC.md`.
 */

import { MAX_TIME } from './limits.js';

/**
 * How a field lies on the wire. Every kind but the last two has a fixed width, head included
 * (SPEC CR-011), so that each such field is at a constant offset.
 *
 * - `u8` 2 bytes, `u16` 3, `u32` 5: unsigned integer
 * - `i32` 5 bytes: signed integer
 * - `time` 9 bytes: milliseconds since 1970-01-01T00:00:00Z
 * - `text`: plain text (CR-015), at most `max` characters
 * - `bytes`: byte string, at most `max` bytes
 */
export type Kind = 'u8' | 'u16' | 'u32' | 'i32' | 'time' | 'text' | 'bytes';

/** Greatest value of each kind of number; the unknown value of a nullable field is beyond it. */
const GREATEST = { u8: 0xff, u16: 0xffff, u32: 0xffffffff, i32: 0x7fffffff, time: MAX_TIME };

export interface Field {
  readonly name: string;
  readonly kind: Kind;
  /** May be unknown: `null` here, the kind's unknown value (CR-014) on the wire. */
  readonly nullable?: true;
  /** Least value; of a text or byte string the least length. 0 unless told. */
  readonly min?: number;
  /** Greatest value; of a text or byte string the greatest length. */
  readonly max?: number;
  /** Names of the values, for people. A value without a name is legal (CR-016). */
  readonly names?: Readonly<Record<string, number>>;
  /** What a setting is as long as nobody has told another. */
  readonly default?: number | string | null;
  /** Unit, where the field's name does not tell it. */
  readonly unit?: string;
  /** Meaning and source, one sentence. */
  readonly about: string;
}

/** True for a field with a length instead of a value. */
export function isString(field: Field): boolean {
  return field.kind === 'text' || field.kind === 'bytes';
}

/** Least value; of a text or byte string the least length. */
export function leastOf(field: Field): number {
  if (field.min !== undefined) return field.min;
  return field.kind === 'i32' ? -GREATEST.i32 : 0;
}

/** Greatest value; of a text or byte string the greatest length. */
export function greatestOf(field: Field): number {
  if (field.max !== undefined) return field.max;
  // A string's length is one byte (CR-019).
  if (field.kind === 'text' || field.kind === 'bytes') return 0xff;
  const greatest = GREATEST[field.kind];
  const endsInUnknown = field.kind !== 'i32' && field.kind !== 'time';
  return field.nullable && endsInUnknown ? greatest - 1 : greatest;
}

export interface MessageTable {
  readonly name: string;
  /** First element of the array; the envelope has none. */
  readonly type?: number;
  readonly direction: 'down' | 'up' | 'both';
  readonly about: string;
  readonly fields: readonly Field[];
}
