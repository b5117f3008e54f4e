// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_I32,
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  UNKNOWN_U32,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
  within,
} from '../wire.js';

/** First element of a `aed`. */
export const AED_TYPE = 68;

/** Presence and readiness of the AED, as last seen. */
export interface Aed {
  /** In its bracket or not. */
  presence: number;
  /** Ready means that no fault was seen; unknown is never ready. */
  readiness: number;
  /** Set of AedReason bits. */
  reasons: number;
  /** Milliseconds since this was last seen to be so. */
  seenMsAgo: number | null;
  /** Temperature at the AED, 1/10 degree Celsius. */
  temperatureDeciC: number | null;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeAed(m: Aed, bytes: Bytes): string {
  return m.temperatureDeciC === null || within(m.temperatureDeciC, -1000, 1500)
    ? encodeItems(bytes, 'bbbwDITb', 32, [
        68,
        m.presence,
        m.readiness,
        m.reasons,
        m.seenMsAgo,
        m.temperatureDeciC,
        m.at,
        m.clock,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeAed(input: Octets): Aed | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 32 || view.getUint32(0) !== 0x98081844) {
    const wrongHead = headRefusal(octets, 32, 8, 68);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const presence = octets[5] as number;
  const readiness = octets[7] as number;
  const reasons = view.getUint16(9);
  const seenMsAgo = view.getUint32(12);
  const temperatureDeciC = octets[16] === 0x3a ? -1 - view.getUint32(17) : view.getUint32(17);
  const atHigh = view.getUint32(22);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(26) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(26);
  const clock = octets[31] as number;
  if (
    octets[4] !== 0x18 ||
    octets[6] !== 0x18 ||
    octets[8] !== 0x19 ||
    octets[11] !== 0x1a ||
    (octets[16] !== 0x1a && octets[16] !== 0x3a) ||
    octets[21] !== 0x1b ||
    octets[30] !== 0x18 ||
    (temperatureDeciC !== UNKNOWN_I32 && (temperatureDeciC < -1000 || temperatureDeciC > 1500)) ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 8 || size !== 32) {
    const wrongRest = restRefusal(octets, 8, 32);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    presence: presence,
    readiness: readiness,
    reasons: reasons,
    seenMsAgo: seenMsAgo === UNKNOWN_U32 ? null : seenMsAgo,
    temperatureDeciC: temperatureDeciC === UNKNOWN_I32 ? null : temperatureDeciC,
    at: at,
    clock: clock,
  };
}
