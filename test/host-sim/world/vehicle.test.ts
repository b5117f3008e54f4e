/** What a virtual crew does, whatever the unit makes of it. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { UnitHost } from '../../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { ALARM_HZ, Vehicle } from '../../../host-sim/world/vehicle.js';
import { wiring } from '../../../host-sim/world/wiring.js';

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

test('an alarm soon after another is answered with whole holds: a crew has one hand', async () => {
  // When the first is over, somebody is still about to press for it: at 3900.
  for (let againMs = 3600; againMs <= 4000; againMs += 10) {
    const { clock, vehicle, presses, at } = fitted();
    at(1000, true);
    at(2100, false);
    at(againMs, true);
    await clock.runUntil(againMs + 20_000);
    assert.is(vehicle.alarms.beganAtMs.length, 2);
    const whole = presses.filter(({ downMs, forMs }) => downMs > againMs && forMs === 1300);
    assert.ok(whole.length >= 5, `again at ${againMs}: ${JSON.stringify(presses)}`);
    // No press begins before the last one is over, and none is cut short.
    assert.ok(presses.every(({ forMs }) => forMs === 1300));
  }
});

test.run();
