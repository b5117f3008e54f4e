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

/** A number between `low` and `high`, which the report's uncertainty is drawn from. */
const number = z
  .strictObject({
    value: z.number(),
    ...about,
    uncertainty: z.strictObject({ low: z.number(), high: z.number(), why: words }),
  })
  .refine(({ value, uncertainty: { low, high } }) => low <= value && value <= high, {
    message: 'value must lie from uncertainty.low to uncertainty.high',
  });

function list(length: number) {
  const value = z.array(z.number().positive()).length(length);
  return z.strictObject({ value, ...about, uncertainty: words });
}

const determinants = z
  .array(z.strictObject({ code: words, text: words, weight: z.number().positive() }))
  .min(1);

const bySchemeId = z.record(z.string(), z.number().positive());

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
    speedFactor: z.strictObject({ value: bySchemeId, ...about, uncertainty: words }),
    patrolSpeedKmh: number,
  }),
  units: z.strictObject({
    onDutyShare: list(3),
    committedShare: number,
    aedNotReadyShare: number,
    turnoutS: z.strictObject({
      value: z.strictObject({ vehicle: z.number(), station: z.number() }),
      ...about,
      uncertainty: words,
    }),
    gateClosuresPerAreaWeek: number,
    gateClosureH: number,
    alertToSoundS: number,
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
