/** The only source of time. Timers are one-shot: the interpreter deletes intervals when memory runs out. */
export interface Clock {
  /** Milliseconds since power-on; never jumps. */
  nowMs(): number;
  /** Calls back once, `delayMs` from now. The result is for `cancel`. */
  after(delayMs: number, callback: () => void): number;
  cancel(timer: number): void;
}
