/**
 * The unit looks after itself: what went wrong is counted, kept where it has to outlive a restart,
 * and told; what can be mended is mended in stages, of which the last is to restart.
 */
import { Exhaustion, RestartCause } from '../../protocol/codes.js';
import { HEALTH_TYPE } from '../../protocol/generated/health.js';
import { keptState } from '../link/kept.js';
import { shed } from '../link/outbox.js';
import { CloseReason, Phase, closeSession } from '../link/session.js';
import { healthReport } from '../reports.js';
import { readRecord, writeRecord } from '../store/records.js';
import { wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { lookAtBay } from './bay.js';
import { RESERVE_VARIABLES } from './link.js';
import { send } from './news.js';
import { runSettings } from './settings.js';
import { Task } from './task.js';

export const HEALTH_PERIOD_MS = 300000;
export const LOOK_PERIOD_MS = 5000;
/**
 * A bundle has run well when it has a session with the broker and no task was abandoned before, so
 * that power that fails again soon is not taken for its fault; or when none was for so long.
 */
export const CONFIRM_AFTER_MS = 20000;
/** A task that is late for this long will not beat again. The watchdog would come later, mute. */
export const LATE_PATIENCE_MS = 60000;
/** Memory short for this long: what the link holds is let go, and after twice the time everything. */
export const MEMORY_PATIENCE_MS = 300000;

/** Why the unit restarted itself, and what ran out last: `cause,bits`. */
export const RESTART_RECORD = 'restart';
/** The loader's count of boots (`loader/loader.ts`). */
const BOOT_FILE = 'boot';
const LOADER_PATIENCE = 3;

/**
 * What flash knows of runs before this one.
 * @rare
 */
function recall(unit: Unit): void {
  const kept = (readRecord(unit.records, RESTART_RECORD) || '0,0').split(',');
  unit.counts.restartCause = Number(kept[0]);
  unit.counts.ranOut = Number(kept[1]);
  unit.counts.failedBoots = failedBoots(unit.ports.store.read(BOOT_FILE) || '');
}

/** @rare */
export function tellHealth(unit: Unit, nowMs: number): void {
  const ports = unit.ports;
  const report = healthReport(
    ports.bytes,
    unit.clock,
    nowMs,
    unit.counts,
    unit.link.recoveries,
    unit.outbox.dropped + unit.backlog.thinned,
    unit.tasks.late,
    ports.system.freeVariables(true),
    unit.receiver,
  );
  send(unit, HEALTH_TYPE, report, false);
}

/** @rare */
export function fitHealth(unit: Unit): void {
  const ports = unit.ports;
  const counts = unit.counts;
  recall(unit);
  let keptBits = counts.ranOut;
  let isCauseKept = counts.restartCause !== RestartCause.powerOn;
  let isConfirmed = false;
  const startedAtMs = unit.tasks.brokenAtMs;
  let stackRanOut = false;
  let shortSinceMs: number | null = null;
  ports.system.onUncaught(function (isOutOfStack) {
    counts.uncaught++;
    wake(unit.tasks, Task.look);
    if (isOutOfStack) stackRanOut = true;
  });
  unit.look = function (nowMs) {
    const bits = ports.system.takeExhausted() | (stackRanOut ? Exhaustion.stack : 0);
    stackRanOut = false;
    if (bits !== 0) {
      // What is from before the restart was told; from now on it is this run's.
      counts.ranOut = counts.exhaustions++ === 0 ? bits : counts.ranOut | bits;
      // A watch whose callback was abandoned is gone, and with it a button.
      ports.inputs.watchAgain();
      lookAtBay(unit);
      // So is a socket's: the link would be deaf until it misses an answer.
      if ((bits & Exhaustion.listener) !== 0) closeSession(unit.session, CloseReason.abandoned);
    }
    // The cause is told once. Bits are written once a run, so that flash does not wear.
    if (isCauseKept || (counts.ranOut & ~keptBits) !== 0) {
      if (keep(unit, RestartCause.powerOn)) {
        isCauseKept = false;
        keptBits |= counts.ranOut;
      }
    }
    const brokenAtMs = unit.tasks.brokenAtMs;
    const isWell =
      (unit.session.phase === Phase.open && brokenAtMs === startedAtMs) ||
      nowMs - brokenAtMs >= CONFIRM_AFTER_MS;
    if (!isConfirmed && isWell) isConfirmed = confirmBoot(unit);
    const lateSinceMs = unit.tasks.lateSinceMs;
    if (lateSinceMs !== null && nowMs - lateSinceMs >= LATE_PATIENCE_MS) {
      restart(unit, shortSinceMs === null ? RestartCause.tasks : RestartCause.memory);
    }
    if (unit.restartAtMs !== 0 && nowMs >= unit.restartAtMs && isAtRest(unit)) {
      restart(unit, RestartCause.command);
    }
    runSettings(unit, nowMs);
    const free = ports.system.freeVariables(true);
    if (unit.alarm.on || (free !== null && free >= RESERVE_VARIABLES)) shortSinceMs = null;
    else if (free !== null) {
      if (shortSinceMs === null) shortSinceMs = nowMs;
      mendMemory(unit, nowMs - shortSinceMs);
    }
    return LOOK_PERIOD_MS;
  };
}

/**
 * Boots in a row before this one that were not confirmed.
 * @rare
 */
function failedBoots(boot: string): number {
  const ofThis = (Number(boot.charAt(1)) || 1) - 1;
  return boot.length > 2 ? ofThis + LOADER_PATIENCE : ofThis;
}

/**
 * Tells the loader that this bundle runs well; true if it knows.
 * @rare
 */
function confirmBoot(unit: Unit): boolean {
  const boot = unit.ports.store.read(BOOT_FILE);
  if (!boot || boot.charAt(1) === '0') return true;
  return unit.ports.store.write(BOOT_FILE, boot.charAt(0) + '0' + boot.substr(2));
}

/**
 * Memory has been short for so long, and nothing sounds.
 * @rare
 */
function mendMemory(unit: Unit, forMs: number): void {
  if (forMs >= 2 * MEMORY_PATIENCE_MS) restart(unit, RestartCause.memory);
  else if (forMs >= MEMORY_PATIENCE_MS && forMs < MEMORY_PATIENCE_MS + LOOK_PERIOD_MS) {
    closeSession(unit.session, CloseReason.abandoned);
  } else shed(unit.outbox);
}

/**
 * No dispatch is open, and what was said has been told: also that the unit is to restart (CR-157).
 * @rare
 */
function isAtRest(unit: Unit): boolean {
  return unit.desk.jobs.length === 0 && keptState(unit.outbox) === 0;
}

/** @rare */
function keep(unit: Unit, cause: number): boolean {
  return writeRecord(unit.records, RESTART_RECORD, cause + ',' + unit.counts.ranOut);
}

/** @rare */
function restart(unit: Unit, cause: number): void {
  // What must not be lost is in flash. The rest makes room for the word that is left behind.
  closeSession(unit.session, CloseReason.abandoned);
  shed(unit.outbox);
  unit.ports.system.tidy();
  keep(unit, cause);
  unit.ports.system.restart();
}
