/** The measurement of a city says what it measured. No figure of time is judged: it is the machine's. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { measureCity } from '../../../host-sim/bench/city-row.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';

test('a quiet minute of a small city, half of it driving', async () => {
  const options = { units: 4, rounds: 3, roundS: 60, epochMs: 4000, fixPeriodS: 0, slotMs: 4000 };
  const row = await measureCity(loadBundle(), { ...options, movingShare: 0.5, seed: 1 });
  for (const { least, median, most } of [row.timesRealTime, row.usPerUnitSecond]) {
    assert.ok(least > 0 && least <= median && median <= most);
  }
  // Of 3 s at the end of the last round nobody has heard yet. A hello a minute; two of four units tell where they are each minute, the others each five.
  assert.ok(Math.abs((row.messagesPerUnitHour['hello'] as number) - 60) <= 20);
  const positions = row.messagesPerUnitHour['position'] as number;
  assert.ok(positions >= 15 && positions <= 80, `${positions} positions`);
  // At least its look round every 4 s, and the guard of its heart every 15 s.
  assert.ok(row.timersPerUnitHour > 900 + 240, `${row.timersPerUnitHour} timers`);
});

test.run();
