/** Makes the unit's messages from what its parts know. Each gives the encoded body. */
import type { Bytes } from '../protocol/bytes.js';
import { ClockQuality, Fix, PositionReason, Refusal } from '../protocol/codes.js';
import { encodeAed } from '../protocol/generated/aed.js';
import { encodeBirth } from '../protocol/generated/birth.js';
import { encodeHealth } from '../protocol/generated/health.js';
import { OUTCOME_TYPE, encodeOutcome } from '../protocol/generated/outcome.js';
import { encodePosition } from '../protocol/generated/position.js';
import { RECEIPT_TYPE, encodeReceipt } from '../protocol/generated/receipt.js';
import { RESPONSE_TYPE, encodeResponse } from '../protocol/generated/response.js';
import { STATUS_TYPE, encodeStatus } from '../protocol/generated/status.js';
import { MAX_U32 } from '../protocol/limits.js';
import type { UnitSettings } from '../protocol/settings.js';
import type { Bay } from './aed/bay.js';
import type { Point } from './position/backlog.js';
import type { GpsFix, Receiver } from './position/receiver.js';
import type { Tracker } from './position/tracker.js';
import { qualityAt, utcAt, type UnitClock } from './time/unit-clock.js';
import { FIRMWARE_VERSION } from './version.js';

export function birthReport(
  bytes: Bytes,
  clock: UnitClock,
  nowMs: number,
  settings: UnitSettings,
  birthCounter: number,
  heardCounter: number,
  board: string,
  configVersion: number,
): string {
  return encodeBirth(
    {
      birthCounter: birthCounter,
      heardCounter: heardCounter,
      configVersion: configVersion,
      unitKind: settings.kind,
      at: utcAt(clock, nowMs),
      clock: qualityAt(clock, nowMs),
      callSign: settings.callSign,
      firmware: FIRMWARE_VERSION,
      board: board,
    },
    bytes,
  );
}

/** A step of a dispatch or an answer of the crew, on its way to the control room. */
export interface News {
  /** RECEIPT_TYPE, RESPONSE_TYPE, STATUS_TYPE or OUTCOME_TYPE. */
  readonly type: number;
  /** Of the dispatch; of an outcome the counter of what it answers; else 0. */
  readonly dispatchId: number;
  /** A Step, an Answer, a CrewStatus, or what became of an order: a Refusal. */
  readonly code: number;
  /** A Refusal, or a DeclineReason. */
  readonly reason: number;
  readonly elapsedMs: number;
  /** When it happened, by the clock that never jumps. */
  readonly atMs: number;
  /** How far the unit's clock could be trusted then: a ClockQuality. */
  readonly clock: number;
}

/** @rare */
export function newsReport(bytes: Bytes, clock: UnitClock, news: News): string {
  // Each encoder takes what is its own.
  const message = {
    dispatchId: news.dispatchId,
    counter: news.dispatchId,
    status: news.code,
    step: news.code,
    answer: news.code,
    refusal: news.type === OUTCOME_TYPE ? news.code : news.reason,
    reason: news.reason,
    elapsedMs: ageMs(news.elapsedMs),
    // A time that was learnt since does not make up for what was judged without one (CR-096).
    at: news.clock === ClockQuality.unknown ? null : utcAt(clock, news.atMs),
    clock: news.clock,
  };
  if (news.type === RECEIPT_TYPE) return encodeReceipt(message, bytes);
  if (news.type === RESPONSE_TYPE) return encodeResponse(message, bytes);
  return news.type === STATUS_TYPE ? encodeStatus(message, bytes) : encodeOutcome(message, bytes);
}

export function aedReport(bytes: Bytes, clock: UnitClock, nowMs: number, bay: Bay): string {
  return encodeAed(
    {
      presence: bay.presence,
      readiness: bay.readiness,
      reasons: bay.reasons,
      seenMsAgo: bay.seenAtMs === null ? null : ageMs(nowMs - bay.seenAtMs),
      temperatureDeciC: bay.temperature.deciC,
      at: utcAt(clock, nowMs),
      clock: qualityAt(clock, nowMs),
    },
    bytes,
  );
}

export function positionReport(
  bytes: Bytes,
  clock: UnitClock,
  nowMs: number,
  tracker: Tracker,
  reason: number,
): string {
  const fix: Partial<GpsFix> = tracker.hasFix && tracker.fix !== null ? tracker.fix : {};
  return encodePosition(
    {
      fix: fix.kind || Fix.none,
      reason: reason,
      latitudeE7: known(fix.latitudeE7),
      longitudeE7: known(fix.longitudeE7),
      speedCmPerS: known(fix.speedCmPerS),
      courseCentiDeg: known(fix.courseCentiDeg),
      altitudeDm: known(fix.altitudeDm),
      satellites: known(fix.satellites),
      hdopCenti: known(fix.hdopCenti),
      fixAgeMs: tracker.fix === null ? null : ageMs(nowMs - tracker.fixAtMs),
      at: utcAt(clock, nowMs),
      clock: qualityAt(clock, nowMs),
    },
    bytes,
  );
}

/**
 * Where a station stands (L1): as configured, and of no age.
 * @rare
 */
export function placeReport(
  bytes: Bytes,
  clock: UnitClock,
  nowMs: number,
  latitudeE7: number,
  longitudeE7: number,
): string {
  return placed(
    bytes,
    Fix.surveyed,
    PositionReason.periodic,
    clock,
    nowMs,
    latitudeE7,
    longitudeE7,
  );
}

/**
 * Where the unit was while nobody could be told (CR-088).
 * @rare
 */
export function missedReport(bytes: Bytes, clock: UnitClock, point: Point): string {
  return placed(
    bytes,
    Fix.gps,
    PositionReason.missed,
    clock,
    point.atS * 1000,
    point.latitudeE7,
    point.longitudeE7,
  );
}

/** @rare */
function placed(
  bytes: Bytes,
  fix: number,
  reason: number,
  clock: UnitClock,
  atMs: number,
  latitudeE7: number,
  longitudeE7: number,
): string {
  return encodePosition(
    {
      fix: fix,
      reason: reason,
      latitudeE7: latitudeE7,
      longitudeE7: longitudeE7,
      speedCmPerS: null,
      courseCentiDeg: null,
      altitudeDm: null,
      satellites: null,
      hdopCenti: null,
      fixAgeMs: 0,
      at: utcAt(clock, atMs),
      clock: qualityAt(clock, atMs),
    },
    bytes,
  );
}

export interface Counts {
  /** Refused messages, by Refusal; nothing where there was none. */
  readonly refused: number[];
  connections: number;
  uncaught: number;
  exhaustions: number;
  /** A RestartCause. */
  restartCause: number;
  /** Bits of Exhaustion, as of the last time, also of a run before. */
  ranOut: number;
  failedBoots: number;
}

/** Where messages are counted that proved themselves and have none of the codes that health tells. */
const MALFORMED = 0;

/** @rare */
export function countRefusal(refused: number[], code: number): void {
  const isTold =
    code > Refusal.trailingBytes || code === Refusal.tooLong || code === Refusal.wrongVersion;
  const at = isTold ? code : MALFORMED;
  refused[at] = (refused[at] || 0) + 1;
}

/** @rare */
export function healthReport(
  bytes: Bytes,
  clock: UnitClock,
  nowMs: number,
  counts: Counts,
  recoveries: number,
  dropped: number,
  late: number,
  freeVariables: number | null,
  receiver: Receiver,
): string {
  const refused = counts.refused;
  return encodeHealth(
    {
      uptimeS: Math.floor(nowMs / 1000),
      freeVariables: freeVariables,
      refusedTooLong: count(refused[Refusal.tooLong]),
      refusedWrongVersion: count(refused[Refusal.wrongVersion]),
      refusedNotSealed: count(refused[Refusal.notSealed]),
      refusedUnknownKey: count(refused[Refusal.unknownKey]),
      refusedBadTag: count(refused[Refusal.badTag]),
      refusedReplayed: count(refused[Refusal.replayed]),
      refusedStale: count(refused[Refusal.stale]),
      refusedFromFuture: count(refused[Refusal.fromFuture]),
      refusedWrongUnit: count(refused[Refusal.wrongUnit]),
      refusedWrongDirection: count(refused[Refusal.wrongDirection]),
      refusedMalformed: count(refused[MALFORMED]),
      droppedMessages: count(dropped),
      connections: count(counts.connections),
      recoveries: count(recoveries),
      uncaughtErrors: count(counts.uncaught),
      exhaustions: count(counts.exhaustions),
      lateTasks: count(late),
      badChecksums: count(receiver.badChecksums),
      badSentences: count(receiver.badSentences),
      restartCause: counts.restartCause,
      ranOut: counts.ranOut,
      failedBoots: counts.failedBoots,
      at: utcAt(clock, nowMs),
      clock: qualityAt(clock, nowMs),
    },
    bytes,
  );
}

/** @rare */
function known(value: number | null | undefined): number | null {
  return value === undefined ? null : value;
}

/** @rare */
function count(value: number | undefined): number {
  return Math.min(value || 0, 0xffff);
}

/** @rare */
function ageMs(value: number): number {
  return Math.min(Math.floor(value), MAX_U32);
}
