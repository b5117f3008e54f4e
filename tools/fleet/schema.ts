/**
 * The form of a fleet folder's files. Everything here is fit for version control; the fleet's
 * secret and what follows from it are in a folder of their own (secret.ts).
 */
import { z } from 'zod';
import { isPlainText } from '../../protocol/bytes.js';
import { AedMount, UnitKind } from '../../protocol/codes.js';
import {
  MAX_AED_TAG_CHARS,
  MAX_CALL_SIGN_CHARS,
  MAX_FIX_PERIOD_S,
  MAX_GENERATION,
  MAX_SETTING_CHARS,
} from '../../protocol/limits.js';
import { config as configTable } from '../../protocol/messages/config.js';
import { isUnitId } from '../../protocol/settings.js';
import { greatestOf, isString, leastOf, type Field } from '../../protocol/table.js';
import { AED_MODELS } from './aed-models.js';

/** Services, areas and skills are for people and rules, never for a unit. */
export const MAX_WORDS_CHARS = 64;

type Names<T> = [keyof T & string, ...(keyof T & string)[]];
const keysOf = <T extends object>(names: T) => Object.keys(names) as Names<T>;

const plain = (least: number, most: number) =>
  z.string().min(least).max(most).refine(isPlainText, 'plain text (ASCII without " and \\)');

export const words = plain(1, MAX_WORDS_CHARS);
export const callSign = plain(1, MAX_CALL_SIGN_CHARS);
export const unitId = z.string().refine(isUnitId, '1 to 16 of A–Z, a–z, 0–9, - and _');
export const kind = z.enum(keysOf(UnitKind));
export const aedModel = z.enum(keysOf(AED_MODELS));
export const aedMount = z.enum(keysOf(AedMount));
export const aedTag = plain(0, MAX_AED_TAG_CHARS);
export const latitude = z.number().min(-90).max(90);
export const longitude = z.number().min(-180).max(180);
/** The last day on which it may be used. */
export const day = z.iso.date('a day as YYYY-MM-DD');
const generation = z.int().min(1).max(MAX_GENERATION);

/** What a `config` may say beside its version and time (SPEC, config). */
export const SETTING_FIELDS = configTable.fields.filter(
  ({ default: value }) => value !== undefined,
);

function settingValue(field: Field) {
  const [least, greatest] = [leastOf(field), greatestOf(field)];
  const value = isString(field) ? plain(least, greatest) : z.int().min(least).max(greatest);
  return field.nullable ? value.nullable() : value;
}

/** Those settings of a unit that are not to be their defaults. */
export const settings = z.strictObject(
  Object.fromEntries(SETTING_FIELDS.map((field) => [field.name, settingValue(field).optional()])),
) as z.ZodType<Record<string, number | string | null>>;

export const fleetSchema = z.strictObject({
  /** Of the folder's form. */
  version: z.literal(1),
  service: words,
  /** Rules by which the control room works: the name of a scheme. */
  scheme: words,
  /** The first is what a unit is provisioned with; the others are for `config set brokers`. */
  brokers: z
    .array(
      z.strictObject({
        host: plain(1, MAX_SETTING_CHARS),
        port: z.int().min(1).max(65535),
        tls: z.boolean(),
      }),
    )
    .min(1),
  /** The wireless network in the vehicles. */
  ssid: plain(1, MAX_SETTING_CHARS),
  /** Whether a reader of the AED's tag is fitted, where a unit says nothing else. */
  tagReader: z.boolean().optional(),
  /** The longest that the GPS receiver takes from fix to fix (SPEC CR-065). */
  fixPeriodS: z.int().min(1).max(MAX_FIX_PERIOD_S).optional(),
  /** Tells the fleet's secret from another one, and tells nothing about it. */
  secretCheck: z.string().regex(/^[0-9a-f]{16}$/, '16 hexadecimal digits'),
  /** Number of the passwords of the control room and of these tools. */
  access: z.int().min(1),
  /** For every unit, where it says nothing else. */
  defaults: settings,
});

export const unitSchema = z.strictObject({
  unitId,
  callSign,
  kind,
  service: words,
  area: words,
  skills: z.array(words),
  aed: z.strictObject({
    model: aedModel,
    mount: aedMount,
    tag: aedTag,
    padsExpire: day.nullable(),
    batteryExpire: day.nullable(),
  }),
  /** Of a station. */
  place: z.strictObject({ latitude, longitude }).nullable(),
  /** Whether a reader of the AED's tag is fitted, if otherwise than in the fleet. */
  tagReader: z.boolean().optional(),
  /** The longest that the GPS receiver takes from fix to fix (SPEC CR-065). */
  fixPeriodS: z.int().min(1).max(MAX_FIX_PERIOD_S).optional(),
  /** What this unit has otherwise than the fleet. */
  settings,
  /** Version of the latest `config` that was sent to it; 0 for none. */
  configVersion: z.int().min(0),
  /** Generation of the keys, and number of the passwords, that the board was or will be given. */
  provisioned: generation,
  /** Generation that its keys have reached over the air since. */
  generation,
  /** Day on which it left the fleet. */
  retired: day.nullable(),
});

export const unitsSchema = z.array(unitSchema);

export type FleetFile = z.infer<typeof fleetSchema>;
export type FleetUnit = z.infer<typeof unitSchema>;
