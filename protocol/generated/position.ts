// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_I32,
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  UNKNOWN_U16,
  UNKNOWN_U32,
  UNKNOWN_U8,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
  within,
} from '../wire.js';

/** First element of a `position`. */
export const POSITION_TYPE = 69;

/** Where the unit is, or that it does not know. Without a fix, all that a fix gives is null. */
export interface Position {
  /** Kind of fix; `none` is the loss of it. */
  fix: number;
  /** Why it is sent now. */
  reason: number;
  /** 1e-7 degree, WGS 84. */
  latitudeE7: number | null;
  /** 1e-7 degree, WGS 84. */
  longitudeE7: number | null;
  /** Speed over ground, cm/s. */
  speedCmPerS: number | null;
  /** Course over ground, 1/100 degree from true north. */
  courseCentiDeg: number | null;
  /** Height above mean sea level, 1/10 m. */
  altitudeDm: number | null;
  /** Satellites in use. */
  satellites: number | null;
  /** Horizontal dilution of precision, 1/100. */
  hdopCenti: number | null;
  /** Age of the fix; without one, of the last fix there was. Null if there was none. */
  fixAgeMs: number | null;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodePosition(m: Position, bytes: Bytes): string {
  return within(m.reason, 1, 255) &&
    (m.latitudeE7 === null || within(m.latitudeE7, -900000000, 900000000)) &&
    (m.longitudeE7 === null || within(m.longitudeE7, -1800000000, 1800000000)) &&
    (m.courseCentiDeg === null || within(m.courseCentiDeg, 0, 36000)) &&
    (m.altitudeDm === null || within(m.altitudeDm, -100000, 1000000))
    ? encodeItems(bytes, 'bbbIIWWIBWDTb', 50, [
        69,
        m.fix,
        m.reason,
        m.latitudeE7,
        m.longitudeE7,
        m.speedCmPerS,
        m.courseCentiDeg,
        m.altitudeDm,
        m.satellites,
        m.hdopCenti,
        m.fixAgeMs,
        m.at,
        m.clock,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodePosition(input: Octets): Position | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 50 || view.getUint32(0) !== 0x980d1845) {
    const wrongHead = headRefusal(octets, 50, 13, 69);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const fix = octets[5] as number;
  const reason = octets[7] as number;
  const latitudeE7 = octets[8] === 0x3a ? -1 - view.getUint32(9) : view.getUint32(9);
  const longitudeE7 = octets[13] === 0x3a ? -1 - view.getUint32(14) : view.getUint32(14);
  const speedCmPerS = view.getUint16(19);
  const courseCentiDeg = view.getUint16(22);
  const altitudeDm = octets[24] === 0x3a ? -1 - view.getUint32(25) : view.getUint32(25);
  const satellites = octets[30] as number;
  const hdopCenti = view.getUint16(32);
  const fixAgeMs = view.getUint32(35);
  const atHigh = view.getUint32(40);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(44) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(44);
  const clock = octets[49] as number;
  if (
    octets[4] !== 0x18 ||
    octets[6] !== 0x18 ||
    (octets[8] !== 0x1a && octets[8] !== 0x3a) ||
    (octets[13] !== 0x1a && octets[13] !== 0x3a) ||
    octets[18] !== 0x19 ||
    octets[21] !== 0x19 ||
    (octets[24] !== 0x1a && octets[24] !== 0x3a) ||
    octets[29] !== 0x18 ||
    octets[31] !== 0x19 ||
    octets[34] !== 0x1a ||
    octets[39] !== 0x1b ||
    octets[48] !== 0x18 ||
    reason < 1 ||
    (latitudeE7 !== UNKNOWN_I32 && (latitudeE7 < -900000000 || latitudeE7 > 900000000)) ||
    (longitudeE7 !== UNKNOWN_I32 && (longitudeE7 < -1800000000 || longitudeE7 > 1800000000)) ||
    (courseCentiDeg !== UNKNOWN_U16 && courseCentiDeg > 36000) ||
    (altitudeDm !== UNKNOWN_I32 && (altitudeDm < -100000 || altitudeDm > 1000000)) ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 13 || size !== 50) {
    const wrongRest = restRefusal(octets, 13, 50);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    fix: fix,
    reason: reason,
    latitudeE7: latitudeE7 === UNKNOWN_I32 ? null : latitudeE7,
    longitudeE7: longitudeE7 === UNKNOWN_I32 ? null : longitudeE7,
    speedCmPerS: speedCmPerS === UNKNOWN_U16 ? null : speedCmPerS,
    courseCentiDeg: courseCentiDeg === UNKNOWN_U16 ? null : courseCentiDeg,
    altitudeDm: altitudeDm === UNKNOWN_I32 ? null : altitudeDm,
    satellites: satellites === UNKNOWN_U8 ? null : satellites,
    hdopCenti: hdopCenti === UNKNOWN_U16 ? null : hdopCenti,
    fixAgeMs: fixAgeMs === UNKNOWN_U32 ? null : fixAgeMs,
    at: at,
    clock: clock,
  };
}
