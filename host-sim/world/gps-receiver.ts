/**
 * GPS receivers on a unit's serial line: one that follows a track, one that plays a recorded log.
 * Rule: a receiver gives its bytes at the speed of the line, in pieces that know nothing of lines.
 */
import type { Timer, WorldClock } from './clock.js';
import { epochsOf, type Epoch } from './nmea-log.js';
import { fixSentences, noFixSentences } from './nmea.js';
import type { Random } from './random.js';
import type { Drive, DrivenTrack } from './track.js';

export { firstTimeOf } from './nmea-log.js';

export interface GpsReceiver {
  start(): void;
  stop(): void;
  /** Without sky it goes on talking, but has no fix. */
  setSky(visible: boolean): void;
  /** Sends the vehicle elsewhere; absent where it goes as it was recorded. */
  drive?(drive: Drive): void;
}

export interface ReceiverOptions {
  readonly baud: number;
  /** From start to the first fix; none by default. */
  readonly coldStartMs?: number;
}

type Line = (bytes: string) => void;

/** Start bit, eight data bits, stop bit. */
const BITS_PER_BYTE = 10;
/** As the device's serial driver hands them over. */
const PIECE_BYTES: readonly [number, number] = [48, 64];
/** From the instant that a fix is of to its first byte. */
const REPORT_DELAY_MS = 60;
const REACQUIRE_MS = 2000;
const WALKING_M_PER_S = 0.5;
const METRES_PER_DEGREE = 111_320;

/** Sends bytes at the speed of a line, one after the other. */
class SerialLine {
  #freeAtMs = 0;
  readonly #timers = new Set<Timer>();

  constructor(
    readonly clock: WorldClock,
    readonly baud: number,
    readonly line: Line,
    readonly pieceBytes: () => number,
  ) {}

  send(bytes: string): void {
    this.#freeAtMs = Math.max(this.#freeAtMs, this.clock.nowMs());
    for (let at = 0; at < bytes.length;) {
      const piece = bytes.substr(at, this.pieceBytes());
      at += piece.length;
      this.#freeAtMs += (piece.length * BITS_PER_BYTE * 1000) / this.baud;
      const timer = this.clock.after(this.#freeAtMs - this.clock.nowMs(), () => {
        this.#timers.delete(timer);
        this.line(piece);
      });
      this.#timers.add(timer);
    }
  }

  stop(): void {
    for (const timer of this.#timers) this.clock.cancel(timer);
    this.#timers.clear();
    this.#freeAtMs = 0;
  }
}

/** Follows a track, once a second, with the small errors of a good sky. */
export function createTrackReceiver(
  clock: WorldClock,
  track: DrivenTrack,
  random: Random,
  line: Line,
  options: ReceiverOptions,
): GpsReceiver {
  return new TrackReceiver(clock, track, random, line, options);
}

class TrackReceiver implements GpsReceiver {
  readonly #serial: SerialLine;
  #startedAtMs: number | null = null;
  #timer: Timer | null = null;
  #fixFromMs = 0;
  #timeKnown = false;
  /** Slow drift of the position, in metres. */
  #errorM: [number, number] = [0, 0];

  constructor(
    readonly clock: WorldClock,
    readonly track: DrivenTrack,
    readonly random: Random,
    line: Line,
    readonly options: ReceiverOptions,
  ) {
    this.#serial = new SerialLine(clock, options.baud, line, () => random.integer(...PIECE_BYTES));
  }

  start(): void {
    if (this.#timer) return;
    const nowMs = this.clock.nowMs();
    this.#startedAtMs ??= nowMs;
    this.#fixFromMs = nowMs + (this.options.coldStartMs ?? 0);
    this.#timeKnown = !this.options.coldStartMs;
    this.#waitForSecond();
  }

  stop(): void {
    if (this.#timer) this.clock.cancel(this.#timer);
    this.#timer = null;
    this.#serial.stop();
  }

  setSky(visible: boolean): void {
    this.#fixFromMs = visible ? this.clock.nowMs() + REACQUIRE_MS : Infinity;
  }

  drive(drive: Drive): void {
    const nowMs = this.clock.nowMs();
    this.track.drive(nowMs - (this.#startedAtMs ?? nowMs), drive);
  }

  #waitForSecond(): void {
    const nowMs = this.clock.nowMs();
    const secondMs = Math.floor((nowMs - REPORT_DELAY_MS) / 1000 + 1) * 1000;
    this.#timer = this.clock.after(secondMs + REPORT_DELAY_MS - nowMs, () => {
      this.#serial.send(this.#report(secondMs));
      this.#waitForSecond();
    });
  }

  #report(utcMs: number): string {
    if (utcMs < this.#fixFromMs) return noFixSentences(this.#timeKnown ? utcMs : null);
    this.#timeKnown = true;
    const elapsedMs = utcMs - (this.#startedAtMs as number);
    const { latitude, longitude, speedMPerS, courseDeg } = this.track.at(Math.max(elapsedMs, 0));
    this.#errorM = [this.#drift(this.#errorM[0]), this.#drift(this.#errorM[1])];
    const metresPerDegreeEast = METRES_PER_DEGREE * Math.cos((latitude * Math.PI) / 180);
    const moving = speedMPerS > WALKING_M_PER_S;
    return fixSentences({
      utcMs,
      latitude: latitude + this.#errorM[0] / METRES_PER_DEGREE,
      longitude: longitude + this.#errorM[1] / metresPerDegreeEast,
      altitudeM: 35 + this.#errorM[0],
      speedMPerS: moving ? speedMPerS : this.random.between(0, 0.15),
      courseDeg: moving ? courseDeg : null,
      satellites: this.random.integer(8, 10),
      hdop: this.random.between(0.8, 1.3),
    });
  }

  #drift(errorM: number): number {
    return errorM * 0.95 + this.random.between(-0.4, 0.4);
  }
}

/** Plays a recorded log: each epoch as long after the first as it was recorded, then silence. */
export function createLogReceiver(
  clock: WorldClock,
  log: Buffer,
  line: Line,
  options: ReceiverOptions,
): GpsReceiver {
  return new LogReceiver(clock, epochsOf(log), line, options);
}

class LogReceiver implements GpsReceiver {
  readonly #serial: SerialLine;
  #timers: Timer[] = [];
  #skyVisible = true;
  #next = 0;

  constructor(
    readonly clock: WorldClock,
    readonly epochs: readonly Epoch[],
    line: Line,
    options: ReceiverOptions,
  ) {
    this.#serial = new SerialLine(clock, options.baud, line, () => PIECE_BYTES[1]);
  }

  start(): void {
    if (this.#timers.length > 0) return;
    const firstMs = this.epochs[this.#next]?.elapsedMs ?? 0;
    this.#timers = this.epochs.slice(this.#next).map((epoch) =>
      this.clock.after(epoch.elapsedMs - firstMs, () => {
        this.#next++;
        this.#serial.send(this.#skyVisible ? epoch.bytes : noFixSentences(epoch.utcMs));
      }),
    );
  }

  stop(): void {
    for (const timer of this.#timers) this.clock.cancel(timer);
    this.#timers = [];
    this.#serial.stop();
  }

  setSky(visible: boolean): void {
    this.#skyVisible = visible;
  }
}
