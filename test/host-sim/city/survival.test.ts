/** L12: survival by time: the published line, scaled to the published level, and never rising. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import {
  ambulanceAlone,
  bestParameters,
  createSurvival,
  drawParameters,
  larsen,
  timesOf,
  type Help,
} from '../../../host-sim/city/survival.js';
import { Random } from '../../../host-sim/world/random.js';

const SEED = 20170710;
const assumptions = readAssumptions();
const best = bestParameters(assumptions);

const seconds = fc.integer({ min: 0, max: 3600 });
const help: fc.Arbitrary<Help> = fc.record({
  bystanderCpr: fc.boolean(),
  ambulanceAtPatientS: seconds,
  unitAtPatientS: fc.option(seconds),
});
const patients = fc.array(help, { minLength: 1, maxLength: 50 });

test('L12: Larsen: 67 % at once, 5.5 % less each minute without anything, never below 0', () => {
  const after = (minutes: number) => {
    const s = minutes * 60;
    return larsen({ cpr: s, shock: s, advancedCare: s }, best);
  };
  assert.ok(Math.abs(after(0) - 0.67) < 1e-12);
  assert.ok(Math.abs(after(4) - 0.45) < 1e-12);
  assert.ok(after(12) > 0);
  assert.is(after(13), 0);
});

test('L12: by ambulance alone the published share survives', () => {
  fc.assert(
    fc.property(patients, (all) => {
      const survival = createSurvival(best, all);
      const alone = all.map((one) => survival(ambulanceAlone(one)));
      const line = all.map((one) => larsen(timesOf(ambulanceAlone(one), best), best));
      // A patient's chance ends at 1, and a line that is 0 for all cannot be scaled.
      fc.pre(Math.max(...line) > 0 && Math.max(...alone) < 0.2);
      const mean = alone.reduce((sum, share) => sum + share, 0) / alone.length;
      assert.ok(Math.abs(mean - best.publishedSurvival) < 1e-9, String(mean));
    }),
    { seed: SEED },
  );
});

test('L12: later help of any kind never raises survival, which stays from 0 to 1', () => {
  fc.assert(
    fc.property(patients, help, seconds, fc.integer(), (all, one, laterS, seed) => {
      const survival = createSurvival(drawParameters(assumptions, new Random(seed)), all);
      const share = survival(one);
      assert.ok(share >= 0 && share <= 1);
      const { ambulanceAtPatientS, unitAtPatientS } = one;
      const later = survival({ ...one, ambulanceAtPatientS: ambulanceAtPatientS + laterS });
      assert.ok(later <= share);
      if (unitAtPatientS === null) return;
      assert.ok(survival({ ...one, unitAtPatientS: unitAtPatientS + laterS }) <= share);
      assert.ok(survival(ambulanceAlone(one)) <= share);
    }),
    { seed: SEED, numRuns: 300 },
  );
});

test('L8: a unit that is there after the ambulance changes nothing', () => {
  const survival = createSurvival(best, [
    { bystanderCpr: true, ambulanceAtPatientS: 400, unitAtPatientS: null },
  ]);
  const alone = { bystanderCpr: false, ambulanceAtPatientS: 400, unitAtPatientS: null };
  assert.is(survival({ ...alone, unitAtPatientS: 400 }), survival(alone));
  assert.is(survival({ ...alone, unitAtPatientS: 401 }), survival(alone));
  assert.ok(survival({ ...alone, unitAtPatientS: 399 }) > survival(alone));
});

test('parameters are drawn from their ranges', () => {
  const random = new Random(SEED);
  for (let i = 0; i < 500; i++) {
    const { publishedSurvival, aedOnToShockS } = drawParameters(assumptions, random);
    assert.ok(publishedSurvival >= 0.072 && publishedSurvival <= 0.096);
    assert.ok(aedOnToShockS >= 45 && aedOnToShockS <= 69);
  }
});

test.run();
