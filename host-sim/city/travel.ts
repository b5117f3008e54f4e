/**
 * How long a vehicle takes, by a stated model: the straight line over the sphere, times a detour
 * factor, at a speed by the hour and the kind of place. No road network is at hand, so that a river
 * in between is not known: the report says so.
 */
import destination from '@turf/destination';
import distance from '@turf/distance';
import type { Place } from '../control-room/events.js';
import type { Assumptions } from './assumptions.js';
import { localHour } from './local-time.js';

/** Metres over the sphere; within 0.5 % of the ellipsoid. */
export function straightLineM(from: Place, to: Place): number {
  return distance(position(from), position(to), { units: 'meters' });
}

/** Less than a degree of latitude is anywhere. */
const METRES_PER_DEGREE = 110_500;

/** Quick for who looks at many: most of a city is ruled out by the latitude alone. */
export function isWithinM(from: Place, to: Place, metres: number): boolean {
  const northM = Math.abs(from.latitude - to.latitude) * METRES_PER_DEGREE;
  return northM <= metres && straightLineM(from, to) <= metres;
}

/** The place at that distance and bearing from true north. */
export function placeAt(from: Place, distanceM: number, bearingDeg: number): Place {
  const there = destination(position(from), distanceM, bearingDeg, { units: 'meters' });
  const [longitude, latitude] = there.geometry.coordinates as [number, number];
  return { latitude, longitude };
}

function position({ longitude, latitude }: Place): [number, number] {
  return [longitude, latitude];
}

export interface Travel {
  /** Seconds on the way, with lights and siren, for a start at that time. */
  responseS(from: Place, to: Place, startAtMs: number): number;
}

export function createTravel(assumptions: Assumptions): Travel {
  const { detourFactor, speedKmhByHour, speedFactor } = assumptions.travel;
  return {
    responseS: (from, to, startAtMs) => {
      const kmh = (speedKmhByHour.value[localHour(startAtMs).hour] as number) * speedFactor.value;
      return (straightLineM(from, to) * detourFactor.value) / (kmh / 3.6);
    },
  };
}
