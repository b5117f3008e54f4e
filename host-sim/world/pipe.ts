/**
 * Node streams whose far end is in the world: what is written arrives after world time has passed.
 * Rule: every byte that enters code on Node's own queues touches the clock.
 */
import { Duplex } from 'node:stream';
import type { WorldClock } from './clock.js';

export interface FarEnd {
  /** Bytes that left this end. */
  sent(bytes: Buffer): void;
  /** This end closed; the last call. */
  ended(): void;
  /** Where it is run behind the world: to be brought up to date, and what it had said to be heard. */
  catchUp?(): void;
}

const WRITABLE_BYTES = 64 * 1024 * 1024;

type Done = (error?: Error | null) => void;

/**
 * The near end of a connection, for aedes and mqtt.js. To end it is to close it, both ways: MQTT
 * has no use for a half-closed connection, and nobody need wait for the far end.
 */
export class PipeEnd extends Duplex {
  readonly #clock: WorldClock;
  readonly #far: FarEnd;
  #ended = false;

  constructor(clock: WorldClock, far: FarEnd) {
    // What is written leaves at once. A city's answers of one instant are no congestion.
    super({ writableHighWaterMark: WRITABLE_BYTES });
    this.#clock = clock;
    this.#far = far;
  }

  /** Bytes from the far end. */
  receive(bytes: Buffer): void {
    if (this.#ended || this.destroyed) return;
    this.#clock.touch();
    this.push(bytes);
  }

  /** The far end has closed. */
  receiveEnd(): void {
    if (this.destroyed) return;
    this.#clock.touch();
    this.#tellEnded();
    this.push(null);
    this.end();
  }

  /** For who would take the far end for dead: has it heard first. False if it is never behind. */
  catchUp(): boolean {
    this.#far.catchUp?.();
    return this.#far.catchUp !== undefined;
  }

  /** Writers cork, and write for good in a later tick: time must wait for that. */
  override cork(): void {
    this.#clock.touch();
    super.cork();
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: Done): void {
    if (!this.#ended) this.#far.sent(chunk);
    done();
  }

  /** What was corked together leaves as one piece. */
  override _writev(chunks: { chunk: Buffer }[], done: Done): void {
    if (!this.#ended) this.#far.sent(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: Done): void {
    this.#tellEnded();
    this.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#tellEnded();
    done(error);
  }

  #tellEnded(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#far.ended();
  }
}

/** Two ends of one connection; what one writes, the other reads `latencyMs` later, in order. */
export function createPipe(clock: WorldClock, latencyMs = 0): [Duplex, Duplex] {
  const carry = (other: () => PipeEnd): FarEnd => ({
    sent: (bytes) => void clock.after(latencyMs, () => other().receive(bytes)),
    ended: () => void clock.after(latencyMs, () => other().receiveEnd()),
  });
  const near: PipeEnd = new PipeEnd(
    clock,
    carry(() => far),
  );
  const far: PipeEnd = new PipeEnd(
    clock,
    carry(() => near),
  );
  return [near, far];
}
