/** Draws from the distributions that the city uses, each from one uniform number of its cause. */
import { probit } from 'simple-statistics';
import type { Random } from '../world/random.js';

/** Exponential: the wait for the next event of a Poisson process. */
export function exponential(mean: number, random: Random): number {
  return -mean * Math.log(1 - random.unit());
}

/** Log-normal by the mean and spread of its logarithm. */
export function logNormal(mu: number, sigma: number, random: Random): number {
  return Math.exp(mu + sigma * standardNormal(random));
}

/** The library's probit takes shares strictly between 0 and 1. */
function standardNormal(random: Random): number {
  return probit(Math.max(random.unit(), Number.EPSILON));
}

/** How much the time a person takes varies about its median, where nothing is published. */
const USUAL_SIGMA = 0.4;

/** A time that people take, by its median. */
export function personS(medianS: number, random: Random): number {
  return logNormal(Math.log(medianS), USUAL_SIGMA, random);
}

/** Between `low` and `high`, most often `mode`. */
export function triangular(low: number, mode: number, high: number, random: Random): number {
  const share = random.unit();
  if (high === low) return low;
  const split = (mode - low) / (high - low);
  return share < split
    ? low + Math.sqrt(share * (high - low) * (mode - low))
    : high - Math.sqrt((1 - share) * (high - low) * (high - mode));
}

/** The index of one of `weights`, by its share of their sum. */
export function weighted(weights: readonly number[], random: Random): number {
  let rest = random.unit() * weights.reduce((sum, weight) => sum + weight, 0);
  for (const [index, weight] of weights.entries()) {
    rest -= weight;
    if (rest < 0) return index;
  }
  return weights.length - 1;
}
