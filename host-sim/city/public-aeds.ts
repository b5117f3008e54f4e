/**
 * Public-access AEDs (L13). A service's own list is not public with its places, so that beside those
 * that a scheme lists as many are drawn as are published, where people live. Rule: the control room
 * shows access and hours as they are written; whether one can be had is the world's.
 */
import type { PublicAed, Scheme } from '../schemes/schema.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { peopleOf, placeIn } from './calls.js';
import { weighted } from './draws.js';
import { localHour } from './local-time.js';

const ALWAYS = '24/7';

/** The scheme with as many as there are, its own first; unchanged where it does not tell of them. */
export function withPublicAeds(scheme: Scheme, assumptions: Assumptions, random: Random): Scheme {
  const { per100k, dayAndNightShare, opensH, closesH } = assumptions.publicAeds;
  const { areas, publicAedsFrom } = scheme;
  if (publicAedsFrom === undefined) return scheme;
  const people = areas.map(peopleOf);
  const all = people.reduce((sum, each) => sum + each, 0);
  const missing = Math.round((all / 100_000) * per100k.value) - scheme.publicAeds.length;
  const byDay = `Mo-Su ${clock(opensH.value)}-${clock(closesH.value)}`;
  const drawn = Array.from({ length: Math.max(0, missing) }, (_, i): PublicAed => {
    const own = random.fork(`aed-${i + 1}`);
    const area = areas[weighted(people, own)] as Scheme['areas'][number];
    const hours = own.unit() < dayAndNightShare.value ? ALWAYS : byDay;
    const id = `drawn-${i + 1}`;
    return { id, ...placeIn(area, areas, own), where: area.name, access: 'yes', hours };
  });
  return { ...scheme, publicAeds: [...scheme.publicAeds, ...drawn] };
}

function clock(hour: number): string {
  return `${String(Math.floor(hour)).padStart(2, '0')}:00`;
}

/** By day all can be had, at night those that say so. */
export function canBeHad({ hours }: PublicAed, atMs: number, assumptions: Assumptions): boolean {
  const { opensH, closesH } = assumptions.publicAeds;
  const { hour } = localHour(atMs);
  return hours === ALWAYS || (hour >= opensH.value && hour < closesH.value);
}
