/**
 * When the position is reported: by time, faster on the way to a job; when the vehicle has come far
 * or turned; when it stops or starts; and at once when the fix is lost or comes back. The loss of a
 * fix is a report of its own, so that nobody takes an old position for a new one.
 */
import { PositionReason } from '../../protocol/codes.js';
import type { GpsFix } from './receiver.js';

/** Without a fix for so many of the receiver's periods it is lost. */
export const LOST_AFTER_PERIODS = 5;
/** Faster than this is moving; slower than PARKED_CM_PER_S is parked; between, as it was. */
export const MOVING_CM_PER_S = 200;
export const PARKED_CM_PER_S = 100;
/** So many fixes in a row must say so: one that jumps is jitter. */
export const AGREEING_FIXES = 3;
/** Shortest time between two reports because of distance or turn. */
export const LEAST_GAP_MS = 2000;
/** A fix with fewer satellites, or worse geometry, places the vehicle in another street. */
export const LEAST_SATELLITES = 4;
export const WORST_HDOP_CENTI = 1000;

/** A metre north in 1e-7 degree: a degree of latitude is 111.2 km. */
const E7_PER_M = 89.93;
const RADIANS_PER_E7 = 1.7453292519943295e-9;

/** What the settings say of it; a Config has it. */
export interface Rates {
  readonly parkedPeriodS: number;
  readonly patrolPeriodS: number;
  readonly enRoutePeriodS: number;
  readonly reportDistanceM: number;
  readonly turnDeg: number;
}

export interface Tracker {
  rates: Rates;
  /** Without a fix for so long it is lost. */
  readonly fixLostMs: number;
  /** On the way to a job: set by whoever knows. */
  isEnRoute: boolean;
  /** What the receiver gave last, good enough or not. */
  newest: GpsFix | null;
  /** The last that was good enough. */
  fix: GpsFix | null;
  fixAtMs: number;
  hasFix: boolean;
  /** The fix came, or came back, and nobody was told yet. */
  gained: boolean;
  moving: boolean;
  /** Fixes in a row that contradict `moving`. */
  against: number;
  /** Why a report is due now (PositionReason); 0 if none is. */
  due: number;
  reportAtMs: number;
  /** What was reported last, and when. */
  toldLatitudeE7: number;
  toldLongitudeE7: number;
  toldCourseCentiDeg: number | null;
  toldAtMs: number;
  readonly onReport: (reason: number) => void;
}

/** @param fixPeriodS from fix to fix of the receiver */
export function createTracker(
  rates: Rates,
  fixPeriodS: number,
  onReport: (reason: number) => void,
): Tracker {
  return {
    rates: rates,
    fixLostMs: fixPeriodS * 1000 * LOST_AFTER_PERIODS,
    isEnRoute: false,
    newest: null,
    fix: null,
    fixAtMs: 0,
    hasFix: false,
    gained: false,
    moving: false,
    against: 0,
    due: 0,
    reportAtMs: 0,
    toldLatitudeE7: 0,
    toldLongitudeE7: 0,
    toldCourseCentiDeg: null,
    toldAtMs: 0,
    onReport: onReport,
  };
}

/** Takes a fix; true if a report became due with it. One that is too poor counts as none. */
export function takeFix(tracker: Tracker, fix: GpsFix, nowMs: number): boolean {
  tracker.newest = fix;
  const satellites = fix.satellites;
  const hdopCenti = fix.hdopCenti;
  const isPoor =
    (satellites !== null && satellites < LEAST_SATELLITES) ||
    (hdopCenti !== null && hdopCenti > WORST_HDOP_CENTI);
  if (isPoor) return false;
  tracker.fix = fix;
  tracker.fixAtMs = nowMs;
  if (!tracker.hasFix) {
    tracker.hasFix = true;
    tracker.gained = true;
  }
  const speed = fix.speedCmPerS;
  const contradicts =
    speed !== null && (tracker.moving ? speed < PARKED_CM_PER_S : speed > MOVING_CM_PER_S);
  tracker.against = contradicts ? tracker.against + 1 : 0;
  if (tracker.against >= AGREEING_FIXES) {
    tracker.moving = !tracker.moving;
    tracker.against = 0;
    tracker.due = tracker.moving ? PositionReason.periodic : PositionReason.stopped;
  } else if (tracker.moving && tracker.due === 0 && nowMs - tracker.toldAtMs >= LEAST_GAP_MS) {
    tracker.due = whyFar(tracker, fix);
  }
  return tracker.gained || tracker.due !== 0;
}

/** PositionReason.distance or .turned if the vehicle has come far from what was told, else 0. */
function whyFar(tracker: Tracker, fix: GpsFix): number {
  const north = fix.latitudeE7 - tracker.toldLatitudeE7;
  const east =
    (fix.longitudeE7 - tracker.toldLongitudeE7) * Math.cos(fix.latitudeE7 * RADIANS_PER_E7);
  const far = tracker.rates.reportDistanceM * E7_PER_M;
  if (north * north + east * east >= far * far) return PositionReason.distance;
  const course = fix.courseCentiDeg;
  const before = tracker.toldCourseCentiDeg;
  if (course === null || before === null) return 0;
  const turned = Math.abs(course - before);
  const turnedDeg = Math.min(turned, 36000 - turned) / 100;
  return turnedDeg >= tracker.rates.turnDeg ? PositionReason.turned : 0;
}

/** Reports what is due; gives the milliseconds until it wants to be called again. */
export function runTracker(tracker: Tracker, nowMs: number): number {
  if (tracker.hasFix && nowMs - tracker.fixAtMs >= tracker.fixLostMs) {
    tracker.hasFix = false;
    tracker.moving = false;
    tracker.against = 0;
    report(tracker, PositionReason.fixLost, nowMs);
  } else if (tracker.gained) {
    report(tracker, PositionReason.fixGained, nowMs);
  } else if (tracker.due !== 0) {
    report(tracker, tracker.due, nowMs);
  } else if (nowMs >= tracker.reportAtMs) {
    const first = tracker.reportAtMs === 0;
    report(tracker, first ? PositionReason.started : PositionReason.periodic, nowMs);
  }
  const lostInMs = tracker.fixAtMs + tracker.fixLostMs - nowMs;
  const reportInMs = tracker.reportAtMs - nowMs;
  return tracker.hasFix ? Math.min(lostInMs, reportInMs) : reportInMs;
}

/**
 * The crew is on its way to a job, or no longer: the next report follows at that rate.
 * @rare
 */
export function setEnRoute(tracker: Tracker, isEnRoute: boolean, nowMs: number): void {
  tracker.isEnRoute = isEnRoute;
  tracker.reportAtMs = Math.min(tracker.reportAtMs, nowMs + periodMs(tracker));
}

/** @rare */
function periodMs(tracker: Tracker): number {
  const rates = tracker.rates;
  if (tracker.isEnRoute) return rates.enRoutePeriodS * 1000;
  return (tracker.moving ? rates.patrolPeriodS : rates.parkedPeriodS) * 1000;
}

/** @rare */
function report(tracker: Tracker, reason: number, nowMs: number): void {
  tracker.gained = false;
  tracker.due = 0;
  const fix = tracker.fix;
  if (fix !== null) {
    tracker.toldLatitudeE7 = fix.latitudeE7;
    tracker.toldLongitudeE7 = fix.longitudeE7;
    tracker.toldCourseCentiDeg = fix.courseCentiDeg;
  }
  tracker.toldAtMs = nowMs;
  tracker.reportAtMs = nowMs + periodMs(tracker);
  tracker.onReport(reason);
}
