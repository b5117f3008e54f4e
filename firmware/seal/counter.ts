/**
 * The counter of the unit's messages, of which none is ever used twice (SPEC CR-110): a block of
 * them is reserved in flash before the first of it is used. One write for a block or a boot.
 */
import { MAX_U32 } from '../../protocol/limits.js';
import { readRecord, writeRecord, type Records } from '../store/records.js';

/** Counters that one write reserves. */
export const RESERVED_COUNTERS = 1024;

/** The record holds the first counter that is not reserved. */
export const COUNTER_RECORD = 'counter';

export interface Counter {
  readonly records: Records;
  next: number;
  /** First counter that is not reserved. */
  end: number;
}

/** @rare */
export function createCounter(records: Records): Counter {
  const kept = readRecord(records, COUNTER_RECORD);
  // A block is left out: should the newer slot have become unreadable, the older one is that old.
  const first = kept === null ? 1 : parseInt(kept, 10) + RESERVED_COUNTERS;
  return { records: records, next: first, end: first };
}

/**
 * A counter that was never given before, or 0 if flash does not take the reservation.
 * @rare
 */
export function takeNext(counter: Counter): number {
  if (counter.next >= counter.end) {
    const end = counter.end + RESERVED_COUNTERS;
    if (end > MAX_U32 || !writeRecord(counter.records, COUNTER_RECORD, String(end))) return 0;
    counter.end = end;
  }
  return counter.next++;
}
