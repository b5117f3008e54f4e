/**
 * How likely a patient in cardiac arrest is to leave hospital alive, by when help was there: Larsen
 * et al. 1993 for rhythms that can be shocked, a constant for the others, and the whole scaled so
 * that the ambulance alone has the survival that England publishes. So the level is published, and
 * only differences between two sets of times are the model's (L12).
 */
import type { Random } from '../world/random.js';
import type { Assumptions, UncertainNumber } from './assumptions.js';
import { triangular } from './draws.js';

/** What happened to one patient, in seconds from the call being picked up. */
export interface Help {
  readonly bystanderCpr: boolean;
  readonly ambulanceAtPatientS: number;
  /** Null where no unit came, or none with an AED. */
  readonly unitAtPatientS: number | null;
}

/** Seconds from collapse. */
export interface TimesS {
  readonly cpr: number;
  readonly shock: number;
  readonly advancedCare: number;
}

type Survival = { readonly [Name in keyof Assumptions['survival']]: number };

export interface Parameters extends Survival {
  readonly aedOnToShockS: number;
}

/** Whoever is there first does CPR and shocks; advanced care comes with the ambulance alone. */
export function timesOf(help: Help, parameters: Parameters): TimesS {
  const { collapseToCallS, callToBystanderCprS, patientToAdvancedCareS } = parameters;
  const firstS = Math.min(help.ambulanceAtPatientS, help.unitAtPatientS ?? Infinity);
  const cprS = help.bystanderCpr ? Math.min(callToBystanderCprS, firstS) : firstS;
  return {
    cpr: collapseToCallS + cprS,
    shock: collapseToCallS + firstS + parameters.aedOnToShockS,
    advancedCare: collapseToCallS + help.ambulanceAtPatientS + patientToAdvancedCareS,
  };
}

/** Larsen's straight line, which ends at 0. */
export function larsen(times: TimesS, parameters: Parameters): number {
  const { larsenIntercept, perMinuteToCpr, perMinuteToShock, perMinuteToAdvancedCare } = parameters;
  const lost =
    perMinuteToCpr * times.cpr +
    perMinuteToShock * times.shock +
    perMinuteToAdvancedCare * times.advancedCare;
  return Math.max(larsenIntercept - lost / 60, 0);
}

/** From 0 to 1, of one patient. */
export type SurvivalModel = (help: Help) => number;

/** The same patients, had no unit been there. */
export function ambulanceAlone(help: Help): Help {
  return { ...help, unitAtPatientS: null };
}

/**
 * The model at those parameters, scaled so that these patients, by ambulance alone, survive as
 * often as is published. Throws a RangeError without a patient to scale by.
 */
export function createSurvival(parameters: Parameters, patients: readonly Help[]): SurvivalModel {
  if (patients.length === 0) throw new RangeError('expected a patient to scale by, found none');
  const { shockableShare, nonShockableSurvival, publishedSurvival } = parameters;
  const others = (1 - shockableShare) * nonShockableSurvival;
  const ofShockable = (help: Help) => larsen(timesOf(help, parameters), parameters);
  let sum = 0;
  for (const help of patients) sum += ofShockable(ambulanceAlone(help));
  const mean = (shockableShare * sum) / patients.length;
  const scale = mean > 0 ? Math.max(publishedSurvival - others, 0) / mean : 0;
  return (help) => others + shockableShare * Math.min(scale * ofShockable(help), 1);
}

/** Every parameter at its value. */
export function bestParameters(assumptions: Assumptions): Parameters {
  return parametersBy(assumptions, ({ value }) => value);
}

/** Every parameter drawn from its own range, independently of the others. */
export function drawParameters(assumptions: Assumptions, random: Random): Parameters {
  return parametersBy(assumptions, ({ value, uncertainty: { low, high } }) =>
    triangular(low, value, high, random),
  );
}

function parametersBy(
  { survival, crews }: Assumptions,
  valueOf: (assumption: UncertainNumber) => number,
): Parameters {
  const entries = Object.entries({ ...survival, aedOnToShockS: crews.aedOnToShockS });
  return Object.fromEntries(
    entries.map(([name, assumption]) => [name, valueOf(assumption)]),
  ) as unknown as Parameters;
}
