/**
 * Units are asked what they know of themselves, one after another: a control room that has just
 * begun, or whose file of units is old, learns from each where it is and whether it can be sent.
 */
import type { WorldClock } from '../world/clock.js';

/** 20 a second: 10,000 units have been asked after less than 9 minutes. */
export const ASK_PERIOD_MS = 50;

export class Asking {
  readonly #clock: WorldClock;
  readonly #ask: (unit: string) => void;
  /** In the order in which they came. */
  readonly #waiting = new Set<string>();
  #isGoing = false;

  constructor(clock: WorldClock, ask: (unit: string) => void) {
    this.#clock = clock;
    this.#ask = ask;
  }

  /** Once, however often it is asked for before its turn. */
  add(unit: string): void {
    this.#waiting.add(unit);
    if (!this.#isGoing) this.#goOn();
  }

  /** Nobody is asked any more. */
  stop(): void {
    this.#waiting.clear();
  }

  #goOn(): void {
    this.#isGoing = this.#waiting.size > 0;
    if (!this.#isGoing) return;
    this.#clock.after(ASK_PERIOD_MS, () => {
      const [unit] = this.#waiting;
      if (unit !== undefined) {
        this.#waiting.delete(unit);
        this.#ask(unit);
      }
      this.#goOn();
    });
  }
}
