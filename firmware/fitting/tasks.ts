/** What the unit does by time, in the order in which it is done: nothing else may delay the alarm. */
import { runAlarm } from '../dispatch/alarm.js';
import { createTasks } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { beatDesk } from './alarm-and-desk.js';
import { beatBay } from './bay.js';
import { beatCrew } from './crew.js';
import { DISPLAY_PERIOD_MS, show } from './display.js';
import { HEALTH_PERIOD_MS, tellHealth } from './health.js';
import { keepLink } from './link.js';
import { beatLine, beatTracker } from './position.js';
import { Task } from './task.js';

/** @rare */
export function fitTasks(unit: Unit): void {
  const ports = unit.ports;
  // The display's comes last, so that a unit without one has one task less.
  const count = ports.display === null ? Task.display : Task.display + 1;
  const run = /* @__NOINLINE__ */ runner(unit);
  unit.tasks = createTasks(ports.clock, ports.system.kickWatchdog, count, run);
}

/**
 * (Apart, because what it gives keeps the scope in which it is made.)
 * @rare
 */
function runner(unit: Unit): (task: number, nowMs: number) => number {
  return function (task, nowMs) {
    if (task === Task.alarm) return runAlarm(unit.alarm, nowMs);
    return runOther(unit, task, nowMs);
  };
}

/** @rare */
function runOther(unit: Unit, task: number, nowMs: number): number {
  if (task === Task.crew) return beatCrew(unit, nowMs);
  if (task === Task.bay) return beatBay(unit, nowMs);
  if (task === Task.desk) return beatDesk(unit, nowMs);
  if (task === Task.tracker) return beatTracker(unit, nowMs);
  if (task === Task.line) return beatLine(unit, nowMs);
  if (task === Task.link) return keepLink(unit, nowMs);
  if (task === Task.look) return unit.look(nowMs);
  if (task === Task.health) {
    tellHealth(unit, nowMs);
    return HEALTH_PERIOD_MS;
  }
  show(unit, nowMs);
  return DISPLAY_PERIOD_MS;
}
