/** The two buttons: each press answers the dispatch that has sounded longest. */
import { Answer, DeclineReason } from '../../protocol/codes.js';
import { RESPONSE_TYPE } from '../../protocol/generated/response.js';
import { answerOldest } from '../dispatch/desk.js';
import { Input } from '../ports/inputs.js';
import { wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { keepDesk } from './alarm-and-desk.js';
import { tell } from './news.js';

/** @rare */
export function fitCrew(unit: Unit): void {
  unit.ports.inputs.onChange(Input.accept, function (closed) {
    if (closed) answer(unit, Answer.accept, DeclineReason.none);
  });
  unit.ports.inputs.onChange(Input.decline, function (closed) {
    if (closed) answer(unit, Answer.decline, DeclineReason.notStated);
  });
}

/** @rare */
function answer(unit: Unit, answerCode: number, reason: number): void {
  const nowMs = unit.ports.clock.nowMs();
  const job = answerOldest(unit.desk, nowMs);
  if (job === null) return;
  keepDesk(unit);
  tell(unit, RESPONSE_TYPE, job.dispatchId, answerCode, reason, nowMs - job.arrivedMs);
  wake(unit.tasks, unit.deskTask);
}
