/** What a restart needs of the desk, as text (SPEC CR-069). */
import { Refusal, Step } from '../../protocol/codes.js';
import type { Desk } from './desk.js';
import { Escalation, JobPhase, type Job } from './job.js';

/**
 * `jobs|closed`: a `;` after each job, those that are open first; of a job its id, phase, expiry and
 * lifetime, whether it is loud (1) or not (0), its revision, and its place, with nothing for what is
 * not known. Then the highest id that was forgotten, the latest expiry, and the ids that are closed.
 * @rare
 */
export function saveDesk(desk: Desk): string {
  let text = '';
  for (let i = 0; i < desk.jobs.length; i++) text += row(desk.jobs[i] as Job);
  for (let i = 0; i < desk.early.length; i++) text += row(desk.early[i] as Job);
  text += '|' + desk.forgottenId + ',' + desk.latestExpiry;
  for (let i = 0; i < desk.closed.length; i++) text += ',' + desk.closed[i];
  return text;
}

/** @rare */
function row(job: Job): string {
  let text = job.dispatchId + ',' + job.phase + ',' + job.expiresAt + ',' + job.lifetimeMs;
  text += job.escalation === Escalation.none ? ',0,' : ',1,';
  text += job.revision + ',';
  if (job.latitudeE7 !== null) text += job.latitudeE7;
  text += ',';
  if (job.longitudeE7 !== null) text += job.longitudeE7;
  return text + ';';
}

/**
 * After a restart: what nobody has answered sounds, also if it was seen; loud at once if it had
 * become so, and unanswered anew.
 * @rare
 */
export function restoreDesk(desk: Desk, saved: string, nowMs: number): void {
  const parts = saved.split('|');
  const rows = (parts[0] as string).split(';');
  for (let i = 0; i < rows.length; i++) restoreJob(desk, (rows[i] as string).split(','), nowMs);
  const numbers = (parts[1] || '0,0').split(',');
  desk.forgottenId = Number(numbers[0]);
  desk.latestExpiry = Number(numbers[1]);
  for (let i = 2; i < numbers.length; i++) desk.closed.push(Number(numbers[i]));
}

/** @rare */
function restoreJob(desk: Desk, row: string[], nowMs: number): void {
  const job = {
    dispatchId: Number(row[0]),
    phase: Number(row[1]),
    expiresAt: Number(row[2]),
    lifetimeMs: Number(row[3]),
    arrivedMs: nowMs,
    isSeen: false,
    escalation: row[4] === '0' ? Escalation.none : Escalation.louder,
    isTold: true,
    revision: Number(row[5]),
    latitudeE7: row[6] ? Number(row[6]) : null,
    longitudeE7: row[7] ? Number(row[7]) : null,
    address: '',
  };
  if (job.phase === JobPhase.awaited) desk.early.push(job);
  else if (job.phase === JobPhase.sounding || job.phase === JobPhase.answered) desk.jobs.push(job);
  if (job.phase !== JobPhase.sounding) return;
  desk.events.onAlarm();
  desk.events.onStep(job.dispatchId, Step.resumed, Refusal.none, 0);
}
