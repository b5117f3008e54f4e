/** Calls follow people, hours and weekdays, and repeat with their seed. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { assumptionsFor, readAssumptions } from '../../../host-sim/city/assumptions.js';
import { drawCalls, type CallArea, type CityCall } from '../../../host-sim/city/calls.js';
import { localHour, startOfDateMs } from '../../../host-sim/city/local-time.js';
import { straightLineM } from '../../../host-sim/city/travel.js';
import { Random } from '../../../host-sim/world/random.js';
import { THREE_AREAS } from './areas.js';

const SEED = 20170710;
const assumptions = readAssumptions();
const FROM = startOfDateMs('2017-01-02');
const DAY_MS = 86_400_000;

function draw(
  days: number,
  seed = SEED,
  areas: readonly CallArea[] = THREE_AREAS,
  by = assumptions,
): CityCall[] {
  return drawCalls(areas, FROM, FROM + days * DAY_MS, by, new Random(seed));
}

/** How far a count may stray from its expectation: five standard deviations of a Poisson count. */
function assertNear(count: number, expected: number, what: string): void {
  assert.ok(Math.abs(count - expected) < 5 * Math.sqrt(expected), `${what}: ${count}, ${expected}`);
}

const tenYears = draw(3650);

test('arrests have the stated incidence, by area in proportion to its people', () => {
  const arrests = tenYears.filter(({ finding }) => finding === 'arrest');
  const perPerson = (53 / 100_000) * (3650 / 365.25);
  for (const { id, population } of THREE_AREAS) {
    const count = arrests.filter(({ areaId }) => areaId === id).length;
    assertNear(count, population * perPerson, id);
  }
});

test('blocks of six hours and weekdays have their stated weights', () => {
  const { sixHourWeights, weekdayWeights } = assumptions.calls;
  const share = (weights: number[], index: number) =>
    (weights[index] as number) / weights.reduce((sum, weight) => sum + weight, 0);
  const hours = tenYears.map(({ pickedUpAtMs }) => localHour(pickedUpAtMs));
  for (let block = 0; block < 4; block++) {
    const count = hours.filter(({ hour }) => Math.floor(hour / 6) === block).length;
    assertNear(count, tenYears.length * share(sixHourWeights.value, block), `block ${block}`);
  }
  for (let day = 0; day < 7; day++) {
    const count = hours.filter(({ weekday }) => weekday === day).length;
    assertNear(count, tenYears.length * share(weekdayWeights.value, day), `weekday ${day}`);
  }
});

test('of the calls with an arrest determinant the stated share are arrests', () => {
  const codes = new Set(assumptions.calls.determinants.value.arrest.map(({ code }) => code));
  const matches = tenYears.filter(({ determinant }) => codes.has(determinant));
  const arrests = matches.filter(({ finding }) => finding === 'arrest');
  assertNear(arrests.length, matches.length * 0.36, 'found');
  const all = tenYears.filter(({ finding }) => finding === 'arrest');
  assertNear(arrests.length, all.length * 0.75, 'recognised');
});

test('fitted, and so no evidence: Croydon’s busiest week of 26 has up to about 13 calls that match', () => {
  const area = { ...THREE_AREAS[0], population: 382_000 };
  const codes = new Set(assumptions.calls.determinants.value.arrest.map(({ code }) => code));
  const busiest = [1, 2, 3, 4, 5].map((seed) => {
    const weeks = new Array<number>(26).fill(0);
    for (const call of draw(182, seed, [area], assumptionsFor(assumptions, 'london'))) {
      const week = Math.floor((call.pickedUpAtMs - FROM) / (7 * DAY_MS));
      if (codes.has(call.determinant)) weeks[week] = (weeks[week] as number) + 1;
    }
    return Math.max(...weeks);
  });
  const typical = busiest.sort((a, b) => a - b)[2] as number;
  assert.ok(typical >= 11 && typical <= 16, `busiest weeks ${busiest}`);
});

test('every call lies in its area, and its times are in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 - 1 }), (seed) => {
      let lastMs = FROM;
      for (const call of draw(30, seed)) {
        const distances = THREE_AREAS.map((area) => straightLineM(area, call.place));
        const own = THREE_AREAS.findIndex(({ id }) => id === call.areaId);
        assert.is(Math.min(...distances), distances[own]);
        assert.ok((distances[own] as number) <= 6000.001);
        assert.ok(call.pickedUpAtMs >= lastMs && call.codedAtMs > call.pickedUpAtMs);
        assert.ok(call.ambulanceAtMs >= call.codedAtMs + 30_000);
        lastMs = call.pickedUpAtMs;
      }
    }),
    { seed: SEED, numRuns: 30 },
  );
});

test('the same seed gives the same calls, and a longer range begins with them', () => {
  assert.equal(draw(30), draw(30));
  assert.not.equal(draw(30), draw(30, SEED + 1));
  const short = draw(20);
  assert.equal(draw(30).slice(0, short.length), short);
});

test('an area without people is refused by name', () => {
  const nobody = { ...THREE_AREAS[0], population: undefined };
  assert.throws(() => draw(1, 1, [nobody]), /area west: expected a population above 0/);
});

test.run();
