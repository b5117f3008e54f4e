/**
 * When the ambulance is there: drawn from a log-normal distribution that has just the published
 * mean and 90th centile of Category 1. One draw a call, whatever else happens (L8): a unit neither
 * speeds up nor slows down an ambulance.
 */
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { logNormal } from './draws.js';

/** The 90th centile of the standard normal distribution. */
const Z90 = 1.2815515655446004;

export interface LogNormal {
  readonly mu: number;
  readonly sigma: number;
}

/**
 * The log-normal with that mean and 90th centile: ln(p90 / mean) = Z90 σ − σ²/2. Of the two
 * solutions it is the one with the smaller spread.
 * Throws a RangeError where no such distribution exists: p90 not from 1 to 2.27 times the mean.
 */
export function fitLogNormal(mean: number, percentile90: number): LogNormal {
  const ratio = Math.log(percentile90 / mean);
  const root = Z90 * Z90 - 2 * ratio;
  if (!(mean > 0) || ratio < 0 || root < 0) {
    throw new RangeError(
      `expected a 90th centile from 1 to 2.27 times the mean, found ${percentile90} and ${mean}`,
    );
  }
  const sigma = Z90 - Math.sqrt(root);
  return { mu: Math.log(mean) - (sigma * sigma) / 2, sigma };
}

/** Seconds from the call to the ambulance's arrival at the address. */
export function ambulanceS(assumptions: Assumptions, random: Random): number {
  const { meanS, percentile90S } = assumptions.ambulance;
  const { mu, sigma } = fitLogNormal(meanS.value, percentile90S.value);
  return logNormal(mu, sigma, random);
}
