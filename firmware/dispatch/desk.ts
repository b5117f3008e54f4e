/**
 * The dispatches that this unit knows. A verified dispatch is a promise: its alarm goes on until
 * a person answers, it expires, or it is stood down, also across a restart; and it sounds once,
 * however often it is delivered.
 */
import { Refusal, Step } from '../../protocol/codes.js';
import type { Dispatch } from '../../protocol/generated/dispatch.js';
import { Urgency } from './alarm.js';
import {
  Escalation,
  JobPhase,
  MAX_ACCEPTED,
  MAX_EARLY,
  MAX_OPEN,
  MAX_REMEMBERED,
  createJob,
  findJob,
  removeJob,
  type Facts,
  type Job,
} from './job.js';

/** How the crew is called; may be replaced while the unit runs. */
export interface AlertSettings {
  readonly volumePercent: number;
  /** Without a touch for so long, a dispatch sounds louder. */
  readonly louderAfterS: number;
  /** And for so long, the control room is told that nobody answers. Not before the other. */
  readonly unansweredAfterS: number;
}

export interface DeskEvents {
  /** A step of a dispatch, for the control room. */
  onStep(dispatchId: number, step: number, refusal: number, elapsedMs: number): void;
  /** Called at once when a dispatch is to sound, before anything slow; gives the time of the tone. */
  onAlarm(): number;
  /** Called at once when the urgency may be another; true if an open dispatch was withdrawn. */
  onSettle(isWithdrawn: boolean): void;
  /** What must survive a restart has changed. */
  onChange(): void;
}

export interface Desk {
  /** Those that are open, in the order of their arrival. */
  readonly jobs: Job[];
  /** Those whose update came first, in the order in which these came. */
  readonly early: Job[];
  /** Ids of those that are closed; what was stood down has a minus. */
  readonly closed: number[];
  /**
   * The highest id that is no longer in `closed`. The lowest goes first, so that a dispatch which is
   * not known and not above it may have been closed: it is taken for one that was, if it also
   * expires no later than some dispatch has. What that passes over wrongly is late by
   * MAX_REMEMBERED others; a control room that has begun to count anew is heard.
   */
  forgottenId: number;
  /** The latest expiry that a dispatch has had here. */
  latestExpiry: number;
  settings: AlertSettings;
  readonly events: DeskEvents;
}

/** @rare */
export function createDesk(events: DeskEvents, settings: AlertSettings): Desk {
  return {
    jobs: [],
    early: [],
    closed: [],
    forgottenId: 0,
    latestExpiry: 0,
    settings: settings,
    events: events,
  };
}

/**
 * Takes a dispatch that was verified: sound first, then remember, then report.
 * @param arrivedMs when its bytes came, which is before `nowMs`
 */
export function takeDispatch(
  desk: Desk,
  dispatch: Dispatch,
  utcMs: number | null,
  arrivedMs: number,
  nowMs: number,
): void {
  const events = desk.events;
  const jobs = desk.jobs;
  const closed = desk.closed;
  const id = dispatch.dispatchId;
  let open = 0;
  for (let i = 0; i < jobs.length; i++) {
    const job = jobs[i] as Job;
    if (job.dispatchId === id) {
      tellAgain(desk, id, nowMs - job.arrivedMs);
      return;
    }
    if (job.phase === JobPhase.sounding) open++;
  }
  const early = desk.early.length > 0 ? findJob(desk.early, id) : null;
  if (
    (early === null && id <= desk.forgottenId && dispatch.expiresAt <= desk.latestExpiry) ||
    closed.indexOf(id) >= 0 ||
    closed.indexOf(-id) >= 0
  ) {
    tellAgain(desk, id, nowMs - arrivedMs);
    return;
  }
  const expiresAt = early === null ? dispatch.expiresAt : early.expiresAt;
  if (open >= MAX_OPEN || (utcMs !== null && utcMs >= expiresAt)) {
    const refusal = utcMs !== null && utcMs >= expiresAt ? Refusal.expired : Refusal.deskFull;
    events.onStep(id, Step.refused, refusal, nowMs - arrivedMs);
    return;
  }
  const soundsMs = events.onAlarm();
  enter(desk, dispatch, early, arrivedMs);
  events.onChange();
  events.onStep(id, Step.verified, Refusal.none, nowMs - arrivedMs);
  events.onStep(id, Step.sounding, Refusal.none, soundsMs - arrivedMs);
  if (early !== null) events.onStep(id, Step.updated, Refusal.none, soundsMs - arrivedMs);
  (jobs[jobs.length - 1] as Job).isTold = true;
}

/**
 * What was abandoned before it was told.
 * @rare
 */
function tellArrival(desk: Desk, job: Job, nowMs: number): void {
  tellStep(desk, job, Step.verified, nowMs);
  tellStep(desk, job, Step.sounding, nowMs);
  job.isTold = true;
}

/** @rare */
function tellAgain(desk: Desk, dispatchId: number, elapsedMs: number): void {
  const isWithdrawn = desk.closed.indexOf(-dispatchId) >= 0;
  desk.events.onStep(
    dispatchId,
    isWithdrawn ? Step.refused : Step.duplicate,
    isWithdrawn ? Refusal.stoodDown : Refusal.none,
    elapsedMs,
  );
}

/**
 * What an update said before its dispatch came counts, and not what the dispatch says.
 * @rare
 */
function enter(desk: Desk, dispatch: Dispatch, early: Job | null, arrivedMs: number): void {
  const job = early === null ? createJob(dispatch, JobPhase.sounding, arrivedMs) : early;
  job.phase = JobPhase.sounding;
  job.arrivedMs = arrivedMs;
  desk.jobs.push(job);
  removeJob(desk.early, job);
  noteExpiry(desk, dispatch.expiresAt);
  noteExpiry(desk, job.expiresAt);
}

/** @rare */
function noteExpiry(desk: Desk, expiresAt: number): void {
  if (expiresAt > desk.latestExpiry) desk.latestExpiry = expiresAt;
}

/** New facts for a dispatch. */
export interface Update extends Facts {
  readonly revision: number;
}

/**
 * Takes new facts, also for a dispatch that has not come: then they wait for it.
 * @rare
 */
export function takeUpdate(desk: Desk, update: Update, utcMs: number | null, nowMs: number): void {
  const id = update.dispatchId;
  const open = findJob(desk.jobs, id);
  const job = open === null ? findJob(desk.early, id) : open;
  if (job === null) {
    if (id <= desk.forgottenId || isClosed(desk, id)) tellAgain(desk, id, 0);
    else keepEarly(desk, update, nowMs);
    return;
  }
  if (update.revision <= job.revision) {
    tellAgain(desk, id, nowMs - job.arrivedMs);
    return;
  }
  if (open !== null) tellStep(desk, job, Step.updated, nowMs);
  job.revision = update.revision;
  job.expiresAt = update.expiresAt;
  job.lifetimeMs = update.expiresAt - update.issuedAt;
  job.latitudeE7 = update.latitudeE7;
  job.longitudeE7 = update.longitudeE7;
  job.address = update.address;
  if (open !== null) {
    job.lifetimeMs += nowMs - job.arrivedMs;
    noteExpiry(desk, job.expiresAt);
  }
  desk.events.onChange();
  const isExpired = utcMs !== null && utcMs >= job.expiresAt;
  if (isExpired && job.phase === JobPhase.sounding) close(desk, job, Step.expired, nowMs);
}

/**
 * For a unit on which nobody can read them: an address may take nine variables.
 * @rare
 */
export function forgetAddresses(desk: Desk): void {
  for (let i = 0; i < desk.jobs.length; i++) (desk.jobs[i] as Job).address = '';
  for (let i = 0; i < desk.early.length; i++) (desk.early[i] as Job).address = '';
}

/** @rare */
function keepEarly(desk: Desk, update: Update, nowMs: number): void {
  if (desk.early.length >= MAX_EARLY) desk.early.shift();
  desk.early.push(createJob(update, JobPhase.awaited, nowMs));
  desk.events.onChange();
}

/** @rare */
function isClosed(desk: Desk, dispatchId: number): boolean {
  return desk.closed.indexOf(dispatchId) >= 0 || desk.closed.indexOf(-dispatchId) >= 0;
}

/**
 * Takes a stand-down, also of a dispatch that has not come: should it come later, it is refused.
 * @rare
 */
export function takeStandDown(desk: Desk, dispatchId: number, nowMs: number): void {
  const job = findJob(desk.jobs, dispatchId);
  if (job !== null) close(desk, job, Step.stoodDown, nowMs);
  else if (!isClosed(desk, dispatchId)) {
    const early = findJob(desk.early, dispatchId);
    if (early !== null) removeJob(desk.early, early);
    desk.events.onStep(dispatchId, Step.stoodDown, Refusal.none, 0);
    noteClosed(desk, -dispatchId);
    desk.events.onChange();
  }
}

/**
 * A person touched a button: from now on there is a reminder only, until somebody answers.
 * @param dispatchId 0 for the one that has sounded longest
 * @rare
 */
export function seenJob(desk: Desk, dispatchId: number, nowMs: number): Job | null {
  const job = findWaiting(desk, dispatchId, true);
  if (job === null) return null;
  tellStep(desk, job, Step.seen, nowMs);
  job.isSeen = true;
  desk.events.onSettle(false);
  return job;
}

/**
 * A person answered: null if that dispatch does not wait for an answer. It stays open for the crew
 * until `closeJob`, which is at once if they declined.
 * @param dispatchId 0 for the one that has waited longest
 * @rare
 */
export function answerJob(desk: Desk, dispatchId: number, nowMs: number): Job | null {
  const job = findWaiting(desk, dispatchId, false);
  if (job === null) return null;
  closeOldAnswered(desk);
  tellStep(desk, job, Step.acknowledged, nowMs);
  job.phase = JobPhase.answered;
  desk.events.onSettle(false);
  desk.events.onChange();
  return job;
}

/** @rare */
function findWaiting(desk: Desk, dispatchId: number, isUnseen: boolean): Job | null {
  for (let i = 0; i < desk.jobs.length; i++) {
    const job = desk.jobs[i] as Job;
    const isMeant = dispatchId === 0 || dispatchId === job.dispatchId;
    if (isMeant && job.phase === JobPhase.sounding && !(isUnseen && job.isSeen)) return job;
  }
  return null;
}

/**
 * Told first and done then: should memory run out between, it is told once more and not never.
 * @rare
 */
function tellStep(desk: Desk, job: Job, step: number, nowMs: number): void {
  desk.events.onStep(job.dispatchId, step, Refusal.none, nowMs - job.arrivedMs);
}

/** The dispatch that has waited longest is theirs. */
export function answerOldest(desk: Desk, nowMs: number): Job | null {
  return answerJob(desk, 0, nowMs);
}

/**
 * So that one more can be answered.
 * @rare
 */
function closeOldAnswered(desk: Desk): void {
  let oldestId = 0;
  let count = 0;
  for (let i = desk.jobs.length - 1; i >= 0; i--) {
    const job = desk.jobs[i] as Job;
    if (job.phase === JobPhase.answered) {
      oldestId = job.dispatchId;
      count++;
    }
  }
  if (count >= MAX_ACCEPTED) closeJob(desk, oldestId);
}

/**
 * The crew is done with a dispatch that they answered.
 * @rare
 */
export function closeJob(desk: Desk, dispatchId: number): void {
  const job = findJob(desk.jobs, dispatchId);
  if (job === null || job.phase !== JobPhase.answered) return;
  forget(desk, job, dispatchId);
  desk.events.onChange();
}

/**
 * To be called every second. Ends what has expired: by the time of day where that is known, and in
 * any case when the dispatch has sounded for its whole lifetime. Raises what nobody has touched.
 */
export function runDesk(desk: Desk, utcMs: number | null, nowMs: number): void {
  const settings = desk.settings;
  for (let i = desk.jobs.length - 1; i >= 0; i--) {
    const job = desk.jobs[i] as Job;
    if (job.phase === JobPhase.sounding) {
      if (!job.isTold) tellArrival(desk, job, nowMs);
      const waitedMs = nowMs - job.arrivedMs;
      const raiseAfterS =
        job.escalation === Escalation.none ? settings.louderAfterS : settings.unansweredAfterS;
      if (waitedMs >= job.lifetimeMs || (utcMs !== null && utcMs >= job.expiresAt)) {
        close(desk, job, Step.expired, nowMs);
      } else if (
        !job.isSeen &&
        job.escalation < Escalation.unanswered &&
        waitedMs >= raiseAfterS * 1000
      ) {
        raise(desk, job, nowMs);
      }
    }
  }
}

/** @rare */
function raise(desk: Desk, job: Job, nowMs: number): void {
  const isLouder = job.escalation === Escalation.none;
  tellStep(desk, job, isLouder ? Step.louder : Step.unanswered, nowMs);
  job.escalation++;
  if (!isLouder) return;
  desk.events.onSettle(false);
  desk.events.onChange();
}

/** An Urgency. */
export function urgencyOf(desk: Desk): number {
  let most: number = Urgency.none;
  for (let i = 0; i < desk.jobs.length; i++) {
    const job = desk.jobs[i] as Job;
    if (job.phase === JobPhase.sounding) {
      let urgency: number = Urgency.sounding;
      if (job.isSeen) urgency = Urgency.reminder;
      else if (job.escalation !== Escalation.none) urgency = Urgency.louder;
      if (urgency > most) most = urgency;
    }
  }
  return most;
}

/** @rare */
function close(desk: Desk, job: Job, step: number, nowMs: number): void {
  const isWithdrawn = step === Step.stoodDown;
  tellStep(desk, job, step, nowMs);
  forget(desk, job, isWithdrawn ? -job.dispatchId : job.dispatchId);
  desk.events.onSettle(isWithdrawn);
  desk.events.onChange();
}

/**
 * Of a closed dispatch a number is enough.
 * @rare
 */
function forget(desk: Desk, job: Job, closedId: number): void {
  job.phase = JobPhase.closed;
  removeJob(desk.jobs, job);
  noteClosed(desk, closedId);
}

/** @rare */
function noteClosed(desk: Desk, closedId: number): void {
  const closed = desk.closed;
  closed.push(closedId);
  if (closed.length <= MAX_REMEMBERED) return;
  let lowest = 0;
  for (let i = 1; i < closed.length; i++) {
    if (Math.abs(closed[i] as number) < Math.abs(closed[lowest] as number)) lowest = i;
  }
  desk.forgottenId = Math.max(desk.forgottenId, Math.abs(closed[lowest] as number));
  closed.splice(lowest, 1);
}
