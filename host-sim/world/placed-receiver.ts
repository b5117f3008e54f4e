/**
 * A GPS receiver that says where it was put, for fleets: no error of its own, no satellites listed,
 * only the two sentences that a unit reads, and no more epochs than a unit needs. A unit takes its
 * fix for lost after 5 s without one, so that 4 s are the longest period that changes nothing. One
 * that saves power, and whose unit is told so in its settings, speaks less often while it stands.
 */
import type { Timer, WorldClock } from './clock.js';
import type { GpsReceiver } from './gps-receiver.js';
import { briefFixSentences, noFixSentences, placeOf } from './nmea.js';
import type { TrackPoint } from './track.js';

export const LONGEST_EPOCH_MS = 4000;

/** Where the vehicle is at a time of the world. */
export type WhereAt = (nowMs: number) => TrackPoint;

/** So many epochs in a row in one place, and it stands. */
export const STANDING_EPOCHS = 5;
const SATELLITES = 9;
const HDOP = 1;
const ALTITUDE_M = 35;

export class PlacedReceiver implements GpsReceiver {
  #timer: Timer | null = null;
  #skyVisible = true;
  /** Where it was last, and in sentences: one that stands is told to be in the same place again. */
  #point: TrackPoint | null = null;
  #placeText = '';
  #epochsInPlace = 0;

  /**
   * @param line takes what the receiver writes, an epoch at a time
   * @param periodMs from epoch to epoch
   * @param standingPeriodMs the same while it stands
   * @param phaseMs from the start to the first epoch
   */
  constructor(
    readonly clock: WorldClock,
    readonly line: (bytes: string) => void,
    public whereAt: WhereAt,
    public periodMs: number,
    readonly standingPeriodMs: number,
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

  /** The vehicle is used: it speaks as if it moved. */
  stir(): void {
    this.#epochsInPlace = 0;
    if (!this.#timer || this.#timer.atMs - this.clock.nowMs() <= this.periodMs) return;
    this.stop();
    this.#timer = this.clock.after(this.periodMs, this.#epoch);
  }

  readonly #epoch = (): void => {
    const utcMs = this.clock.nowMs();
    const sentences = this.#skyVisible ? this.#fix(utcMs) : noFixSentences(utcMs);
    const stands = this.#epochsInPlace >= STANDING_EPOCHS;
    this.#timer = this.clock.after(stands ? this.standingPeriodMs : this.periodMs, this.#epoch);
    this.line(sentences);
  };

  #fix(utcMs: number): string {
    const point = this.whereAt(utcMs);
    const before = this.#point;
    const isSame = point.latitude === before?.latitude && point.longitude === before.longitude;
    if (!isSame) this.#placeText = placeOf(point);
    this.#epochsInPlace = isSame && !point.moving ? this.#epochsInPlace + 1 : 0;
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
