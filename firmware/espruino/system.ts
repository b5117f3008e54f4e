import type { System } from '../ports/system.js';

/** The interpreter and the chip. */
export const espruinoSystem: System = {
  freeVariables: function () {
    const memory = process.memory(false);
    return memory ? memory.free : null;
  },
  takeExhausted: function () {
    return E.getErrorFlags().length > 0;
  },
  onUncaught: function (callback) {
    process.on('uncaughtException', callback);
  },
  startWatchdog: function (timeoutS) {
    E.enableWatchdog(timeoutS, false);
  },
  kickWatchdog: function () {
    E.kickWatchdog();
  },
  crc32: function (bytes) {
    return E.CRC32(bytes);
  },
};
