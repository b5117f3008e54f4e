/**
 * Reads what NMEA 0183 sentences say, RMC and GGA of any talker: a sentence's fields become
 * numbers. What does not read exactly as the standard says is refused as a whole.
 *
 * A receiver speaks every second for as long as the unit runs, and every interpreted operation
 * costs. So what nearly every sentence is like is read by few of them, and the rest goes a longer
 * way, by functions that live in flash only.
 */
import { Fix } from '../../protocol/codes.js';
import { MAX_U16, MAX_U8 } from '../../protocol/limits.js';

/**
 * What the sentences said last. Of a sentence that is refused nothing counts: what it may leave here
 * is its time, and what a date or a quality means that was read before.
 */
export interface Reading {
  /** What the numbers below it were read from: GGA mostly repeats the time and place of RMC. */
  timeText: string;
  /** Time of day; null if the receiver does not know it. */
  todMs: number | null;
  placeText: string;
  latitudeE7: number;
  longitudeE7: number;
  dateText: string;
  /** First millisecond of the day; null if the receiver does not know it. */
  dayMs: number | null;
  speedCmPerS: number | null;
  courseCentiDeg: number | null;
  altitudeDm: number | null;
  qualityText: string;
  /** Kind of fix (Fix) that a GGA of this quality claims. With none the two below are older. */
  qualityKind: number;
  satellites: number | null;
  hdopCenti: number | null;
}

/** Instead of a kind of fix: the sentence is refused. */
export const REFUSED = -1;

/**
 * The kind of fix (Fix) that an RMC claims, or REFUSED. With Fix.none only its time was read. The
 * fields are 1 time, 2 status, 3–6 place, 7 knots, 8 course, 9 date, 12 mode (from NMEA 2.3 on).
 * @resident
 */
export function readRmc(reading: Reading, fields: string[]): number {
  if (fields[1] !== reading.timeText && !readTime(reading, fields[1] as string)) return REFUSED;
  const kind = fields[12] === 'A' ? Fix.gps : kindOfMode(fields[12]);
  if (fields[2] !== 'A' || kind === Fix.none || fields[9] === undefined) return withoutFix(fields);
  const speedCmPerS = scaled(fields[7] as string, CM_PER_S_PER_KNOT, MAX_U16);
  const courseCentiDeg = scaled(fields[8] as string, 100, 36000);
  const place = fields[3] + ',' + fields[4] + ',' + fields[5] + ',' + fields[6];
  if (
    speedCmPerS === BAD ||
    courseCentiDeg === BAD ||
    (fields[9] !== reading.dateText && !readDate(reading, fields[9])) ||
    (place !== reading.placeText && !readPlace(reading, place, fields, 3))
  ) {
    return REFUSED;
  }
  reading.speedCmPerS = speedCmPerS;
  reading.courseCentiDeg = courseCentiDeg;
  return kind;
}
const CM_PER_S_PER_KNOT = 51.4444444444;

/**
 * An RMC that claims no fix, or is none.
 * @rare
 */
function withoutFix(fields: string[]): number {
  const status = fields[2];
  const isRmc = fields[9] !== undefined && (status === 'A' || status === 'V' || status === '');
  return isRmc ? Fix.none : REFUSED;
}

/**
 * The kind of fix (Fix) that a GGA claims, or REFUSED. With Fix.none only its time was read. The
 * fields are 1 time, 2–5 place, 6 quality, 7 satellites, 8 HDOP, 9 altitude.
 * @resident
 */
export function readGga(reading: Reading, fields: string[]): number {
  if (fields[1] !== reading.timeText && !readTime(reading, fields[1] as string)) return REFUSED;
  const quality = fields[6] + ',' + fields[7] + ',' + fields[8];
  if (quality !== reading.qualityText && !readQuality(reading, quality, fields)) return REFUSED;
  const altitude = fields[9];
  if (altitude === undefined) return REFUSED;
  if (reading.qualityKind === Fix.none) return Fix.none;
  const altitudeDm = altitude[0] === '-' ? depth(altitude) : scaled(altitude, 10, MAX_ALTITUDE_DM);
  const place = fields[2] + ',' + fields[3] + ',' + fields[4] + ',' + fields[5];
  if (
    altitudeDm === BAD ||
    (place !== reading.placeText && !readPlace(reading, place, fields, 2))
  ) {
    return REFUSED;
  }
  reading.altitudeDm = altitudeDm;
  return reading.qualityKind;
}
const MAX_ALTITUDE_DM = 100000;

/**
 * Quality, satellites and HDOP, which stay for many seconds. Without a fix the quality only.
 * @rare
 */
function readQuality(reading: Reading, text: string, fields: string[]): boolean {
  const kind = kindOfQuality(fields[6]);
  if (kind === REFUSED) return false;
  if (kind !== Fix.none) {
    const satellites = scaled(fields[7] as string, 1, MAX_U8);
    const hdopCenti = scaled(fields[8] as string, 100, MAX_HDOP_CENTI);
    if (satellites === BAD || hdopCenti === BAD) return false;
    reading.satellites = satellites;
    // Receivers that do not know it send 9999 and the like.
    reading.hdopCenti = hdopCenti !== null && hdopCenti > MAX_U16 ? null : hdopCenti;
  }
  reading.qualityKind = kind;
  reading.qualityText = text;
  return true;
}
const MAX_HDOP_CENTI = 1000000;

/**
 * A manual or simulated position is none: nothing measured it. Absent in old receivers.
 * @rare
 */
function kindOfMode(mode: string | undefined): number {
  if (mode === 'D' || mode === 'R' || mode === 'F') return Fix.differential;
  if (mode === 'E') return Fix.estimated;
  return mode === 'N' || mode === 'V' || mode === 'M' || mode === 'S' ? Fix.none : Fix.gps;
}

/** @rare */
function kindOfQuality(quality: string | undefined): number {
  if (quality === '1' || quality === '3') return Fix.gps;
  // Two kinds of RTK, and a maker's 9 for a satellite-based correction.
  if (quality === '2' || quality === '4' || quality === '5' || quality === '9') {
    return Fix.differential;
  }
  if (quality === '6') return Fix.estimated;
  if (quality === '0' || quality === '7' || quality === '8' || quality === '') return Fix.none;
  return REFUSED;
}

/** Instead of a number: the text is none of the kind that is wanted. No value is as great. */
const BAD = 0x7fffffff;

/**
 * A text for the operators `|` and `+`, which make a number of it. On the device `|` gives the
 * whole part of a decimal, and 0 of any other text, whatever is in it. `+` takes signs, blanks and
 * `0x`, 010 for octal, ends at a NUL, and counts an exponent down one by one, for minutes. So `|`
 * comes first, with a 1 in front of the digits, behind which no sign or blank can be; and `e0`
 * behind them keeps hosts, too, from taking an exponent.
 */
type Digits = never;

/** The device reads decimals not quite exactly: this bit more makes ties fall as elsewhere. */
const HALF = 0.50001;

/**
 * An unsigned decimal times `factor`, rounded; null if it is empty, BAD if it is none or too great.
 * @resident
 */
function scaled(text: string, factor: number, max: number): number | null {
  const value = ((('1' + text) as Digits) | 0) > 9 ? +(text + 'e0') * factor + HALF : BAD;
  if (value < max + 1) return value | 0;
  return text === '' ? null : oddlyScaled(text, factor, max);
}

/**
 * The same for what `scaled` does not take: a point in front, no digit but zeros, which look octal.
 * @rare
 */
function oddlyScaled(text: string, factor: number, max: number): number {
  const isExponential = text.indexOf('e') >= 0 || text.indexOf('E') >= 0;
  if (text === '.' || text.length > MAX_DIGITS || text.indexOf('\0') >= 0 || isExponential)
    return BAD;
  if (isNaN(Number('1' + text + 'e0'))) return BAD;
  // With a point behind it no number is octal.
  const value = Math.floor(parseFloat(text + '.') * factor + HALF);
  return value <= max ? value : BAD;
}
const MAX_DIGITS = 20;

/**
 * An altitude below the sea.
 * @rare
 */
function depth(text: string): number {
  const depthDm = scaled(text.substr(1), 10, MAX_ALTITUDE_DM);
  return depthDm === null || depthDm === BAD ? BAD : 0 - depthDm;
}

/**
 * hhmmss or hhmmss.sss; empty is a time that is not known.
 * @resident
 */
function readTime(reading: Reading, text: string): boolean {
  // 1hhmmss
  const whole = (('1' + text) as Digits) | 0;
  if (whole < 1000000) return readNoTime(reading, text);
  // 40 s less for each 100 of hhmm, 2400 s less for each 100 of hh, and both less for the 1.
  const seconds =
    +('1' + text + 'e0') - ((whole / 100) | 0) * 40 - ((whole / 10000) | 0) * 2400 - 360000;
  // 60 is a leap second.
  if (!(seconds < 86401 && whole < 1240000 && whole % 10000 < 6000 && whole % 100 < 61)) {
    return false;
  }
  reading.todMs = (seconds * 1000 + HALF) | 0;
  reading.timeText = text;
  return true;
}

/** @rare */
function readNoTime(reading: Reading, text: string): boolean {
  if (text !== '') return false;
  reading.todMs = null;
  reading.timeText = text;
  return true;
}

/**
 * ddmmyy, of 1980 to 2079.
 * @rare
 */
function readDate(reading: Reading, text: string): boolean {
  let dayMs: number | null = null;
  if (text !== '') {
    // 1ddmmyy
    const date = ((('1' + text) as Digits) | 0) - 1000000;
    if (text.length !== 6 || !(date >= 0) || text.indexOf('.') >= 0 || text.indexOf('e') >= 0)
      return false;
    const day = Math.floor(date / 10000);
    const month = Math.floor(date / 100) % 100;
    const year = (date % 100) + (date % 100 < 80 ? 2000 : 1900);
    const isLeap = year % 4 === 0;
    if (month < 1 || month > 12 || day < 1) return false;
    if (day > (DAYS_BEFORE[month] as number) - (DAYS_BEFORE[month - 1] as number)) {
      if (!isLeap || month !== 2 || day !== 29) return false;
    }
    const leapDays = Math.floor((year - 1969) / 4) + (isLeap && month > 2 ? 1 : 0);
    const days = (year - 1970) * 365 + leapDays + (DAYS_BEFORE[month - 1] as number) + day - 1;
    dayMs = days * 86400000;
  }
  reading.dayMs = dayMs;
  reading.dateText = text;
  return true;
}
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/**
 * Latitude, N or S, longitude, E or W, from field `at` on; `place` is all of them. The angles are
 * (d)ddmm.mmmm.
 * @resident
 */
function readPlace(reading: Reading, place: string, fields: string[], at: number): boolean {
  const northSouth = fields[at + 1];
  const eastWest = fields[at + 3];
  if ((northSouth !== 'N' && northSouth !== 'S') || (eastWest !== 'E' && eastWest !== 'W')) {
    return false;
  }
  // 1ddmm and 1dddmm
  const latitude = '1' + fields[at];
  const longitude = '1' + fields[at + 2];
  const ddmm = (latitude as Digits) | 0;
  const dddmm = (longitude as Digits) | 0;
  if (ddmm < 10000 || dddmm < 100000 || ddmm % 100 > 59 || dddmm % 100 > 59) return false;
  // In minutes: 40 less for each degree, and for the 1.
  const north = +(latitude + 'e0') - ((ddmm / 100) | 0) * 40 - 6000;
  const east = +(longitude + 'e0') - ((dddmm / 100) | 0) * 40 - 60000;
  if (!(north <= 5400 && east <= 10800)) return false;
  const latitudeE7 = (north / 6e-6 + HALF_E7) | 0;
  const longitudeE7 = (east / 6e-6 + HALF_E7) | 0;
  reading.latitudeE7 = northSouth === 'N' ? latitudeE7 : 0 - latitudeE7;
  reading.longitudeE7 = eastWest === 'E' ? longitudeE7 : 0 - longitudeE7;
  reading.placeText = place;
  return true;
}
/** As HALF. Between the ties of eight decimals of a minute there is 0.0017. */
const HALF_E7 = 0.5005;
