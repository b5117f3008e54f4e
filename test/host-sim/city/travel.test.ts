/** Travel times: the stated model, and nothing else. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assumptionsFor, readAssumptions } from '../../../host-sim/city/assumptions.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { createTravel, placeAt, straightLineM } from '../../../host-sim/city/travel.js';

const SEED = 20170710;
const CROYDON = { latitude: 51.3714, longitude: -0.0977 };
const SUMMER_NOON = startOfDateMs('2017-07-10') + 12 * 3_600_000;

test('2 km at noon in London: 2.834 km by road at 40 km/h', () => {
  const travel = createTravel(assumptionsFor(readAssumptions(), 'london'));
  const place = placeAt(CROYDON, 2000, 45);
  assert.ok(Math.abs(travel.responseS(CROYDON, place, SUMMER_NOON) - 255.06) < 0.01);
});

test('the hour is that of a clock in London: 8 h is slower than 3 h, in summer too', () => {
  const travel = createTravel(assumptionsFor(readAssumptions(), 'london'));
  const place = placeAt(CROYDON, 2000, 45);
  const at = (hour: number) =>
    travel.responseS(CROYDON, place, startOfDateMs('2017-07-10') + hour * 3_600_000);
  assert.ok(Math.abs(at(8) / at(3) - 52 / 36) < 1e-9);
});

test('a place at a distance and bearing is at that distance; time grows with it', () => {
  const travel = createTravel(assumptionsFor(readAssumptions(), 'norfolk'));
  const distanceM = fc.double({ min: 1, max: 50_000, noNaN: true });
  const bearing = fc.double({ min: 0, max: 360, noNaN: true });
  fc.assert(
    fc.property(distanceM, bearing, (metres, degrees) => {
      const near = placeAt(CROYDON, metres, degrees);
      const far = placeAt(CROYDON, metres * 1.5, degrees);
      assert.ok(Math.abs(straightLineM(CROYDON, near) - metres) < 0.01);
      const nearS = travel.responseS(CROYDON, near, SUMMER_NOON);
      assert.ok(nearS > 0 && travel.responseS(CROYDON, far, SUMMER_NOON) > nearS);
    }),
    { seed: SEED },
  );
});

test.run();
