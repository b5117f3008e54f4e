/** Counts what went wrong, and tells it. */
import { HEALTH_TYPE } from '../../protocol/generated/health.js';
import { healthReport } from '../reports.js';
import { addTask } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { send } from './news.js';

export const HEALTH_PERIOD_MS = 300000;

export function fitHealth(unit: Unit): void {
  const ports = unit.ports;
  ports.system.onUncaught(function () {
    unit.counts.uncaught++;
  });
  addTask(unit.tasks, function (nowMs) {
    const report = healthReport(
      ports.bytes,
      unit.clock,
      nowMs,
      unit.counts,
      unit.outbox.dropped,
      unit.tasks.late,
      ports.system.freeVariables(),
      unit.receiver,
    );
    send(unit, HEALTH_TYPE, report, false);
    return HEALTH_PERIOD_MS;
  });
  addTask(unit.tasks, function () {
    if (ports.system.takeExhausted()) unit.counts.exhaustions++;
    return 5000;
  });
}
