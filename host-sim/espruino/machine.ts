/**
 * One run of the interpreter, from boot to reset or power loss. Rule: all code of the unit runs
 * inside `run`, one callback at a time, and everything that the code calls begins with `enter`.
 */
import type { Timer, WorldClock } from '../world/clock.js';

/** Thrown through the unit's code where the device would stop running it; never shown to it. */
const ABANDONED = Symbol('abandoned');

export interface MachineEvents {
  uncaught(error: unknown): void;
  /** What the device would only print. */
  console(text: string): void;
}

export class Machine {
  #alive = true;
  #running = false;
  #blockers = 0;
  #blockedAtMs = 0;
  /** What waits for the interpreter: it is running other code, or blocked. */
  #inbox: (() => void)[] = [];
  readonly #timers = new Set<Timer>();
  readonly #uncaughtHandlers: ((error: unknown) => void)[] = [];
  readonly #endListeners: (() => void)[] = [];
  /** Calls that the code may still make before it is abandoned. */
  #callsLeft = Infinity;
  #abandoning = false;
  readonly bootedAtMs: number;

  constructor(
    readonly clock: WorldClock,
    readonly events: MachineEvents,
  ) {
    this.bootedAtMs = clock.nowMs();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Null while it is free. */
  get blockedSinceMs(): number | null {
    return this.#blockers > 0 ? this.#blockedAtMs : null;
  }

  /** First line of everything that the unit's code can call. */
  enter(): void {
    if (!this.#alive || this.#abandoning) throw ABANDONED;
    if (this.#callsLeft-- <= 0) {
      this.#callsLeft = Infinity;
      this.#abandoning = true;
      throw ABANDONED;
    }
  }

  /** Ends this run. If the unit's own code brought it about, `abandon` must follow. */
  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const timer of this.#timers) this.clock.cancel(timer);
    this.#timers.clear();
    this.#inbox = [];
    for (const listener of this.#endListeners) listener();
  }

  /**
   * Runs a listener that the interpreter removes if memory or stack runs out in it.
   * @param remove what takes it out
   */
  runRemovable(listener: () => void, remove: () => void): void {
    try {
      listener();
    } finally {
      // Not by what was thrown: the code may have caught it.
      if (this.#alive && this.#abandoning) remove();
    }
  }

  abandon(): never {
    throw ABANDONED;
  }

  onEnd(listener: () => void): void {
    this.#endListeners.push(listener);
  }

  onUncaught(handler: (error: unknown) => void): void {
    this.#uncaughtHandlers.push(handler);
  }

  /** The code that runs now or next is abandoned at its call number `calls` + 1 to the device. */
  abandonAfter(calls: number): void {
    this.#callsLeft = calls;
  }

  /** Gives the unit's code a call: at once if the interpreter is free, else when it is. */
  post(callback: () => void): void {
    if (!this.#alive) return;
    if (!this.#running && this.#blockers === 0 && this.#inbox.length === 0) this.#run(callback);
    else this.#inbox.push(callback);
    this.#drain();
  }

  /** Posts a call after a time. */
  postAfter(delayMs: number, callback: () => void): Timer {
    return this.after(delayMs, () => this.post(callback));
  }

  /** Lets the chip itself, not the unit's code, do something after a time. */
  after(delayMs: number, callback: () => void): Timer {
    const timer = this.clock.after(delayMs, () => {
      this.#timers.delete(timer);
      if (this.#alive) callback();
    });
    this.#timers.add(timer);
    return timer;
  }

  cancel(timer: Timer): void {
    this.#timers.delete(timer);
    this.clock.cancel(timer);
  }

  /** Holds back all calls until the function that it gives has been called. */
  block(): () => void {
    if (this.#blockers++ === 0) this.#blockedAtMs = this.clock.nowMs();
    let done = false;
    return () => {
      if (done) return;
      done = true;
      this.#blockers--;
      this.#drain();
    };
  }

  /** Runs code of the unit on behalf of the world (the console), and gives what it gives. */
  evaluate<T>(code: () => T): T {
    if (!this.#alive) throw new Error('the unit is not running');
    const nested = this.#running;
    const callsLeft = this.#callsLeft;
    this.#running = true;
    // A look at the unit must not use up the exhaustion that waits for its own code.
    this.#callsLeft = Infinity;
    try {
      return code();
    } catch (error) {
      throw error === ABANDONED ? new Error('the unit abandoned the expression') : error;
    } finally {
      this.#running = nested;
      this.#callsLeft = callsLeft;
      this.#drain();
    }
  }

  /** Runs one listener of several: what it throws does not keep the others from running. */
  guard(listener: () => void): void {
    try {
      listener();
    } catch (error) {
      if (error === ABANDONED) throw error;
      this.#uncaught(error);
    }
  }

  #drain(): void {
    while (!this.#running && this.#alive && this.#blockers === 0) {
      const callback = this.#inbox.shift();
      if (!callback) return;
      this.#run(callback);
    }
  }

  #run(callback: () => void): void {
    this.#running = true;
    try {
      callback();
    } catch (error) {
      if (error !== ABANDONED) this.#uncaught(error);
    }
    this.#running = false;
    this.#abandoning = false;
  }

  #uncaught(error: unknown): void {
    if (!this.#alive) return;
    this.events.uncaught(error);
    for (const handler of this.#uncaughtHandlers) {
      try {
        handler(error);
      } catch (second) {
        if (second !== ABANDONED) this.events.console('Uncaught ' + describeError(second));
      }
    }
  }
}

/** What was thrown, and where in the unit's own code: its frames name `unit.js`. */
export function describeError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  if (typeof stack !== 'string') return String(error);
  const frames = stack.split('\n').filter((line) => /\bunit\.js:\d/.test(line));
  return [String(error), ...frames].join('\n');
}
