/**
 * Reads one NMEA 0183 sentence, RMC or GGA of any talker, as plainly as it can be written: what the
 * unit's own reader, which is written for speed, is held against. What does not read exactly as the
 * standard says is refused as a whole.
 */
import type { Bytes } from '../../protocol/bytes.js';
import { Fix } from '../../protocol/codes.js';
import { MAX_LATITUDE_E7, MAX_LONGITUDE_E7, MAX_U16, MAX_U8 } from '../../protocol/limits.js';

/**
 * Longest sentence without `$` and line end. The standard says 79, and receivers with eight
 * decimals of a minute and an RTK station exceed it; no RMC or GGA that was seen reaches 100.
 */
export const MAX_SENTENCE_CHARS = 120;

/** What a sentence is. `rmc` and `gga` are also the bits that say which of them an epoch has. */
export const Verdict = { skipped: 0, rmc: 1, gga: 2, badChecksum: 4, badSentence: 8 } as const;

/** The last sentence that was good. What its kind does not tell is left from an earlier one. */
export interface Reading {
  /** The sentence without `$` and checksum. */
  body: string;
  /** Time of day; null if the receiver does not know it. */
  todMs: number | null;
  /** Kind of fix that the sentence claims (Fix). With `none` only the time is read. */
  kind: number;
  latitudeE7: number;
  longitudeE7: number;
  speedCmPerS: number | null;
  courseCentiDeg: number | null;
  /** First millisecond of the day. */
  dayMs: number | null;
  altitudeDm: number | null;
  satellites: number | null;
  hdopCenti: number | null;
  /** Texts that gave the numbers above: GGA mostly repeats what RMC said, so it is read once. */
  timeText: string;
  positionText: string;
  dateText: string;
}

export function createReading(): Reading {
  return {
    body: '',
    todMs: null,
    kind: Fix.none,
    latitudeE7: 0,
    longitudeE7: 0,
    speedCmPerS: null,
    courseCentiDeg: null,
    dayMs: null,
    altitudeDm: null,
    satellites: null,
    hdopCenti: null,
    timeText: '',
    positionText: '',
    dateText: '',
  };
}

/**
 * Tells what a sentence is. It comes without its `$`, with the end of its line and anything behind
 * that. An RMC or a GGA must then be read; that this is two steps keeps the calls shallow.
 */
export function openSentence(bytes: Bytes, reading: Reading, sentence: string): number {
  const tag = sentence.substr(2, 4);
  if (tag !== 'RMC,' && tag !== 'GGA,') return Verdict.skipped;
  const lineFeed = sentence.indexOf('\n');
  let end = sentence.indexOf('\r');
  if (end < 0 || (lineFeed >= 0 && lineFeed < end)) end = lineFeed;
  // P begins makers' own sentences: $PGRMC sets up a Garmin. And a line may end before the tag.
  if (sentence.charAt(0) === 'P' || end < 6) return Verdict.skipped;
  if (end > MAX_SENTENCE_CHARS) return Verdict.badSentence;
  const body = sentence.substr(0, end - 3);
  // The 1 before the two digits: else `5G` would pass for 05.
  const stated = parseInt('1' + sentence.substring(end - 2, end), 16);
  if (stated !== 256 + checksum(bytes, body) || sentence.charAt(end - 3) !== '*') {
    return Verdict.badChecksum;
  }
  // A NUL does not show in the checksum, and the device's numbers end at one. For e see marked().
  if (body.indexOf('\0') >= 0 || body.indexOf('e') >= 0) return Verdict.badSentence;
  reading.body = body;
  return tag === 'RMC,' ? Verdict.rmc : Verdict.gga;
}

/** Every byte XORed: four bytes at a time, in four words a turn. */
function checksum(bytes: Bytes, body: string): number {
  const words = new Uint32Array(bytes.toBuffer(body + PADDING.substr(body.length & 15)));
  let four = 0;
  for (let i = 0; i < words.length; i += 4) {
    four ^=
      (words[i] as number) ^
      (words[i + 1] as number) ^
      (words[i + 2] as number) ^
      (words[i + 3] as number);
  }
  const two = four ^ (four >> 16);
  return (two ^ (two >> 8)) & 0xff;
}
const PADDING = '\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0';

/**
 * Verdict.rmc or Verdict.badSentence. The fields are 1 time, 2 status, 3–6 position, 7 knots,
 * 8 course, 9 date, 12 mode (from NMEA 2.3 on).
 */
export function readRmc(reading: Reading): number {
  const fields = reading.body.split(',');
  if (fields.length < 10 || !readTime(reading, fields[1] as string)) return Verdict.badSentence;
  const status = fields[2];
  if (status !== 'A' && status !== 'V' && status !== '') return Verdict.badSentence;
  reading.kind = status === 'A' ? kindOfMode(fields[12]) : Fix.none;
  if (reading.kind === Fix.none) return Verdict.rmc;
  const speedCmPerS = scaled(fields[7] as string, CM_PER_S_PER_KNOT, MAX_U16);
  const courseCentiDeg = scaled(fields[8] as string, 100, 36000);
  if (speedCmPerS === BAD || courseCentiDeg === BAD) return Verdict.badSentence;
  if (!readDate(reading, fields[9] as string)) return Verdict.badSentence;
  if (!readPosition(reading, fields, 3)) return Verdict.badSentence;
  reading.speedCmPerS = speedCmPerS;
  reading.courseCentiDeg = courseCentiDeg;
  return Verdict.rmc;
}
const CM_PER_S_PER_KNOT = 185200 / 3600;

/**
 * Verdict.gga or Verdict.badSentence. The fields are 1 time, 2–5 position, 6 quality,
 * 7 satellites, 8 HDOP, 9 altitude.
 */
export function readGga(reading: Reading): number {
  const fields = reading.body.split(',');
  if (fields.length < 10 || !readTime(reading, fields[1] as string)) return Verdict.badSentence;
  const kind = kindOfQuality(fields[6] as string);
  if (kind === BAD) return Verdict.badSentence;
  reading.kind = kind;
  if (kind === Fix.none) return Verdict.gga;
  const satellites = scaled(fields[7] as string, 1, MAX_U8);
  const hdopCenti = scaled(fields[8] as string, 100, MAX_HDOP_CENTI);
  if (satellites === BAD || hdopCenti === BAD) return Verdict.badSentence;
  const altitude = fields[9] as string;
  const isBelow = altitude.charAt(0) === '-' && altitude.length > 1;
  const altitudeDm = scaled(isBelow ? altitude.substr(1) : altitude, 10, MAX_ALTITUDE_DM);
  if (altitudeDm === BAD || !readPosition(reading, fields, 2)) return Verdict.badSentence;
  reading.satellites = satellites;
  // Receivers that do not know it send 9999 and the like.
  reading.hdopCenti = hdopCenti !== null && hdopCenti > MAX_U16 ? null : hdopCenti;
  reading.altitudeDm = isBelow && altitudeDm !== null ? 0 - altitudeDm : altitudeDm;
  return Verdict.gga;
}
const MAX_HDOP_CENTI = 1000000;
const MAX_ALTITUDE_DM = 100000;

/** A manual or simulated position is none: nothing measured it. Absent in old receivers. */
function kindOfMode(mode: string | undefined): number {
  if (mode === 'D' || mode === 'R' || mode === 'F') return Fix.differential;
  if (mode === 'E') return Fix.estimated;
  return mode === 'N' || mode === 'V' || mode === 'M' || mode === 'S' ? Fix.none : Fix.gps;
}

function kindOfQuality(quality: string): number {
  if (quality === '1' || quality === '3') return Fix.gps;
  // Two kinds of RTK, and a maker's 9 for a satellite-based correction.
  if (quality === '2' || quality === '4' || quality === '5' || quality === '9') {
    return Fix.differential;
  }
  if (quality === '6') return Fix.estimated;
  return quality === '0' || quality === '7' || quality === '8' || quality === '' ? Fix.none : BAD;
}

/** Says "not a number of the kind that is wanted"; no angle, time or size is as great. */
const BAD = 0x7fffffff;

/**
 * The value of an unsigned decimal, or NaN. The parsers let through what no receiver means (signs,
 * blanks, exponents, `0x`); the device's takes 010 for octal, throws at 64 characters, and counts
 * an exponent down one by one, for minutes. Between `1` and `e0` only decimals are numbers. The 1
 * counts: the caller knows its place, and takes it off.
 */
function marked(digits: string): number {
  if (digits.length > MAX_DIGITS || digits.indexOf('E') >= 0) return 0 / 0;
  return Number('1' + digits + 'e0');
}
const MAX_DIGITS = 20;

/** A decimal times `factor`, rounded; null if it is empty. */
function scaled(text: string, factor: number, max: number): number | null {
  if (text === '') return null;
  if (isNaN(marked(text)) || text === '.') return BAD;
  // With a point behind it no number is octal.
  const value = Math.floor(parseFloat(text + '.') * factor + HALF);
  return value <= max ? value : BAD;
}
/** The device reads decimals not quite exactly: this bit more makes ties fall as elsewhere. */
const HALF = 0.50001;

/** hhmmss or hhmmss.sss; empty is a time that is not known. */
function readTime(reading: Reading, text: string): boolean {
  if (text === reading.timeText) return true;
  if (text !== '') {
    const point = text.charAt(6);
    const time = marked(text) - 1000000;
    if (text.length < 6 || (point !== '' && point !== '.') || !(time >= 0)) return false;
    const hour = Math.floor(time / 10000);
    const minute = Math.floor(time / 100) % 100;
    const second = time % 100;
    // 60 is a leap second.
    if (hour > 23 || minute > 59 || second >= 61) return false;
    reading.todMs = (hour * 60 + minute) * 60000 + Math.floor(second * 1000 + HALF);
  } else reading.todMs = null;
  reading.timeText = text;
  return true;
}

/** ddmmyy, of 1980 to 2079. */
function readDate(reading: Reading, text: string): boolean {
  if (text === reading.dateText) return true;
  if (text !== '') {
    const date = marked(text) - 1000000;
    if (text.length !== 6 || !(date >= 0)) return false;
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
    reading.dayMs = days * 86400000;
  } else reading.dayMs = null;
  reading.dateText = text;
  return true;
}
const DAYS_BEFORE = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334, 365];

/** Latitude, N or S, longitude, E or W, from field `at` on. */
function readPosition(reading: Reading, fields: string[], at: number): boolean {
  const latitude = fields[at] as string;
  const northSouth = fields[at + 1] as string;
  const longitude = fields[at + 2] as string;
  const eastWest = fields[at + 3] as string;
  if ((northSouth !== 'N' && northSouth !== 'S') || (eastWest !== 'E' && eastWest !== 'W')) {
    return false;
  }
  const text = northSouth + latitude + eastWest + longitude;
  if (text === reading.positionText) return true;
  const latitudeE7 = angleE7(latitude, 4, 1e12);
  const longitudeE7 = angleE7(longitude, 5, 1e13);
  if (latitudeE7 > MAX_LATITUDE_E7 || longitudeE7 > MAX_LONGITUDE_E7) return false;
  reading.latitudeE7 = northSouth === 'N' ? latitudeE7 : 0 - latitudeE7;
  reading.longitudeE7 = eastWest === 'E' ? longitudeE7 : 0 - longitudeE7;
  reading.positionText = text;
  return true;
}

/**
 * (d)ddmm.mmmm, of which `wholeDigits` are before the point, or BAD. All in integers, eight
 * decimals of a minute, so that every machine rounds alike. `mark` is the place of the 1.
 */
function angleE7(text: string, wholeDigits: number, mark: number): number {
  const point = text.charAt(wholeDigits);
  if (text.length < wholeDigits || (point !== '' && point !== '.')) return BAD;
  const decimals = (text.substr(wholeDigits + 1) + '00000000').substr(0, 8);
  // As marked() does it, one call less deep.
  if (text.indexOf('E') >= 0) return BAD;
  const angle = Number('1' + text.substr(0, wholeDigits) + decimals + 'e0') - mark;
  if (!(angle >= 0)) return BAD;
  const degrees = Math.floor(angle / 1e10);
  const minutesE8 = angle - degrees * 1e10;
  return minutesE8 < 60e8 ? degrees * 1e7 + Math.floor(minutesE8 / 600 + 0.5) : BAD;
}
