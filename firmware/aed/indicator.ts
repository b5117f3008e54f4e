/**
 * The AED's own lamp, watched by a sensor that tells light from dark. Ready is a blink: a lamp that
 * is dark and one that is lit all the time are both not ready, and light that comes and goes by
 * another beat is not the lamp's.
 */
import { AedReason } from '../../protocol/codes.js';
import type { AedProfile } from './profiles.js';

/** So many whole periods in a row are no accident. */
export const SURE_PERIODS = 3;
/** A faster blink is the vehicle's: its blue lights and its indicators. */
export const SHORTEST_BLINK_MS = 700;
/** Dark for so many of the longest periods, it has stopped. */
export const DARK_PERIODS = 2;
/**
 * Blinking counts for so many of the longest periods and a self-test: it may be disturbed once, and
 * be tested, until it must have been seen anew.
 */
export const FRESH_PERIODS = 6;

export interface Indicator {
  lit: boolean;
  /** When that began to be so, or to be watched. */
  edgeAtMs: number;
  riseAtMs: number;
  /** Between the last two flashes. */
  periodMs: number;
  /** Whole periods in a row; -1 before the first flash. */
  periods: number;
  /** When it was last sure to blink; null: not since the AED is where it is. */
  sureAtMs: number | null;
  /** It has been sure to blink before, also before a restart: so there is a sensor. */
  isSensed: boolean;
}

export function createIndicator(): Indicator {
  return {
    lit: false,
    edgeAtMs: 0,
    riseAtMs: 0,
    periodMs: 0,
    periods: -1,
    sureAtMs: null,
    isSensed: false,
  };
}

/**
 * Another lamp, or the same in another place: what was seen does not count any more.
 * @rare
 */
export function forgetBlinks(indicator: Indicator, nowMs: number): void {
  indicator.edgeAtMs = nowMs;
  indicator.periods = -1;
  indicator.sureAtMs = null;
}

/** What the sensor sees, if there is one: at every change, and once at the start. */
export function indicatorChanged(
  indicator: Indicator,
  profile: AedProfile,
  lit: boolean,
  nowMs: number,
): void {
  if (lit === indicator.lit) return;
  indicator.lit = lit;
  indicator.edgeAtMs = nowMs;
  if (!lit) return;
  const before = indicator.periodMs;
  const periodMs = nowMs - indicator.riseAtMs;
  indicator.riseAtMs = nowMs;
  indicator.periodMs = periodMs;
  if (indicator.periods < 0 || periodMs < SHORTEST_BLINK_MS || periodMs > profile.blinkMs) {
    indicator.periods = 0;
  } else {
    // A lamp keeps its beat, to a quarter; street lamps that pass by do not.
    const isRegular = Math.abs(periodMs - before) * 4 <= before;
    indicator.periods = isRegular ? indicator.periods + 1 : 1;
  }
  if (indicator.periods >= SURE_PERIODS) {
    indicator.sureAtMs = nowMs;
    indicator.isSensed = true;
  }
}

/** Why it is not known to be ready, as an AedReason; 0 while it blinks. */
export function judgeIndicator(indicator: Indicator, profile: AedProfile, nowMs: number): number {
  const blinkMs = profile.blinkMs;
  const quietMs = nowMs - indicator.edgeAtMs;
  const sureAtMs = indicator.sureAtMs;
  if (blinkMs === 0) return AedReason.notSensed;
  if (indicator.lit && quietMs > profile.selfTestMs) return AedReason.steady;
  if (!indicator.isSensed) return AedReason.notSensed;
  if (!indicator.lit && quietMs > DARK_PERIODS * blinkMs) return AedReason.dark;
  const freshMs = FRESH_PERIODS * blinkMs + profile.selfTestMs;
  return sureAtMs !== null && nowMs - sureAtMs <= freshMs ? 0 : AedReason.sensorStale;
}
