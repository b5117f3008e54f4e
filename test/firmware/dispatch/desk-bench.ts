/** A desk that writes down what it tells, and what would be in flash. */
import {
  answerJob,
  closeJob,
  createDesk,
  runDesk,
  seenJob,
  takeDispatch,
  takeStandDown,
  takeUpdate,
  urgencyOf,
  type AlertSettings,
  type Desk,
} from '../../../firmware/dispatch/desk.js';
import { JobPhase } from '../../../firmware/dispatch/job.js';
import { restoreDesk, saveDesk } from '../../../firmware/dispatch/keep.js';
import { Refusal, Step } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

export const ALERT: AlertSettings = { volumePercent: 60, louderAfterS: 20, unansweredAfterS: 40 };
export const ISSUED = 1700000000000;
export const LIFETIME_MS = 600000;
export const EXPIRES = ISSUED + LIFETIME_MS;
/** Of an update: later than the dispatch's. */
export const LATER = EXPIRES + 60000;

const URGENCIES = ['quiet', 'reminder', 'sounding', 'louder'];

export class DeskBench {
  told: string[] = [];
  saved = '';
  nowMs = 5000;
  /** Null while the unit has no clock. */
  utcMs: number | null = ISSUED + 1000;
  urgency = 0;
  desk: Desk = this.newDesk();

  private newDesk(): Desk {
    const desk: Desk = createDesk(
      {
        onStep: (id, step, refusal, elapsedMs) => {
          const why = refusal === Refusal.none ? '' : ' ' + nameOf(Refusal, refusal);
          this.told.push(`${nameOf(Step, step)} ${id}${why} after ${elapsedMs}`);
        },
        onAlarm: () => {
          this.told.push('alarm');
          this.urgency = Math.max(this.urgency, 2);
          return this.nowMs;
        },
        onSettle: (isWithdrawn) => {
          const urgency = urgencyOf(desk);
          if (urgency !== this.urgency) this.told.push(URGENCIES[urgency] as string);
          this.urgency = urgency;
          if (isWithdrawn) this.told.push('cancel');
        },
        onChange: () => {
          this.saved = saveDesk(desk);
          this.told.push('saved');
        },
      },
      ALERT,
    );
    return desk;
  }

  wait(ms: number): void {
    this.nowMs += ms;
    if (this.utcMs !== null) this.utcMs += ms;
  }
  dispatch(dispatchId = 7, issuedAt = ISSUED, expiresAt = EXPIRES): void {
    const place = { latitudeE7: 515000000, longitudeE7: -1200000 };
    const text = { ambulanceReference: 'CAD-1', address: '1 High Street', note: '' };
    const message = { dispatchId, category: 1, expiresAt, issuedAt, ...place, ...text };
    takeDispatch(this.desk, message, this.utcMs, this.nowMs, this.nowMs);
  }
  update(dispatchId = 7, revision = 1, fields: object = {}): void {
    const times = { issuedAt: ISSUED + 2000, expiresAt: LATER };
    const place = { latitudeE7: 516000000, longitudeE7: null, address: 'Rear entrance' };
    const message = { dispatchId, revision, ...times, ...place, note: '', ...fields };
    takeUpdate(this.desk, message, this.utcMs, this.nowMs);
  }
  standDown(dispatchId = 7): void {
    takeStandDown(this.desk, dispatchId, this.nowMs);
  }
  seen(dispatchId = 0): number | null {
    return seenJob(this.desk, dispatchId, this.nowMs)?.dispatchId ?? null;
  }
  answer(dispatchId = 0): number | null {
    return answerJob(this.desk, dispatchId, this.nowMs)?.dispatchId ?? null;
  }
  close(dispatchId = 7): void {
    closeJob(this.desk, dispatchId);
  }
  run(): void {
    runDesk(this.desk, this.utcMs, this.nowMs);
  }
  restart(): void {
    this.nowMs = 300;
    this.urgency = 0;
    this.desk = this.newDesk();
    restoreDesk(this.desk, this.saved, this.nowMs);
  }
  take(): string[] {
    const told = this.told;
    this.told = [];
    return told;
  }

  stateOf(dispatchId = 7): string {
    const { jobs, early, closed } = this.desk;
    const job = jobs.find((each) => each.dispatchId === dispatchId);
    if (job) return job.phase === JobPhase.sounding && job.isSeen ? 'seen' : stateName(job.phase);
    if (early.some((each) => each.dispatchId === dispatchId)) return 'awaited';
    if (closed.includes(dispatchId)) return 'closed';
    return closed.includes(-dispatchId) ? 'stoodDown' : 'unknown';
  }
  /** The ids of those in this state, in their order. */
  idsIn(state: string): number[] {
    const { jobs, early, closed } = this.desk;
    const ids = [...jobs, ...early].map((job) => job.dispatchId).concat(closed.map(Math.abs));
    return ids.filter((id) => this.stateOf(id) === state);
  }
}

function stateName(state: number): string {
  return nameOf(JobPhase, state);
}
