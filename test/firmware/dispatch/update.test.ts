/** New facts for a dispatch: while it is open, before it came, and too late. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_EARLY, findJob, type Job } from '../../../firmware/dispatch/job.js';
import { DeskBench, EXPIRES, ISSUED, LATER, LIFETIME_MS } from './desk-bench.js';

function jobOf(bench: DeskBench, dispatchId = 7): Job {
  return findJob(bench.desk.jobs, dispatchId) as Job;
}

/** What of a job an update replaces. */
function facts(job: Job): unknown[] {
  return [job.revision, job.expiresAt, job.latitudeE7, job.longitudeE7, job.address];
}

const FIRST = [0, EXPIRES, 515000000, -1200000, '1 High Street'];
const SECOND = [1, LATER, 516000000, null, 'Rear entrance'];

test('a greater revision replaces expiry, place and address, sounding, seen or answered', () => {
  for (const reach of [() => {}, (b: DeskBench) => b.seen(), (b: DeskBench) => b.answer()]) {
    const bench = new DeskBench();
    bench.dispatch();
    reach(bench);
    assert.equal(facts(jobOf(bench)), FIRST);
    const { phase, isSeen } = jobOf(bench);
    bench.take();
    bench.update();
    assert.equal(bench.take(), ['updated 7 after 0', 'saved']);
    assert.equal(facts(jobOf(bench)), SECOND);
    assert.equal([jobOf(bench).phase, jobOf(bench).isSeen], [phase, isSeen]);
  }
});

test('CR-044: a revision that is not greater changes nothing and is told as a duplicate', () => {
  const bench = new DeskBench();
  bench.dispatch();
  for (const [revision, isTaken] of [
    [0, false],
    [3, true],
    [3, false],
    [2, false],
    [4, true],
  ] as const) {
    bench.take();
    const before = facts(jobOf(bench));
    bench.update(7, revision, { address: `of revision ${revision}` });
    assert.equal(
      bench.take(),
      isTaken ? ['updated 7 after 0', 'saved'] : ['duplicate 7 after 0'],
      `${revision}`,
    );
    if (isTaken) assert.is(jobOf(bench).address, `of revision ${revision}`);
    else assert.equal(facts(jobOf(bench)), before);
  }
});

test('CR-046: it sounds until the new expiry, by the time of day and without one', () => {
  for (const hasClock of [true, false]) {
    const bench = new DeskBench();
    if (!hasClock) bench.utcMs = null;
    bench.dispatch();
    bench.wait(1000);
    bench.update();
    bench.take();
    // Issued at 2 s and expiring at 660 s: without a clock 658 s from the update's arrival.
    const lastsMs = hasClock ? LATER - ISSUED - 1000 : 1000 + LATER - ISSUED - 2000;
    bench.wait(lastsMs - 1001);
    bench.seen();
    bench.take();
    bench.run();
    assert.equal(bench.take(), []);
    bench.wait(1);
    bench.run();
    assert.equal(bench.take(), [`expired 7 after ${lastsMs}`, 'quiet', 'saved']);
  }
});

test('CR-046: an update that has expired ends its dispatch at once', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.take();
  bench.update(7, 1, { expiresAt: bench.utcMs });
  assert.equal(bench.take(), ['updated 7 after 0', 'saved', 'expired 7 after 0', 'quiet', 'saved']);
});

test('before its dispatch an update is kept, also over a restart, and counts when that comes', () => {
  for (const isCut of [false, true]) {
    const bench = new DeskBench();
    bench.update(7, 2);
    assert.equal(bench.take(), ['saved'], 'it is told when it is done');
    if (isCut) bench.restart();
    bench.wait(3000);
    bench.dispatch();
    const words = ['alarm', 'saved', 'verified 7 after 0', 'sounding 7 after 0'];
    assert.equal(bench.take(), [...words, 'updated 7 after 0']);
    // The address is not kept in flash; that of the dispatch may be wrong.
    const address = isCut ? '' : 'Rear entrance';
    assert.equal(facts(jobOf(bench)), [2, LATER, 516000000, null, address]);
    assert.equal(bench.desk.early, []);
    bench.update(7, 2);
    assert.equal(bench.take(), ['duplicate 7 after 0']);
  }
});

test('before its dispatch the greatest revision counts, whatever their order', () => {
  for (const order of [
    [1, 2, 3],
    [3, 2, 1],
    [2, 3, 1],
  ]) {
    const bench = new DeskBench();
    for (const revision of order) bench.update(7, revision, { address: `${revision}` });
    assert.is(bench.desk.early.length, 1);
    bench.dispatch();
    assert.is(jobOf(bench).address, '3');
  }
});

test('CR-046: a dispatch whose newest update has expired is refused, and so when it comes again', () => {
  const bench = new DeskBench();
  bench.update(7, 1, { expiresAt: ISSUED + 3000 });
  bench.wait(1999);
  bench.take();
  const early = new DeskBench();
  early.update(7, 1, { expiresAt: ISSUED + 3000 });
  early.wait(1999);
  early.dispatch();
  assert.is(early.stateOf(), 'sounding', 'limit - 1');
  bench.wait(1);
  for (let i = 0; i < 3; i++) {
    bench.dispatch();
    assert.equal(bench.take(), ['refused 7 expired after 0']);
  }
});

test('CR-046: an update before its dispatch may also prolong it', () => {
  const bench = new DeskBench();
  bench.update();
  bench.take();
  bench.utcMs = EXPIRES + 1;
  bench.dispatch();
  assert.is(bench.take()[0], 'alarm');
});

test('MAX_EARLY updates wait for their dispatch; of one more, the oldest goes', () => {
  for (const count of [MAX_EARLY - 1, MAX_EARLY, MAX_EARLY + 1]) {
    const bench = new DeskBench();
    for (let id = 1; id <= count; id++) bench.update(id);
    bench.update(count, 2);
    const kept = bench.idsIn('awaited');
    assert.is(kept.length, Math.min(count, MAX_EARLY));
    assert.is(kept[0], Math.max(1, count - MAX_EARLY + 1));
    bench.take();
    bench.dispatch(1);
    const isUpdated = bench.take().some((word) => word.startsWith('updated'));
    assert.is(isUpdated, count <= MAX_EARLY, 'the one that went is not told as taken');
    assert.is(bench.stateOf(1), 'sounding');
  }
});

test('CR-045: stood down before it came, a dispatch takes no update with it', () => {
  const bench = new DeskBench();
  bench.update();
  bench.standDown();
  assert.equal(bench.desk.early, []);
  bench.update();
  bench.dispatch();
  const words = bench.take().slice(-2);
  assert.equal(words, ['refused 7 stoodDown after 0', 'refused 7 stoodDown after 0']);
});

test('what a job knows of its place is let go with it', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.answer();
  bench.close();
  assert.equal(bench.desk.jobs, []);
  assert.not.match(JSON.stringify(bench.desk), 'High Street');
  assert.not.match(bench.saved, '515000000');
});

test('an update puts off no escalation, and what is seen stays seen', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.wait(20000);
  bench.update();
  bench.take();
  bench.run();
  assert.equal(bench.take(), ['louder 7 after 20000', 'louder', 'saved']);
  bench.seen();
  bench.update(7, 2, { expiresAt: LATER + LIFETIME_MS });
  assert.is(bench.stateOf(), 'seen');
  assert.is(bench.urgency, 1);
});

test.run();
