/**
 * A ledger read incident by incident: who was alerted, what each did and when, and what came of it.
 * Rule: only the ledger's lines say what was done; what the city's calls say besides (when the call
 * was picked up, what the patient had) is taken where it is known, and else left unknown.
 */
import type { AlertStep, Call, Line } from '../../control-room/events.js';
import type { KnownLine } from '../../control-room/lines.js';
import type { CityCall } from '../calls.js';

export interface AlertRecord {
  readonly alertId: number;
  readonly unit: string;
  readonly atMs: number;
  /** When each step was first, by the unit's own clock. */
  readonly steps: { [step in AlertStep]?: number };
  /** When the control room learnt of each, by its own clock. */
  readonly heard: { [step in AlertStep]?: number };
  /** Of `failed` and `over`. */
  readonly reasons: string[];
  stoodDown: boolean;
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
  readonly alerts: AlertRecord[];
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
      alerts: [],
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
        return;
      case 'noAlert':
        if (incident.alerts.length === 0) incident.noAlertReasons = line.reasons;
        return;
      case 'alert': {
        const { alertId, unit, atMs } = line;
        const alert = { alertId, unit, atMs, steps: {}, heard: {}, reasons: [], stoodDown: false };
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
      case 'ambulance':
        if (line.state === 'onScene') incident.ambulanceOnSceneAtMs ??= line.atMs;
        return;
      case 'closed':
        incident.closed = line;
    }
  }
}
