/**
 * Where a vehicle is at a time: generated drives. Rule: a track is a function of the time since its
 * start and of where it was sent since, and the same for the same seed. Distances are reckoned on a
 * plane that touches the earth at the start, which is off by less than a metre in the few kilometres
 * that a patrol goes.
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

/** How a vehicle goes on: straight to a place if one is given, and there, or where it is, like this. */
export interface Drive {
  readonly pattern: 'parked' | 'patrol';
  readonly to?: { readonly latitude: number; readonly longitude: number } | undefined;
  /** 40 if not given. */
  readonly speedKmh?: number | undefined;
}

export interface DrivenTrack extends Track {
  /** Changes all that comes after that time. */
  drive(elapsedMs: number, drive: Drive): void;
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

export function createTrack(spec: TrackSpec, random: Random): DrivenTrack {
  const route = new Route(spec, random);
  const cosLatitude = Math.cos((spec.latitude * Math.PI) / 180);
  return {
    at: (elapsedMs) => {
      const stretch = route.stretchAt(elapsedMs / 1000);
      const state = advance(stretch, elapsedMs / 1000 - stretch.startS);
      return {
        latitude: spec.latitude + state.northM / METRES_PER_DEGREE,
        longitude: spec.longitude + state.eastM / (METRES_PER_DEGREE * cosLatitude),
        speedMPerS: state.speedMPerS,
        courseDeg: state.courseDeg,
        moving: state.speedMPerS > 0,
      };
    },
    drive: (elapsedMs, { pattern, to, speedKmh }) => {
      const place = to && {
        eastM: (to.longitude - spec.longitude) * METRES_PER_DEGREE * cosLatitude,
        northM: (to.latitude - spec.latitude) * METRES_PER_DEGREE,
      };
      route.drive(elapsedMs / 1000, pattern, speedKmh, place);
    },
  };
}

function parkedAt(courseDeg: number): Stretch {
  return {
    startS: 0,
    durationS: Infinity,
    eastM: 0,
    northM: 0,
    speedMPerS: 0,
    accelerationMPerS2: 0,
    courseDeg: wrapDeg(courseDeg),
    turnDegPerS: 0,
  };
}

/** East and north of the track's start. */
interface Place {
  readonly eastM: number;
  readonly northM: number;
}

/**
 * Stretch after stretch, as far as it is asked for. A patrol is legs with turns between them, some
 * after a stop.
 */
class Route {
  #stretches: Stretch[];
  #random: Random;
  #pattern: TrackSpec['pattern'];
  #cruiseMPerS: number;
  /** What a patrol keeps near to. */
  #home: Place = { eastM: 0, northM: 0 };
  readonly #radiusM: number;

  constructor(spec: TrackSpec, random: Random) {
    this.#random = random;
    this.#pattern = spec.pattern;
    this.#cruiseMPerS = cruise(spec.speedKmh);
    this.#radiusM = spec.radiusM ?? DEFAULT_RADIUS_M;
    const isParked = spec.pattern === 'parked';
    const course = spec.headingDeg ?? (isParked ? 0 : random.integer(0, 359));
    // It sets out from rest.
    this.#stretches = [{ ...parkedAt(course), durationS: isParked ? Infinity : 1 }];
  }

  stretchAt(elapsedS: number): Stretch {
    while (endOf(this.#last) <= elapsedS) this.#goOn();
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#stretches[middle] as Stretch).startS <= elapsedS) low = middle;
      else high = middle - 1;
    }
    return this.#stretches[low] as Stretch;
  }

  drive(elapsedS: number, pattern: TrackSpec['pattern'], speedKmh?: number, to?: Place): void {
    const cut = this.stretchAt(elapsedS);
    this.#stretches = this.#stretches.slice(0, this.#stretches.indexOf(cut));
    this.#stretches.push({ ...cut, durationS: elapsedS - cut.startS });
    // How far it was asked for before must not count.
    this.#random = this.#random.fork('drive');
    this.#pattern = pattern;
    this.#cruiseMPerS = cruise(speedKmh);
    if (to) this.#driveTo(to);
    this.#home = advance(this.#last, this.#last.durationS);
  }

  get #last(): Stretch {
    return this.#stretches[this.#stretches.length - 1] as Stretch;
  }

  #goOn(): void {
    if (this.#pattern === 'patrol') {
      this.#addLeg();
      return;
    }
    this.#changeSpeed(0);
    this.#append(Infinity, 0, 0);
  }

  /** A turn towards the place, and straight there, up to 9 m beyond it if it is nearer than that. */
  #driveTo(place: Place): void {
    this.#changeSpeed(TURN_SPEED_M_PER_S);
    this.#append(TURN_S, 0, this.#turnTo(place) / TURN_S);
    const from = advance(this.#last, this.#last.durationS);
    const metres = Math.hypot(place.eastM - from.eastM, place.northM - from.northM);
    const turnM = brakingM(TURN_SPEED_M_PER_S);
    const most = Math.sqrt(ACCELERATION_M_PER_S2 * (metres + turnM));
    const speed = Math.max(Math.min(this.#cruiseMPerS, most), TURN_SPEED_M_PER_S);
    const straightM = metres - (brakingM(speed) - turnM) - brakingM(speed);
    this.#append(0, 0, 0, bearing(from, place));
    this.#changeSpeed(speed);
    this.#append(Math.max(straightM, 0) / speed, 0, 0);
    this.#changeSpeed(0);
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

  /** Left or right, but towards home when far from it. */
  #turnDeg(): number {
    const size = this.#random.between(60, 100);
    const right = this.#random.unit() < 0.5;
    const { eastM, northM } = advance(this.#last, this.#last.durationS);
    const far = Math.hypot(eastM - this.#home.eastM, northM - this.#home.northM);
    if (far < this.#radiusM) return right ? size : -size;
    return this.#turnTo(this.#home);
  }

  #turnTo(place: Place): number {
    const state = advance(this.#last, this.#last.durationS);
    return wrapDeg(bearing(state, place) - state.courseDeg + 180) - 180;
  }

  #append(
    durationS: number,
    accelerationMPerS2: number,
    turnDegPerS: number,
    courseDeg?: number,
  ): void {
    const before = this.#last;
    const state = advance(before, before.durationS);
    this.#stretches.push({
      ...state,
      startS: endOf(before),
      durationS,
      accelerationMPerS2,
      turnDegPerS,
      ...(courseDeg === undefined ? {} : { courseDeg }),
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

function cruise(speedKmh = 40): number {
  return Math.max(speedKmh / 3.6, TURN_SPEED_M_PER_S);
}

/** From that speed to rest, or from rest to it. */
function brakingM(speedMPerS: number): number {
  return (speedMPerS * speedMPerS) / (2 * ACCELERATION_M_PER_S2);
}

/** From true north. */
function bearing(from: Place, to: Place): number {
  return wrapDeg((Math.atan2(to.eastM - from.eastM, to.northM - from.northM) * 180) / Math.PI);
}

/** Into 0 up to 360. */
function wrapDeg(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}
