/** Both clocks: order, cancelling, and simulated time that waits for Node's own queues. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { RealClock, SimulatedClock } from '../../../host-sim/world/clock.js';
import { EventQueue } from '../../../host-sim/world/event-queue.js';

test('simulated time runs events in order of time, then of insertion, up to and including', async () => {
  const clock = new SimulatedClock(1000);
  const seen: string[] = [];
  const note = (name: string) => () => seen.push(`${name}@${clock.nowMs()}`);
  clock.after(20, note('c'));
  clock.after(10, note('a'));
  clock.after(10, note('b'));
  clock.after(-5, note('now'));
  clock.after(20.5, note('late'));
  await clock.runUntil(1020);
  assert.equal(seen, ['now@1000', 'a@1010', 'b@1010', 'c@1020']);
  assert.is(clock.nowMs(), 1020);
  await clock.runUntil(5000);
  assert.is(clock.nowMs(), 5000);
  await clock.runUntil(10);
  assert.is(clock.nowMs(), 5000, 'time does not go back');
});

test('events may add and cancel events', async () => {
  const clock = new SimulatedClock(0);
  const seen: number[] = [];
  const doomed = clock.after(5, () => seen.push(-1));
  clock.after(1, () => {
    clock.cancel(doomed);
    clock.after(0, () => seen.push(clock.nowMs()));
  });
  await clock.runUntil(10);
  clock.cancel(doomed);
  assert.equal(seen, [1]);
});

test('after a touch, time stands still until ticks, promises and immediates are done', async () => {
  const clock = new SimulatedClock(0);
  const seen: number[] = [];
  clock.after(1, () => {
    clock.touch();
    let turns = 50;
    const goOn = () => {
      if (--turns > 0)
        setImmediate(() => void Promise.resolve().then(() => process.nextTick(goOn)));
      else seen.push(clock.nowMs());
    };
    goOn();
  });
  clock.after(2, () => seen.push(clock.nowMs()));
  await clock.runUntil(10);
  assert.equal(seen, [1, 2]);
});

test('what was begun before a run is done before its first event', async () => {
  const clock = new SimulatedClock(0);
  const seen: string[] = [];
  setImmediate(() => setImmediate(() => seen.push('begun before')));
  clock.after(0, () => seen.push('event'));
  await clock.runUntil(0);
  assert.equal(seen, ['begun before', 'event']);
});

test('an event that throws ends the run, and the clock can run again', async () => {
  const clock = new SimulatedClock(0);
  clock.after(1, () => {
    throw new Error('broken world');
  });
  let reached = false;
  clock.after(2, () => (reached = true));
  try {
    await clock.runUntil(10);
    assert.unreachable();
  } catch (error) {
    assert.is((error as Error).message, 'broken world');
  }
  await clock.runUntil(10);
  assert.ok(reached);
});

test('one run at a time', async () => {
  const clock = new SimulatedClock(0);
  const first = clock.runUntil(1);
  try {
    await clock.runUntil(2);
    assert.unreachable();
  } catch (error) {
    assert.match((error as Error).message, 'while the clock runs');
  }
  await first;
});

test('the queue gives back any events in order, without those that were cancelled', () => {
  const added = fc.array(fc.tuple(fc.integer({ min: 0, max: 50 }), fc.boolean()), {
    maxLength: 300,
  });
  fc.assert(
    fc.property(added, (events) => {
      const queue = new EventQueue();
      const seen: number[] = [];
      const queued = events.map(([atMs], i) => queue.add(atMs, () => seen.push(i)));
      events.forEach(([, cancelled], i) => {
        if (cancelled) queue.cancel(queued[i] as (typeof queued)[0]);
      });
      const expected = events
        .map(([atMs, cancelled], i) => ({ atMs, cancelled, i }))
        .filter(({ cancelled }) => !cancelled)
        .sort((a, b) => a.atMs - b.atMs || a.i - b.i)
        .map(({ i }) => i);
      assert.is(queue.size, expected.length);
      for (let due = queue.takeDue(50); due; due = queue.takeDue(50)) due.run();
      assert.equal(seen, expected);
    }),
  );
});

test('code around the world goes on after each event, or once for all of one instant', async () => {
  for (const settles of ['each-event', 'each-instant'] as const) {
    const clock = new SimulatedClock(0, settles);
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      clock.after(1, () => {
        clock.touch();
        seen.push(name);
        setImmediate(() => seen.push(`after ${name}`));
      });
    }
    await clock.runUntil(2);
    const expected =
      settles === 'each-event'
        ? ['a', 'after a', 'b', 'after b']
        : ['a', 'b', 'after a', 'after b'];
    assert.equal(seen, expected);
  }
});

test('real time starts where it is told, and never calls early', async () => {
  const clock = new RealClock(5000);
  const startMs = clock.nowMs();
  assert.ok(startMs >= 5000 && startMs < 6000);
  await new Promise<void>((resolve) => clock.after(3, resolve));
  assert.ok(clock.nowMs() - startMs >= 3);
});

test('stop and cancel leave nothing pending', async () => {
  const clock = new RealClock();
  let called = false;
  clock.after(1, () => (called = true));
  clock.cancel(clock.after(1, () => (called = true)));
  clock.after(2 ** 40, () => (called = true));
  clock.stop();
  await new Promise((resolve) => setTimeout(resolve, 5));
  assert.is(called, false);
});

test.run();
