/** The receiver's fixes set the clock and move the tracker, which says when to report. */
import { ClockQuality } from '../../protocol/codes.js';
import type { Config } from '../../protocol/generated/config.js';
import { POSITION_TYPE } from '../../protocol/generated/position.js';
import { MAX_COUNTER_AHEAD_S } from '../../protocol/limits.js';
import { closeEpoch, createReceiver, feedReceiver, isWhole } from '../position/receiver.js';
import { createTracker, runTracker, takeFix } from '../position/tracker.js';
import { missPosition, takePoint } from '../position/backlog.js';
import { Phase } from '../link/session.js';
import { missedReport, placeReport, positionReport } from '../reports.js';
import { REST_MS, keepBeating, wake } from '../time/tasks.js';
import { learnTime } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { send } from './news.js';
import { Task } from './task.js';

/**
 * What the line kept while something blocked comes as one long string: taken in parts, it needs
 * no memory beside its own.
 */
export const MAX_CHUNK_CHARS = 128;

/** Silent for this long, a receiver that gives only one kind of sentence has ended its epoch. */
const SILENCE_MS = 500;

/** Silent for so many times as long as loses its fix, the receiver is listened to anew. */
export const LISTEN_AGAIN_LOSSES = 2;

/** @rare */
export function fitPosition(unit: Unit): void {
  const ports = unit.ports;
  const fixPeriodS = unit.settings.fixPeriodS || 1;
  unit.tracker = createTracker(unit.keeper.config, fixPeriodS, function (reason) {
    tellPosition(unit, reason);
  });
  unit.receiver = createReceiver(ports.bytes, function (fix) {
    if (fix === null) return;
    const nowMs = ports.clock.nowMs();
    if (fix.utcMs !== null && isPlausible(unit, fix.utcMs)) {
      learnTime(unit.clock, fix.utcMs, ClockQuality.gps, nowMs);
    }
    if (isStation(unit.keeper.config)) return;
    if (takeFix(unit.tracker, fix, nowMs)) wake(unit.tasks, Task.tracker);
  });
  unit.hear = function (bytes) {
    keepBeating(unit.tasks, ports.clock.nowMs());
    unit.heardPieces++;
    for (let at = 0; at < bytes.length; at += MAX_CHUNK_CHARS) {
      feedReceiver(unit.receiver, bytes.substr(at, MAX_CHUNK_CHARS));
    }
  };
  ports.gps.onData(unit.hear);
}

/** @rare */
export function beatTracker(unit: Unit, nowMs: number): number {
  const delayMs = runTracker(unit.tracker, nowMs);
  if (unit.backlog.points !== '') tellMissed(unit);
  return delayMs;
}

/**
 * An epoch of a receiver that gives only one kind of sentence ends with the silence after it.
 * @rare
 */
export function beatLine(unit: Unit, nowMs: number): number {
  if (unit.heardPieces === 0) closeEpoch(unit.receiver);
  else unit.lineHeardAtMs = nowMs;
  unit.heardPieces = 0;
  if (nowMs - unit.lineHeardAtMs >= LISTEN_AGAIN_LOSSES * unit.tracker.fixLostMs) {
    unit.lineHeardAtMs = nowMs;
    unit.ports.gps.onData(unit.hear);
  }
  return isWhole(unit.receiver) ? REST_MS : SILENCE_MS;
}

/**
 * A station stands where it stands: it has no use for a receiver but its time, and no fault without
 * one (L1).
 * @rare
 */
function isStation(config: Config): config is Config & Place {
  return config.latitudeE7 !== null && config.longitudeE7 !== null;
}

interface Place {
  latitudeE7: number;
  longitudeE7: number;
}

/**
 * A report of the position is due.
 * @rare
 */
function tellPosition(unit: Unit, reason: number): void {
  const nowMs = unit.ports.clock.nowMs();
  const tracker = unit.tracker;
  const config = unit.keeper.config;
  const bytes = unit.ports.bytes;
  let report: string;
  if (isStation(config)) {
    report = placeReport(bytes, unit.clock, nowMs, config.latitudeE7, config.longitudeE7);
  } else {
    const fix = tracker.fix;
    if (unit.session.phase !== Phase.open && tracker.hasFix && fix !== null) {
      missPosition(unit.backlog, nowMs / 1000, fix.latitudeE7, fix.longitudeE7);
      return;
    }
    report = positionReport(bytes, unit.clock, nowMs, tracker, reason);
  }
  send(unit, POSITION_TYPE, report, false);
}

/**
 * One position of the time when nobody could be told, as soon as nothing else waits.
 * @rare
 */
function tellMissed(unit: Unit): void {
  if (unit.session.phase !== Phase.open || unit.outbox.waiting.length > 0) return;
  const point = takePoint(unit.backlog);
  if (point === null) return;
  send(unit, POSITION_TYPE, missedReport(unit.ports.bytes, unit.clock, point), false);
}

/**
 * A receiver whose week number has run over is 1024 weeks behind. The control room's counters
 * follow the time (SPEC CR-110), and the time cannot be before the newest that was taken.
 */
function isPlausible(unit: Unit, utcMs: number): boolean {
  return utcMs / 1000 > unit.inbox.window.newest - MAX_COUNTER_AHEAD_S;
}
