/**
 * Each kind of line that the ledger has, as `GET /events` gives it. A client leaves out what it does
 * not know: lines may get more fields, and the ledger more kinds.
 */
import { z } from 'zod';
import { Category } from '../../protocol/codes.js';
import type { AlertStep } from '../control-room/events.js';
import type { KnownLine, What } from '../control-room/lines.js';
import { atMs, id, place } from './values.js';

/** In the words of the unit and its crew, but for the broker's two. */
const STEPS = {
  sent: 'the broker has the dispatch',
  standDownSent: 'the broker has the stand-down',
  verified: 'the unit has it, and it is genuine',
  refused: 'the unit refused it',
  sounding: 'the alarm sounds',
  seen: 'shown to the crew',
  acknowledged: 'somebody pressed a button',
  unanswered: 'nobody did, for a while',
  accepted: 'the crew goes',
  declined: 'the crew does not',
  enRoute: 'on the way',
  onScene: 'there',
  alreadyOnScene: 'was there before the alert',
  aedTaken: 'the AED is taken to the patient',
  aedUsed: 'the AED is in use',
  handedOver: 'the ambulance has the patient',
  notAnArrest: 'found to be no arrest',
  clear: 'free again',
  welfare: 'somebody wants to be asked how they are',
  stoodDown: 'the unit has the stand-down',
  expired: 'nobody answered in time',
  duplicate: 'delivered again, and sounded once',
  resumed: 'the unit restarted in between',
  louder: 'nobody answered yet',
  updated: 'the unit has an update',
} as const satisfies Record<AlertStep, string>;

const step = z
  .enum(Object.keys(STEPS) as AlertStep[])
  .describe(`${inWords(STEPS)}. By the unit: at \`stepAtMs\` of its own clock.`);

function inWords(codes: Readonly<Record<string, string>>): string {
  return Object.entries(codes)
    .map(([code, meaning]) => `${code}: ${meaning}`)
    .join('; ');
}

const text = z.string();
const reasons = z.array(text).describe('Codes, explained in host-sim/README.md.');
const incident = id.describe('Has the id of its call.');
const alert = { incident, unit: id, alertId: z.int() };
const revision = z.int().describe('How often the call had changed, from 1.');

const givenCall = z.object({
  callId: id,
  place,
  address: text,
  determinant: text,
  text,
  ambulanceReference: text,
  ambulanceEtaS: z.number().exactOptional(),
});
const facts = z.object({
  place: place.exactOptional(),
  address: text.exactOptional(),
  text: text.exactOptional(),
});
const shortage = {
  considered: z.array(
    z.object({ unit: id, travelS: z.number(), errorM: z.number(), reasons: z.array(text) }),
  ),
  more: z.record(text, z.int()).describe('How many more were not alerted, by code.'),
};
const gate = {
  partner: id,
  area: id.describe('Id of an area, or * for all of them.'),
  open: z.boolean(),
  because: text,
  role: text,
  by: text,
};
const publicAed = z
  .object({ id: text, distanceM: z.number(), where: text, access: text, hours: text })
  .nullable();
const report = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('alive'), alive: z.boolean() }),
  z.object({
    kind: z.literal('crew'),
    state: z.enum(['unknown', 'available', 'unavailable', 'committed']),
  }),
  z.object({
    kind: z.literal('aed'),
    presence: z.enum(['present', 'absent', 'unknown']),
    readiness: z.enum(['ready', 'attention', 'fault', 'unknown']),
  }),
  z.object({ kind: z.literal('crewing'), responders: z.array(text) }),
]);

function of<W extends What, F extends z.ZodRawShape>(what: W, description: string, fields: F) {
  const always = { n: z.int().min(1).describe('Counts from 1 without a gap.'), atMs };
  const name = `Line${what[0]?.toUpperCase()}${what.slice(1)}`;
  return z
    .looseObject({ ...always, what: z.literal(what), ...fields })
    .meta({ id: name, description });
}

export const line = z
  .discriminatedUnion('what', [
    of('opened', 'The first line: of which scheme this is the ledger.', {
      scheme: id,
      units: z.int(),
    }),
    of('call', 'A call with an ambulance, and so an incident.', { incident, call: givenCall }),
    of('callAgain', 'A known call: what it says otherwise, and what of that is taken.', {
      incident,
      changed: z.array(text),
      facts: facts.exactOptional(),
    }),
    of('callRefused', 'A call without an ambulance makes no incident.', {
      call: givenCall,
      reasons,
    }),
    of('ambulance', 'What the ambulance does.', {
      incident,
      reference: text,
      state: z.enum(['sent', 'onScene', 'clear']),
      etaS: z.number().exactOptional(),
    }),
    of('matched', 'The call meets the criteria.', {
      incident,
      criteriaVersion: z.int(),
      rule: text,
      category: z.enum(Object.keys(Category) as (keyof typeof Category)[]),
      area: id.nullable(),
      wave: z.int().nullable(),
      publicAed,
    }),
    of('noAlert', 'No unit is alerted now; where `final`, none will be for this call.', {
      incident,
      reasons,
      final: z.boolean(),
      wanted: z.int(),
      criteriaVersion: z.int().nullable(),
      ...shortage,
    }),
    of('passedOver', 'Units nearer than the one that is alerted next, and why not they.', {
      incident,
      ...shortage,
    }),
    of('alert', 'A unit is alerted.', {
      ...alert,
      reasons,
      ambulanceReference: text,
      ambulanceEtaS: z.number().nullable(),
      travelS: z.number(),
      errorM: z.number(),
      expiresAtMs: atMs,
    }),
    of('step', 'A step of an alert.', {
      ...alert,
      step,
      reasons,
      stepAtMs: atMs,
      skewMs: z.number().exactOptional(),
      first: z.boolean().exactOptional(),
    }),
    of('update', 'The unit is told what the call says now.', { ...alert, revision }),
    of('updateSent', 'The broker has that update.', { ...alert, revision }),
    of('failed', 'From here on the alert does not count: another unit is wanted.', {
      ...alert,
      reasons,
    }),
    of('over', 'The alert is over, by the control room’s own clock or knowledge.', {
      ...alert,
      reasons,
    }),
    of('standDown', 'The unit is sent back.', { ...alert, reasons }),
    of('capacity', 'The partner opened or closed a gate.', gate),
    of('capacityRefused', 'Somebody tried to, and was refused.', { ...gate, reasons }),
    of('unit', 'What is known of a unit changed. Positions are in no line.', { unit: id, report }),
    of('training', 'A responder was trained.', { responder: id, skill: id, trainedOn: text }),
    of('volunteerIs', 'What is known of a volunteer changed; where they are is in no line.', {
      volunteer: id,
      standard: text,
      verifiedUntil: text,
      available: z.boolean(),
    }),
    of('alertVolunteer', 'A volunteer is told.', { incident, volunteer: id, standard: text }),
    of('volunteer', 'What a volunteer does; `silent` is the control room’s own word.', {
      incident,
      volunteer: id,
      step: z.enum(['sent', 'accepted', 'declined', 'onScene', 'aedTaken', 'silent']),
    }),
    of('closed', 'How the incident ended.', {
      incident,
      patients: z.int(),
      resuscitatedAndTransported: z.int(),
    }),
    of('warning', 'More activations in seven days than were forecast.', {
      area: text,
      reasons,
      activations: z.int(),
      expectedPerWeek: z.number(),
    }),
    of('stray', 'Something was told that is about nothing known: it changes nothing.', {
      reasons,
      about: text,
      told: text,
    }),
  ])
  .meta({ id: 'Line', description: 'One line of the ledger.' }) satisfies z.ZodType<KnownLine>;
