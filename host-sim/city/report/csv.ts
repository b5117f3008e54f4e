/** One row for each incident, for whoever wants to reckon for themselves. */
import { stringify } from 'csv-stringify/sync';
import type { IncidentRecord } from '../statistics/incidents.js';
import { measuresOf, type Measures } from '../statistics/measures.js';
import { TIMES } from '../statistics.js';

const COLUMNS = [
  'incident',
  'pickedUpAt',
  'codedAt',
  'latitude',
  'longitude',
  'determinant',
  'rule',
  'area',
  'wave',
  'finding',
  'unitsAlerted',
  'responses',
  'noAlertReasons',
  ...TIMES,
  'unitFirst',
  'publicAedM',
  'volunteersAlerted',
  'volunteersAccepted',
  'callToVolunteerS',
  'callToVolunteerAedS',
  'firstWithAed',
  'patients',
  'resuscitatedAndTransported',
] as const satisfies readonly string[];

/** What is not known is an empty cell. Times are ISO 8601 in UTC, durations seconds. */
export function csvOf(incidents: readonly IncidentRecord[], vehicleToPatientS: number): string {
  const rows = incidents.map((incident) =>
    rowOf(incident, measuresOf(incident, vehicleToPatientS)),
  );
  return stringify(rows, { header: true, columns: [...COLUMNS], cast: { boolean: String } });
}

function rowOf(
  incident: IncidentRecord,
  measures: Measures,
): Record<(typeof COLUMNS)[number], unknown> {
  const { truth, call, closed, alerts, volunteers, publicAedM } = incident;
  return {
    incident: incident.callId,
    pickedUpAt: truth ? iso(truth.pickedUpAtMs) : null,
    codedAt: iso(incident.codedAtMs),
    latitude: call.place.latitude.toFixed(5),
    longitude: call.place.longitude.toFixed(5),
    determinant: call.determinant,
    rule: incident.rule,
    area: incident.area,
    wave: incident.wave,
    finding: truth?.finding,
    unitsAlerted: alerts.length,
    responses: alerts.filter(({ steps }) => steps.accepted !== undefined).length,
    noAlertReasons: incident.noAlertReasons.join(' '),
    ...measures,
    publicAedM,
    volunteersAlerted: volunteers.length,
    volunteersAccepted: volunteers.filter(({ steps }) => steps.accepted !== undefined).length,
    patients: closed?.patients,
    resuscitatedAndTransported: closed?.resuscitatedAndTransported,
  };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
