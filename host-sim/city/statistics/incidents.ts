/**
 * A ledger read incident by incident: who was alerted, what each did and when, and what came of it.
 * Rule: only the ledger's lines say what was done; what the city's calls say besides (when the call
 * was picked up, what the patient had) is taken where it is known, and else left unknown.
 */
import type { AlertStep, Call, Line } from '../../control-room/events.js';
import type { KnownLine, LineOf } from '../../control-room/lines.js';
import type { CityCall } from '../calls.js';

export interface AlertRecord {
  readonly alertId: number;
  readonly unit: string;
  readonly atMs: number;
  /** When each step was first, by the unit's own clock. */
  readonly steps: { [step in AlertStep]?: number };
  /** When the control room learnt of each, by its own clock. */
  readonly heard: { [step in AlertStep]?: number };
  /** What its crew was told beside the call, or the control room was warned of. */
  readonly told: readonly string[];
  /** Of `failed` and `over`. */
  readonly reasons: string[];
  stoodDown: boolean;
}

export interface VolunteerRecord {
  readonly volunteer: string;
  readonly atMs: number;
  /** When the control room learnt of each step. */
  readonly steps: { [step in LineOf<'volunteer'>['step']]?: number };
}

export interface IncidentRecord {
  readonly callId: string;
  readonly call: Call;
  /** When the control room had the call. */
  readonly codedAtMs: number;
  readonly truth: CityCall | null;
  /** Null while the call met no criteria. */
  rule: string | null;
  /** Where the control room placed it; null outside all areas. */
  area: string | null;
  wave: number | null;
  /** The public AED that crews and volunteers were told of (L13). */
  publicAedM: number | null;
  readonly alerts: AlertRecord[];
  /** Units that were nearer, or all where too few could go: unit and code, each once. */
  readonly passedOver: Set<string>;
  readonly volunteers: VolunteerRecord[];
  /** Why no unit was alerted when the last word was said; empty where one was. */
  noAlertReasons: readonly string[];
  ambulanceOnSceneAtMs: number | null;
  closed: { readonly patients: number; readonly resuscitatedAndTransported: number } | null;
}

/** Takes lines one by one, so that a ledger of millions need not be held. */
export class IncidentReader {
  readonly #incidents = new Map<string, IncidentRecord>();
  readonly #alerts = new Map<number, AlertRecord>();
  #warnings = 0;

  /** @param truths of the city's calls, by id; empty for a ledger of the real world */
  constructor(private readonly truths: ReadonlyMap<string, CityCall>) {}

  get incidents(): IncidentRecord[] {
    return [...this.#incidents.values()];
  }

  /** Times that more activations than forecast were warned of (Y4). */
  get warnings(): number {
    return this.#warnings;
  }

  take(line: Line): void {
    const known = line as KnownLine;
    if (known.what === 'call') this.#call(known);
    else if (known.what === 'step') {
      const alert = this.#alerts.get(known.alertId);
      if (!alert) return;
      alert.steps[known.step] ??= known.stepAtMs;
      alert.heard[known.step] ??= known.atMs;
    } else if (known.what === 'warning') this.#warnings++;
    else if (typeof line.incident === 'string') {
      const incident = this.#incidents.get(line.incident);
      if (incident) this.#ofIncident(incident, known);
    }
  }

  #call({ incident, call, atMs }: Extract<KnownLine, { what: 'call' }>): void {
    this.#incidents.set(incident, {
      callId: incident,
      call,
      codedAtMs: atMs,
      truth: this.truths.get(incident) ?? null,
      rule: null,
      area: null,
      wave: null,
      publicAedM: null,
      alerts: [],
      passedOver: new Set(),
      volunteers: [],
      noAlertReasons: [],
      ambulanceOnSceneAtMs: null,
      closed: null,
    });
  }

  #ofIncident(incident: IncidentRecord, line: KnownLine): void {
    switch (line.what) {
      case 'matched':
        incident.rule = line.rule;
        incident.area = line.area;
        incident.wave = line.wave;
        incident.publicAedM = line.publicAed?.distanceM ?? null;
        return;
      case 'passedOver':
        return notePassedOver(incident, line);
      case 'noAlert':
        notePassedOver(incident, line);
        if (incident.alerts.length === 0) incident.noAlertReasons = line.reasons;
        return;
      case 'alert': {
        const { alertId, unit, atMs, reasons: told } = line;
        const none = { steps: {}, heard: {}, reasons: [], stoodDown: false };
        const alert: AlertRecord = { alertId, unit, atMs, told, ...none };
        incident.alerts.push(alert);
        incident.noAlertReasons = [];
        this.#alerts.set(alertId, alert);
        return;
      }
      case 'failed':
      case 'over':
        this.#alerts.get(line.alertId)?.reasons.push(...line.reasons);
        return;
      case 'standDown': {
        const alert = this.#alerts.get(line.alertId);
        if (alert) alert.stoodDown = true;
        return;
      }
      case 'alertVolunteer': {
        const { volunteer, atMs } = line;
        incident.volunteers.push({ volunteer, atMs, steps: {} });
        return;
      }
      case 'volunteer': {
        const told = incident.volunteers.find(({ volunteer }) => volunteer === line.volunteer);
        if (told) told.steps[line.step] ??= line.atMs;
        return;
      }
      case 'ambulance':
        if (line.state === 'onScene') incident.ambulanceOnSceneAtMs ??= line.atMs;
        return;
      case 'closed':
        incident.closed = line;
    }
  }
}

/** (Where more were passed over than one line lists, the nearest twelve are counted.) */
function notePassedOver(
  { passedOver }: IncidentRecord,
  { considered }: LineOf<'passedOver'> | LineOf<'noAlert'>,
): void {
  for (const { unit, reasons } of considered) {
    for (const code of reasons) passedOver.add(`${unit} ${code}`);
  }
}
