/**
 * When the position is reported: every 10 s while moving, every 60 s while parked, and at once
 * when the fix is lost or comes back. The loss of a fix is a report of its own, so that nobody
 * takes an old position for a new one.
 */
import { PositionReason } from '../../protocol/codes.js';
import type { GpsFix } from './receiver.js';

export const MOVING_PERIOD_MS = 10000;
export const PARKED_PERIOD_MS = 60000;
/** Without a fix for this long it is lost: a receiver gives one every second. */
export const FIX_LOST_MS = 5000;
/** Faster than this is moving; slower than PARKED_CM_PER_S is parked; between, as it was. */
export const MOVING_CM_PER_S = 200;
export const PARKED_CM_PER_S = 100;

export interface Tracker {
  fix: GpsFix | null;
  fixAtMs: number;
  hasFix: boolean;
  /** The fix came, or came back, and nobody was told yet. */
  gained: boolean;
  moving: boolean;
  reportAtMs: number;
  readonly onReport: (reason: number) => void;
}

export function createTracker(onReport: (reason: number) => void): Tracker {
  return {
    fix: null,
    fixAtMs: 0,
    hasFix: false,
    gained: false,
    moving: false,
    reportAtMs: 0,
    onReport: onReport,
  };
}

/** Takes a fix; true if a report became due with it. */
export function takeFix(tracker: Tracker, fix: GpsFix, nowMs: number): boolean {
  const speed = fix.speedCmPerS;
  let dueMs = tracker.reportAtMs;
  tracker.fix = fix;
  tracker.fixAtMs = nowMs;
  if (speed !== null && speed < PARKED_CM_PER_S) tracker.moving = false;
  if (speed !== null && speed > MOVING_CM_PER_S && !tracker.moving) {
    tracker.moving = true;
    dueMs = Math.min(dueMs, nowMs + MOVING_PERIOD_MS);
  }
  if (!tracker.hasFix) {
    tracker.hasFix = true;
    tracker.gained = true;
    dueMs = nowMs;
  }
  const isSooner = dueMs < tracker.reportAtMs || tracker.gained;
  tracker.reportAtMs = dueMs;
  return isSooner;
}

/** Reports what is due; gives the milliseconds until it wants to be called again. */
export function runTracker(tracker: Tracker, nowMs: number): number {
  if (tracker.hasFix && nowMs - tracker.fixAtMs >= FIX_LOST_MS) {
    tracker.hasFix = false;
    tracker.moving = false;
    report(tracker, PositionReason.fixLost, nowMs);
  } else if (tracker.gained) {
    report(tracker, PositionReason.fixGained, nowMs);
  } else if (nowMs >= tracker.reportAtMs) {
    const first = tracker.reportAtMs === 0;
    report(tracker, first ? PositionReason.started : PositionReason.periodic, nowMs);
  }
  const lostInMs = tracker.fixAtMs + FIX_LOST_MS - nowMs;
  const reportInMs = tracker.reportAtMs - nowMs;
  return tracker.hasFix ? Math.min(lostInMs, reportInMs) : reportInMs;
}

/** @rare */
function report(tracker: Tracker, reason: number, nowMs: number): void {
  tracker.gained = false;
  tracker.reportAtMs = nowMs + (tracker.moving ? MOVING_PERIOD_MS : PARKED_PERIOD_MS);
  tracker.onReport(reason);
}
