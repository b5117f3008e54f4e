/** A control room in memory behind the port of the HTTP endpoint: it decides nothing. */
import type { Input, Line } from '../../../host-sim/control-room/events.js';
import { PAGE_LINES } from '../../../host-sim/http/limits.js';
import type { ControlPort } from '../../../host-sim/http/port.js';
import type { IncidentView, UnitView } from '../../../host-sim/http/schemas.js';

export const unit: UnitView = {
  id: 'met-bx01',
  callSign: 'BX01',
  kind: 'vehicle',
  area: 'bexley',
  alive: true,
  crew: 'available',
  aed: { presence: 'present', readiness: 'ready' },
  position: { place: { latitude: 51.4571, longitude: 0.1459 }, fixAtMs: 1000, speedKmh: 40 },
  incident: null,
};

export class FakeControl implements ControlPort {
  readonly taken: Input[] = [];
  readonly ledger: Line[] = [];
  /** Resolves once a line is safe: at once, unless a test says otherwise. */
  makeSafe: () => Promise<void> = async () => {};
  #listeners = new Set<() => void>();
  readonly #incidents = new Map<string, IncidentView>();

  async take(input: Input): Promise<readonly Line[]> {
    this.taken.push(input);
    const line = this.#decide(input);
    await this.makeSafe();
    if (line) this.write(line);
    return line ? [line] : [];
  }

  write(line: Line): void {
    this.ledger.push(line);
    for (const listener of this.#listeners) listener();
  }

  get listeners(): number {
    return this.#listeners.size;
  }

  units = () => [unit];
  unit = (id: string) => (id === unit.id ? unit : undefined);
  incidents = () => [...this.#incidents.values()];
  incident = (id: string) => this.incidents().find((incident) => incident.id === id);
  incidentOfCall = (callId: string) => this.#incidents.get(callId);
  lines = async (from: number) => this.ledger.slice(from - 1, from - 1 + PAGE_LINES);
  lastLine = () => this.ledger.length;
  onLines = (listener: () => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #decide(input: Input): Line | null {
    const n = this.ledger.length + 1;
    if (input.do === 'capacity') {
      const isKnown = input.area !== 'nowhere';
      const reasons = isKnown ? [] : ['unknownArea'];
      return { n, atMs: n, what: isKnown ? 'capacity' : 'capacityRefused', reasons };
    }
    if (input.do === 'ambulance') {
      const isKnown = this.incidents().some((each) => each.ambulanceReference === input.reference);
      const reasons = isKnown ? [] : ['unknownAmbulance'];
      return { n, atMs: n, what: isKnown ? 'ambulance' : 'stray', reasons };
    }
    if (input.do === 'closeIncident') return this.#close(input, n);
    if (input.do !== 'call' || this.#incidents.has(input.call.callId)) return null;
    const id = `i${this.#incidents.size + 1}`;
    const { call } = input;
    const ambulance = { ambulanceReference: call.ambulanceReference, ambulanceOnSceneAtMs: null };
    const judged = {
      area: null,
      criteriaVersion: null,
      rule: null,
      ended: 'notMatched',
      revision: 0,
    };
    const view = {
      id,
      call,
      openedAtMs: n,
      ...ambulance,
      ...judged,
      alerts: [],
      volunteers: [],
      outcome: null,
    };
    this.#incidents.set(call.callId, view);
    return { n, atMs: n, what: 'call', incident: id };
  }

  #close(input: Extract<Input, { do: 'closeIncident' }>, n: number): Line {
    const { incident: id, patients, resuscitatedAndTransported } = input;
    const incident = this.incident(id);
    const stray = (reason: string) => ({ n, atMs: n, what: 'stray', reasons: [reason] });
    if (!incident) return stray('unknownIncident');
    if (incident.outcome) return stray('closedBefore');
    const outcome = { patients, resuscitatedAndTransported };
    this.#incidents.set(incident.call.callId, { ...incident, outcome });
    return { n, atMs: n, what: 'closed', incident: id };
  }
}
