/** What a virtual crew does, whatever the unit makes of it. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnitHost } from '../../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { ALARM_HZ, Vehicle } from '../../../host-sim/world/vehicle.js';
import { wiring } from '../../../host-sim/world/wiring.js';

const SEED = 6;

type Output = Parameters<UnitHost['onOutput']>[0];

/** A unit of which the test says what it sounds, and sees who presses Accept. */
function fitted() {
  const clock = new SimulatedClock(0);
  const presses: { downMs: number; forMs: number }[] = [];
  let output: Output = () => {};
  let downMs: number | null = null;
  const host = {
    onOutput: (listener: Output) => (output = listener),
    setLevel: () => {},
    setInput: (pin: string, high: boolean) => {
      if (pin !== wiring.acceptButton) return;
      if (!high && downMs === null) downMs = clock.nowMs();
      else if (high && downMs !== null) {
        presses.push({ downMs, forMs: clock.nowMs() - downMs });
        downMs = null;
      }
    },
  } as unknown as UnitHost;
  const gps = { start: () => {}, stop: () => {}, setSky: () => {} };
  const crew = { answer: 'accept', afterS: 0.05 } as const;
  const vehicle = new Vehicle('BX01', host, clock, gps, crew);
  const at = (ms: number, lit: boolean) =>
    clock.after(ms - clock.nowMs(), () => {
      const change = { level: lit ? 1 : 0, frequencyHz: ALARM_HZ } as never;
      if (lit) output(wiring.sounder, change, clock.nowMs());
      output(wiring.redLamp, change, clock.nowMs());
    });
  return { clock, vehicle, presses, at };
}

test('while it sounds the crew holds again and again', async () => {
  const { clock, presses, at } = fitted();
  at(1000, true);
  await clock.runUntil(10_000);
  assert.equal(
    presses.map(({ forMs }) => forMs),
    [1300, 1300, 1300],
  );
});

test('alarms one soon after another: the last is answered with a whole hold, for a crew has one hand', async () => {
  const lengths = fc.record({
    forMs: fc.integer({ min: 100, max: 2000 }),
    thenMs: fc.integer({ min: 1500, max: 3000 }),
  });
  const property = fc.asyncProperty(
    fc.array(lengths, { minLength: 1, maxLength: 6 }),
    async (alarms) => {
      const { clock, presses, at } = fitted();
      let ms = 1000;
      for (const { forMs, thenMs } of alarms) {
        at(ms, true);
        at(ms + forMs, false);
        ms += forMs + thenMs;
      }
      at(ms, true);
      await clock.runUntil(ms + 20_000);
      const whole = presses.filter(({ downMs, forMs }) => downMs > ms && forMs === 1300);
      assert.ok(whole.length >= 5, JSON.stringify(presses));
    },
  );
  await fc.assert(property, { numRuns: 300, seed: SEED });
});

test.run();
