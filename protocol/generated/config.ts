// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_I32,
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
  within,
} from '../wire.js';

/** First element of a `config`. */
export const CONFIG_TYPE = 37;

/** How the unit is to work: all of its settings, which replace those before. */
export interface Config {
  /** Greater with every change of this unit's settings. */
  version: number;
  /** When the control room sent it. */
  issuedAt: number;
  /** Greatest time between two positions while it is parked. */
  parkedPeriodS: number;
  /** The same while it moves. */
  patrolPeriodS: number;
  /** The same on the way to a job. */
  enRoutePeriodS: number;
  /** So far from its last position it reports the next. */
  reportDistanceM: number;
  /** Turned so far since its last position it reports the next. */
  turnDeg: number;
  /** Loudness of the alarm. It cannot be turned off. */
  volumePercent: number;
  /** A dispatch that is untouched for so long sounds louder. */
  louderAfterS: number;
  /** One that is untouched for so long is `unanswered`. */
  unansweredAfterS: number;
  /** An AED that is out of its bracket for so long, without a job, is `away`. */
  awayAfterS: number;
  /** From this speed on, what would distract a driver is locked. */
  lockSpeedKmH: number;
  /** Where the AED is carried. */
  aedMount: number;
  /** Model of the AED, as the fleet numbers them; 0: not known. */
  aedProfile: number;
  /** When the AED's pads expire. */
  padsExpireAt: number | null;
  /** When the AED's battery expires. */
  batteryExpireAt: number | null;
  /** Latitude of a station (L1), 1e-7 degree, WGS 84. */
  latitudeE7: number | null;
  /** Longitude of a station (L1), 1e-7 degree, WGS 84. */
  longitudeE7: number | null;
  /** Tag of the unit's own AED; empty: none is expected. */
  aedTag: string;
  /** Brokers to try (CR-155); empty: as provisioned. */
  brokers: string;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeConfig(m: Config, bytes: Bytes): string {
  return within(m.version, 1, 4294967295) &&
    within(m.parkedPeriodS, 10, 600) &&
    within(m.patrolPeriodS, 2, 120) &&
    within(m.enRoutePeriodS, 1, 60) &&
    within(m.reportDistanceM, 20, 5000) &&
    within(m.turnDeg, 10, 180) &&
    within(m.volumePercent, 30, 100) &&
    within(m.louderAfterS, 5, 60) &&
    within(m.unansweredAfterS, 10, 120) &&
    within(m.awayAfterS, 30, 600) &&
    within(m.lockSpeedKmH, 5, 20) &&
    within(m.aedMount, 0, 1) &&
    within(m.aedProfile, 0, 254) &&
    (m.latitudeE7 === null || within(m.latitudeE7, -900000000, 900000000)) &&
    (m.longitudeE7 === null || within(m.longitudeE7, -1800000000, 1800000000)) &&
    within(m.aedTag.length, 0, 16) &&
    within(m.brokers.length, 0, 64) &&
    bytes.isPlainText(m.aedTag + m.brokers)
    ? encodeItems(bytes, 'bdtwwwwbbbbwbbbTTIIss', 75, [
        37,
        m.version,
        m.issuedAt,
        m.parkedPeriodS,
        m.patrolPeriodS,
        m.enRoutePeriodS,
        m.reportDistanceM,
        m.turnDeg,
        m.volumePercent,
        m.louderAfterS,
        m.unansweredAfterS,
        m.awayAfterS,
        m.lockSpeedKmH,
        m.aedMount,
        m.aedProfile,
        m.padsExpireAt,
        m.batteryExpireAt,
        m.latitudeE7,
        m.longitudeE7,
        m.aedTag,
        m.brokers,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeConfig(input: Octets, bytes: Bytes): Config | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 75 || view.getUint32(0) !== 0x98151825) {
    const wrongHead = headRefusal(octets, 75, 21, 37);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const version = view.getUint32(5);
  const issuedAtHigh = view.getUint32(10);
  const issuedAt = issuedAtHigh * WORD + view.getUint32(14);
  const parkedPeriodS = view.getUint16(19);
  const patrolPeriodS = view.getUint16(22);
  const enRoutePeriodS = view.getUint16(25);
  const reportDistanceM = view.getUint16(28);
  const turnDeg = octets[31] as number;
  const volumePercent = octets[33] as number;
  const louderAfterS = octets[35] as number;
  const unansweredAfterS = octets[37] as number;
  const awayAfterS = view.getUint16(39);
  const lockSpeedKmH = octets[42] as number;
  const aedMount = octets[44] as number;
  const aedProfile = octets[46] as number;
  const padsExpireAtHigh = view.getUint32(48);
  const padsExpireAt =
    padsExpireAtHigh === UNKNOWN_TIME_HIGH && view.getUint32(52) === UNKNOWN_TIME_LOW
      ? null
      : padsExpireAtHigh * WORD + view.getUint32(52);
  const batteryExpireAtHigh = view.getUint32(57);
  const batteryExpireAt =
    batteryExpireAtHigh === UNKNOWN_TIME_HIGH && view.getUint32(61) === UNKNOWN_TIME_LOW
      ? null
      : batteryExpireAtHigh * WORD + view.getUint32(61);
  const latitudeE7 = octets[65] === 0x3a ? -1 - view.getUint32(66) : view.getUint32(66);
  const longitudeE7 = octets[70] === 0x3a ? -1 - view.getUint32(71) : view.getUint32(71);
  const end0 = 77 <= size ? 77 + (octets[76] as number) : size + 1;
  const end1 = end0 + 2 <= size ? end0 + 2 + (octets[end0 + 1] as number) : size + 1;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x1b ||
    octets[18] !== 0x19 ||
    octets[21] !== 0x19 ||
    octets[24] !== 0x19 ||
    octets[27] !== 0x19 ||
    octets[30] !== 0x18 ||
    octets[32] !== 0x18 ||
    octets[34] !== 0x18 ||
    octets[36] !== 0x18 ||
    octets[38] !== 0x19 ||
    octets[41] !== 0x18 ||
    octets[43] !== 0x18 ||
    octets[45] !== 0x18 ||
    octets[47] !== 0x1b ||
    octets[56] !== 0x1b ||
    (octets[65] !== 0x1a && octets[65] !== 0x3a) ||
    (octets[70] !== 0x1a && octets[70] !== 0x3a) ||
    version < 1 ||
    issuedAtHigh > MAX_TIME_HIGH_WORD ||
    parkedPeriodS < 10 ||
    parkedPeriodS > 600 ||
    patrolPeriodS < 2 ||
    patrolPeriodS > 120 ||
    enRoutePeriodS < 1 ||
    enRoutePeriodS > 60 ||
    reportDistanceM < 20 ||
    reportDistanceM > 5000 ||
    turnDeg < 10 ||
    turnDeg > 180 ||
    volumePercent < 30 ||
    volumePercent > 100 ||
    louderAfterS < 5 ||
    louderAfterS > 60 ||
    unansweredAfterS < 10 ||
    unansweredAfterS > 120 ||
    awayAfterS < 30 ||
    awayAfterS > 600 ||
    lockSpeedKmH < 5 ||
    lockSpeedKmH > 20 ||
    aedMount > 1 ||
    aedProfile > 254 ||
    (padsExpireAt !== null && padsExpireAtHigh > MAX_TIME_HIGH_WORD) ||
    (batteryExpireAt !== null && batteryExpireAtHigh > MAX_TIME_HIGH_WORD) ||
    (latitudeE7 !== UNKNOWN_I32 && (latitudeE7 < -900000000 || latitudeE7 > 900000000)) ||
    (longitudeE7 !== UNKNOWN_I32 && (longitudeE7 < -1800000000 || longitudeE7 > 1800000000)) ||
    end1 > size ||
    octets[75] !== 0x78 ||
    end0 > 93 ||
    octets[end0] !== 0x78 ||
    end1 > end0 + 66
  ) {
    return Refusal.badField;
  }
  const aedTag = input.bytes.substr(77, end0 - 77);
  const brokers = input.bytes.substr(end0 + 2, end1 - end0 - 2);
  if (!bytes.isPlainText(aedTag + brokers)) return Refusal.badText;
  if (octets[1] !== 21 || size !== end1) {
    const wrongRest = restRefusal(octets, 21, end1);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    version: version,
    issuedAt: issuedAt,
    parkedPeriodS: parkedPeriodS,
    patrolPeriodS: patrolPeriodS,
    enRoutePeriodS: enRoutePeriodS,
    reportDistanceM: reportDistanceM,
    turnDeg: turnDeg,
    volumePercent: volumePercent,
    louderAfterS: louderAfterS,
    unansweredAfterS: unansweredAfterS,
    awayAfterS: awayAfterS,
    lockSpeedKmH: lockSpeedKmH,
    aedMount: aedMount,
    aedProfile: aedProfile,
    padsExpireAt: padsExpireAt,
    batteryExpireAt: batteryExpireAt,
    latitudeE7: latitudeE7 === UNKNOWN_I32 ? null : latitudeE7,
    longitudeE7: longitudeE7 === UNKNOWN_I32 ? null : longitudeE7,
    aedTag: aedTag,
    brokers: brokers,
  };
}

/**
 * The defaults of the table.
 * @rare
 */
export function defaultConfig(): Config {
  return {
    version: 0,
    issuedAt: 0,
    parkedPeriodS: 60,
    patrolPeriodS: 10,
    enRoutePeriodS: 5,
    reportDistanceM: 200,
    turnDeg: 45,
    volumePercent: 100,
    louderAfterS: 20,
    unansweredAfterS: 40,
    awayAfterS: 60,
    lockSpeedKmH: 8,
    aedMount: 0,
    aedProfile: 0,
    padsExpireAt: null,
    batteryExpireAt: null,
    latitudeE7: null,
    longitudeE7: null,
    aedTag: '',
    brokers: '',
  };
}
