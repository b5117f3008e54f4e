/** What the desk can hold, and that it never forgets a dispatch that sounds. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  JobState,
  MAX_OPEN,
  MAX_REMEMBERED,
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

const SEED = 20260803;
const LIFETIME_MS = 600000;

interface Bench {
  desk: Desk;
  steps: { id: number; step: number; refusal: number }[];
  isAlarmOn: boolean;
  saved: string;
}

function fitted(saved = ''): Bench {
  const bench: Bench = {
    steps: [],
    isAlarmOn: false,
    saved,
    desk: createDesk({
      onStep: (id, step, refusal) => bench.steps.push({ id, step, refusal }),
      onAlarm: () => {
        bench.isAlarmOn = true;
        return 0;
      },
      onQuiet: () => (bench.isAlarmOn = false),
      onChange: () => (bench.saved = saveDesk(bench.desk)),
    }),
  };
  restoreDesk(bench.desk, saved, 0);
  return bench;
}

function dispatch(bench: Bench, dispatchId: number, nowMs = 0): void {
  const message = {
    dispatchId,
    category: 1,
    expiresAt: 1000 + LIFETIME_MS,
    issuedAt: 1000,
    latitudeE7: null,
    longitudeE7: null,
    ambulanceReference: 'CAD-1',
    address: '',
    note: '',
  };
  takeDispatch(bench.desk, message, null, nowMs, nowMs);
}

function idsIn(bench: Bench, state: number): number[] {
  return bench.desk.jobs.filter((job) => job.state === state).map((job) => job.dispatchId);
}

test('CR-057: MAX_OPEN dispatches sound, one more is refused and told', () => {
  for (const count of [MAX_OPEN - 1, MAX_OPEN, MAX_OPEN + 1]) {
    const bench = fitted();
    for (let id = 1; id <= count; id++) dispatch(bench, id);
    assert.is(idsIn(bench, JobState.sounding).length, Math.min(count, MAX_OPEN));
    const refused = bench.steps.filter((each) => each.step === Step.refused);
    assert.is(refused.length, count > MAX_OPEN ? 1 : 0);
    for (const each of refused) {
      assert.equal(each, { id: MAX_OPEN + 1, step: Step.refused, refusal: Refusal.deskFull });
    }
  }
});

test('a dispatch that was refused because the desk was full is new when it comes again', () => {
  const bench = fitted();
  for (let id = 1; id <= MAX_OPEN + 1; id++) dispatch(bench, id);
  answerOldest(bench.desk, 10);
  dispatch(bench, MAX_OPEN + 1);
  assert.equal(
    bench.steps.slice(-2).map((each) => each.step),
    [Step.verified, Step.sounding],
  );
});

test('CR-057: MAX_REMEMBERED dispatches are remembered, then the oldest closed one goes', () => {
  for (const count of [MAX_REMEMBERED - 1, MAX_REMEMBERED, MAX_REMEMBERED + 1]) {
    const bench = fitted();
    for (let id = 1; id <= count; id++) {
      dispatch(bench, id);
      answerOldest(bench.desk, 10);
    }
    const known = idsIn(bench, JobState.answered);
    assert.is(known.length, Math.min(count, MAX_REMEMBERED));
    assert.is(known[0], Math.max(1, count - MAX_REMEMBERED + 1));
    assert.is(known[known.length - 1], count);
  }
});

test('CR-057: a dispatch that sounds is never forgotten, whatever comes', () => {
  const bench = fitted();
  for (let id = 1; id <= MAX_OPEN; id++) dispatch(bench, id);
  for (let id = 100; id < 300; id++) takeStandDown(bench.desk, id, 5);
  assert.is(bench.desk.jobs.length, MAX_REMEMBERED);
  assert.equal(idsIn(bench, JobState.sounding), [1, 2, 3, 4]);
  assert.equal(idsIn(bench, JobState.stoodDown)[0], 300 - (MAX_REMEMBERED - MAX_OPEN));
  const again = fitted(bench.saved);
  assert.equal(
    again.steps.map((each) => [each.id, each.step]),
    [
      [1, Step.resumed],
      [2, Step.resumed],
      [3, Step.resumed],
      [4, Step.resumed],
    ],
  );
});

test('a full desk is short enough for a record, with the longest numbers', () => {
  const bench = fitted();
  for (let i = 0; i < MAX_REMEMBERED; i++) {
    bench.desk.jobs.push({
      dispatchId: 4294967294,
      state: 4,
      expiresAt: 253403070463999,
      lifetimeMs: 253403070463999,
      arrivedMs: 0,
    });
  }
  assert.ok(saveDesk(bench.desk).length < 1000);
});

const step = fc.oneof(
  fc.record({ what: fc.constant('dispatch'), id: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ what: fc.constant('stand-down'), id: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ what: fc.constantFrom('answer', 'expire', 'restart'), id: fc.constant(0) }),
);

test('whatever happens: the alarm is on as long as something sounds, and flash knows all', () => {
  const property = fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
    let bench = fitted();
    let nowMs = 0;
    for (const { what, id } of steps) {
      nowMs += 7000;
      if (what === 'dispatch') dispatch(bench, id, nowMs);
      else if (what === 'stand-down') takeStandDown(bench.desk, id, nowMs);
      else if (what === 'answer') answerOldest(bench.desk, nowMs);
      else if (what === 'expire') expireJobs(bench.desk, null, nowMs);
      else bench = fitted(bench.saved);
      const sounding = idsIn(bench, JobState.sounding);
      assert.is(bench.isAlarmOn, sounding.length > 0, 'alarm');
      assert.ok(sounding.length <= MAX_OPEN);
      assert.ok(bench.desk.jobs.length <= MAX_REMEMBERED);
      assert.is(new Set(bench.desk.jobs.map((job) => job.dispatchId)).size, bench.desk.jobs.length);
      assert.is(bench.saved, saveDesk(bench.desk), 'flash');
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test.run();
