/**
 * A GPS receiver that says where it was put, for fleets: no error of its own, no satellites listed,
 * only the two sentences that a unit reads, and no more epochs than a unit needs. A unit takes its
 * fix for lost after 5 s without one, so that 4 s are the longest period that changes nothing.
 */
import type { Timer, WorldClock } from './clock.js';
import type { GpsReceiver } from './gps-receiver.js';
import { briefFixSentences, noFixSentences, placeOf } from './nmea.js';
import type { TrackPoint } from './track.js';

export const LONGEST_EPOCH_MS = 4000;

/** Where the vehicle is at a time of the world. */
export type WhereAt = (nowMs: number) => TrackPoint;

const SATELLITES = 9;
const HDOP = 1;
const ALTITUDE_M = 35;

export class PlacedReceiver implements GpsReceiver {
  #timer: Timer | null = null;
  #skyVisible = true;
  /** Where it was last, and in sentences: one that stands is told to be in the same place again. */
  #point: TrackPoint | null = null;
  #placeText = '';

  /**
   * @param line takes what the receiver writes, an epoch at a time
   * @param periodMs from epoch to epoch
   * @param phaseMs from the start to the first epoch
   */
  constructor(
    readonly clock: WorldClock,
    readonly line: (bytes: string) => void,
    public whereAt: WhereAt,
    public periodMs: number,
    readonly phaseMs: number,
  ) {}

  start(): void {
    this.#timer ??= this.clock.after(this.phaseMs, this.#epoch);
  }

  stop(): void {
    if (this.#timer) this.clock.cancel(this.#timer);
    this.#timer = null;
  }

  setSky(visible: boolean): void {
    this.#skyVisible = visible;
  }

  readonly #epoch = (): void => {
    this.#timer = this.clock.after(this.periodMs, this.#epoch);
    const utcMs = this.clock.nowMs();
    this.line(this.#skyVisible ? this.#fix(utcMs) : noFixSentences(utcMs));
  };

  #fix(utcMs: number): string {
    const point = this.whereAt(utcMs);
    if (point !== this.#point) this.#placeText = placeOf(point);
    this.#point = point;
    const { latitude, longitude, speedMPerS, courseDeg, moving } = point;
    const quality = { altitudeM: ALTITUDE_M, satellites: SATELLITES, hdop: HDOP };
    const course = moving ? courseDeg : null;
    return briefFixSentences(
      { utcMs, latitude, longitude, speedMPerS, courseDeg: course, ...quality },
      this.#placeText,
    );
  }
}
