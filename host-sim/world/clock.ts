/**
 * The world's time. Rule: everything in host-sim that waits or asks the time does it here, so that
 * a run takes wall time (RealClock) or none at all, and repeats exactly (SimulatedClock).
 */
import { EventQueue, type QueuedEvent } from './event-queue.js';

/** What `after` gives, for `cancel` only. */
export interface Timer {
  readonly atMs: number;
}

export interface WorldClock {
  /** Epoch milliseconds of the world. */
  nowMs(): number;
  after(delayMs: number, callback: () => void): Timer;
  cancel(timer: Timer): void;
  /**
   * To be called by whoever hands work to code that goes on in Node's own queues (aedes, mqtt.js,
   * promises): simulated time then stands still until that code has come to rest.
   */
  touch(): void;
}

const LONGEST_NODE_TIMER_MS = 2 ** 31 - 1;

interface RealTimer extends Timer {
  node: NodeJS.Timeout;
}

/** Wall time, from any start, by a clock that no one can set. */
export class RealClock implements WorldClock {
  readonly #zeroMs: number;
  readonly #pending = new Set<RealTimer>();

  constructor(startAtMs = Date.now()) {
    this.#zeroMs = startAtMs - performance.now();
  }

  nowMs(): number {
    return this.#zeroMs + performance.now();
  }

  after(delayMs: number, callback: () => void): Timer {
    const atMs = this.nowMs() + (delayMs > 0 ? delayMs : 0);
    const timer: RealTimer = { atMs, node: setTimeout(() => check(), this.#waitMs(atMs)) };
    const check = () => {
      // Node may fire a fraction of a millisecond early, and holds at most 24.8 days.
      if (this.nowMs() < atMs) {
        timer.node = setTimeout(check, this.#waitMs(atMs));
        return;
      }
      this.#pending.delete(timer);
      callback();
    };
    this.#pending.add(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    const pending = timer as RealTimer;
    clearTimeout(pending.node);
    this.#pending.delete(pending);
  }

  touch(): void {}

  /** Cancels all that is pending. */
  stop(): void {
    for (const timer of this.#pending) clearTimeout(timer.node);
    this.#pending.clear();
  }

  #waitMs(atMs: number): number {
    return Math.min(Math.max(Math.ceil(atMs - this.nowMs()), 0), LONGEST_NODE_TIMER_MS);
  }
}

/** Turns of Node's loop in a row with nothing moving, before the world goes on. */
const QUIET_TURNS = 2;
const MOST_TURNS = 100_000;

/** Clocks that wait for Node's queues now: their own waiting must not count as work. */
let settlingClocks = 0;

/** Time that passes only in `runUntil`, from event to event. */
export class SimulatedClock implements WorldClock {
  #nowMs: number;
  readonly #events = new EventQueue();
  /** True at the start: what was set up before the first run may have queued work. */
  #touched = true;
  #running = false;

  constructor(startAtMs: number) {
    this.#nowMs = startAtMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#events.add(this.#nowMs + (delayMs > 0 ? delayMs : 0), callback);
  }

  cancel(timer: Timer): void {
    this.#events.cancel(timer as QueuedEvent);
  }

  touch(): void {
    this.#touched = true;
  }

  /** Runs events in (time, insertion) order, up to and including `untilMs`. */
  async runUntil(untilMs: number): Promise<void> {
    if (this.#running) throw new Error('runUntil called while the clock runs');
    this.#running = true;
    try {
      await this.#settle();
      for (;;) {
        const event = this.#events.takeDue(untilMs);
        if (!event) break;
        this.#nowMs = event.atMs;
        event.run();
        // All that happens in one instant happens before the code around it goes on.
        while (this.#touched) {
          const next = this.#events.takeDue(this.#nowMs);
          if (next) next.run();
          else await this.#settle();
        }
      }
      this.#nowMs = Math.max(this.#nowMs, untilMs);
    } finally {
      this.#running = false;
    }
  }

  /** Waits until neither ticks, promises nor immediates are left. */
  async #settle(): Promise<void> {
    settlingClocks++;
    let turns = 0;
    for (let quietTurns = 0; quietTurns < QUIET_TURNS; quietTurns++) {
      this.#touched = false;
      await new Promise(setImmediate);
      // (#touched may have been set meanwhile, which the compiler cannot see.)
      if ((this.#touched as boolean) || otherImmediates() > 0) quietTurns = -1;
      if (++turns > MOST_TURNS) throw new Error('the code around the world does not come to rest');
    }
    settlingClocks--;
  }
}

function otherImmediates(): number {
  let count = 0;
  for (const resource of process.getActiveResourcesInfo()) {
    if (resource === 'Immediate') count++;
  }
  return count - (settlingClocks - 1);
}
