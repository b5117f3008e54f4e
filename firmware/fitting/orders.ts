/** What the control room asks of the unit itself: done or refused, and the outcome told (CR-156). */
import { Command, Refusal } from '../../protocol/codes.js';
import { OUTCOME_TYPE } from '../../protocol/generated/outcome.js';
import { STATUS_TYPE } from '../../protocol/generated/status.js';
import { Pattern } from '../dispatch/patterns.js';
import { wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { play, selfTest } from './alarm-and-desk.js';
import { tell } from './news.js';
import { Task } from './task.js';

/** Time for the outcome to leave before a restart. */
export const REBOOT_AFTER_MS = 5000;

/** @rare */
export function obey(unit: Unit, command: number, counter: number, nowMs: number): void {
  tell(unit, OUTCOME_TYPE, counter, whatBecame(unit, command, nowMs), 0, 0);
}

/** @rare */
function whatBecame(unit: Unit, command: number, nowMs: number): number {
  if (command === Command.report) return report(unit, nowMs);
  const isKnown =
    command === Command.selfTest || command === Command.locate || command === Command.reboot;
  if (!isKnown) return Refusal.notSupported;
  // Each of them is heard, or silences the unit for a while.
  if (unit.desk.jobs.length > 0) return Refusal.jobOpen;
  if (command === Command.reboot) unit.restartAtMs = nowMs + REBOOT_AFTER_MS;
  else {
    const isDone = command === Command.locate ? play(unit, Pattern.locate) : selfTest(unit);
    if (!isDone) return Refusal.notSupported;
  }
  return Refusal.none;
}

/** @rare */
function report(unit: Unit, nowMs: number): number {
  tell(unit, STATUS_TYPE, 0, unit.crew.status, 0, 0);
  unit.bay.reportAtMs = nowMs;
  unit.tracker.reportAtMs = nowMs;
  wake(unit.tasks, Task.bay);
  wake(unit.tasks, Task.tracker);
  wake(unit.tasks, Task.health);
  return Refusal.none;
}
