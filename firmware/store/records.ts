/** Reads and writes two-slot records: a power cut at any instant leaves the old value or the new. */
import { packRecord, slotName, unpackRecord } from '../../protocol/record.js';
import type { Store } from '../ports/store.js';

export interface Records {
  readonly store: Store;
  readonly crc32: (bytes: string) => number;
}

/** The newest valid value, or null if there is none. */
export function readRecord(records: Records, name: string): string | null {
  const first = unpackRecord(records.store.read(slotName(name, 0)), records.crc32);
  const second = unpackRecord(records.store.read(slotName(name, 1)), records.crc32);
  const newest =
    first === null || (second !== null && second.sequence > first.sequence) ? second : first;
  return newest === null ? null : newest.value;
}

/** Writes over the older or invalid slot; false if the flash had no room. */
export function writeRecord(records: Records, name: string, value: string): boolean {
  const first = unpackRecord(records.store.read(slotName(name, 0)), records.crc32);
  const second = unpackRecord(records.store.read(slotName(name, 1)), records.crc32);
  const newest = Math.max(
    first === null ? 0 : first.sequence,
    second === null ? 0 : second.sequence,
  );
  const slot = first !== null && first.sequence === newest ? 1 : 0;
  return records.store.write(slotName(name, slot), packRecord(newest + 1, value, records.crc32));
}
