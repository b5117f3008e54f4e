/**
 * The form of a scenario: a named run as data. Units, what happens to them, and the checks that
 * say whether it went well. Times are seconds from the start; when something happens may also be
 * said by the clock, `at`, for the first time that it shows that after the start.
 */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import {
  AedReason,
  Category,
  CrewStatus,
  Presence,
  Readiness,
  Refusal,
  StandDownReason,
} from '../../protocol/codes.js';
import { MAX_ADDRESS_CHARS, MAX_NOTE_CHARS } from '../../protocol/limits.js';
import { config as configTable } from '../../protocol/messages/config.js';
import { isUnitId } from '../../protocol/settings.js';
import { greatestOf, isString, leastOf, type Field } from '../../protocol/table.js';
import type { Settings } from '../control-room/control-room.js';
import { UserError } from '../exit-codes.js';
import { ATTACKS } from '../world/attacker.js';

const unitId = z.string().refine(isUnitId, '1 to 16 letters, digits, - or _');
const seconds = z.number().min(0);

/** The keys of a code table, as an enumeration. */
function nameFrom<T extends Record<string, number>>(codes: T) {
  return z.enum(Object.keys(codes) as [keyof T & string, ...(keyof T & string)[]]);
}

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);
const speedKmh = z.number().min(0).max(250);
const address = z.string().max(MAX_ADDRESS_CHARS);
const note = z.string().max(MAX_NOTE_CHARS);

function valueOf(field: Field) {
  const [least, greatest] = [leastOf(field), greatestOf(field)];
  const value = isString(field)
    ? z.string().min(least).max(greatest)
    : z.int().min(least).max(greatest);
  return field.nullable ? value.nullable() : value;
}

/** Those of a config that are not to be their defaults. */
const settings: z.ZodType<Settings> = z.strictObject(
  Object.fromEntries(
    configTable.fields
      .filter((field) => field.default !== undefined)
      .map((field) => [field.name, valueOf(field).optional()]),
  ),
);

const unit = z.strictObject({
  id: unitId,
  callSign: z.string().min(1).max(16),
  kind: z.enum(['vehicle', 'station']).default('vehicle'),
  track: z.strictObject({
    pattern: z.enum(['parked', 'patrol']),
    latitude,
    longitude,
    headingDeg: z.number().min(0).max(360).optional(),
    speedKmh: speedKmh.optional(),
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
    latitude,
    longitude,
    address,
    note: note.default(''),
    expiresInS: z.number().positive().default(600),
  }),
  /** New facts for a dispatch; what is not given stays as it was. */
  z.strictObject({
    do: z.literal('update'),
    atS: seconds,
    dispatch: z.int().min(0),
    latitude: latitude.exactOptional(),
    longitude: longitude.exactOptional(),
    address: address.exactOptional(),
    note: note.exactOptional(),
    expiresInS: z.number().positive().exactOptional(),
  }),
  z.strictObject({
    do: z.literal('stand-down'),
    atS: seconds,
    dispatch: z.int().min(0),
    reason: nameFrom(StandDownReason).default('notStated'),
  }),
  z.strictObject({ do: z.literal('aed'), atS: seconds, unit: unitId, seated: z.boolean() }),
  z.strictObject({
    do: z.literal('indicator'),
    atS: seconds,
    unit: unitId,
    shows: z.enum(['blinking', 'dark', 'steady']),
  }),
  /** Around the AED. */
  z.strictObject({
    do: z.literal('temperature'),
    atS: seconds,
    unit: unitId,
    celsius: z.number().min(-55).max(125),
  }),
  /** A hand on a button, beside what the crew does by itself: from 1 s on it is held. */
  z.strictObject({
    do: z.literal('press'),
    atS: seconds,
    unit: unitId,
    button: z.enum(['accept', 'decline', 'both']),
    forS: z.number().positive().default(0.3),
  }),
  /** To a place, if one is given, and there, or from where it is, by the pattern. */
  z.strictObject({
    do: z.literal('drive'),
    atS: seconds,
    unit: unitId,
    to: z.strictObject({ latitude, longitude }).optional(),
    pattern: z.enum(['parked', 'patrol']),
    speedKmh: speedKmh.optional(),
  }),
  z.strictObject({ do: z.literal('config'), atS: seconds, unit: unitId, settings }),
  z.strictObject({
    do: z.literal('command'),
    atS: seconds,
    unit: unitId,
    command: z.enum(['selfTest', 'locate', 'report', 'reboot']),
  }),
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
  z.strictObject({
    kind: z.literal('readiness'),
    id: z.string(),
    unit: unitId,
    readiness: nameFrom(Readiness),
    reasons: z.array(nameFrom(AedReason)).default([]),
  }),
  /** What the crew said last. */
  z.strictObject({
    kind: z.literal('status'),
    id: z.string(),
    unit: unitId,
    status: nameFrom(CrewStatus),
  }),
  /** Positions of times when nobody could be told. */
  z.strictObject({
    kind: z.literal('missed'),
    id: z.string(),
    unit: unitId,
    atLeast: z.int().min(0),
  }),
  z.strictObject({
    kind: z.literal('self-tests'),
    id: z.string(),
    unit: unitId,
    count: z.int().min(0),
  }),
  /** What became of each config and command, in the order in which they were sent. */
  z.strictObject({
    kind: z.literal('outcomes'),
    id: z.string(),
    are: z.array(nameFrom(Refusal)),
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
  const result = scenario.safeParse(inSeconds(value));
  if (!result.success) {
    const lines = result.error.issues.map((i) => `${i.path.join('.') || 'file'}: ${i.message}`);
    throw new UserError('badFile', `${path}: ${lines.join('; ')}`);
  }
  checkReferences(path, result.data);
  return result.data;
}

const DAY_S = 86_400;

/** Events with `atS` where they have `at`; what is not of this form is the schema's to refuse. */
function inSeconds(value: unknown): unknown {
  const { startAt, events } = (value ?? {}) as { startAt?: unknown; events?: unknown };
  const startS = Date.parse(String(startAt)) / 1000;
  if (!Array.isArray(events) || Number.isNaN(startS)) return value;
  return { ...(value as object), events: events.map((event) => timed(event, startS)) };
}

function timed(event: { at?: unknown } | null, startS: number): unknown {
  const ofDayS = Date.parse(`1970-01-01T${event?.at}Z`) / 1000;
  if (Number.isNaN(ofDayS)) return event;
  const rest = { ...event };
  delete rest.at;
  return { ...rest, atS: (ofDayS - (startS % DAY_S) + DAY_S) % DAY_S };
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
