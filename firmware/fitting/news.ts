/** What the parts have to say to the control room, on its way into the outbox. */
import { post } from '../link/outbox.js';
import { wake } from '../time/tasks.js';
import { qualityAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { Task } from './task.js';

/** Most steps and answers that wait to be put into the outbox; more are dropped and counted. */
export const MAX_NEWS = 8;

/**
 * Notes a step or an answer, to be sent as soon as what is more urgent is done.
 * @rare
 */
export function tell(
  unit: Unit,
  type: number,
  dispatchId: number,
  code: number,
  reason: number,
  elapsedMs: number,
): void {
  if (unit.news.length >= MAX_NEWS) {
    unit.outbox.dropped++;
    return;
  }
  const nowMs = unit.ports.clock.nowMs();
  unit.news.push({
    type: type,
    dispatchId: dispatchId,
    code: code,
    reason: reason,
    elapsedMs: elapsedMs,
    atMs: nowMs,
    clock: qualityAt(unit.clock, nowMs),
  });
}

/**
 * Puts a message of the unit into its outbox, and wakes the link that empties it.
 * @rare
 */
export function send(unit: Unit, type: number, body: string, keep: boolean): void {
  // An empty body is a message with a field outside its limits.
  if (body === '') unit.outbox.dropped++;
  else post(unit.outbox, type, body, keep);
  wake(unit.tasks, Task.link);
}
