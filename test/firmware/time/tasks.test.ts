/** The heartbeat goes on whatever a task does, and the watchdog is kicked only if all is well. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BEAT_LIMIT_MS,
  REST_MS,
  TOGETHER_MS,
  RETRY_MS,
  createTasks,
  startTasks,
  wake,
} from '../../../firmware/time/tasks.js';
import { Exhausted, FakeClock } from '../../support/fake-ports.js';

/** So many tasks, to be added in their order. */
function fitted(count: number) {
  const clock = new FakeClock();
  const bench = { clock, kicks: 0, thrown: 0, ran: [] as string[] };
  const runs: ((nowMs: number) => number)[] = [];
  const run = (task: number, nowMs: number): number => {
    assert.is(runs.length, count);
    return (runs[task] as (nowMs: number) => number)(nowMs);
  };
  const tasks = createTasks(clock, () => bench.kicks++, count, run);
  // As on the device: an exception or an abandoned callback ends that callback and no more.
  clock.guard = (callback) => {
    try {
      callback();
    } catch {
      bench.thrown++;
    }
  };
  /** Adds a task that writes down when it ran; gives its number. */
  const add = (name: string, periodMs: number, also: () => void = () => {}): number =>
    runs.push((nowMs) => {
      bench.ran.push(name + ' ' + nowMs);
      also();
      return periodMs;
    }) - 1;
  return { bench, tasks, clock, add };
}

function timesOf(ran: readonly string[], name: string): number[] {
  return ran
    .filter((each) => each.startsWith(name + ' '))
    .map((each) => Number(each.split(' ')[1]));
}

test('runs every task at once, those added first before the others, then when each is due', () => {
  const { bench, tasks, clock, add } = fitted(3);
  add('a', 250);
  add('b', 1000);
  add('c', 400);
  startTasks(tasks);
  clock.advance(1000);
  assert.equal(bench.ran.slice(0, 3), ['a 0', 'b 0', 'c 0']);
  assert.equal(timesOf(bench.ran, 'a'), [0, 250, 500, 750, 1000]);
  assert.equal(timesOf(bench.ran, 'b'), [0, 1000]);
  assert.equal(timesOf(bench.ran, 'c'), [0, 400, 800]);
});

test('a task that wants to run after REST_MS runs about when it said', () => {
  const { bench, tasks, clock, add } = fitted(1);
  add('a', 4321);
  startTasks(tasks);
  clock.advance(10000);
  assert.equal(timesOf(bench.ran, 'a'), [0, 4321 - 321, 8321 - 321]);
});

test('tasks that wait for long are run together, a little early; those that cannot wait, when they said', () => {
  const { bench, tasks, clock, add } = fitted(3);
  const [a] = [add('a', 1000), add('b', TOGETHER_MS), add('short', TOGETHER_MS - 1)];
  startTasks(tasks);
  clock.advance(730);
  wake(tasks, a);
  bench.ran.length = 0;
  clock.advance(2270);
  assert.equal(timesOf(bench.ran, 'a'), [730, 1500, 2500]);
  assert.equal(timesOf(bench.ran, 'b'), [1000, 1500, 2000, 2500, 3000]);
  assert.equal(timesOf(bench.ran, 'short'), [998, 1497, 1996, 2495, 2994]);
});

test('there is always one timer and its guard, and they are there before any task runs', () => {
  const { tasks, clock, add } = fitted(1);
  const pending: number[] = [];
  const task = add('a', 70, () => pending.push(clock.pending()));
  startTasks(tasks);
  for (let i = 0; i < 100; i++) {
    clock.advance(33);
    wake(tasks, task);
    assert.is(clock.pending(), 2);
  }
  assert.ok(pending.length >= 100);
  assert.equal(new Set(pending), new Set([2]), 'armed first');
});

test('a task that throws or is abandoned is tried again, and the others go on', () => {
  for (const error of [new Error('broken'), new Exhausted()]) {
    const { bench, tasks, clock, add } = fitted(3);
    add('before', 1000);
    add('broken', 1000, () => {
      throw error;
    });
    add('after', 1000);
    startTasks(tasks);
    clock.advance(20000);
    assert.ok(bench.thrown >= 4);
    const tries = timesOf(bench.ran, 'broken');
    tries.slice(1).forEach((atMs, i) => {
      const gap = atMs - (tries[i] as number);
      assert.ok(gap >= RETRY_MS && gap <= RETRY_MS + REST_MS, 'tried again after ' + gap);
    });
    for (const name of ['before', 'after']) {
      const times = timesOf(bench.ran, name);
      times.slice(1).forEach((atMs, i) => {
        assert.ok(atMs - (times[i] as number) <= 2000, name + ' waited for the broken one');
      });
      assert.ok(times.length >= 15, name);
    }
  }
});

test('the watchdog is kicked at every beat while every task beats', () => {
  const { bench, tasks, clock, add } = fitted(1);
  add('a', 1000);
  startTasks(tasks);
  clock.advance(600000);
  assert.ok(bench.kicks >= 600);
  assert.is(tasks.late, 0);
});

test('a task that has nothing to do for minutes is not late', () => {
  const { bench, tasks, clock, add } = fitted(2);
  add('alarm', 1000);
  add('health', 300000);
  startTasks(tasks);
  clock.advance(3600000);
  assert.is(tasks.late, 0);
  assert.ok(bench.kicks >= 3600);
  assert.equal(timesOf(bench.ran, 'health').length, 13);
});

test('a task that does not finish for BEAT_LIMIT_MS stops the kicks, and they come back with it', () => {
  const { bench, tasks, clock, add } = fitted(2);
  let broken = false;
  add('good', 500);
  add('other', 1000, () => {
    if (broken) throw new Exhausted();
  });
  startTasks(tasks);
  clock.advance(60000);
  broken = true;
  clock.advance(BEAT_LIMIT_MS - 2000);
  const before = bench.kicks;
  assert.is(tasks.late, 0, 'not yet');
  clock.advance(4000 + RETRY_MS);
  const stopped = bench.kicks;
  assert.ok(stopped - before < 20);
  clock.advance(300000);
  assert.is(bench.kicks, stopped, 'not one kick');
  assert.ok(tasks.late > 250);
  broken = false;
  clock.advance(RETRY_MS + REST_MS);
  assert.ok(bench.kicks > stopped);
});

test('a task with a long period that is woken and does not finish is late too', () => {
  const { bench, tasks, clock, add } = fitted(2);
  let broken = false;
  add('good', 500);
  const task = add('rare', 300000, () => {
    if (broken) throw new Exhausted();
  });
  startTasks(tasks);
  clock.advance(1000);
  broken = true;
  wake(tasks, task);
  clock.advance(BEAT_LIMIT_MS + REST_MS + RETRY_MS);
  const stopped = bench.kicks;
  clock.advance(60000);
  assert.is(bench.kicks, stopped);
});

test('a task that gives no number is late: it would never run again', () => {
  const { bench, tasks, clock, add } = fitted(1);
  add('odd', NaN);
  startTasks(tasks);
  clock.advance(60000);
  assert.is(bench.kicks, 0);
  assert.ok(tasks.late >= 60000 / REST_MS - BEAT_LIMIT_MS / REST_MS);
});

test('wake() runs a task without waiting, but not within the caller', () => {
  const { bench, tasks, clock, add } = fitted(1);
  const task = add('alarm', 1000);
  startTasks(tasks);
  clock.advance(300);
  bench.ran.length = 0;
  wake(tasks, task);
  assert.equal(bench.ran, [], 'the caller ends first');
  clock.advance(0);
  assert.equal(bench.ran, ['alarm 300']);
  clock.advance(1000);
  assert.equal(bench.ran, ['alarm 300', 'alarm 1000']);
});

test('wake() from a task that comes later in the table works as well', () => {
  const { bench, tasks, clock, add } = fitted(2);
  const alarm = add('alarm', 1000);
  let wakes = 0;
  add('link', 1000, () => {
    if (++wakes === 2) wake(tasks, alarm);
  });
  startTasks(tasks);
  clock.advance(1000);
  assert.equal(timesOf(bench.ran, 'alarm'), [0, 1000, 1000]);
});

test('wake() before the start leaves nothing behind', () => {
  const { bench, tasks, clock, add } = fitted(1);
  const task = add('alarm', 1000);
  wake(tasks, task);
  startTasks(tasks);
  clock.advance(0);
  assert.equal(bench.ran, ['alarm 0']);
  assert.is(clock.pending(), 2);
});

test('something that blocks for a minute makes no task late, and none catches up', () => {
  const { bench, tasks, clock, add } = fitted(3);
  let block = false;
  add('alarm', 250);
  add('link', 1000, () => {
    if (block) clock.block(60000);
    block = false;
  });
  add('position', 10000);
  startTasks(tasks);
  clock.advance(5000);
  block = true;
  bench.ran.length = 0;
  clock.advance(62000);
  assert.is(tasks.late, 0);
  assert.ok(timesOf(bench.ran, 'alarm').length < 20);
});

test.run();
