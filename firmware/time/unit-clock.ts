/**
 * The time of day as the unit knows it, with where it comes from. Kept as an offset to the clock
 * that never jumps: the interpreter's own date is not touched, because a step of it would fire
 * every timer at once.
 */
import { ClockQuality } from '../../protocol/codes.js';
import { DRIFT_MARGIN_MS } from '../../protocol/limits.js';

/** Without a new time for this long, the time is said to drift: 6 h at 50 ppm is about 1 s. */
export const DRIFT_AFTER_MS = 6 * 3600 * 1000;

export interface UnitClock {
  offsetMs: number;
  quality: number;
  learnedAtMs: number;
}

export function createUnitClock(): UnitClock {
  return { offsetMs: 0, quality: ClockQuality.unknown, learnedAtMs: 0 };
}

/**
 * Takes a time, unless a better source has spoken lately.
 * @rare
 */
export function learnTime(clock: UnitClock, utcMs: number, quality: number, nowMs: number): void {
  if (quality < qualityAt(clock, nowMs)) return;
  clock.offsetMs = utcMs - nowMs;
  clock.quality = quality;
  clock.learnedAtMs = nowMs;
}

/** A ClockQuality. */
export function qualityAt(clock: UnitClock, nowMs: number): number {
  const known = clock.quality !== ClockQuality.unknown;
  return known && nowMs - clock.learnedAtMs > DRIFT_AFTER_MS
    ? ClockQuality.drifting
    : clock.quality;
}

/** Milliseconds since 1970, or null while no source has told the time. */
export function utcAt(clock: UnitClock, nowMs: number): number | null {
  return clock.quality === ClockQuality.unknown ? null : Math.floor(clock.offsetMs + nowMs);
}

/** The time of day that has surely come, by which a dispatch expires: null if that is unknown. */
export function surelyUtcAt(clock: UnitClock, nowMs: number): number | null {
  const quality = qualityAt(clock, nowMs);
  if (quality === ClockQuality.unknown) return null;
  const utcMs = Math.floor(clock.offsetMs + nowMs);
  return quality === ClockQuality.drifting ? utcMs - DRIFT_MARGIN_MS : utcMs;
}

/** The time of day where a source that is there tells it, else null. */
export function trustedUtcAt(clock: UnitClock, nowMs: number): number | null {
  return qualityAt(clock, nowMs) >= ClockQuality.network ? utcAt(clock, nowMs) : null;
}
