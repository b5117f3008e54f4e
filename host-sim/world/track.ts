/**
 * Where a vehicle is at a time: generated drives. Rule: a track is a function of the time since its
 * start, and the same for the same seed. Distances are reckoned on a plane that touches the earth at
 * the start, which is off by less than a metre in the few kilometres that a patrol goes.
 */
import type { Random } from './random.js';

export interface TrackSpec {
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
  readonly headingDeg?: number | undefined;
  /** Between turns; 40 if not given. */
  readonly speedKmh?: number | undefined;
  readonly pattern: 'parked' | 'patrol';
  /** How far from the start a patrol goes before it turns back. */
  readonly radiusM?: number | undefined;
}

export interface TrackPoint {
  readonly latitude: number;
  readonly longitude: number;
  readonly speedMPerS: number;
  /** From true north, 0 up to 360. */
  readonly courseDeg: number;
  readonly moving: boolean;
}

export interface Track {
  at(elapsedMs: number): TrackPoint;
}

const METRES_PER_DEGREE = 111_320;
const ACCELERATION_M_PER_S2 = 1.5;
const TURN_SPEED_M_PER_S = 5;
const TURN_S = 4;
const LEG_M: readonly [number, number] = [120, 700];
const STOP_S: readonly [number, number] = [4, 40];
const STOP_SHARE = 0.4;
const DEFAULT_RADIUS_M = 2500;

/** A stretch with constant acceleration and constant rate of turn. */
interface Stretch {
  readonly startS: number;
  readonly durationS: number;
  /** East and north of the track's start. */
  readonly eastM: number;
  readonly northM: number;
  readonly speedMPerS: number;
  readonly accelerationMPerS2: number;
  readonly courseDeg: number;
  readonly turnDegPerS: number;
}

export function createTrack(spec: TrackSpec, random: Random): Track {
  const route = spec.pattern === 'patrol' ? new Route(spec, random) : null;
  const cosLatitude = Math.cos((spec.latitude * Math.PI) / 180);
  return {
    at: (elapsedMs) => {
      const stretch = route?.stretchAt(elapsedMs / 1000) ?? parkedAt(spec);
      const state = advance(stretch, elapsedMs / 1000 - stretch.startS);
      return {
        latitude: spec.latitude + state.northM / METRES_PER_DEGREE,
        longitude: spec.longitude + state.eastM / (METRES_PER_DEGREE * cosLatitude),
        speedMPerS: state.speedMPerS,
        courseDeg: state.courseDeg,
        moving: state.speedMPerS > 0,
      };
    },
  };
}

function parkedAt(spec: TrackSpec): Stretch {
  return {
    startS: 0,
    durationS: Infinity,
    eastM: 0,
    northM: 0,
    speedMPerS: 0,
    accelerationMPerS2: 0,
    courseDeg: wrapDeg(spec.headingDeg ?? 0),
    turnDegPerS: 0,
  };
}

/** A patrol: legs with turns between them, some after a stop. Grows as far as it is asked for. */
class Route {
  readonly #stretches: Stretch[];
  readonly #random: Random;
  readonly #cruiseMPerS: number;
  readonly #radiusM: number;

  constructor(spec: TrackSpec, random: Random) {
    this.#random = random;
    this.#cruiseMPerS = Math.max((spec.speedKmh ?? 40) / 3.6, TURN_SPEED_M_PER_S);
    this.#radiusM = spec.radiusM ?? DEFAULT_RADIUS_M;
    const course = spec.headingDeg ?? random.integer(0, 359);
    // It sets out from rest.
    this.#stretches = [{ ...parkedAt(spec), durationS: 1, courseDeg: wrapDeg(course) }];
  }

  stretchAt(elapsedS: number): Stretch {
    while (endOf(this.#last) <= elapsedS) this.#addLeg();
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#stretches[middle] as Stretch).startS <= elapsedS) low = middle;
      else high = middle - 1;
    }
    return this.#stretches[low] as Stretch;
  }

  get #last(): Stretch {
    return this.#stretches[this.#stretches.length - 1] as Stretch;
  }

  #addLeg(): void {
    const stops = this.#random.unit() < STOP_SHARE;
    this.#changeSpeed(this.#cruiseMPerS);
    this.#append(this.#random.between(...LEG_M) / this.#cruiseMPerS, 0, 0);
    if (stops) {
      this.#changeSpeed(0);
      this.#append(this.#random.between(...STOP_S), 0, 0);
    }
    this.#changeSpeed(TURN_SPEED_M_PER_S);
    this.#append(TURN_S, 0, this.#turnDeg() / TURN_S);
  }

  #changeSpeed(toMPerS: number): void {
    const change = toMPerS - advance(this.#last, this.#last.durationS).speedMPerS;
    if (Math.abs(change) < 1e-9) return;
    const acceleration = Math.sign(change) * ACCELERATION_M_PER_S2;
    this.#append(change / acceleration, acceleration, 0);
  }

  /** Left or right, but towards the start when far from it. */
  #turnDeg(): number {
    const size = this.#random.between(60, 100);
    const right = this.#random.unit() < 0.5;
    const { eastM, northM, courseDeg } = advance(this.#last, this.#last.durationS);
    if (Math.hypot(eastM, northM) < this.#radiusM) return right ? size : -size;
    const homeDeg = (Math.atan2(-eastM, -northM) * 180) / Math.PI;
    return wrapDeg(homeDeg - courseDeg + 180) - 180;
  }

  #append(durationS: number, accelerationMPerS2: number, turnDegPerS: number): void {
    const before = this.#last;
    const state = advance(before, before.durationS);
    this.#stretches.push({
      ...state,
      startS: endOf(before),
      durationS,
      accelerationMPerS2,
      turnDegPerS,
    });
  }
}

function endOf(stretch: Stretch): number {
  return stretch.startS + stretch.durationS;
}

function advance(stretch: Stretch, elapsedS: number) {
  const { speedMPerS, accelerationMPerS2, courseDeg, turnDegPerS } = stretch;
  const turnedDeg = turnDegPerS * elapsedS;
  const runM = speedMPerS * elapsedS + (accelerationMPerS2 * elapsedS * elapsedS) / 2;
  // An arc is as long as its chord over the mean course, but for a factor.
  const halfTurn = (turnedDeg * Math.PI) / 360;
  const chordM = halfTurn === 0 ? runM : (runM * Math.sin(halfTurn)) / halfTurn;
  const meanCourse = ((courseDeg + turnedDeg / 2) * Math.PI) / 180;
  const speedNow = speedMPerS + accelerationMPerS2 * elapsedS;
  return {
    eastM: stretch.eastM + chordM * Math.sin(meanCourse),
    northM: stretch.northM + chordM * Math.cos(meanCourse),
    speedMPerS: speedNow < 1e-6 ? 0 : speedNow,
    courseDeg: wrapDeg(courseDeg + turnedDeg),
  };
}

/** Into 0 up to 360. */
function wrapDeg(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
