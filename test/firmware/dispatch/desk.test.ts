/** Every state of a dispatch against everything that can happen to it, and expiry by both clocks. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  JobState,
  answerOldest,
  createDesk,
  expireJobs,
  restoreDesk,
  saveDesk,
  takeDispatch,
  takeStandDown,
  type Desk,
} from '../../../firmware/dispatch/desk.js';
import { Refusal, Step } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

const ISSUED = 1700000000000;
const LIFETIME_MS = 600000;
const EXPIRES = ISSUED + LIFETIME_MS;

/** A desk that writes down what it tells, and what would be in flash. */
class Bench {
  told: string[] = [];
  saved = '';
  nowMs = 5000;
  /** Null while the unit has no clock. */
  utcMs: number | null = ISSUED + 1000;
  desk: Desk = this.newDesk();

  private newDesk(): Desk {
    const desk: Desk = createDesk({
      onStep: (id, step, refusal, elapsedMs) => {
        const why = refusal === Refusal.none ? '' : ' ' + nameOf(Refusal, refusal);
        this.told.push(`${nameOf(Step, step)} ${id}${why} after ${elapsedMs}`);
      },
      onAlarm: () => {
        this.told.push('alarm');
        return this.nowMs;
      },
      onQuiet: () => this.told.push('quiet'),
      onChange: () => {
        this.saved = saveDesk(desk);
        this.told.push('saved');
      },
    });
    return desk;
  }

  wait(ms: number): void {
    this.nowMs += ms;
    if (this.utcMs !== null) this.utcMs += ms;
  }
  dispatch(dispatchId = 7, issuedAt = ISSUED, expiresAt = EXPIRES): void {
    const message = { dispatchId, category: 1, expiresAt, issuedAt, latitudeE7: null };
    const text = { longitudeE7: null, ambulanceReference: 'CAD-1', address: '', note: '' };
    takeDispatch(this.desk, { ...message, ...text }, this.utcMs, this.nowMs, this.nowMs);
  }
  standDown(dispatchId = 7): void {
    takeStandDown(this.desk, dispatchId, this.nowMs);
  }
  answer(): number | null {
    const job = answerOldest(this.desk, this.nowMs);
    return job === null ? null : job.dispatchId;
  }
  expire(): void {
    expireJobs(this.desk, this.utcMs, this.nowMs);
  }
  restart(): void {
    this.nowMs = 300;
    this.desk = this.newDesk();
    restoreDesk(this.desk, this.saved, this.nowMs);
  }
  take(): string[] {
    const told = this.told;
    this.told = [];
    return told;
  }
  get state(): number {
    return this.desk.jobs.find((job) => job.dispatchId === 7)?.state ?? 0;
  }
}

const states: Record<string, (bench: Bench) => void> = {
  unknown: () => {},
  sounding: (bench) => bench.dispatch(),
  resumed: (bench) => (bench.dispatch(), bench.restart()),
  answered: (bench) => (bench.dispatch(), bench.answer()),
  stoodDown: (bench) => (bench.dispatch(), bench.standDown()),
  stoodDownFirst: (bench) => bench.standDown(),
  expired: (bench) => (bench.dispatch(), bench.wait(LIFETIME_MS), bench.expire()),
};

const events: Record<string, (bench: Bench) => void> = {
  dispatch: (bench) => bench.dispatch(),
  standDown: (bench) => bench.standDown(),
  answer: (bench) => bench.answer(),
  expiry: (bench) => ((bench.utcMs = EXPIRES), bench.expire()),
  lifetime: (bench) => ((bench.utcMs = null), bench.wait(LIFETIME_MS - 40), bench.expire()),
  nothing: (bench) => bench.expire(),
  restart: (bench) => bench.restart(),
};

const NEW = ['alarm', 'saved', 'verified 7 after 0', 'sounding 7 after 0'];
const AGAIN = ['duplicate 7 after 40'];
const WITHDRAWN = ['refused 7 stoodDown after 40'];
const ENDED = (step: string): string[] => ['quiet', 'saved', step];

/** What is told for each state and event, 40 ms after the state came about. */
const table: [string, string, string[], number][] = [
  ['unknown', 'dispatch', NEW, JobState.sounding],
  ['unknown', 'standDown', ['saved', 'stoodDown 7 after 0'], JobState.stoodDown],
  ['unknown', 'answer', [], 0],
  ['unknown', 'expiry', [], 0],
  ['unknown', 'lifetime', [], 0],
  ['unknown', 'nothing', [], 0],
  ['unknown', 'restart', [], 0],
];
for (const state of ['sounding', 'resumed']) {
  const late = 'expired 7 after ' + LIFETIME_MS;
  table.push(
    [state, 'dispatch', AGAIN, JobState.sounding],
    [state, 'standDown', ENDED('stoodDown 7 after 40'), JobState.stoodDown],
    [state, 'answer', ENDED('acknowledged 7 after 40'), JobState.answered],
    [state, 'expiry', ENDED('expired 7 after 40'), JobState.expired],
    [state, 'lifetime', ENDED(late), JobState.expired],
    [state, 'nothing', [], JobState.sounding],
    [state, 'restart', ['alarm', 'resumed 7 after 0'], JobState.sounding],
  );
}
const closed: [string, string[], number][] = [
  ['answered', AGAIN, JobState.answered],
  ['stoodDown', WITHDRAWN, JobState.stoodDown],
  ['stoodDownFirst', WITHDRAWN, JobState.stoodDown],
  ['expired', ['duplicate 7 after ' + (LIFETIME_MS + 40)], JobState.expired],
];
for (const [state, redelivered, code] of closed) {
  table.push([state, 'dispatch', redelivered, code]);
  for (const event of ['answer', 'expiry', 'lifetime', 'nothing', 'restart']) {
    table.push([state, event, [], code]);
  }
  if (state !== 'answered') table.push([state, 'standDown', [], code]);
}
table.push(['answered', 'standDown', ENDED('stoodDown 7 after 40'), JobState.stoodDown]);

test('CR-042, CR-044, CR-045, CR-049: every state against every event', () => {
  const pairs = new Set(table.map(([state, event]) => state + ' ' + event));
  assert.is(pairs.size, Object.keys(states).length * Object.keys(events).length);
  for (const [state, event, expected, code] of table) {
    const bench = new Bench();
    states[state]?.(bench);
    bench.wait(40);
    bench.take();
    events[event]?.(bench);
    assert.equal(bench.take(), expected, `${state}, then ${event}`);
    assert.is(bench.state, code, `${state}, then ${event}`);
  }
});

test('every state is the same after a restart', () => {
  for (const [name, reach] of Object.entries(states)) {
    const bench = new Bench();
    reach(bench);
    const before = saveDesk(bench.desk);
    assert.is(bench.saved ?? '', before, `${name}: all that changed is in flash`);
    bench.restart();
    assert.is(saveDesk(bench.desk), before, name);
  }
});

test('CR-046: at the expiry itself a dispatch is too late, 1 ms before it is not', () => {
  const cases: [number, string[]][] = [
    [EXPIRES - 1, NEW],
    [EXPIRES, ['refused 7 expired after 0']],
    [EXPIRES + 1, ['refused 7 expired after 0']],
  ];
  for (const [utcMs, expected] of cases) {
    const bench = new Bench();
    bench.utcMs = utcMs;
    bench.dispatch();
    assert.equal(bench.take(), expected, String(utcMs - EXPIRES));
  }
});

test('CR-046: an unknown clock never silences, and the lifetime bounds what it lets through', () => {
  const bench = new Bench();
  bench.utcMs = null;
  bench.dispatch(7, 1000, 61000);
  assert.equal(bench.take(), NEW);
  bench.wait(59999);
  bench.expire();
  assert.equal(bench.take(), []);
  bench.wait(1);
  bench.expire();
  assert.equal(bench.take(), ENDED('expired 7 after 60000'));
});

test('CR-046: a dispatch that sounds ends when the clock turns out to be past its expiry', () => {
  const bench = new Bench();
  bench.utcMs = null;
  bench.dispatch();
  bench.take();
  bench.utcMs = EXPIRES + 5;
  bench.expire();
  assert.equal(bench.take(), ENDED('expired 7 after 0'));
});

test('a dispatch that expires before it was issued ends at the first look, and breaks nothing', () => {
  const bench = new Bench();
  bench.utcMs = null;
  bench.dispatch(7, EXPIRES, ISSUED);
  bench.expire();
  assert.is(bench.state, JobState.expired);
});

test('an answer goes to the dispatch that has sounded longest, and the alarm goes on', () => {
  const bench = new Bench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.take();
  assert.is(bench.answer(), 7);
  assert.equal(bench.take(), ['saved', 'acknowledged 7 after 0'], 'not quiet: 8 sounds');
  assert.is(bench.answer(), 8);
  assert.equal(bench.take(), ENDED('acknowledged 8 after 0'));
  assert.is(bench.answer(), null);
});

test('a stand-down of one dispatch leaves the other sounding, across a restart too', () => {
  const bench = new Bench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.standDown(7);
  bench.restart();
  assert.equal(bench.take().slice(-2), ['alarm', 'resumed 8 after 0']);
});

test('CR-048: elapsed time counts from the restart after a restart', () => {
  const bench = new Bench();
  bench.dispatch();
  bench.wait(30000);
  bench.restart();
  bench.wait(1500);
  bench.take();
  bench.answer();
  assert.equal(bench.take(), ENDED('acknowledged 7 after 1500'));
});

test.run();
