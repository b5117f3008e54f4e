import { Exhaustion } from '../../protocol/codes.js';
import type { System } from '../ports/system.js';

/**
 * What an error flag of the interpreter says; any that is not here says that input was lost.
 * @rare
 */
function bitOf(flag: string): number {
  if (flag === 'MEMORY') return Exhaustion.memory;
  if (flag === 'LOW_MEMORY') return Exhaustion.lowMemory;
  return flag === 'CALLBACK' ? Exhaustion.listener : Exhaustion.lostInput;
}

/** The interpreter and the chip. */
export const espruinoSystem: System = {
  freeVariables: function () {
    // With a collection, which also puts the free ones in order: native calls need a whole block for
    // their result, and in a heap that has been used for long they find none.
    const memory = process.memory(true);
    return memory ? memory.free : null;
  },
  tidy: E.defrag,
  takeExhausted: function () {
    const flags = E.getErrorFlags();
    let bits = 0;
    for (let i = 0; i < flags.length; i++) {
      bits |= bitOf(flags[i] as string);
    }
    return bits;
  },
  onUncaught: function (callback) {
    process.on('uncaughtException', function (error) {
      callback(String(error).indexOf('recursion') >= 0);
    });
  },
  startWatchdog: function (timeoutS) {
    E.enableWatchdog(timeoutS, false);
  },
  kickWatchdog: function () {
    E.kickWatchdog();
  },
  restart: E.reboot,
  crc32: function (bytes) {
    return E.CRC32(bytes);
  },
};
