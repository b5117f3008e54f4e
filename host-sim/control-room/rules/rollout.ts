/** When a scheme and its areas are live, and which area a place belongs to (L10, L11). */
import type { Area, Scheme } from '../../schemes/schema.js';
import type { Place } from '../events.js';
import { distanceM } from './travel.js';

/** The Swedish form of a date is that of ISO 8601. */
const LONDON_DATE = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/London' });

/** The day that it is in London, such as `2017-07-10`: an area goes live at its midnight. */
export function londonDate(atMs: number): string {
  return LONDON_DATE.format(atMs);
}

/** The nearest centre in whose radius the place lies: boundaries are not at hand. */
export function areaOf({ areas }: Scheme, place: Place): Area | undefined {
  let nearest: Area | undefined;
  let nearestM = Infinity;
  for (const area of areas) {
    const awayM = distanceM(place, area);
    if (awayM > area.radiusM || awayM >= nearestM) continue;
    nearest = area;
    nearestM = awayM;
  }
  return nearest;
}

/** The days of a scheme, the last included. */
export function isRunning({ startsOn, endsOn }: Scheme, date: string): boolean {
  return date >= startsOn && (endsOn === undefined || date <= endsOn);
}

export function isLive(area: Area, date: string): boolean {
  return date >= area.goesLiveOn;
}
