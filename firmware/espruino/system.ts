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

/**
 * What a message needs in one piece: its bytes, its plain text and some digests. Moving everything
 * takes 4 ms on a PC where nothing is to be moved, and some 50 ms where much is; to look whether
 * there is such a piece takes 20 µs.
 */
const PIECE_BYTES = 1024;
/** So many variables a piece may take, at 14 bytes each, and as many besides. */
const SURELY_ENOUGH = 160;

/** The interpreter and the chip. */
export const espruinoSystem: System = {
  freeVariables: function (collects) {
    // A collection also puts the free ones in order: native calls need a whole block for their
    // result, and in a heap that has been used for long they find none.
    const memory = process.memory(collects);
    return memory ? memory.free : null;
  },
  tidy: function () {
    const memory = process.memory(false);
    // (It has no address where it had to be made of several pieces.)
    if (
      !memory ||
      memory.free < SURELY_ENOUGH ||
      E.getAddressOf(new Uint8Array(PIECE_BYTES), true) === 0
    ) {
      E.defrag();
    }
  },
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
