/**
 * The form of a scheme: everything that a service and its partner may decide, as data. The rules in
 * `control-room/rules` only apply it. Dates are local in Europe/London, places WGS 84 degrees,
 * durations seconds. What is published and what is assumed is said in `sources` and `assumptions`.
 */
import { z } from 'zod';
import { Category } from '../../protocol/codes.js';
import { isUnitId } from '../../protocol/settings.js';

const name = z.string().min(1);
const seconds = z.number().positive();
const count = z.int().min(0);
const date = z.iso.date();
/** Part of unit ids, so short. */
const areaCode = z.string().regex(/^[A-Z]{2,5}$/, '2 to 5 capital letters');
const unitId = z.string().refine(isUnitId, '1 to 16 letters, digits, - or _');
const place = {
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
};
const categories = Object.keys(Category) as [keyof typeof Category];

/** A determinant that begins with one of `determinants` meets the rule (L7). */
const criterion = z.strictObject({
  code: name,
  /** What the units are told that it is. */
  category: z.enum(categories),
  determinants: z.array(z.string().regex(/^[0-9A-Z]+$/, 'digits and capital letters')).min(1),
  meaning: name,
});

const area = z.strictObject({
  id: name,
  code: areaCode,
  /** As the roll-out's calendar has it (L11, N3). */
  name,
  /** Where one entry of the calendar is several boroughs. */
  members: z.array(name).min(2).optional(),
  ...place,
  /** A place belongs to the nearest centre in whose radius it lies. */
  radiusM: z.number().positive(),
  population: z.int().positive().optional(),
  /** From the start of this day its units are alerted (L10). */
  goesLiveOn: date,
  /** 0 is a pilot. */
  wave: count,
  /** Activations a week that are forecast; more is warned of (Y4). */
  expectedPerWeek: z.number().positive().optional(),
});

const station = z.strictObject({ id: unitId, name, area: name, ...place });

const fleet = z.strictObject({
  area: name,
  vehicles: count,
  capabilities: z.array(name).default([]),
  /** `kit`: carried by the crew, and a person says that it is there (Y6). */
  aedMount: z.enum(['bracket', 'kit']),
});

/** `tellCrew`: the unit is alerted, and its crew is told with the alert (L3). */
const orTold = z.enum(['refuse', 'tellCrew']);

const eligibility = z.strictObject({
  /** A unit needs all of them (Y1). */
  capabilities: z.array(name),
  /** When nobody has said whether the crew is available. */
  crewUnknown: z.enum(['refuse', 'alert']),
  aedAbsent: orTold,
  aedNotReady: orTold,
  aedUnknown: orTold,
  /** When the training of those on board has lapsed (Y7, N6). */
  skillNotCurrent: z.enum(['refuse', 'warn', 'alert']),
  /** When it is not known who is on board, or what they learnt: no unit needs a name (L6). */
  skillUnknown: z.enum(['refuse', 'warn', 'alert']),
  /** Who of those on board needs every skill. */
  skillHolders: z.enum(['one', 'all']),
});

const alerting = z.strictObject({
  /** Alerted at once for one call. */
  units: z.int().min(1),
  /** Alerted in all for one call, replacements included. */
  maxUnits: z.int().min(1),
  /** Without an answer for so long, the next unit is alerted as well. */
  nextAfterS: seconds,
  /** While a unit is wanted and none can be had, the choice is made again. */
  retryAfterS: seconds,
  /** From the call on: after that no other unit is alerted. */
  tryForS: seconds,
  /** An alert that nobody answered ends. */
  expiresAfterS: seconds,
  /** An accepted alert whose end nobody told ends here: the unit can be alerted again. */
  jobEndsAfterS: seconds,
  /** No unit is alerted from farther away. */
  maxTravelS: seconds,
  /** Who still drives is sent back when somebody has reached the patient. */
  standDown: z.strictObject({ ambulanceOnScene: z.boolean(), unitOnScene: z.boolean() }),
});

/** The control room's estimate: straight line × detour at one speed, after turning out. */
const travel = z.strictObject({
  speedKmh: z.number().positive(),
  detourFactor: z.number().min(1),
  turnOutS: z.number().min(0),
  /** Of a fix at its time; its age times the unit's speed is added. */
  positionAccuracyM: z.number().min(0),
  /** A vehicle whose position is older is not chosen. */
  maxPositionAgeS: seconds,
});

/** People with a telephone and no unit (L14, N5). A scheme without them has none. */
const volunteers = z.strictObject({
  organisation: name,
  /** The first day on which they are alerted. */
  from: date,
  /** Approved standards: nobody without one is alerted. */
  standards: z.array(name).min(1),
  maxDistanceM: z.number().positive(),
  /** Wanted for one call; another follows for each that declines or is silent. */
  atOnce: z.int().min(1),
  /** Alerted in all for one call, replacements included. */
  maxInAll: z.int().min(1),
  /** Without an answer for so long, the next is alerted as well. */
  nextAfterS: seconds,
  /** An AED of their own, or the nearest public one that is open. */
  aed: z.enum(['carried', 'fetched']),
});

/** A public-access AED (L13). Access and hours are shown as they are written, not judged. */
export const publicAed = z.strictObject({
  id: name,
  ...place,
  where: z.string(),
  access: z.string(),
  hours: z.string(),
});

/**
 * A figure that was published about the scheme, with which a simulation of it can be compared, by what
 * it is measured. `fitted`: an assumption was chosen so that it comes out; `given`: it is itself an
 * assumption; `predicted`: neither, so that alone it says something of the simulation.
 */
const published = z.strictObject({
  what: name,
  measure: z.enum([
    'activationsPerWeek',
    'busiestWeek',
    'responsesPerWeek',
    'unitFirstShare',
    'resuscitatedShare',
    'volunteerAcceptedShare',
    'treatedArrestsPerYear',
    'ambulanceMeanS',
  ]),
  /** Of one area, or of the whole scheme. */
  area: name.optional(),
  /** Local days, the last included, over which it was counted. */
  from: date,
  to: date,
  value: z.number(),
  /** What the published words leave open, or the 95 % interval of so few. */
  low: z.number().optional(),
  high: z.number().optional(),
  /** Counted in this scheme, hoped for beforehand, or counted in another place. */
  kind: z.enum(['counted', 'forecast', 'elsewhere']),
  use: z.enum(['fitted', 'given', 'predicted']),
  /** The assumption that was fitted to it, or that it is, such as `ambulance.meanS`. */
  assumption: name.optional(),
  source: name,
});

export const schemeSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'small letters, digits and -'),
  name,
  about: z.string(),
  ambulance: z.strictObject({ name }),
  partner: z.strictObject({ id: name, name, service: z.enum(['police', 'fire']) }),
  sources: z.array(name).min(1),
  assumptions: z.array(name),
  startsOn: date,
  /** The last day (N7). */
  endsOn: date.optional(),
  /** How many waves the roll-out has, pilots not counted. */
  waves: count,
  criteria: z
    .array(
      z.strictObject({ version: z.int().min(1), from: date, rules: z.array(criterion).min(1) }),
    )
    .min(1),
  areas: z.array(area).min(1),
  stations: z.array(station),
  fleet: z.array(fleet).min(1),
  /** Officers or firefighters in the scheme (L6). */
  responders: z.int().min(1),
  skills: z.array(z.strictObject({ id: name, name, validForDays: z.int().min(1) })),
  eligibility,
  gates: z.strictObject({ openAtStart: z.boolean() }),
  alerting,
  travel,
  volunteers: volunteers.optional(),
  publicAeds: z.array(publicAed),
  /** From this day on crews and volunteers are told of the nearest; without it never. */
  publicAedsFrom: date.optional(),
  /** One that is farther from the patient is not told of. */
  publicAedWithinM: z.number().positive().default(500),
  published: z.array(published).default([]),
  /** What the services said that it could save, in their words (L12). */
  claim: name.optional(),
  /** Activations of the whole scheme that are forecast (Y4). */
  expectedPerWeek: z.number().positive().optional(),
});

export type Scheme = z.infer<typeof schemeSchema>;
export type Area = z.infer<typeof area>;
export type Station = z.infer<typeof station>;
export type Criterion = z.infer<typeof criterion>;
export type Eligibility = z.infer<typeof eligibility>;
export type Published = z.infer<typeof published>;
export type PublicAed = z.infer<typeof publicAed>;
