/** What a ledger comes to: patients and responses apart (N1), by area and wave (L12). */
import type { Line } from './events.js';
import { known } from './fold.js';

export interface Counts {
  calls: number;
  /** Calls that met the criteria. */
  matched: number;
  /** Incidents for which at least one unit was alerted (Y3). */
  activations: number;
  alerts: number;
  accepted: number;
  declined: number;
  /** Units that reached a patient. */
  arrivals: number;
  /** Incidents to which at least one unit went: "responded to" (N1). */
  responses: number;
  /** Incidents at which a unit was before the ambulance and every other (L4). */
  firstOnScene: number;
  volunteersAlerted: number;
  /** Of incidents with an activation: people, told when the incident is closed (N1). */
  patients: number;
  resuscitatedAndTransported: number;
  /** Crews of which somebody wants to be asked how they are (N8). */
  welfare: number;
  /** Calls without an alert, by the last reason. */
  noAlert: Record<string, number>;
}

export interface AreaCounts extends Counts {
  /** Null for calls outside every area, or that did not meet the criteria. */
  readonly area: string | null;
  readonly wave: number | null;
}

export interface LedgerCounts extends Counts {
  readonly byArea: readonly AreaCounts[];
}

interface Incident {
  isMatched: boolean;
  area: string | null;
  wave: number | null;
  alerts: number;
  accepted: Set<number>;
  arrived: Set<number>;
  declined: number;
  isFirst: boolean;
  volunteers: number;
  patients: number;
  resuscitated: number;
  welfare: number;
  shortage: string;
}

export function countsOf(lines: Iterable<Line>): LedgerCounts {
  const incidents = new Map<string, Incident>();
  for (const line of lines) read(incidents, line);
  const total = none();
  const byArea = new Map<string | null, AreaCounts>();
  for (const incident of incidents.values()) {
    const { area, wave } = incident;
    const of = byArea.get(area) ?? { area, wave, ...none() };
    byArea.set(area, of);
    for (const counts of [total, of]) add(counts, incident);
  }
  return { ...total, byArea: [...byArea.values()] };
}

function read(incidents: Map<string, Incident>, line: Line): void {
  const entry = known(line);
  if (entry.what === 'call') incidents.set(entry.incident, unread());
  const incident = incidents.get(line.incident ?? '');
  if (!incident) return;
  switch (entry.what) {
    case 'matched':
      Object.assign(incident, { isMatched: true, area: entry.area, wave: entry.wave });
      break;
    case 'alert':
      incident.alerts++;
      break;
    case 'noAlert':
      incident.shortage = entry.reasons[0] ?? '';
      break;
    case 'alertVolunteer':
      incident.volunteers++;
      break;
    case 'closed':
      incident.patients = entry.patients;
      incident.resuscitated = entry.resuscitatedAndTransported;
      break;
    case 'step':
      if (entry.step === 'accepted' || entry.step === 'enRoute')
        incident.accepted.add(entry.alertId);
      if (entry.step === 'onScene' || entry.step === 'alreadyOnScene') {
        incident.accepted.add(entry.alertId);
        incident.arrived.add(entry.alertId);
      }
      if (entry.step === 'declined') incident.declined++;
      if (entry.step === 'welfare') incident.welfare++;
      if (entry.first) incident.isFirst = true;
  }
}

function add(counts: Counts, incident: Incident): void {
  const isActivated = incident.alerts > 0;
  counts.calls++;
  counts.matched += Number(incident.isMatched);
  counts.activations += Number(isActivated);
  counts.alerts += incident.alerts;
  counts.accepted += incident.accepted.size;
  counts.declined += incident.declined;
  counts.arrivals += incident.arrived.size;
  counts.responses += Number(incident.accepted.size > 0);
  counts.firstOnScene += Number(incident.isFirst);
  counts.volunteersAlerted += incident.volunteers;
  counts.welfare += incident.welfare;
  if (isActivated) {
    counts.patients += incident.patients;
    counts.resuscitatedAndTransported += incident.resuscitated;
  } else {
    counts.noAlert[incident.shortage] = (counts.noAlert[incident.shortage] ?? 0) + 1;
  }
}

function none(): Counts {
  const calls = { calls: 0, matched: 0, activations: 0 };
  const units = { alerts: 0, accepted: 0, declined: 0, arrivals: 0, responses: 0, firstOnScene: 0 };
  const people = { volunteersAlerted: 0, patients: 0, resuscitatedAndTransported: 0, welfare: 0 };
  return { ...calls, ...units, ...people, noAlert: {} };
}

function unread(): Incident {
  const of = { isMatched: false, area: null, wave: null, isFirst: false, shortage: '' };
  const sets = { accepted: new Set<number>(), arrived: new Set<number>() };
  const counts = { alerts: 0, declined: 0, volunteers: 0, patients: 0, resuscitated: 0 };
  return { ...of, ...sets, ...counts, welfare: 0 };
}

/** One moment of an incident, by whoever took part (N5). */
export interface Moment {
  readonly atMs: number;
  readonly who: 'ambulance' | 'unit' | 'volunteer';
  readonly id: string;
  readonly what: string;
}

export function timelineOf(lines: Iterable<Line>, incident: string): Moment[] {
  const moments: Moment[] = [];
  for (const line of lines) {
    const { atMs } = line;
    const entry = known(line);
    if (!('incident' in entry) || entry.incident !== incident) continue;
    const add = (who: Moment['who'], id: string, what: string) =>
      moments.push({ atMs, who, id, what });
    if (entry.what === 'ambulance') add('ambulance', entry.reference, entry.state);
    else if (entry.what === 'alert') add('unit', entry.unit, 'alerted');
    else if (entry.what === 'step') add('unit', entry.unit, entry.step);
    else if (entry.what === 'standDown') add('unit', entry.unit, 'sentBack');
    else if (entry.what === 'alertVolunteer') add('volunteer', entry.volunteer, 'alerted');
    else if (entry.what === 'volunteer') add('volunteer', entry.volunteer, entry.step);
  }
  return moments;
}
