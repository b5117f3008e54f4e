/** Makes the unit's messages from what its parts know. Each gives the encoded body. */
import type { Bytes } from '../protocol/bytes.js';
import { ClockQuality, Fix, Refusal } from '../protocol/codes.js';
import { encodeAed } from '../protocol/generated/aed.js';
import { encodeBirth } from '../protocol/generated/birth.js';
import { encodeHealth } from '../protocol/generated/health.js';
import { encodePosition } from '../protocol/generated/position.js';
import { RECEIPT_TYPE, encodeReceipt } from '../protocol/generated/receipt.js';
import { encodeResponse } from '../protocol/generated/response.js';
import { MAX_U32 } from '../protocol/limits.js';
import type { UnitSettings } from '../protocol/settings.js';
import { bayReadiness, bayReasons, type Bay } from './aed/bay.js';
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
  configVersion?: number,
): string {
  return encodeBirth(
    {
      birthCounter: birthCounter,
      heardCounter: heardCounter,
      configVersion: configVersion || 0,
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
  /** RECEIPT_TYPE or RESPONSE_TYPE. */
  readonly type: number;
  readonly dispatchId: number;
  /** A Step, or an Answer. */
  readonly code: number;
  /** A Refusal, or a DeclineReason. */
  readonly reason: number;
  readonly elapsedMs: number;
  /** When it happened, by the clock that never jumps. */
  readonly atMs: number;
  /** How far the unit's clock could be trusted then: a ClockQuality. */
  readonly clock: number;
}

export function newsReport(bytes: Bytes, clock: UnitClock, news: News): string {
  // Receipt and response: each encoder takes what is its own.
  const message = {
    dispatchId: news.dispatchId,
    step: news.code,
    answer: news.code,
    refusal: news.reason,
    reason: news.reason,
    elapsedMs: ageMs(news.elapsedMs),
    // A time that was learnt since does not make up for what was judged without one (CR-096).
    at: news.clock === ClockQuality.unknown ? null : utcAt(clock, news.atMs),
    clock: news.clock,
  };
  return news.type === RECEIPT_TYPE
    ? encodeReceipt(message, bytes)
    : encodeResponse(message, bytes);
}

export function aedReport(bytes: Bytes, clock: UnitClock, nowMs: number, bay: Bay): string {
  return encodeAed(
    {
      presence: bay.presence,
      readiness: bayReadiness(),
      reasons: bayReasons(bay),
      // The switch is watched all the time: what it says, it says now.
      seenMsAgo: bay.presence === 0 ? null : 0,
      temperatureDeciC: null,
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
      recoveries: 0,
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
