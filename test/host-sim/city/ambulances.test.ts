/** Ambulances arrive as published: the mean and the 90th centile of Category 1 are reproduced. */
import fc from 'fast-check';
import { mean, quantile } from 'simple-statistics';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ambulanceS, fitLogNormal } from '../../../host-sim/city/ambulances.js';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import { Random } from '../../../host-sim/world/random.js';

const SEED = 20170710;

test('Y5: the published mean and 90th centile come out of the draws within 1 %', () => {
  const assumptions = readAssumptions();
  const random = new Random(SEED);
  const drawn = Array.from({ length: 200_000 }, () => ambulanceS(assumptions, random));
  const { meanS, percentile90S } = assumptions.ambulance;
  assert.ok(Math.abs(mean(drawn) / meanS.value - 1) < 0.01, `mean ${mean(drawn)}`);
  assert.ok(Math.abs(quantile(drawn, 0.9) / percentile90S.value - 1) < 0.01);
});

test('the fitted distribution has the given mean and 90th centile', () => {
  const given = fc.record({
    mean: fc.double({ min: 1, max: 5000, noNaN: true }),
    ratio: fc.double({ min: 1, max: 2.27, noNaN: true }),
  });
  fc.assert(
    fc.property(given, ({ mean: wanted, ratio }) => {
      const { mu, sigma } = fitLogNormal(wanted, wanted * ratio);
      assert.ok(Math.abs(Math.exp(mu + sigma ** 2 / 2) / wanted - 1) < 1e-9);
      assert.ok(Math.abs(Math.exp(mu + 1.2815515655446 * sigma) / (wanted * ratio) - 1) < 1e-9);
    }),
    { seed: SEED },
  );
});

test('what no log-normal has is refused: a 90th centile below the mean, or 2.28 times it', () => {
  assert.is(fitLogNormal(100, 100).sigma, 0);
  assert.throws(() => fitLogNormal(100, 99.9), /from 1 to 2\.27 times/);
  fitLogNormal(100, 227);
  assert.throws(() => fitLogNormal(100, 228), /from 1 to 2\.27 times/);
});

test.run();
