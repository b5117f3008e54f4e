/** World time that runs so many times as fast as the wall's, for a day of routine within minutes. */
import { RealClock, type Timer, type WorldClock } from '../../host-sim/world/clock.js';

export class ScaledClock implements WorldClock {
  readonly #real = new RealClock();
  readonly #startAtMs = this.#real.nowMs();

  constructor(readonly speed: number) {}

  nowMs(): number {
    return this.#startAtMs + (this.#real.nowMs() - this.#startAtMs) * this.speed;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#real.after(delayMs / this.speed, callback);
  }

  cancel(timer: Timer): void {
    this.#real.cancel(timer);
  }

  touch(): void {}

  stop(): void {
    this.#real.stop();
  }
}

/** What makes an interpreter's own time run as fast: loaded before the unit's program. */
export function hurry(speed: number): string {
  return `(function () {
  var time = getTime, timeout = setTimeout, zero = time();
  global.getTime = function () { return zero + (time() - zero) * ${speed}; };
  global.setTimeout = function (f, ms) { return timeout(f, ms / ${speed}); };
})();`;
}
