/**
 * A record in the unit's flash (SPEC section 7): two files, `name.0` and `name.1`, of which the
 * valid one with the higher sequence counts. Replacing one file is not atomic on the device;
 * with two, a power cut at any instant leaves the older value.
 *
 * Content: CRC-32 of what follows as 8 hex digits, sequence as 8 hex digits, value.
 */

/** CRC-32 of a byte string (ISO 3309), unsigned. */
export type Crc32 = (bytes: string) => number;

export interface StoredRecord {
  readonly sequence: number;
  readonly value: string;
}

const HEAD_CHARS = 16;

/** @rare */
export function hex8(value: number): string {
  const digits = value.toString(16);
  return '00000000'.substr(digits.length) + digits;
}

/** @rare */
export function packRecord(sequence: number, value: string, crc32: Crc32): string {
  const content = hex8(sequence) + value;
  return hex8(crc32(content)) + content;
}

/**
 * The record, or null if it is absent, torn or altered.
 * @rare
 */
export function unpackRecord(bytes: string | undefined, crc32: Crc32): StoredRecord | null {
  if (bytes === undefined || bytes.length < HEAD_CHARS) return null;
  const content = bytes.substr(8);
  if (bytes.substr(0, 8) !== hex8(crc32(content))) return null;
  return { sequence: parseInt(content.substr(0, 8), 16), value: content.substr(8) };
}

/**
 * File of a record's slot, 0 or 1.
 * @rare
 */
export function slotName(name: string, slot: number): string {
  return name + '.' + slot;
}
