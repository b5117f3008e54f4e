/**
 * Warm and cold at the AED: a warning before its limits, and a sum of what it has borne beyond
 * them. A battery that was too cold recovers, so cold and hot pass; the sum does not.
 */
import { AedReason } from '../../protocol/codes.js';
import type { AedProfile } from './profiles.js';

/** What no sensor measures in a vehicle, so that it is broken: in 1/10 °C. */
export const LEAST_DECI_C = -550;
export const GREATEST_DECI_C = 1250;
/** So close to a limit it is told, in 1/10 °C. */
export const NEAR_DECI_C = 30;
/** What is told ends so far on the safe side of where it began, in 1/10 °C. */
export const HYSTERESIS_DECI_C = 10;
/** Without a reading for so long nothing is known of now. */
export const STALE_MS = 600000;
/** A day at 10 degrees beyond a limit. Our own figure: no maker gives one. */
export const DOSE_LIMIT_DEGREE_HOURS = 240;

/** Milliseconds at 1/10 °C. */
const DEGREE_HOUR = 36000000;

export interface Temperature {
  /** Null while it is not known. */
  deciC: number | null;
  /** Null if there was never a reading: then nobody says that there is a sensor. */
  readAtMs: number | null;
  /** Since a person saw to the AED, or the start. */
  minDeciC: number | null;
  maxDeciC: number | null;
  doseDegreeHours: number;
  /** Of `cold`, `hot` and `nearLimit`, as last judged. */
  reasons: number;
}

export function createTemperature(): Temperature {
  return {
    deciC: null,
    readAtMs: null,
    minDeciC: null,
    maxDeciC: null,
    doseDegreeHours: 0,
    reasons: 0,
  };
}

/**
 * A reading, or null where the sensor gave none. Until the next, or until it is stale, it is taken
 * to stay so.
 * @rare
 */
export function temperatureRead(
  temperature: Temperature,
  profile: AedProfile,
  deciC: number | null,
  nowMs: number,
): void {
  // Turned round, so that what is no number is none.
  if (deciC === null || !(deciC >= LEAST_DECI_C && deciC <= GREATEST_DECI_C)) return;
  const before = temperature.deciC;
  if (before !== null && temperature.readAtMs !== null) {
    const beyond = Math.max(profile.keepFromDeciC - before, before - profile.keepToDeciC);
    const forMs = nowMs - temperature.readAtMs;
    if (beyond > 0) temperature.doseDegreeHours += (beyond * forMs) / DEGREE_HOUR;
  }
  temperature.deciC = deciC;
  temperature.readAtMs = nowMs;
  if (temperature.minDeciC === null || deciC < temperature.minDeciC) temperature.minDeciC = deciC;
  if (temperature.maxDeciC === null || deciC > temperature.maxDeciC) temperature.maxDeciC = deciC;
}

/**
 * A person has seen to the AED.
 * @rare
 */
export function forgetDose(temperature: Temperature): void {
  temperature.doseDegreeHours = 0;
  temperature.minDeciC = temperature.deciC;
  temperature.maxDeciC = temperature.deciC;
}

/** What there is to say of it: a set of AedReason bits. */
export function judgeTemperature(
  temperature: Temperature,
  profile: AedProfile,
  nowMs: number,
): number {
  const dose = temperature.doseDegreeHours >= DOSE_LIMIT_DEGREE_HOURS ? AedReason.dose : 0;
  const readAtMs = temperature.readAtMs;
  if (readAtMs === null) return dose;
  if (nowMs - readAtMs >= STALE_MS) temperature.deciC = null;
  const deciC = temperature.deciC;
  if (deciC === null) return dose | AedReason.sensorStale;
  const before = temperature.reasons;
  const above = deciC - profile.keepFromDeciC;
  const below = profile.keepToDeciC - deciC;
  const slack = before & AedReason.nearLimit ? HYSTERESIS_DECI_C : 0;
  temperature.reasons =
    above < (before & AedReason.cold ? HYSTERESIS_DECI_C : 0)
      ? AedReason.cold
      : below < (before & AedReason.hot ? HYSTERESIS_DECI_C : 0)
        ? AedReason.hot
        : Math.min(above, below) <= NEAR_DECI_C + slack
          ? AedReason.nearLimit
          : 0;
  return dose | temperature.reasons;
}
