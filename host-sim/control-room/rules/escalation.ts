/** When another unit is wanted, who is sent back, and what time alone decides. */
import type { Scheme } from '../../schemes/schema.js';
import type { AlertState, IncidentState, State, UnitState } from '../state.js';
import { volunteerSilentAtMs } from './volunteers.js';

/** Units wanted beside those that count, and how many may still be alerted. */
export function wantedUnits(
  { alerting }: Scheme,
  { alerts }: IncidentState,
): { readonly wanted: number; readonly allowed: number } {
  const counting = alerts.filter(({ failed }) => failed === '').length;
  return {
    wanted: Math.max(0, alerting.units - counting),
    allowed: Math.max(0, alerting.maxUnits - alerts.length),
  };
}

/** Why an alert that is open cannot be relied on, seen from its unit; '' where it can. */
export function failureOf({ accepted, onScene, failed }: AlertState, unit: UnitState): string {
  if (failed !== '') return '';
  // What a firearms or fire crew is called to goes first, whatever they do (Y2).
  if (unit.crew === 'committed') return CALLED_AWAY;
  if (onScene) return '';
  if (!unit.alive) return 'unitDead';
  return unit.crew === 'unavailable' && !accepted ? 'crewUnavailable' : '';
}

/** The partner's own emergency took the unit away (Y2). */
export const CALLED_AWAY = 'released_police_priority';

/** Why a unit is sent back; '' for not. Who is on scene stays. */
export function standDownOf(
  { alerting }: Scheme,
  incident: IncidentState,
  { onScene, failed }: AlertState,
): string {
  if (failed === CALLED_AWAY) return CALLED_AWAY;
  if (onScene) return '';
  if (incident.ended === 'notAnArrest') return 'notAnArrest';
  if (incident.ended === 'closed') return 'incidentClosed';
  const rule = alerting.standDown;
  if (rule.ambulanceOnScene && incident.ambulanceOnSceneAtMs !== null) return 'ambulanceOnScene';
  const isReached = incident.alerts.some((other) => other.onScene);
  return rule.unitOnScene && isReached ? 'otherUnitOnScene' : '';
}

/** Whether units may still be looked for. */
export function isSought({ alerting }: Scheme, incident: IncidentState, atMs: number): boolean {
  if (!incident.matched || incident.ended !== '') return false;
  if (atMs > incident.atMs + alerting.tryForS * 1000) return false;
  const rule = alerting.standDown;
  if (rule.ambulanceOnScene && incident.ambulanceOnSceneAtMs !== null) return false;
  return !(rule.unitOnScene && incident.alerts.some(({ onScene }) => onScene));
}

/** When a unit counts as silent; null once it answered, or does not count anyway. */
export function silentAtMs({ alerting }: Scheme, alert: AlertState): number | null {
  const isAwaited = !alert.accepted && alert.failed === '' && alert.over === '';
  return isAwaited ? alert.atMs + alerting.nextAfterS * 1000 : null;
}

/** When an open alert is over without a word: not answered in time, or its end not told. */
export function overAtMs({ alerting }: Scheme, alert: AlertState): number | null {
  if (alert.over !== '') return null;
  return alert.accepted ? alert.atMs + alerting.jobEndsAfterS * 1000 : alert.expiresAtMs;
}

/** The first time at which something of an incident is due; null for never. */
export function dueMs({ scheme, searches }: State, incident: IncidentState): number | null {
  const searchMs = searches.get(incident.id)?.atMs;
  const isSearch = searchMs !== undefined && isSought(scheme, incident, searchMs);
  const times = [isSearch ? searchMs : null];
  for (const alert of incident.alerts)
    times.push(silentAtMs(scheme, alert), overAtMs(scheme, alert));
  for (const alert of incident.volunteers.values())
    times.push(volunteerSilentAtMs(scheme, incident, alert));
  const known = times.filter((time) => time !== null);
  return known.length > 0 ? Math.min(...known) : null;
}
