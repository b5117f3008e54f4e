/** What a crew reads with an alert, beside the call's own words. */
import { MAX_NOTE_CHARS } from '../../../protocol/limits.js';
import type { Scheme } from '../../schemes/schema.js';
import type { Place } from '../events.js';
import type { NearestAed } from '../lines.js';
import { plainText, shortened } from '../plain-text.js';
import { distancesFrom } from './travel.js';

const WORDS: Readonly<Record<string, string>> = {
  aedAbsent: 'NO AED WITH YOU.',
  aedNotReady: 'YOUR AED IS NOT READY.',
  aedUnknown: 'CHECK YOUR AED.',
};

/**
 * The nearest public-access AED, with its access and hours as they are written (L13); null where the
 * scheme does not tell of them.
 * @param date in London
 */
export function nearestPublicAed(
  { publicAeds, publicAedsFrom, publicAedWithinM }: Scheme,
  place: Place,
  date: string,
): NearestAed | null {
  if (publicAedsFrom === undefined || date < publicAedsFrom) return null;
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

/**
 * The note of a dispatch: what must be known first comes first, and all of it fits the display. The
 * public AED is told as fully as there is room for, and always that there is one. A crew without an
 * AED of its own reads of it before the call's own words.
 */
export function textFor(text: string, reasons: readonly string[], aed: NearestAed | null): string {
  const warnings = reasons.flatMap((code) => WORDS[code] ?? []);
  const own = plainText(text);
  const forms = aed ? formsOf(aed) : [''];
  const all = (form: string) => joined([...warnings, own, form]);
  const form = forms.find((each) => all(each).length <= MAX_NOTE_CHARS) ?? (forms.at(-1) as string);
  const over = Math.max(0, all(form).length - MAX_NOTE_CHARS);
  const words = shortened(own, own.length - over);
  return joined(warnings.length > 0 ? [...warnings, form, words] : [words, form]);
}

/** From the fullest to the shortest. */
function formsOf({ distanceM, where, access, hours }: NearestAed): string[] {
  const least = `Public AED ${distanceM} m`;
  const place = `${least}: ${plainText(where)}`;
  return [`${place} (${plainText(joined([access, hours]))})`, place, least];
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ');
}
