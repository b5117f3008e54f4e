/**
 * One run of the interpreter, from boot to reset or power loss. Rule: all code of the unit runs
 * inside `run`, one callback at a time, and everything that the code calls begins with `enter`.
 */
import type { Timer, WorldClock } from '../world/clock.js';

/** Thrown through the unit's code where the device would stop running it; never shown to it. */
const ABANDONED = Symbol('abandoned');

type Callback = (...args: unknown[]) => void;

/** What waits for its time in one run. */
export interface MachineTimer extends Timer {
  readonly callback: Callback;
  readonly args: readonly unknown[];
  /** It is the unit's code, which may have to wait for the interpreter. */
  readonly isPosted: boolean;
  /** By which the unit's code clears it; 0: it cannot. */
  readonly id: number;
}

/** A call of the unit's code. */
type Call = Pick<MachineTimer, 'callback' | 'args' | 'id'>;

const NO_ARGUMENTS: readonly unknown[] = [];

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
  #inbox: Call[] = [];
  /** The earliest first, and of those at one time the one that was set first. */
  #timers: MachineTimer[] = [];
  /** The one event of the world in which the earliest of them is looked after. */
  #wake: Timer | null = null;
  #isWaking = false;
  readonly #uncaughtHandlers: ((error: unknown) => void)[] = [];
  readonly #endListeners: (() => void)[] = [];
  /** Calls that the code may still make before it is abandoned; null: any number. */
  #callsLeft: number | null = null;
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
    if (this.#callsLeft !== null && this.#callsLeft-- <= 0) {
      this.#callsLeft = null;
      this.#abandoning = true;
      throw ABANDONED;
    }
  }

  /** Ends this run. If the unit's own code brought it about, `abandon` must follow. */
  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    if (this.#wake) this.clock.cancel(this.#wake);
    this.#timers = [];
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
    if (this.#isFree()) this.#run(callback, NO_ARGUMENTS);
    else this.#inbox.push({ callback, args: NO_ARGUMENTS, id: 0 });
    this.#drain();
  }

  /** Posts a call after a time. */
  postAfter(
    delayMs: number,
    callback: Callback,
    args: readonly unknown[] = NO_ARGUMENTS,
    id = 0,
  ): MachineTimer {
    return this.#add(delayMs, callback, args, true, id);
  }

  /** Lets the chip itself, not the unit's code, do something after a time. */
  after(delayMs: number, callback: () => void): MachineTimer {
    return this.#add(delayMs, callback, NO_ARGUMENTS, false, 0);
  }

  cancel(timer: MachineTimer): void {
    const at = this.#timers.indexOf(timer);
    if (at >= 0) this.#timers.splice(at, 1);
  }

  /** Cancels the call of that id, also one whose time has come and that waits for the interpreter. */
  cancelId(id: number): void {
    if (id === 0) return;
    removeId(this.#timers, id);
    removeId(this.#inbox, id);
  }

  /** Cancels all calls that have an id. */
  cancelIds(): void {
    const hasNone = (call: Call) => call.id === 0;
    this.#timers = this.#timers.filter(hasNone);
    this.#inbox = this.#inbox.filter(hasNone);
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
    this.#callsLeft = null;
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

  #add(
    delayMs: number,
    callback: Callback,
    args: readonly unknown[],
    isPosted: boolean,
    id: number,
  ): MachineTimer {
    const atMs = this.clock.nowMs() + (delayMs > 0 ? delayMs : 0);
    const timer = { atMs, callback, args, isPosted, id };
    if (!this.#alive) return timer;
    const timers = this.#timers;
    let index = timers.length;
    timers.push(timer);
    for (; index > 0 && (timers[index - 1] as MachineTimer).atMs > atMs; index--) {
      timers[index] = timers[index - 1] as MachineTimer;
    }
    timers[index] = timer;
    if (index === 0 && !this.#isWaking) this.#setWake(timer);
    return timer;
  }

  #setWake(first: MachineTimer): void {
    // Too early a wake does no harm: what is first then is looked after anew.
    if (this.#wake && this.#wake.atMs <= first.atMs) return;
    if (this.#wake) this.clock.cancel(this.#wake);
    this.#wake = this.clock.after(first.atMs - this.clock.nowMs(), this.#onWake);
  }

  readonly #onWake = (): void => {
    this.#wake = null;
    this.#isWaking = true;
    const nowMs = this.clock.nowMs();
    for (let first = this.#timers[0]; first && first.atMs <= nowMs; first = this.#timers[0]) {
      this.#timers.shift();
      if (first.isPosted) this.#postTimer(first);
      else first.callback();
    }
    this.#isWaking = false;
    const next = this.#timers[0];
    if (next) this.#setWake(next);
  };

  #postTimer(timer: MachineTimer): void {
    if (this.#isFree()) this.#run(timer.callback, timer.args);
    else this.#inbox.push(timer);
    this.#drain();
  }

  #isFree(): boolean {
    return !this.#running && this.#blockers === 0 && this.#inbox.length === 0;
  }

  #drain(): void {
    while (this.#inbox.length > 0 && !this.#running && this.#alive && this.#blockers === 0) {
      const { callback, args } = this.#inbox.shift() as Call;
      this.#run(callback, args);
    }
  }

  #run(callback: Callback, args: readonly unknown[]): void {
    this.#running = true;
    try {
      if (args.length === 0) callback();
      else callback(...args);
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

function removeId(calls: Call[], id: number): void {
  for (let i = 0; i < calls.length; i++) {
    if ((calls[i] as Call).id === id) calls.splice(i, 1);
  }
}

/** What was thrown, and where in the unit's own code: its frames name `unit.js`. */
export function describeError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  if (typeof stack !== 'string') return String(error);
  const frames = stack.split('\n').filter((line) => /\bunit\.js:\d/.test(line));
  return [String(error), ...frames].join('\n');
}
