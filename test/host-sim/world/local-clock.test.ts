/** A part of the world that is run behind the rest. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as fc from 'fast-check';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { LocalClock } from '../../../host-sim/world/local-clock.js';

test('it stands still until it is brought up, and then passes each event at its time', async () => {
  const world = new SimulatedClock(1000);
  const local = new LocalClock(world);
  const seen: [string, number][] = [];
  local.after(5, () => {
    seen.push(['first', local.nowMs()]);
    local.after(2, () => seen.push(['from within', local.nowMs()]));
    local.after(-1, () => seen.push(['at once', local.nowMs()]));
  });
  local.after(500, () => seen.push(['later', local.nowMs()]));
  local.cancel(local.after(6, () => seen.push(['cancelled', local.nowMs()])));
  await world.runUntil(1100);
  assert.is(local.nowMs(), 1000);
  assert.equal(seen, []);
  local.catchUp();
  assert.equal(seen, [
    ['first', 1005],
    ['at once', 1005],
    ['from within', 1007],
  ]);
  assert.is(local.nowMs(), 1100);
});

test('it passes any events in the order of time and then of adding, however it is brought up', async () => {
  const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(delays, fc.integer({ min: 1, max: 60 }), async (delaysMs, stepMs) => {
      const world = new SimulatedClock(0);
      const local = new LocalClock(world);
      const seen: number[] = [];
      delaysMs.forEach((delayMs, i) => local.after(delayMs, () => seen.push(i)));
      for (let atMs = 0; atMs < 50 + stepMs; atMs += stepMs) {
        await world.runUntil(atMs);
        local.catchUp();
      }
      const expected = delaysMs
        .map((delayMs, i) => ({ delayMs, i }))
        .sort((a, b) => a.delayMs - b.delayMs || a.i - b.i)
        .map(({ i }) => i);
      assert.equal(seen, expected);
    }),
    { seed: 1, numRuns: 50 },
  );
});

test.run();
