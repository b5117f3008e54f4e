// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import { UNKNOWN_I32, WORD, encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** First element of a `dispatch`. */
export const DISPATCH_TYPE = 32;

/** A job for this unit: sound until a person answers, it expires, or it is stood down. */
export interface Dispatch {
  /** The dispatch, numbered by the control room and never used again. */
  dispatchId: number;
  /** What the dispatch is for. */
  category: number;
  /** From then on the dispatch must not sound as new. */
  expiresAt: number;
  /** When the control room sent it. */
  issuedAt: number;
  /** Latitude of the incident, 1e-7 degree, WGS 84. */
  latitudeE7: number | null;
  /** Longitude of the incident, 1e-7 degree, WGS 84. */
  longitudeE7: number | null;
  /** The ambulance service's reference: no unit is alerted without one (L8). */
  ambulanceReference: string;
  /** Where to go, in words. */
  address: string;
  /** What the crew should know first. */
  note: string;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeDispatch(m: Dispatch, bytes: Bytes): string {
  return within(m.dispatchId, 1, 4294967295) &&
    within(m.category, 1, 255) &&
    (m.latitudeE7 === null || within(m.latitudeE7, -900000000, 900000000)) &&
    (m.longitudeE7 === null || within(m.longitudeE7, -1800000000, 1800000000)) &&
    within(m.ambulanceReference.length, 1, 16) &&
    within(m.address.length, 0, 96) &&
    within(m.note.length, 0, 64) &&
    bytes.isPlainText(m.ambulanceReference + m.address + m.note)
    ? encodeItems(bytes, 'bdbttIIsss', 39, [
        32,
        m.dispatchId,
        m.category,
        m.expiresAt,
        m.issuedAt,
        m.latitudeE7,
        m.longitudeE7,
        m.ambulanceReference,
        m.address,
        m.note,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @resident
 */
export function decodeDispatch(input: Octets, bytes: Bytes): Dispatch | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 39 || view.getUint32(0) !== 0x980a1820) {
    const wrongHead = headRefusal(octets, 39, 10, 32);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const dispatchId = view.getUint32(5);
  const category = octets[10] as number;
  const expiresAtHigh = view.getUint32(12);
  const expiresAt = expiresAtHigh * WORD + view.getUint32(16);
  const issuedAtHigh = view.getUint32(21);
  const issuedAt = issuedAtHigh * WORD + view.getUint32(25);
  const latitudeE7 = octets[29] === 0x3a ? -1 - view.getUint32(30) : view.getUint32(30);
  const longitudeE7 = octets[34] === 0x3a ? -1 - view.getUint32(35) : view.getUint32(35);
  const end0 = 41 <= size ? 41 + (octets[40] as number) : size + 1;
  const end1 = end0 + 2 <= size ? end0 + 2 + (octets[end0 + 1] as number) : size + 1;
  const end2 = end1 + 2 <= size ? end1 + 2 + (octets[end1 + 1] as number) : size + 1;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x18 ||
    octets[11] !== 0x1b ||
    octets[20] !== 0x1b ||
    (octets[29] !== 0x1a && octets[29] !== 0x3a) ||
    (octets[34] !== 0x1a && octets[34] !== 0x3a) ||
    dispatchId < 1 ||
    category < 1 ||
    expiresAtHigh > MAX_TIME_HIGH_WORD ||
    issuedAtHigh > MAX_TIME_HIGH_WORD ||
    (latitudeE7 !== UNKNOWN_I32 && (latitudeE7 < -900000000 || latitudeE7 > 900000000)) ||
    (longitudeE7 !== UNKNOWN_I32 && (longitudeE7 < -1800000000 || longitudeE7 > 1800000000)) ||
    end2 > size ||
    octets[39] !== 0x78 ||
    end0 < 42 ||
    end0 > 57 ||
    octets[end0] !== 0x78 ||
    end1 > end0 + 98 ||
    octets[end1] !== 0x78 ||
    end2 > end1 + 66
  ) {
    return Refusal.badField;
  }
  const ambulanceReference = input.bytes.substr(41, end0 - 41);
  const address = input.bytes.substr(end0 + 2, end1 - end0 - 2);
  const note = input.bytes.substr(end1 + 2, end2 - end1 - 2);
  if (!bytes.isPlainText(ambulanceReference + address + note)) return Refusal.badText;
  if (octets[1] !== 10 || size !== end2) {
    const wrongRest = restRefusal(octets, 10, end2);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    dispatchId: dispatchId,
    category: category,
    expiresAt: expiresAt,
    issuedAt: issuedAt,
    latitudeE7: latitudeE7 === UNKNOWN_I32 ? null : latitudeE7,
    longitudeE7: longitudeE7 === UNKNOWN_I32 ? null : longitudeE7,
    ambulanceReference: ambulanceReference,
    address: address,
    note: note,
  };
}
