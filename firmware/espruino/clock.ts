import type { Clock } from '../ports/clock.js';

/**
 * The interpreter's clock since power-on: nothing in the unit ever sets it.
 * @rare
 */
export function espruinoClock(): Clock {
  const startS = getTime();
  return {
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
}
