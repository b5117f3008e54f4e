/** How a time is spread, with how sure that is: percentile bootstrap, seeded. */
import { mean, quantile, sampleWithReplacement } from 'simple-statistics';
import type { Random } from '../../world/random.js';

/** A figure and the 95 % interval about it. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

export interface Spread {
  readonly count: number;
  readonly mean: number;
  readonly median: Estimate;
  readonly percentile90: Estimate;
}

/** Enough for an interval that is stable to a few hundredths of its width. */
const RESAMPLES = 400;

/** Null without a value. */
export function spreadOf(values: readonly number[], random: Random): Spread | null {
  if (values.length === 0) return null;
  const medians: number[] = [];
  const percentiles: number[] = [];
  for (let i = 0; i < RESAMPLES; i++) {
    const again = sampleWithReplacement([...values], values.length, () => random.unit());
    const [median, percentile90] = quantile(again, [0.5, 0.9]) as [number, number];
    medians.push(median);
    percentiles.push(percentile90);
  }
  const [median, percentile90] = quantile([...values], [0.5, 0.9]) as [number, number];
  return {
    count: values.length,
    mean: mean([...values]),
    median: estimate(median, medians),
    percentile90: estimate(percentile90, percentiles),
  };
}

/** That value, with the middle 95 % of what else it could have been. */
export function estimate(value: number, others: number[]): Estimate {
  const [low, high] = quantile(others, [0.025, 0.975]) as [number, number];
  return { value, low, high };
}
