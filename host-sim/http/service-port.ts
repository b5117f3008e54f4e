/** The reference control room, as the HTTP endpoint asks for it. */
import type { Input, Line } from '../control-room/events.js';
import type { Service } from '../control-room/service.js';
import type { AlertState, IncidentState, State, UnitState } from '../control-room/state.js';
import type { LedgerReader } from './ledger-reader.js';
import type { ControlPort } from './port.js';
import type { IncidentView, UnitView } from './schemas.js';

export interface ServicePort extends ControlPort {
  /** To be called for each new line. */
  tell(): void;
}

/**
 * @param onFailure told when the ledger could not keep what was decided: what is known here is then
 *   ahead of it, and the control room must be started again
 */
export function createServicePort(
  service: Pick<Service, 'coordinator' | 'controlRoom' | 'take'>,
  ledger: LedgerReader,
  onFailure: (error: Error) => void,
): ServicePort {
  const { state } = service.coordinator;
  const listeners = new Set<() => void>();
  const unitView = (unit: UnitState) => ({
    ...viewOfUnit(unit),
    callSign: service.controlRoom.units.get(unit.id)?.callSign ?? '',
    position: positionOf(unit),
    incident: state.alerts.get(unit.alertId ?? -1)?.incident ?? null,
  });

  function positionOf({ id, place }: UnitState): UnitView['position'] {
    // A station is where it was built.
    if (place) return { place, fixAtMs: null, speedKmh: 0 };
    return state.heard.positions.get(id) ?? null;
  }

  async function take(input: Input): Promise<readonly Line[]> {
    try {
      return service.take(input);
    } catch (error) {
      onFailure(error as Error);
      throw error;
    }
  }

  const incident = (id: string) => {
    const known = state.incidents.get(id);
    return known && viewOfIncident(state, known);
  };
  return {
    take,
    units: () => [...state.units.values()].map(unitView),
    unit: (id) => {
      const unit = state.units.get(id);
      return unit && unitView(unit);
    },
    incidents: () => [...state.incidents.values()].map((each) => viewOfIncident(state, each)),
    incident,
    // (An incident has the id of its call.)
    incidentOfCall: incident,
    lines: (from) => ledger.lines(from),
    lastLine: () => state.n,
    onLines: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    tell: () => {
      for (const listener of listeners) listener();
    },
  };
}

function viewOfUnit({ id, kind, area, alive, crew, presence, readiness }: UnitState) {
  return { id, kind, area, alive, crew, aed: { presence, readiness } };
}

function viewOfIncident({ unsentUpdates }: State, incident: IncidentState): IncidentView {
  const { id, call, atMs, ambulanceReference, ambulanceOnSceneAtMs, matched, ended } = incident;
  const { closed, revision, alerts, volunteers } = incident;
  return {
    id,
    call,
    openedAtMs: atMs,
    ambulanceReference,
    ambulanceOnSceneAtMs,
    area: matched?.area ?? null,
    criteriaVersion: matched?.criteriaVersion ?? null,
    rule: matched?.rule ?? null,
    ended,
    revision,
    alerts: alerts.map((alert) => ({
      ...viewOfAlert(alert),
      updateSent: !unsentUpdates.has(alert.id),
    })),
    volunteers: [...volunteers].map(([volunteer, each]) => ({ volunteer, ...each })),
    outcome: closed && {
      patients: closed.patients,
      resuscitatedAndTransported: closed.resuscitatedAndTransported,
    },
  };
}

function viewOfAlert({ id, steps, unit, atMs, expiresAtMs, failed, over, revision }: AlertState) {
  return { alertId: id, unit, atMs, expiresAtMs, steps: { ...steps }, failed, over, revision };
}
