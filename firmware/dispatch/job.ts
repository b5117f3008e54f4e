/** A dispatch that is open, or that is awaited because an update came before it. */

/** Most dispatches that wait for an answer at once; one more is refused. */
export const MAX_OPEN = 4;
/** Most that were answered and are still open for the crew; then the oldest is closed. */
export const MAX_ACCEPTED = 2;
/** Most updates that wait for their dispatch; then the oldest goes. */
export const MAX_EARLY = 4;
/** Most closed dispatches that are remembered, each as a number. */
export const MAX_REMEMBERED = 8;

export const JobPhase = {
  /** Nobody has answered. */
  sounding: 1,
  /** Open for the crew until they close it. */
  answered: 2,
  /** Its update came, and it has not. */
  awaited: 3,
  /** Of a record that somebody still holds. */
  closed: 4,
} as const;

export interface Job {
  readonly dispatchId: number;
  /** A JobPhase. */
  phase: number;
  /** Milliseconds since 1970. */
  expiresAt: number;
  /** Milliseconds from its arrival to its end: bounds the alarm where the unit has no clock. */
  lifetimeMs: number;
  /** When it arrived, or the unit restarted with it, by the clock that never jumps. */
  arrivedMs: number;
  /** A person has touched a button since it began to sound. */
  isSeen: boolean;
  /** An Escalation. */
  escalation: number;
  /** The control room was told that it sounds: memory may run out before. */
  isTold: boolean;
  /** Of the newest update that was taken, 0 for none. */
  revision: number;
  latitudeE7: number | null;
  longitudeE7: number | null;
  /** Where to go, in words. It is not kept in flash: after a restart it is '', as if unknown. */
  address: string;
}

/** What nobody's touch has led to. */
export const Escalation = { none: 0, louder: 1, unanswered: 2 } as const;

/** What a dispatch and its updates have in common. */
export interface Facts {
  readonly dispatchId: number;
  /** Of an update; a dispatch is revision 0. */
  readonly revision?: number;
  readonly expiresAt: number;
  readonly issuedAt: number;
  readonly latitudeE7: number | null;
  readonly longitudeE7: number | null;
  readonly address: string;
}

/** @rare */
export function createJob(facts: Facts, phase: number, arrivedMs: number): Job {
  return {
    dispatchId: facts.dispatchId,
    phase: phase,
    expiresAt: facts.expiresAt,
    lifetimeMs: facts.expiresAt - facts.issuedAt,
    arrivedMs: arrivedMs,
    isSeen: false,
    escalation: Escalation.none,
    isTold: false,
    revision: facts.revision || 0,
    latitudeE7: facts.latitudeE7,
    longitudeE7: facts.longitudeE7,
    address: facts.address,
  };
}

/** @rare */
export function findJob(jobs: readonly Job[], dispatchId: number): Job | null {
  for (let i = 0; i < jobs.length; i++) {
    const job = jobs[i] as Job;
    if (job.dispatchId === dispatchId) return job;
  }
  return null;
}

/** @rare */
export function removeJob(jobs: Job[], job: Job): void {
  const at = jobs.indexOf(job);
  if (at >= 0) jobs.splice(at, 1);
}
