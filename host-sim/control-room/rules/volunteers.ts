/**
 * Volunteers: people near by, trained to an approved standard, who are told beside the units and
 * count as none (L14, N5). What they are told names no patient. Who declines or is silent is replaced
 * by the next, as units are, up to a limit of their own.
 */
import type { Scheme } from '../../schemes/schema.js';
import type { Place } from '../events.js';
import type { IncidentState, State, VolunteerAlertState } from '../state.js';
import { distancesFrom } from './travel.js';

/** Whether volunteers may still be told of an incident; gates and roll-out are not theirs. */
export function areVolunteersSought(
  { alerting }: Scheme,
  incident: IncidentState,
  atMs: number,
): boolean {
  if (!incident.matched || incident.closed || incident.ended === 'notAnArrest') return false;
  if (incident.ambulanceOnSceneAtMs !== null) return false;
  return atMs <= incident.atMs + alerting.tryForS * 1000;
}

/** The nearest who may be alerted, as many as are wanted beside those who count. */
export function chooseVolunteers(
  { scheme, volunteers, heard }: State,
  place: Place,
  alerted: IncidentState['volunteers'],
  date: string,
): { readonly volunteer: string; readonly standard: string }[] {
  const rule = scheme.volunteers;
  if (!rule || date < rule.from) return [];
  const awayM = distancesFrom(place);
  const near: { volunteer: string; standard: string; metres: number }[] = [];
  for (const [volunteer, { standard, verifiedUntil, available }] of volunteers) {
    const at = heard.volunteers.get(volunteer);
    if (!available || !at || alerted.has(volunteer)) continue;
    if (!rule.standards.includes(standard) || verifiedUntil < date) continue;
    const metres = awayM(at);
    if (metres <= rule.maxDistanceM) near.push({ volunteer, standard, metres });
  }
  near.sort((a, b) => a.metres - b.metres || (a.volunteer < b.volunteer ? -1 : 1));
  const counting = [...alerted.values()].filter(({ step }) => !FAILED.has(step)).length;
  const wanted = Math.min(rule.atOnce - counting, rule.maxInAll - alerted.size);
  return near
    .slice(0, Math.max(0, wanted))
    .map(({ volunteer, standard }) => ({ volunteer, standard }));
}

/** After these another is wanted; a late acceptance takes silence back. */
const FAILED = new Set<VolunteerAlertState['step']>(['declined', 'silent']);

/** When a volunteer counts as silent; null once there was an answer, or another is not wanted. */
export function volunteerSilentAtMs(
  scheme: Scheme,
  incident: IncidentState,
  { step, atMs }: VolunteerAlertState,
): number | null {
  const isAwaited = step === 'alerted' || step === 'sent';
  if (!isAwaited || !scheme.volunteers) return null;
  const silentMs = atMs + scheme.volunteers.nextAfterS * 1000;
  return areVolunteersSought(scheme, incident, silentMs) ? silentMs : null;
}
