/**
 * Volunteers: people near by, trained to an approved standard, who are told beside the units and
 * count as none (L14, N5). What they are told names no patient.
 */
import type { Place } from '../events.js';
import type { State } from '../state.js';
import { distancesFrom } from './travel.js';

/** The nearest who may be alerted, at most as many as are wanted beside those alerted before. */
export function chooseVolunteers(
  { scheme, volunteers, heard }: State,
  place: Place,
  alerted: ReadonlyMap<string, unknown>,
  date: string,
): { readonly volunteer: string; readonly standard: string }[] {
  const rule = scheme.volunteers;
  if (!rule) return [];
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
  const wanted = Math.max(0, rule.atOnce - alerted.size);
  return near.slice(0, wanted).map(({ volunteer, standard }) => ({ volunteer, standard }));
}
