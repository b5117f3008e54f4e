/** Reads and writes two-slot records: a power cut at any instant leaves the old value or the new. */
import { hex8, slotName, unpackRecord, type StoredRecord } from '../../protocol/record.js';
import type { Store } from '../ports/store.js';

export interface Records {
  readonly store: Store;
  readonly crc32: (bytes: string) => number;
}

/**
 * The slot, 0 or 1, with the newest valid value; a slot without one if there is none.
 * @rare
 */
function newestSlot(first: StoredRecord | null, second: StoredRecord | null): number {
  return second !== null && (first === null || second.sequence > first.sequence) ? 1 : 0;
}

/** @rare */
function readSlots(records: Records, name: string): [StoredRecord | null, StoredRecord | null] {
  return [
    unpackRecord(records.store.read(slotName(name, 0)), records.crc32),
    unpackRecord(records.store.read(slotName(name, 1)), records.crc32),
  ];
}

/**
 * The newest valid value, or null if there is none.
 * @rare
 */
export function readRecord(records: Records, name: string): string | null {
  const slots = readSlots(records, name);
  const newest = slots[newestSlot(slots[0], slots[1])];
  return newest ? newest.value : null;
}

/**
 * Writes over the older or invalid slot; false if the flash had no room. The checksum is not joined
 * to the rest: of a long value that would be one more copy where memory is shortest.
 * @rare
 */
export function writeRecord(records: Records, name: string, value: string): boolean {
  const slots = readSlots(records, name);
  const newest = newestSlot(slots[0], slots[1]);
  const last = slots[newest];
  const content = hex8(last ? last.sequence + 1 : 1) + value;
  const slot = last ? 1 - newest : 0;
  return records.store.write(slotName(name, slot), [hex8(records.crc32(content)), content]);
}
