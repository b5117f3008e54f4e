/** What a crew reads with an alert, beside the call's own words. */
import type { Scheme } from '../../schemes/schema.js';
import type { Place } from '../events.js';
import type { NearestAed } from '../lines.js';
import { distancesFrom } from './travel.js';

const WORDS: Readonly<Record<string, string>> = {
  aedAbsent: 'NO AED WITH YOU.',
  aedNotReady: 'YOUR AED IS NOT READY.',
  aedUnknown: 'CHECK YOUR AED.',
};

/** The nearest public-access AED, with its access and hours as they are written (L13). */
export function nearestPublicAed(
  { publicAeds, publicAedWithinM }: Scheme,
  place: Place,
): NearestAed | null {
  const awayM = distancesFrom(place);
  let nearest: NearestAed | null = null;
  for (const aed of publicAeds) {
    const distanceM = Math.round(awayM(aed));
    if (distanceM > publicAedWithinM || distanceM >= (nearest?.distanceM ?? Infinity)) continue;
    const { id, where, access, hours } = aed;
    nearest = { id, distanceM, where, access, hours };
  }
  return nearest;
}

/** What must be known first comes first: a display may cut the end off. */
export function textFor(text: string, reasons: readonly string[], aed: NearestAed | null): string {
  const first = reasons.flatMap((code) => WORDS[code] ?? []);
  const last = aed
    ? [`Public AED ${aed.distanceM} m: ${aed.where} (${aed.access} ${aed.hours})`]
    : [];
  return [...first, text, ...last].filter((part) => part !== '').join(' ');
}
