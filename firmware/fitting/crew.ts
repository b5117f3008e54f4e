/**
 * The crew's two buttons. What they say goes to the desk, to the AED's bay and to the control room;
 * what the sensors see is proposed to them.
 */
import { Answer, CrewStatus } from '../../protocol/codes.js';
import { RESPONSE_TYPE } from '../../protocol/generated/response.js';
import { STATUS_TYPE } from '../../protocol/generated/status.js';
import { aedUsed, checkedByHand, restocked } from '../aed/bay.js';
import {
  CrewEvent,
  createCrew,
  pressButton,
  releaseButton,
  runCrew,
  sentAs,
  suggest,
} from '../crew/crew.js';
import { answerJob, closeJob, seenJob } from '../dispatch/desk.js';
import { Stage } from '../crew/menu.js';
import { findJob } from '../dispatch/job.js';
import { Input } from '../ports/inputs.js';
import { metresApart } from '../position/distance.js';
import { setEnRoute } from '../position/tracker.js';
import { REST_MS, wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { play, selfTest } from './alarm-and-desk.js';
import { tell } from './news.js';
import { Task } from './task.js';

/** So near to the incident, and so slow, the crew is probably there. */
export const NEAR_M = 75;
export const SLOW_KMH = 5;
const KMH_PER_CM_PER_S = 0.036;
/** With a job, what the sensors see is looked at this often. */
const LOOK_MS = 1000;
/** Above every counter: the control room cannot have it yet (CR-146). */
const NOT_SEALED = 4294967296;

/** @rare */
export function fitCrew(unit: Unit): void {
  unit.crew = createCrew(function (kind, a, b, c) {
    heed(unit, kind, a, b, c);
  });
}

/** @rare */
export function beatCrew(unit: Unit, nowMs: number): number {
  const inputs = unit.ports.inputs;
  const crew = unit.crew;
  noteSpeed(unit);
  lookRound(unit, nowMs);
  const delayMs = runCrew(
    crew,
    nowMs,
    inputs.isClosed(Input.accept),
    inputs.isClosed(Input.decline),
  );
  return Math.min(delayMs, crew.stage === Stage.idle ? REST_MS : LOOK_MS);
}

/** @rare */
export function touch(unit: Unit, input: number, closed: boolean): void {
  const nowMs = unit.ports.clock.nowMs();
  noteSpeed(unit);
  if (closed) pressButton(unit.crew, input, nowMs);
  else releaseButton(unit.crew, input, nowMs);
  wake(unit.tasks, Task.crew);
}

/**
 * What the crew does.
 * @rare
 */
function heed(unit: Unit, kind: number, a: number, b: number, c: number): void {
  const nowMs = unit.ports.clock.nowMs();
  if (kind === CrewEvent.tone) play(unit, a);
  else if (kind === CrewEvent.seen) {
    seenJob(unit.desk, a, nowMs);
    wake(unit.tasks, Task.desk);
  } else if (kind === CrewEvent.answer) answer(unit, a, b, c, nowMs);
  else if (kind === CrewEvent.status) sayStatus(unit, a, nowMs);
  else if (kind === CrewEvent.selfTest) selfTest(unit);
}

/** @rare */
function answer(unit: Unit, jobId: number, said: number, reason: number, nowMs: number): void {
  const job = findJob(unit.desk.jobs, jobId);
  // First of all: should memory run out, it sounds on and can be said again, and is not lost.
  tell(unit, RESPONSE_TYPE, jobId, said, reason, job === null ? 0 : nowMs - job.arrivedMs);
  // Only the first of them answers the dispatch; for what is said later it changes nothing.
  if (said === Answer.accept || said === Answer.decline) answerJob(unit.desk, jobId, nowMs);
  if (said === Answer.aedUsed) aedUsed(unit.bay);
  if (said === Answer.decline || said === Answer.clear) closeJob(unit.desk, jobId);
  keepSoon(unit);
}

/**
 * Who says that they can be sent says also that their AED is with them, checked and restocked.
 * @rare
 */
function sayStatus(unit: Unit, status: number, nowMs: number): void {
  tell(unit, STATUS_TYPE, 0, status, 0, 0);
  if (status === CrewStatus.available) {
    checkedByHand(unit.bay, nowMs);
    restocked(unit.bay);
    wake(unit.tasks, Task.bay);
  }
  keepSoon(unit);
}

/**
 * As soon as the crew has noted what it says itself: one write for all of it.
 * @rare
 */
function keepSoon(unit: Unit): void {
  sentAs(unit.crew, NOT_SEALED);
  unit.deskSaved = false;
  wake(unit.tasks, Task.desk);
}

/**
 * While the vehicle moves, some of what the buttons do is locked.
 * @rare
 */
function noteSpeed(unit: Unit): void {
  const tracker = unit.tracker;
  const fix = tracker.hasFix ? tracker.fix : null;
  const speed = fix === null ? null : fix.speedCmPerS;
  unit.crew.speedKmH = speed === null ? null : speed * KMH_PER_CM_PER_S;
}

/** What the parts know of each other. */
function lookRound(unit: Unit, nowMs: number): void {
  const crew = unit.crew;
  const tracker = unit.tracker;
  unit.bay.isJobOpen = crew.jobId !== 0;
  const isEnRoute = crew.stage === Answer.accept || crew.stage === Answer.enRoute;
  if (isEnRoute !== tracker.isEnRoute) {
    setEnRoute(tracker, isEnRoute, nowMs);
    wake(unit.tasks, Task.tracker);
  }
  if (crew.stage > 0) propose(unit, nowMs);
}

/**
 * A person confirms it, or does not.
 * @rare
 */
function propose(unit: Unit, nowMs: number): void {
  const crew = unit.crew;
  const job = findJob(unit.desk.jobs, crew.jobId);
  const fix = unit.tracker.fix;
  if (unit.bay.takenInJob) suggest(crew, Answer.aedTaken, nowMs);
  if (job === null || fix === null || job.latitudeE7 === null || job.longitudeE7 === null) return;
  if (crew.speedKmH === null || crew.speedKmH > SLOW_KMH) return;
  const distanceM = metresApart(fix.latitudeE7, fix.longitudeE7, job.latitudeE7, job.longitudeE7);
  if (distanceM <= NEAR_M) suggest(crew, Answer.onScene, nowMs);
}
