/**
 * The dispatches that this unit knows. A verified dispatch is a promise: its alarm goes on until
 * a person answers, it expires, or it is stood down, also across a restart; and it sounds once,
 * however often it is delivered.
 */
import { Refusal, Step } from '../../protocol/codes.js';
import type { Dispatch } from '../../protocol/generated/dispatch.js';

/** Most dispatches that are open at once; one more is refused. */
export const MAX_OPEN = 4;
/** Most dispatches that are remembered, open or closed; the oldest closed one is forgotten. */
export const MAX_REMEMBERED = 8;

export const JobState = { sounding: 1, answered: 2, stoodDown: 3, expired: 4 } as const;

export interface Job {
  readonly dispatchId: number;
  state: number;
  /** Milliseconds since 1970; 0 for a stand-down whose dispatch has not come. */
  readonly expiresAt: number;
  /** Milliseconds from issue to expiry: bounds the alarm where the unit has no clock. */
  readonly lifetimeMs: number;
  /** When it arrived, or the unit restarted with it, by the clock that never jumps. */
  readonly arrivedMs: number;
}

export interface DeskEvents {
  /** A step of a dispatch, for the control room. */
  onStep(dispatchId: number, step: number, refusal: number, elapsedMs: number): void;
  /** Called at once when a dispatch is to sound, before anything slow; gives the time of the tone. */
  onAlarm(): number;
  /** Called when no dispatch sounds any more. */
  onQuiet(): void;
  /** What must survive a restart has changed. */
  onChange(): void;
}

export interface Desk {
  jobs: Job[];
  readonly events: DeskEvents;
}

export function createDesk(events: DeskEvents): Desk {
  return { jobs: [], events: events };
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
  const id = dispatch.dispatchId;
  const known = findJob(desk, id);
  if (known !== null) {
    const withdrawn = known.state === JobState.stoodDown;
    events.onStep(
      id,
      withdrawn ? Step.refused : Step.duplicate,
      withdrawn ? Refusal.stoodDown : Refusal.none,
      nowMs - known.arrivedMs,
    );
    return;
  }
  const refusal =
    utcMs !== null && utcMs >= dispatch.expiresAt
      ? Refusal.expired
      : countSounding(desk) >= MAX_OPEN
        ? Refusal.deskFull
        : Refusal.none;
  if (refusal !== Refusal.none) {
    events.onStep(id, Step.refused, refusal, nowMs - arrivedMs);
    return;
  }
  const soundsMs = events.onAlarm();
  remember(desk, {
    dispatchId: id,
    state: JobState.sounding,
    expiresAt: dispatch.expiresAt,
    lifetimeMs: dispatch.expiresAt - dispatch.issuedAt,
    arrivedMs: arrivedMs,
  });
  events.onChange();
  events.onStep(id, Step.verified, Refusal.none, nowMs - arrivedMs);
  events.onStep(id, Step.sounding, Refusal.none, soundsMs - arrivedMs);
}

/**
 * Takes a stand-down, also of a dispatch that has not come: should it come later, it is refused.
 * @rare
 */
export function takeStandDown(desk: Desk, dispatchId: number, nowMs: number): void {
  const job = findJob(desk, dispatchId);
  if (job === null) {
    remember(desk, {
      dispatchId: dispatchId,
      state: JobState.stoodDown,
      expiresAt: 0,
      lifetimeMs: 0,
      arrivedMs: nowMs,
    });
    desk.events.onChange();
    desk.events.onStep(dispatchId, Step.stoodDown, Refusal.none, 0);
  } else if (job.state === JobState.sounding || job.state === JobState.answered) {
    close(desk, job, JobState.stoodDown, Step.stoodDown, nowMs);
  }
}

/** A person answered: the dispatch that has sounded longest is theirs. Null if none sounds. */
export function answerOldest(desk: Desk, nowMs: number): Job | null {
  for (let i = 0; i < desk.jobs.length; i++) {
    const job = desk.jobs[i] as Job;
    if (job.state === JobState.sounding) {
      close(desk, job, JobState.answered, Step.acknowledged, nowMs);
      return job;
    }
  }
  return null;
}

/**
 * Ends what has expired. By the time of day where that is known, and in any case when the
 * dispatch has sounded for its whole lifetime.
 */
export function expireJobs(desk: Desk, utcMs: number | null, nowMs: number): void {
  for (let i = 0; i < desk.jobs.length; i++) {
    const job = desk.jobs[i] as Job;
    const overdue =
      nowMs - job.arrivedMs >= job.lifetimeMs || (utcMs !== null && utcMs >= job.expiresAt);
    if (job.state === JobState.sounding && overdue) {
      close(desk, job, JobState.expired, Step.expired, nowMs);
    }
  }
}

/** What a restart needs, as text: jobs between `;`, their numbers between `,`. */
export function saveDesk(desk: Desk): string {
  let text = '';
  for (let i = 0; i < desk.jobs.length; i++) {
    const job = desk.jobs[i] as Job;
    if (i > 0) text += ';';
    text += job.dispatchId + ',' + job.state + ',' + job.expiresAt + ',' + job.lifetimeMs;
  }
  return text;
}

/** After a restart: what was sounding sounds on. */
export function restoreDesk(desk: Desk, saved: string, nowMs: number): void {
  const rows = saved === '' ? [] : saved.split(';');
  for (let i = 0; i < rows.length; i++) {
    const row = (rows[i] as string).split(',');
    const job = {
      dispatchId: Number(row[0]),
      state: Number(row[1]),
      expiresAt: Number(row[2]),
      lifetimeMs: Number(row[3]),
      arrivedMs: nowMs,
    };
    desk.jobs.push(job);
    if (job.state === JobState.sounding) {
      desk.events.onAlarm();
      desk.events.onStep(job.dispatchId, Step.resumed, Refusal.none, 0);
    }
  }
}

function findJob(desk: Desk, dispatchId: number): Job | null {
  for (let i = desk.jobs.length - 1; i >= 0; i--) {
    const job = desk.jobs[i] as Job;
    if (job.dispatchId === dispatchId) return job;
  }
  return null;
}

export function countSounding(desk: Desk): number {
  let count = 0;
  for (let i = 0; i < desk.jobs.length; i++) {
    if ((desk.jobs[i] as Job).state === JobState.sounding) count++;
  }
  return count;
}

/** @rare */
function close(desk: Desk, job: Job, state: number, step: number, nowMs: number): void {
  job.state = state;
  if (countSounding(desk) === 0) desk.events.onQuiet();
  desk.events.onChange();
  desk.events.onStep(job.dispatchId, step, Refusal.none, nowMs - job.arrivedMs);
}

/**
 * An open dispatch is never forgotten: at most MAX_OPEN of MAX_REMEMBERED are open.
 * @rare
 */
function remember(desk: Desk, job: Job): void {
  let oldest = 0;
  while (desk.jobs.length >= MAX_REMEMBERED) {
    if ((desk.jobs[oldest] as Job).state === JobState.sounding) oldest++;
    else desk.jobs.splice(oldest, 1);
  }
  desk.jobs.push(job);
}
