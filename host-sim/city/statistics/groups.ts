/** Incidents of an area, of a wave, or all: what was done, and how soon help was there. */
import type { Random } from '../../world/random.js';
import type { IncidentRecord } from './incidents.js';
import type { Measures } from './measures.js';
import { spreadOf, type Spread } from './spread.js';

/** An incident with its measures, and whether its area was live. */
export interface Measured {
  readonly incident: IncidentRecord;
  readonly measures: Measures;
  readonly areaId: string | null;
  readonly live: boolean;
}

export interface Counts {
  readonly calls: number;
  /** Calls that met the criteria. */
  readonly matched: number;
  /** Incidents for which a unit was alerted. */
  readonly activations: number;
  /** Units alerted. */
  readonly alerts: number;
  /** Alerts accepted. Several units may respond to one incident (N1). */
  readonly responses: number;
  readonly declined: number;
  readonly unanswered: number;
  readonly stoodDown: number;
  /** Incidents at which a unit with an AED was on scene before the ambulance. */
  readonly unitFirst: number;
  /** Of closed incidents with a response (N1). */
  readonly patients: number;
  readonly resuscitatedAndTransported: number;
}

export interface Group {
  readonly counts: Counts;
  /** To the ambulance, and to the first defibrillator, of calls that met the criteria. */
  readonly callToAmbulanceS: Spread | null;
  readonly callToFirstS: Spread | null;
}

export function countsOf(all: readonly Measured[]): Counts {
  const alerts = all.flatMap(({ incident }) => incident.alerts);
  const count = (of: (alert: (typeof alerts)[number]) => boolean) => alerts.filter(of).length;
  const responded = all.filter(({ incident }) =>
    incident.alerts.some(({ steps }) => steps.accepted !== undefined),
  );
  const closed = responded.flatMap(({ incident }) => incident.closed ?? []);
  return {
    calls: all.length,
    matched: all.filter(({ incident }) => incident.rule !== null).length,
    activations: all.filter(({ incident }) => incident.alerts.length > 0).length,
    alerts: alerts.length,
    responses: count(({ steps }) => steps.accepted !== undefined),
    declined: count(({ steps }) => steps.declined !== undefined),
    unanswered: count(({ steps }) => (steps.accepted ?? steps.declined) === undefined),
    stoodDown: count(({ stoodDown }) => stoodDown),
    unitFirst: all.filter(({ measures }) => measures.unitFirst === true).length,
    patients: closed.reduce((sum, { patients }) => sum + patients, 0),
    resuscitatedAndTransported: closed.reduce((sum, c) => sum + c.resuscitatedAndTransported, 0),
  };
}

export function groupOf(all: readonly Measured[], random: Random): Group {
  const matched = all.filter(({ incident }) => incident.rule !== null);
  const spread = (name: 'callToAmbulanceS' | 'callToFirstS') =>
    spreadOf(
      matched.flatMap(({ measures }) => measures[name] ?? []),
      random,
    );
  return {
    counts: countsOf(all),
    callToAmbulanceS: spread('callToAmbulanceS'),
    callToFirstS: spread('callToFirstS'),
  };
}
