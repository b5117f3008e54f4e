/**
 * What the control room knows. All but `heard` and the times of `searches` and `dues`
 * follows from the ledger's lines (fold.ts).
 */
import { rosterOf, type RosterUnit } from '../schemes/roster.js';
import type { Scheme } from '../schemes/schema.js';
import type { AedPresence, AedReadiness, AlertStep, Call, CrewState, Place } from './events.js';
import type { LineOf } from './lines.js';

export interface UnitState extends RosterUnit {
  alive: boolean;
  crew: CrewState;
  presence: AedPresence;
  readiness: AedReadiness;
  responders: readonly string[];
  /** The alert that it is on; it gets no other before that is over. */
  alertId: number | null;
}

export interface AlertState {
  readonly id: number;
  readonly unit: string;
  readonly incident: string;
  readonly atMs: number;
  readonly expiresAtMs: number;
  /** What the crew is told beside the call's text. */
  readonly reasons: readonly string[];
  /** Of the call that its unit was told last. */
  revision: number;
  /** When the control room learnt of each step, the first time. */
  readonly steps: { [step in AlertStep]?: number };
  accepted: boolean;
  onScene: boolean;
  /** Why it does not count as a unit on its way, '' where it does. */
  failed: string;
  /** Why it is over, '' while it is not. */
  over: string;
}

export interface VolunteerAlertState {
  /** When the control room alerted them. */
  readonly atMs: number;
  readonly step: LineOf<'volunteer'>['step'] | 'alerted';
}

export interface IncidentState {
  /** The call's id. */
  readonly id: string;
  /** As it was told last. */
  call: Call;
  /** How often that changed. */
  revision: number;
  readonly atMs: number;
  /** Of the ambulance that is sent now. */
  ambulanceReference: string;
  ambulanceAtMs: number;
  ambulanceOnSceneAtMs: number | null;
  matched: LineOf<'matched'> | null;
  /** Why no more units are alerted, '' while they may be. */
  ended: string;
  readonly alerts: AlertState[];
  /** Those who were alerted, by id. */
  readonly volunteers: Map<string, VolunteerAlertState>;
  /** The last `noAlert` in short, so that the same is not written again. */
  shortage: string;
  closed: LineOf<'closed'> | null;
}

export interface Gate {
  open: boolean;
  reason: string;
  by: string;
  atMs: number;
}

export interface VolunteerState {
  readonly standard: string;
  readonly verifiedUntil: string;
  readonly available: boolean;
}

export interface Position {
  readonly place: Place;
  readonly fixAtMs: number;
  readonly speedKmh: number;
}

export interface State {
  readonly scheme: Scheme;
  /** Of the last line; 0 before the first. */
  n: number;
  lastAtMs: number;
  lastAlertId: number;
  readonly units: Map<string, UnitState>;
  /** Those of them that have a place of their own. */
  readonly stations: readonly (UnitState & { readonly place: Place })[];
  readonly incidents: Map<string, IncidentState>;
  /** When the next thing is due by time alone, for the incidents that wait for any. */
  readonly dues: Map<string, number>;
  /**
   * For the incidents that are short of units: when they are looked for again, and how many. A
   * search that found nothing new moves it on without a line: a ledger read again has an earlier
   * one, which does no harm.
   */
  readonly searches: Map<string, { readonly atMs: number; readonly wanted: number }>;
  readonly alerts: Map<number, AlertState>;
  readonly incidentOfAmbulance: Map<string, string>;
  /** By area. */
  readonly gates: Map<string, Gate>;
  /** By responder, then skill: the day of the training. */
  readonly training: Map<string, Map<string, string>>;
  readonly volunteers: Map<string, VolunteerState>;
  /** First alerts of incidents in the last seven days. */
  activations: { readonly atMs: number; readonly area: string }[];
  /** When more activations than forecast were warned of last, by area. */
  readonly warnedAtMs: Map<string, number>;
  /** Lines whose effect nobody confirmed: by alert, and by incident and volunteer. */
  readonly unsent: Map<number, LineOf<'alert'>>;
  readonly unsentUpdates: Map<number, LineOf<'update'>>;
  readonly unsentStandDowns: Map<number, LineOf<'standDown'>>;
  readonly unsentVolunteers: Map<string, LineOf<'alertVolunteer'>>;
  /**
   * Where vehicles and volunteers are. It changes every few seconds and is in no line: what a decision
   * knew of it is in the decision's line, and after a restart every unit is asked again.
   */
  readonly heard: {
    readonly positions: Map<string, Position>;
    readonly volunteers: Map<string, Place>;
  };
}

export function createState(scheme: Scheme): State {
  const unheard = { alive: false, crew: 'unknown', presence: 'unknown' } as const;
  const none = { readiness: 'unknown', responders: [], alertId: null } as const;
  const units = rosterOf(scheme).map((unit): UnitState => ({ ...unit, ...unheard, ...none }));
  const gate = { open: scheme.gates.openAtStart, reason: 'as at the start', by: '', atMs: 0 };
  return {
    scheme,
    n: 0,
    lastAtMs: 0,
    lastAlertId: 0,
    units: new Map(units.map((unit) => [unit.id, unit])),
    stations: units.filter((unit): unit is State['stations'][number] => unit.place !== undefined),
    incidents: new Map(),
    dues: new Map(),
    searches: new Map(),
    alerts: new Map(),
    incidentOfAmbulance: new Map(),
    gates: new Map(scheme.areas.map(({ id }) => [id, { ...gate }])),
    training: new Map(),
    volunteers: new Map(),
    activations: [],
    warnedAtMs: new Map(),
    unsent: new Map(),
    unsentUpdates: new Map(),
    unsentStandDowns: new Map(),
    unsentVolunteers: new Map(),
    heard: { positions: new Map(), volunteers: new Map() },
  };
}
