/** Pads and battery fail by date, while the AED's own lamp still says that all is well. */
import { AedReason } from '../../protocol/codes.js';

/** So long before, somebody is to order new ones: 60 days. */
export const DUE_BEFORE_MS = 5184000000;

/** All that a date can be a reason for. */
export const EXPIRY_REASONS =
  AedReason.padsDue | AedReason.padsExpired | AedReason.batteryDue | AedReason.batteryExpired;

/**
 * A set of AedReason bits.
 * @param utcMs the time of day; while nobody knows it, what was true `before` stays
 * @param before what was said before: no date passes twice
 */
export function judgeExpiry(
  padsExpireAt: number | null,
  batteryExpireAt: number | null,
  utcMs: number | null,
  before: number,
): number {
  if (utcMs === null) return before & EXPIRY_REASONS;
  const pads = passed(padsExpireAt, utcMs, AedReason.padsDue, AedReason.padsExpired);
  return pads | passed(batteryExpireAt, utcMs, AedReason.batteryDue, AedReason.batteryExpired);
}

/** @rare */
function passed(expireAt: number | null, utcMs: number, due: number, expired: number): number {
  if (expireAt === null || utcMs < expireAt - DUE_BEFORE_MS) return 0;
  return utcMs < expireAt ? due : expired;
}
