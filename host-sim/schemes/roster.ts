/**
 * The units of a scheme, one by one: its stations, then its vehicles, area by area. Ids are stable:
 * `CRO-V001` is the first vehicle of Croydon in every run. A station is a unit too (L1, N4).
 */
import { UserError } from '../exit-codes.js';
import type { Scheme } from './form.js';

export interface RosterUnit {
  readonly id: string;
  readonly kind: 'vehicle' | 'station';
  /** Where it belongs: its area's date and gate hold wherever it drives. */
  readonly area: string;
  readonly capabilities: readonly string[];
  readonly aedMount: 'bracket' | 'kit';
  /** Of a station. */
  readonly place?: { readonly latitude: number; readonly longitude: number };
}

export function rosterOf({ areas, stations, fleet }: Scheme): RosterUnit[] {
  const codes = new Map(areas.map(({ id, code }) => [id, code]));
  const fleetOf = new Map(fleet.map((each) => [each.area, each]));
  return [
    ...stations.map(({ id, area, latitude, longitude }): RosterUnit => {
      const { capabilities = [], aedMount = 'bracket' } = fleetOf.get(area) ?? {};
      return { id, kind: 'station', area, capabilities, aedMount, place: { latitude, longitude } };
    }),
    ...fleet.flatMap(({ area, vehicles, capabilities, aedMount }) =>
      Array.from({ length: vehicles }, (_, i): RosterUnit => {
        const id = `${codes.get(area)}-V${String(i + 1).padStart(3, '0')}`;
        return { id, kind: 'vehicle', area, capabilities, aedMount };
      }),
    ),
  ];
}

/**
 * The same scheme with so many units in all: its stations, and vehicles shared out among the areas
 * as they are now (by largest remainder).
 * @throws UserError if that is fewer than it has stations
 */
export function withUnits(scheme: Scheme, units: number): Scheme {
  const vehicles = units - scheme.stations.length;
  const now = scheme.fleet.reduce((sum, each) => sum + each.vehicles, 0);
  if (vehicles < 0) {
    const least = scheme.stations.length;
    throw new UserError('usage', `expected at least ${least} units, its stations, found ${units}`);
  }
  const shares = scheme.fleet.map((each) => {
    const exact = now === 0 ? 0 : (each.vehicles * vehicles) / now;
    return { ...each, vehicles: Math.floor(exact), remainder: exact % 1 };
  });
  let left = vehicles - shares.reduce((sum, each) => sum + each.vehicles, 0);
  for (const each of [...shares].sort((a, b) => b.remainder - a.remainder)) {
    if (left-- > 0) each.vehicles++;
  }
  return { ...scheme, fleet: shares.map(({ remainder: _, ...each }) => each) };
}
