/**
 * What the model of survival makes of the times (L12): survivors with units and by ambulance alone,
 * and of how many more that is, with two uncertainties in one: which patients there happened to be
 * (bootstrap), and what the assumptions leave open (a draw of every parameter for each resample).
 */
import type { Random } from '../../world/random.js';
import type { Assumptions } from '../assumptions.js';
import {
  ambulanceAlone,
  bestParameters,
  createSurvival,
  drawParameters,
  type Help,
  type Parameters,
} from '../survival.js';
import { estimate, type Estimate } from './spread.js';

export interface Lives {
  /** Treated arrests, whether or not their call met the criteria, in areas that were live. */
  readonly arrests: number;
  readonly survivorsAlone: number;
  readonly survivorsWithUnits: number;
  /** More survivors in this run. */
  readonly more: Estimate;
  /** The same gain for every treated arrest of a year in all of the scheme's areas. */
  readonly morePerYear: Estimate;
  /** Of the draws, those in which it is two dozen or more. */
  readonly shareOfDozens: number;
}

const DRAWS = 1000;
const TWO_DOZEN = 24;

/**
 * Null where no arrest is known.
 * @param arrestsPerYear expected in all areas together
 */
export function livesOf(
  patients: readonly Help[],
  arrestsPerYear: number,
  assumptions: Assumptions,
  random: Random,
): Lives | null {
  if (patients.length === 0) return null;
  const best = sums(patients, bestParameters(assumptions));
  const perYear = (more: number) => (more / patients.length) * arrestsPerYear;
  const draws = Array.from({ length: DRAWS }, () => {
    const again = patients.map(() => patients[random.integer(0, patients.length - 1)] as Help);
    return sums(again, drawParameters(assumptions, random)).more;
  });
  const yearly = draws.map(perYear);
  return {
    arrests: patients.length,
    survivorsAlone: best.alone,
    survivorsWithUnits: best.alone + best.more,
    more: estimate(best.more, draws),
    morePerYear: estimate(perYear(best.more), yearly),
    shareOfDozens: yearly.filter((more) => more >= TWO_DOZEN).length / DRAWS,
  };
}

function sums(patients: readonly Help[], parameters: Parameters) {
  const survival = createSurvival(parameters, patients);
  let alone = 0;
  let withUnits = 0;
  for (const help of patients) {
    alone += survival(ambulanceAlone(help));
    withUnits += survival(help);
  }
  return { alone, more: withUnits - alone };
}
