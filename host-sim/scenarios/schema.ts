/**
 * The form of a scenario: a named run as data. Units, what happens to them, and the checks that
 * say whether it went well. Times are seconds from the start.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Category, Presence, StandDownReason } from '../../protocol/codes.js';
import { isUnitId } from '../../protocol/settings.js';
import { UserError } from '../exit-codes.js';
import { ATTACKS } from '../world/attacker.js';

const unitId = z.string().refine(isUnitId, '1 to 16 letters, digits, - or _');
const seconds = z.number().min(0);

/** The keys of a code table, as an enumeration. */
function nameFrom<T extends Record<string, number>>(codes: T) {
  return z.enum(Object.keys(codes) as [keyof T & string, ...(keyof T & string)[]]);
}

const unit = z.strictObject({
  id: unitId,
  callSign: z.string().min(1).max(16),
  kind: z.enum(['vehicle', 'station']).default('vehicle'),
  track: z.strictObject({
    pattern: z.enum(['parked', 'patrol']),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    headingDeg: z.number().min(0).max(360).optional(),
    speedKmh: z.number().min(0).max(250).optional(),
  }),
  aed: z.enum(['present', 'absent']).default('present'),
  crew: z
    .strictObject({ answer: z.enum(['accept', 'decline', 'none']), afterS: seconds })
    .default({ answer: 'accept', afterS: 3 }),
});

const happening = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('dispatch'),
    atS: seconds,
    unit: unitId,
    category: nameFrom(Category).default('cardiacArrest'),
    ambulanceReference: z.string().min(1).max(16),
    latitude: z.number().min(-90).max(90),
    longitude: z.number().min(-180).max(180),
    address: z.string().max(96),
    note: z.string().max(80).default(''),
    expiresInS: z.number().positive().default(600),
  }),
  z.strictObject({
    do: z.literal('stand-down'),
    atS: seconds,
    dispatch: z.int().min(0),
    reason: nameFrom(StandDownReason).default('notStated'),
  }),
  z.strictObject({ do: z.literal('aed'), atS: seconds, unit: unitId, seated: z.boolean() }),
  z.strictObject({ do: z.literal('power'), atS: seconds, unit: unitId, on: z.boolean() }),
  z.strictObject({ do: z.literal('link'), atS: seconds, unit: unitId, up: z.boolean() }),
  z.strictObject({ do: z.literal('rotate'), atS: seconds, unit: unitId }),
  z.strictObject({
    do: z.literal('attack'),
    atS: seconds,
    unit: unitId,
    kind: z.enum(ATTACKS),
    count: z.int().positive(),
    perS: z.number().positive().optional(),
  }),
  /** What is sent down meanwhile comes after it, the latest first. */
  z.strictObject({ do: z.literal('hold'), atS: seconds, unit: unitId, forS: seconds }),
  z.strictObject({ do: z.literal('sky'), atS: seconds, unit: unitId, visible: z.boolean() }),
]);

const step = z.string().min(1);
const check = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('step'),
    id: z.string(),
    dispatch: z.int().min(0),
    step,
    withinMs: z.number().positive(),
  }),
  z.strictObject({
    kind: z.literal('no-step'),
    id: z.string(),
    dispatch: z.int().min(0),
    step,
  }),
  z.strictObject({
    kind: z.literal('alarms'),
    id: z.string(),
    unit: unitId,
    count: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('quiet'), id: z.string(), unit: unitId }),
  z.strictObject({ kind: z.literal('alive'), id: z.string(), unit: unitId, alive: z.boolean() }),
  z.strictObject({
    kind: z.literal('positions'),
    id: z.string(),
    unit: unitId,
    atLeast: z.int().min(0),
  }),
  z.strictObject({ kind: z.literal('fix'), id: z.string(), unit: unitId, known: z.boolean() }),
  z.strictObject({
    kind: z.literal('aed'),
    id: z.string(),
    unit: unitId,
    presence: nameFrom(Presence),
  }),
  /** The unit has told in its health just those refusals that the attacker earned there. */
  z.strictObject({ kind: z.literal('refusals'), id: z.string(), unit: unitId }),
  z.strictObject({ kind: z.literal('control-refusals'), id: z.string() }),
  z.strictObject({
    kind: z.literal('generation'),
    id: z.string(),
    unit: unitId,
    generation: z.int().min(1),
  }),
]);

const scenario = z.strictObject({
  name: z.string().min(1),
  about: z.string(),
  startAt: z.iso.datetime(),
  durationS: z.number().positive(),
  seed: z.int().min(0).default(1),
  units: z.array(unit).min(1),
  events: z.array(happening),
  checks: z.array(check),
});

export type Scenario = z.infer<typeof scenario>;
export type ScenarioUnit = z.infer<typeof unit>;
export type Happening = z.infer<typeof happening>;
export type Check = z.infer<typeof check>;

/** Reads a scenario; throws a UserError that says what is wrong and where. */
export function readScenario(path: string): Scenario {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UserError('fileMissing', `${path}: no such scenario`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError('badFile', `${path}: not JSON: ${(error as Error).message}`);
  }
  const result = scenario.safeParse(value);
  if (!result.success) {
    const lines = result.error.issues.map((i) => `${i.path.join('.') || 'file'}: ${i.message}`);
    throw new UserError('badFile', `${path}: ${lines.join('; ')}`);
  }
  checkReferences(path, result.data);
  return result.data;
}

/** Events and checks must name units and dispatches that the scenario has. */
function checkReferences(path: string, { units, events, checks }: Scenario): void {
  const ids = new Set(units.map((u) => u.id));
  if (ids.size < units.length) throw new UserError('badFile', `${path}: a unit id stands twice`);
  const dispatches = events.filter((event) => event.do === 'dispatch').length;
  const parts = [
    ...events.map((part, i) => ({ part, place: `events.${i}` })),
    ...checks.map((part, i) => ({ part, place: `checks.${i}` })),
  ];
  for (const { part, place } of parts) {
    if ('unit' in part && !ids.has(part.unit)) {
      const known = [...ids].join(', ');
      throw new UserError('badFile', `${path}: ${place}.unit: ${part.unit} is none of ${known}`);
    }
    if ('dispatch' in part && part.dispatch >= dispatches) {
      throw new UserError(
        'badFile',
        `${path}: ${place}.dispatch: found ${part.dispatch}, but there are ${dispatches}, from 0`,
      );
    }
  }
}
