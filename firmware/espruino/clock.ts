import type { Clock } from '../ports/clock.js';

const startS = getTime();

/** The interpreter's clock since power-on: nothing in the unit ever sets it. */
export const espruinoClock: Clock = {
  nowMs: function () {
    return (getTime() - startS) * 1000;
  },
  after: function (delayMs, callback) {
    return setTimeout(callback, delayMs);
  },
  cancel: function (timer) {
    clearTimeout(timer);
  },
};
