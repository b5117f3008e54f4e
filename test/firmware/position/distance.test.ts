/** Distance and bearing on a plane against the sphere, where a vehicle needs them. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { bearingDeg, metresApart } from '../../../firmware/position/distance.js';

const RADIANS = Math.PI / 180;
const EARTH_M = 6371009;

/** Haversine, and the bearing at the start of the great circle. */
function onSphere(aN: number, aE: number, bN: number, bE: number): { m: number; deg: number } {
  const [n, m, e] = [aN * RADIANS, bN * RADIANS, (bE - aE) * RADIANS];
  const h = Math.sin((m - n) / 2) ** 2 + Math.cos(n) * Math.cos(m) * Math.sin(e / 2) ** 2;
  const y = Math.sin(e) * Math.cos(m);
  const x = Math.cos(n) * Math.sin(m) - Math.sin(n) * Math.cos(m) * Math.cos(e);
  return {
    m: 2 * EARTH_M * Math.asin(Math.sqrt(h)),
    deg: (Math.atan2(y, x) / RADIANS + 360) % 360,
  };
}

const E7 = 1e7;
const seed = 20170710;

test(`within 10 km of London: half a percent, and a degree (seed ${seed})`, () => {
  const place = fc.tuple(
    fc.integer({ min: -900000, max: 900000 }),
    fc.integer({ min: -1400000, max: 1400000 }),
  );
  fc.assert(
    fc.property(place, place, ([aN, aE], [bN, bE]) => {
      const a = [515000000 + aN, -1200000 + aE] as const;
      const b = [515000000 + bN, -1200000 + bE] as const;
      const { m, deg } = onSphere(a[0] / E7, a[1] / E7, b[0] / E7, b[1] / E7);
      const found = metresApart(...a, ...b);
      assert.ok(Math.abs(found - m) <= 0.005 * m + 1, `${found} for ${m}`);
      if (m < 100) return;
      const turn = Math.abs(bearingDeg(...a, ...b) - deg);
      assert.ok(Math.min(turn, 360 - turn) < 1, `${bearingDeg(...a, ...b)} for ${deg}`);
    }),
    { seed, numRuns: 500 },
  );
});

test('the four winds', () => {
  const here = [515000000, 0] as const;
  assert.is(bearingDeg(...here, 515100000, 0), 0);
  assert.is(bearingDeg(...here, 515000000, 100000), 90);
  assert.is(bearingDeg(...here, 514900000, 0), 180);
  assert.is(bearingDeg(...here, 515000000, -100000), 270);
});

test.run();
