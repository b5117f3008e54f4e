/**
 * Where a vehicle is: from waypoint to waypoint of its patrol with a stop at each, or on its way to
 * a call and back. Rule: a place is a function of the time and of the trips so far, at a cost that
 * does not grow with the time that has passed.
 */
import type { Place } from '../control-room/events.js';
import type { Random } from '../world/random.js';
import { placeAt, straightLineM } from './travel.js';

export interface Whereabouts {
  readonly place: Place;
  readonly speedKmh: number;
}

export interface Patrol {
  /** Where it stands when it has no crew; one that waits at its station is always there. */
  readonly base: Place;
  /** Null for one that waits at its station. */
  readonly beat: { readonly centre: Place; readonly radiusM: number } | null;
  readonly speedKmh: number;
  /** Of the way by road over the straight line, on which it is drawn. */
  readonly detourFactor: number;
}

interface Trip {
  readonly from: Place;
  readonly to: Place;
  readonly startAtMs: number;
  readonly arriveAtMs: number;
  /** When it turns back to its patrol; Infinity until that is known. */
  releasedAtMs: number;
}

/** A leg is a drive and the stop after it. */
const LEG_MS = 30 * 60_000;
/** Of its area's radius, in which it patrols: so that a leg can be driven in its time. */
const BEAT_SHARE = 0.7;

export class Movement {
  #trip: Trip | null = null;

  constructor(
    private readonly patrol: Patrol,
    private readonly random: Random,
    private readonly crewedAt: (atMs: number) => boolean,
  ) {}

  at(atMs: number): Whereabouts {
    const trip = this.#trip;
    if (!trip || atMs < trip.startAtMs) return this.#onPatrol(atMs);
    if (atMs < trip.arriveAtMs) {
      const share = (atMs - trip.startAtMs) / (trip.arriveAtMs - trip.startAtMs);
      const hours = (trip.arriveAtMs - trip.startAtMs) / 3_600_000;
      const roadKm = (straightLineM(trip.from, trip.to) / 1000) * this.patrol.detourFactor;
      return { place: between(trip.from, trip.to, share), speedKmh: roadKm / hours };
    }
    if (atMs < trip.releasedAtMs) return { place: trip.to, speedKmh: 0 };
    return this.#returning(trip, atMs);
  }

  /** The way to a call that it is on, or has come: not while it goes back, or is on patrol. */
  errandAt(atMs: number): { readonly startAtMs: number; readonly arriveAtMs: number } | null {
    const trip = this.#trip;
    return trip && atMs >= trip.startAtMs && atMs < trip.releasedAtMs ? trip : null;
  }

  /** Drives from where it is, from `startAtMs` on, and stays until it is released. */
  goTo(to: Place, startAtMs: number, arriveAtMs: number): void {
    const from = this.at(startAtMs).place;
    this.#trip = { from, to, startAtMs, arriveAtMs, releasedAtMs: Infinity };
  }

  /** Back to its patrol, from wherever it is by then. */
  release(atMs: number): void {
    const trip = this.#trip;
    if (!trip || atMs >= trip.releasedAtMs) return;
    const place = this.at(atMs).place;
    const startAtMs = Math.min(trip.startAtMs, atMs);
    this.#trip = { from: place, to: place, startAtMs, arriveAtMs: startAtMs, releasedAtMs: atMs };
  }

  /** Straight towards where its patrol would be by now, until it is there. */
  #returning(trip: Trip, atMs: number): Whereabouts {
    const patrol = this.#onPatrol(atMs);
    const leftM = straightLineM(trip.to, patrol.place);
    const drivenM = ((atMs - trip.releasedAtMs) / 1000) * this.#straightMPerS;
    if (drivenM >= leftM) {
      this.#trip = null;
      return patrol;
    }
    return {
      place: between(trip.to, patrol.place, drivenM / leftM),
      speedKmh: this.patrol.speedKmh,
    };
  }

  #onPatrol(atMs: number): Whereabouts {
    const leg = Math.floor(atMs / LEG_MS);
    const [from, to] = [this.#waypoint(leg - 1), this.#waypoint(leg)];
    const driveMs = Math.min((straightLineM(from, to) / this.#straightMPerS) * 1000, LEG_MS);
    const intoLegMs = atMs - leg * LEG_MS;
    if (intoLegMs >= driveMs) return { place: to, speedKmh: 0 };
    return { place: between(from, to, intoLegMs / driveMs), speedKmh: this.patrol.speedKmh };
  }

  /** Where it stops at the end of that leg. */
  #waypoint(leg: number): Place {
    const { base, beat } = this.patrol;
    if (!beat || !this.crewedAt(leg * LEG_MS)) return base;
    const own = this.random.fork(`leg-${leg}`);
    const fromCentreM = beat.radiusM * BEAT_SHARE * Math.sqrt(own.unit());
    return placeAt(beat.centre, fromCentreM, own.between(0, 360));
  }

  get #straightMPerS(): number {
    return this.patrol.speedKmh / 3.6 / this.patrol.detourFactor;
  }
}

/** Along the straight line; over a city's width the sphere does not matter. */
function between(from: Place, to: Place, share: number): Place {
  return {
    latitude: from.latitude + (to.latitude - from.latitude) * share,
    longitude: from.longitude + (to.longitude - from.longitude) * share,
  };
}
