/** Vehicles: on duty by shift, never faster than a vehicle, where they are sent when they are due. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { Movement } from '../../../host-sim/city/movement.js';
import { Roster } from '../../../host-sim/city/shifts.js';
import { placeAt, straightLineM } from '../../../host-sim/city/travel.js';
import { Random } from '../../../host-sim/world/random.js';

const SEED = 20170710;
const CENTRE = { latitude: 51.3714, longitude: -0.0977 };
const RADIUS_M = 7000;
const FROM = startOfDateMs('2017-07-10');
const PATROL = {
  base: CENTRE,
  beat: { centre: CENTRE, radiusM: RADIUS_M },
  speedKmh: 28,
  detourFactor: 1.417,
};

function patrol(seed: number): Movement {
  return new Movement(PATROL, new Random(seed), () => true);
}

test('a patrol keeps to its area, and moves no faster than its speed', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
      const movement = patrol(seed);
      let last = movement.at(FROM).place;
      for (let s = 10; s < 4 * 3600; s += 10) {
        const { place } = movement.at(FROM + s * 1000);
        assert.ok(straightLineM(CENTRE, place) <= RADIUS_M * 0.7 + 1);
        assert.ok(straightLineM(last, place) <= (10 * 28) / 3.6 / 1.417 + 1);
        last = place;
      }
    }),
    { seed: SEED, numRuns: 20 },
  );
});

test('sent to a call it is under way between, there from its time on, and drives back', () => {
  const movement = patrol(3);
  const call = placeAt(CENTRE, 5000, 90);
  const before = movement.at(FROM + 60_000).place;
  movement.goTo(call, FROM + 60_000, FROM + 360_000);
  assert.equal(movement.at(FROM + 60_000).place, before);
  const halfway = movement.at(FROM + 210_000);
  const wholeM = straightLineM(before, call);
  assert.ok(Math.abs(straightLineM(before, halfway.place) / wholeM - 0.5) < 0.01);
  assert.ok(halfway.speedKmh > 0);
  assert.equal(movement.at(FROM + 360_000), { place: call, speedKmh: 0 });
  movement.release(FROM + 900_000);
  assert.ok(straightLineM(movement.at(FROM + 901_000).place, call) < 10);
  const later = FROM + 3 * 3_600_000;
  assert.equal(movement.at(later), patrol(3).at(later));
});

test('stood down on its way it turns where it is', () => {
  const movement = patrol(3);
  movement.goTo(placeAt(CENTRE, 5000, 90), FROM, FROM + 300_000);
  const turned = movement.at(FROM + 100_000).place;
  movement.release(FROM + 100_000);
  assert.ok(straightLineM(movement.at(FROM + 101_000).place, turned) < 10);
});

test('without a crew it stands at its base', () => {
  const empty = new Movement(PATROL, new Random(1), () => false);
  assert.equal(empty.at(FROM + 5_000_000).place, CENTRE);
});

test('vehicles are crewed, committed and without a ready AED as often as assumed', () => {
  const assumptions = readAssumptions();
  const shares = { night: [0, 0], early: [0, 0], late: [0, 0] };
  const hours = { night: 2, early: 10, late: 18 };
  let [committed, notReady, crewed] = [0, 0, 0];
  for (let i = 0; i < 400; i++) {
    const unit = {
      id: `V${i}`,
      kind: 'vehicle',
      area: 'x',
      capabilities: [],
      aedMount: 'kit',
    } as const;
    const roster = new Roster(unit, assumptions, new Random(SEED).fork(unit.id), []);
    for (let day = 0; day < 10; day++) {
      for (const name of ['night', 'early', 'late'] as const) {
        const duty = roster.at(FROM + (day * 24 + hours[name]) * 3_600_000);
        shares[name][0]! += duty.crewed ? 1 : 0;
        shares[name][1]!++;
        notReady += duty.aedReady ? 0 : 1;
        if (duty.crewed) crewed++;
        if (duty.committed) committed++;
      }
    }
  }
  const share = ([on, of]: number[]) => (on as number) / (of as number);
  assert.ok(Math.abs(share(shares.night) - 0.55) < 0.04);
  assert.ok(Math.abs(share(shares.early) - 0.65) < 0.04);
  assert.ok(Math.abs(share(shares.late) - 0.65) < 0.04);
  assert.ok(Math.abs(committed / crewed - 0.25) < 0.03);
  assert.ok(Math.abs(notReady / 12_000 - 0.02) < 0.007);
});

test.run();
