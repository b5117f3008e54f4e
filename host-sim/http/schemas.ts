/**
 * What goes over the HTTP endpoint: the one source of its validation, of its types and of the
 * OpenAPI document. Times are epoch milliseconds, places WGS 84 degrees, as in the ledger.
 */
import { z } from 'zod';
import { MAX_AMBULANCE_REFERENCE_CHARS } from '../../protocol/limits.js';
import type { Call } from '../control-room/events.js';
import {
  MAX_DETERMINANT_CHARS,
  MAX_ETA_S,
  MAX_PATIENTS,
  MAX_REASON_CHARS,
  MAX_TEXT_CHARS,
} from './limits.js';
import { atMs, id, place } from './values.js';

const text = z.string().max(MAX_TEXT_CHARS);
/** As a unit's display shows it, because a crew may have to read it out; no blank at its ends. */
const PLAIN_WORDS = /^[!#-[\]-~]+( +[!#-[\]-~]+)*$/;

export const call = z
  .strictObject({
    callId: id.describe('Of the ambulance service. The same call given twice is one.'),
    place,
    address: text.describe('Where to go, in words.'),
    determinant: z
      .string()
      .min(1)
      .max(MAX_DETERMINANT_CHARS)
      .describe("What the call-taker's questions led to, such as 09E01."),
    text: text.describe('For a crew to read. It names no patient.'),
    ambulanceReference: z
      .string()
      .min(1)
      .max(MAX_AMBULANCE_REFERENCE_CHARS)
      .regex(PLAIN_WORDS, 'expected ASCII without " and \\, and no blank at its ends')
      .describe('Of the ambulance that is sent. Without one no unit is ever alerted.'),
    ambulanceEtaS: z
      .number()
      .min(0)
      .max(MAX_ETA_S)
      .exactOptional()
      .describe('Seconds until the ambulance is expected, where that is known.'),
  })
  .meta({ id: 'Call', description: 'An emergency call.' }) satisfies z.ZodType<Call>;

export const callAnswer = z
  .strictObject({
    callId: id,
    incident: id.describe('What the call led to: GET /incidents/{id} tells the rest.'),
  })
  .meta({ id: 'CallAnswer', description: 'The call is in the ledger: it will not be lost.' });

export const capacity = z
  .strictObject({
    area: id.describe('Id of an area, or * for all of them.'),
    open: z.boolean().describe('Whether the partner has capacity to respond there.'),
    reason: z.string().min(1).max(MAX_REASON_CHARS).describe('Kept in the ledger.'),
    by: id.describe("Who decided, as the partner's own control names them."),
  })
  .meta({ id: 'Capacity', description: "The partner's own decision. Nobody else's." });

export const capacityAnswer = z
  .strictObject({ area: id, open: z.boolean(), line: z.int().min(1) })
  .meta({ id: 'CapacityAnswer', description: 'The decision is in the ledger.' });

export const ambulance = z
  .strictObject({ what: z.enum(['onScene', 'clear']) })
  .meta({ id: 'AmbulanceReport', description: 'What the ambulance does now.' });

export const outcome = z
  .strictObject({
    patients: z.int().min(0).max(MAX_PATIENTS),
    resuscitatedAndTransported: z.int().min(0).max(MAX_PATIENTS),
  })
  .refine(({ patients, resuscitatedAndTransported: saved }) => saved <= patients, {
    path: ['resuscitatedAndTransported'],
    error: 'expected at most as many as patients',
  })
  .meta({ id: 'Outcome', description: 'How an incident ended. Patients are no responses (N1).' });

export const lineAnswer = z
  .strictObject({
    line: z.int().min(1).describe('Of the ledger, in which it stands at the latest.'),
  })
  .meta({ id: 'LineAnswer', description: 'It is in the ledger.' });

export const unitView = z
  .strictObject({
    id,
    callSign: z.string().describe('As the unit told it; empty before it was heard.'),
    kind: z.enum(['vehicle', 'station']),
    area: id.describe('Where it belongs: the date and the gate of that area hold for it.'),
    alive: z.boolean().describe('Whether it is connected, as far as is known.'),
    crew: z.enum(['unknown', 'available', 'unavailable', 'committed']),
    aed: z.strictObject({
      presence: z.enum(['present', 'absent', 'unknown']),
      readiness: z.enum(['ready', 'attention', 'fault', 'unknown']),
    }),
    position: z
      .strictObject({
        place,
        fixAtMs: atMs.nullable().describe('Null for a station, which does not move.'),
        speedKmh: z.number(),
      })
      .nullable()
      .describe('Where it was when it last knew; null if that was never told.'),
    incident: id.nullable().describe('What it is alerted for or engaged in.'),
  })
  .meta({ id: 'Unit', description: 'What the control room knows of a unit.' });

const alertView = z
  .strictObject({
    alertId: z.int(),
    unit: id,
    atMs,
    expiresAtMs: atMs,
    steps: z
      .record(z.string(), atMs)
      .describe('When each step was learnt, such as sent, sounding, accepted, onScene.'),
    failed: z.string().describe('Why it no longer counts and the next unit is sought; or empty.'),
    over: z.string().describe('Why it is over, empty while it is not.'),
    revision: z
      .int()
      .describe('Of the call that the unit was told last: 0 with the alert, more by updates.'),
    updateSent: z.boolean().describe('Whether the broker has the last update, or none is due.'),
  })
  .meta({ id: 'Alert', description: 'What one unit was asked, and what came of it.' });

const volunteerView = z
  .strictObject({
    volunteer: id,
    atMs,
    step: z
      .string()
      .describe('The last of alerted, sent, accepted, declined, silent, onScene, aedTaken.'),
  })
  .meta({ id: 'VolunteerAlert', description: 'A volunteer who was told. They count as no unit.' });

export const incidentView = z
  .strictObject({
    id,
    call,
    openedAtMs: atMs,
    ambulanceReference: z.string().describe('Of the ambulance that is sent now.'),
    ambulanceOnSceneAtMs: atMs.nullable(),
    area: id.nullable().describe('Null before the criteria are met, and outside all areas.'),
    criteriaVersion: z.int().nullable().describe('Of the criteria that the call meets.'),
    rule: z.string().nullable().describe('The rule that it meets, null where it meets none.'),
    ended: z
      .string()
      .describe('Why no more units are alerted, in a code; empty while they may be.'),
    revision: z.int().describe('How often the call changed for those who are on their way.'),
    alerts: z.array(alertView),
    volunteers: z.array(volunteerView),
    outcome: outcome.nullable().describe('Once the incident is closed.'),
  })
  .meta({ id: 'Incident', description: 'A call and all that was done for it.' });

export const health = z
  .strictObject({ status: z.literal('ok'), lastLine: z.int().min(0) })
  .meta({ id: 'Health', description: 'It answers, and its ledger stands at this line.' });

export const problem = z
  .strictObject({
    type: z.string().describe('Always about:blank: the status says what it is.'),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().describe('The path that was asked for.'),
    errors: z
      .array(
        z.strictObject({
          where: z.string().describe('JSON pointer into what was sent.'),
          expected: z.string(),
          found: z.string(),
        }),
      )
      .exactOptional(),
  })
  .meta({ id: 'Problem', description: 'An error, as RFC 9457 gives it.' });

export type UnitView = z.infer<typeof unitView>;
export type IncidentView = z.infer<typeof incidentView>;
export type Problem = z.infer<typeof problem>;
