/**
 * Whether the AED is ready, from all that is seen of it. No sensor can tell that an AED will work:
 * ready is that no fault was seen, and says when it was looked at. Unknown is never ready.
 */
import { AedMount, AedReason, Presence, Readiness } from '../../protocol/codes.js';
import type { Bay } from './bay.js';
import { judgeExpiry } from './expiry.js';
import { judgeIndicator } from './indicator.js';
import { judgeTemperature } from './temperature.js';

/** Not to be relied on. */
export const FAULTS =
  AedReason.dark |
  AedReason.steady |
  AedReason.padsExpired |
  AedReason.batteryExpired |
  AedReason.usedNotRestocked |
  AedReason.dose;

/** Somebody is to do something about it. */
export const ATTENTIONS =
  AedReason.cold |
  AedReason.hot |
  AedReason.nearLimit |
  AedReason.padsDue |
  AedReason.batteryDue |
  AedReason.tagMismatch |
  AedReason.away;

/** How long it counts that a person looked at the AED, where no sensor does. */
export const CHECK_VALID_MS = 86400000;

/** @param isChecked a person has looked at it, where no sensor does */
export function readinessOf(presence: number, reasons: number, isChecked: boolean): number {
  if (presence !== Presence.present) return Readiness.unknown;
  if (reasons & FAULTS) return Readiness.fault;
  if (reasons & ATTENTIONS) return Readiness.attention;
  return reasons === (isChecked ? AedReason.notSensed : 0) ? Readiness.ready : Readiness.unknown;
}

/** @param ownReasons what the bay itself has to say */
export function judgeBay(bay: Bay, ownReasons: number, nowMs: number, utcMs: number | null): void {
  const config = bay.config;
  const isBracket = config.aedMount === AedMount.bracket;
  const isKnown = bay.presence !== Presence.unknown;
  const indicator = bay.indicator;
  const temperature = bay.temperature;
  let lamp: number = AedReason.notSensed;
  if (isBracket) lamp = judgeIndicator(indicator, bay.profile, nowMs);
  // Without an AED in front of it, the sensor tells nothing.
  if (bay.presence !== Presence.present) lamp &= AedReason.notSensed;
  const checkedAtMs = bay.checkedAtMs;
  const isChecked =
    lamp === AedReason.notSensed && checkedAtMs !== null && nowMs - checkedAtMs < CHECK_VALID_MS;
  const around = judgeTemperature(temperature, bay.profile, nowMs);
  const dates = judgeExpiry(config.padsExpireAt, config.batteryExpireAt, utcMs, bay.reasons);
  bay.reasons = ownReasons | lamp | around | dates | (isKnown ? 0 : AedReason.sensorStale);
  bay.readiness = readinessOf(bay.presence, bay.reasons, isChecked);
  // The switch is watched all the time: what it says, it says now.
  let seenAtMs = isBracket || bay.sinceMs === null ? nowMs : bay.sinceMs;
  const lookedAtMs = isChecked ? checkedAtMs : lamp === 0 ? indicator.sureAtMs : null;
  if (lookedAtMs !== null) seenAtMs = Math.min(seenAtMs, lookedAtMs);
  if (temperature.deciC !== null && temperature.readAtMs !== null) {
    seenAtMs = Math.min(seenAtMs, temperature.readAtMs);
  }
  bay.seenAtMs = isKnown ? seenAtMs : null;
}
