/** The replay window against a plain model of it: a set of numbers. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { Refusal } from '../../../protocol/codes.js';
import { WINDOW } from '../../../protocol/limits.js';
import {
  createWindow,
  takeCounter,
  windowRefusal,
  type Window,
} from '../../../protocol/seal/window.js';
import { check, seed } from '../arbitraries.js';

console.log(`fast-check seed ${seed}`);

function windowOf(...counters: number[]): Window {
  const window = createWindow();
  for (const counter of counters) takeCounter(window, counter);
  return window;
}

test('a new window takes any counter (CR-112)', () => {
  for (const counter of [1, 2, 31, 32, 33, 0x7fffffff, 0x80000000, 0xffffffff]) {
    assert.is(windowRefusal(createWindow(), counter), Refusal.none);
  }
});

test('a counter that was taken is replayed (CR-112)', () => {
  for (const counter of [1, 32, 33, 0x80000000, 0xffffffff]) {
    assert.is(windowRefusal(windowOf(counter), counter), Refusal.replayed);
  }
});

test('WINDOW − 1, WINDOW and WINDOW + 1 below the newest (CR-112)', () => {
  for (const newest of [100, 0x80000010, 0xffffffff]) {
    const window = windowOf(newest);
    assert.is(windowRefusal(window, newest - 1), Refusal.none);
    assert.is(windowRefusal(window, newest - (WINDOW - 1)), Refusal.none);
    assert.is(windowRefusal(window, newest - WINDOW), Refusal.stale);
    assert.is(windowRefusal(window, newest - (WINDOW + 1)), Refusal.stale);
  }
});

test('a leap of WINDOW − 1, WINDOW or more forgets what falls out, and only that (CR-112)', () => {
  for (const leap of [1, WINDOW - 1, WINDOW, WINDOW + 1, 64, 0x40000000]) {
    const window = windowOf(100, 100 + leap);
    const isWithin = leap < WINDOW;
    assert.is(windowRefusal(window, 100), isWithin ? Refusal.replayed : Refusal.stale, `${leap}`);
    assert.is(windowRefusal(window, 100 + leap), Refusal.replayed);
    assert.is(windowRefusal(window, 101 + leap), Refusal.none);
    if (leap > 1) assert.is(windowRefusal(window, 99 + leap), Refusal.none);
  }
});

test('after a leap nothing between counts as taken, however much was before it (CR-112)', () => {
  const full = Array.from({ length: WINDOW }, (_, i) => 1000 + i);
  for (let leap = 1; leap <= 3 * WINDOW; leap++) {
    const newest = 1000 + WINDOW - 1 + leap;
    const window = windowOf(...full, newest);
    for (let counter = newest - WINDOW + 1; counter < newest; counter++) {
      const isTaken = counter < 1000 + WINDOW;
      const refusal = isTaken ? Refusal.replayed : Refusal.none;
      assert.is(windowRefusal(window, counter), refusal, `leap ${leap}, ${counter}`);
    }
  }
});

test('to ask changes nothing (CR-105, CR-112)', () => {
  const window = windowOf(5, 9, 7);
  const before = { ...window };
  for (let counter = 0; counter < 60; counter++) windowRefusal(window, counter);
  assert.equal(window, before);
});

test('all of WINDOW counters taken, in any order: each is replayed, none is lost (CR-112)', () => {
  const all = Array.from({ length: WINDOW }, (_, i) => 1000 + i);
  check(fc.shuffledSubarray(all, { minLength: WINDOW }), (order) => {
    const window = createWindow();
    for (const counter of order) {
      assert.is(windowRefusal(window, counter), Refusal.none);
      takeCounter(window, counter);
    }
    for (const counter of all) assert.is(windowRefusal(window, counter), Refusal.replayed);
  });
});

/** By the letter of CR-112. */
function expected(taken: ReadonlySet<number>, counter: number): number {
  const newest = Math.max(0, ...taken);
  if (counter <= newest - WINDOW) return Refusal.stale;
  return taken.has(counter) ? Refusal.replayed : Refusal.none;
}

test('in whatever order they come, it answers as a set of numbers would (CR-112)', () => {
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.integer({ min: -40, max: 40 }) },
    { weight: 1, arbitrary: fc.constantFrom(-33, -32, -31, 31, 32, 33, 100000) },
  );
  const begin = fc.constantFrom(1, 50, 0x7ffffff0, 0xfff00000);
  check(fc.tuple(begin, fc.array(step, { maxLength: 60 })), ([start, steps]) => {
    let window = createWindow();
    const taken = new Set<number>();
    const visit = (counter: number): void => {
      const refusal = windowRefusal(window, counter);
      assert.is(refusal, expected(taken, counter));
      if (refusal !== Refusal.none) return;
      takeCounter(window, counter);
      taken.add(counter);
    };
    visit(start);
    for (const step of steps) {
      const counter = Math.min(0xffffffff, Math.max(1, window.newest + step));
      visit(counter);
      // As it is kept: in text, with its sign.
      window = { newest: Number(String(window.newest)), seen: Number(String(window.seen)) };
    }
  });
});

test('none is taken twice, also by a window that was restored as it was (CR-112)', () => {
  const window = windowOf(10, 42, 11, 40);
  const restored = JSON.parse(JSON.stringify(window)) as Window;
  for (const counter of [42, 11, 40]) {
    assert.is(windowRefusal(restored, counter), Refusal.replayed);
  }
  assert.is(windowRefusal(restored, 10), Refusal.stale);
});

test('a counter that is taken though it is stale changes nothing (CR-112)', () => {
  const window = windowOf(100);
  takeCounter(window, 100 - WINDOW);
  takeCounter(window, 1);
  assert.equal(window, windowOf(100));
});

test.run();
