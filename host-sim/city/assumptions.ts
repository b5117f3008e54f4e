/**
 * What the simulated city takes for granted: every number with its unit, its source and how sure it
 * is, in `assumptions.json`. Rule: no other file of this folder has a figure about the world, so
 * that a service that knows better changes one file, and the report prints all of it.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { UserError } from '../exit-codes.js';

const words = z.string().min(3);
const about = { unit: words, source: words };

const range = { low: z.number(), high: z.number(), why: words };
const sourced = {
  value: z.number(),
  source: words,
  uncertainty: z.strictObject(range),
  /** Of one that was chosen so that a published figure comes out: that figure proves nothing. */
  fittedTo: words.exactOptional(),
};

type Sourced = z.infer<z.ZodObject<typeof sourced>>;
const isInRange = ({ value, uncertainty: { low, high } }: Sourced) => low <= value && value <= high;
const outOfRange = { message: 'value must lie from uncertainty.low to uncertainty.high' };

/** A number between `low` and `high`, which the report's uncertainty is drawn from. */
const number = z
  .strictObject({
    ...sourced,
    unit: words,
    /** Where a service's own is published, or the place is another: by the scheme's id. */
    forScheme: z
      .record(z.string(), z.strictObject(sourced).refine(isInRange, outOfRange))
      .exactOptional(),
  })
  .refine(isInRange, outOfRange);

function list(length: number) {
  const value = z.array(z.number().positive()).length(length);
  return z.strictObject({ value, ...about, uncertainty: words });
}

const determinants = z
  .array(z.strictObject({ code: words, text: words, weight: z.number().positive() }))
  .min(1);

const schema = z.strictObject({
  calls: z.strictObject({
    treatedArrestsPer100kYear: number,
    recognisedShare: number,
    arrestShareOfMatches: number,
    otherCallsPerMatch: number,
    respiratoryArrestsPerMatch: number,
    sixHourWeights: list(4),
    weekdayWeights: list(7),
    codingS: number,
    determinants: z.strictObject({
      value: z.strictObject({
        arrest: determinants,
        respiratoryArrest: determinants,
        other: determinants,
      }),
      ...about,
      uncertainty: words,
    }),
  }),
  ambulance: z.strictObject({ meanS: number, percentile90S: number }),
  travel: z.strictObject({
    detourFactor: number,
    speedKmhByHour: list(24),
    speedFactor: number,
    patrolSpeedKmh: number,
  }),
  units: z.strictObject({
    onDutyShare: list(3),
    committedShare: number,
    calledAwayShare: number,
    aedNotReadyShare: number,
    turnoutS: z.strictObject({
      value: z.strictObject({ vehicle: z.number(), station: z.number() }),
      ...about,
      uncertainty: words,
    }),
    gateClosuresPerAreaWeek: number,
    gateClosureH: number,
    alertToSoundS: number,
    crewSize: number,
    lapsedTrainingShare: number,
  }),
  coverage: z.strictObject({
    withoutCoverageShare: number,
    holeRadiusM: number,
    dropsPerUnitDay: number,
    dropMinutes: number,
    noticedAfterS: number,
  }),
  volunteers: z.strictObject({
    registered: number,
    availableShare: number,
    acceptShare: number,
    declineShare: number,
    answerS: number,
    speedKmh: number,
    fetchShare: number,
    lapsedStandardShare: number,
  }),
  publicAeds: z.strictObject({
    per100k: number,
    dayAndNightShare: number,
    opensH: number,
    closesH: number,
  }),
  crews: z.strictObject({
    acceptShare: number,
    silentShare: number,
    answerS: number,
    vehicleToPatientS: number,
    aedOnToShockS: number,
    clearAfterS: number,
    sceneToCloseS: number,
  }),
  survival: z.strictObject({
    larsenIntercept: number,
    perMinuteToCpr: number,
    perMinuteToShock: number,
    perMinuteToAdvancedCare: number,
    shockableShare: number,
    nonShockableSurvival: number,
    publishedSurvival: number,
    pulseAtHospitalPerSurvivor: number,
    bystanderCprShare: number,
    collapseToCallS: number,
    callToBystanderCprS: number,
    patientToAdvancedCareS: number,
  }),
});

export type Assumptions = z.infer<typeof schema>;
export type UncertainNumber = z.infer<typeof number>;

const OWN_FILE = fileURLToPath(new URL('assumptions.json', import.meta.url));

/** Throws a UserError that says what is wrong and where. */
export function parseAssumptions(value: unknown, name: string): Assumptions {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const lines = result.error.issues.map((i) => `${i.path.join('.') || 'file'}: ${i.message}`);
  throw new UserError('badFile', `${name}: ${lines.join('; ')}`);
}

/** With the scheme's own numbers in the place of the usual ones. */
export function assumptionsFor(assumptions: Assumptions, schemeId: string): Assumptions {
  const ofScheme = ({ forScheme, fittedTo, ...usual }: Partial<UncertainNumber>) => {
    const own = forScheme?.[schemeId];
    return own ? { ...usual, ...own } : { ...usual, ...(fittedTo ? { fittedTo } : {}) };
  };
  const each = <T, U>(record: object, change: (value: T) => U) =>
    Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
  return each(assumptions, (group: object) => each(group, ofScheme)) as unknown as Assumptions;
}

export function readAssumptions(path = OWN_FILE): Assumptions {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const found = (error as Error).message;
    throw new UserError('badFile', `${path}: expected a JSON file of assumptions: ${found}`);
  }
  return parseAssumptions(value, path);
}
