/** setTimeout, clearTimeout and getTime of one run of the interpreter, in world time. */
import type { Timer } from '../world/clock.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

export interface DeviceTimers {
  setTimeout(callback: unknown, delayMs: unknown, ...args: unknown[]): number;
  clearTimeout(...ids: unknown[]): void;
  /** Seconds since the boot: nothing sets the device's clock. */
  getTime(): number;
}

const SHORTEST_MS = 0.1;

export function createTimers(machine: Machine): DeviceTimers {
  const pending = new Map<number, Timer>();
  let nextId = 1;
  return {
    setTimeout(callback, delayMs, ...args) {
      machine.enter();
      if (typeof callback !== 'function') throw new realm.Error('Function or String not supplied!');
      const id = nextId++;
      const waitMs = Math.max(Number(delayMs) || 0, SHORTEST_MS);
      const timer = machine.postAfter(waitMs, () => {
        // It may have been cleared while it waited for a blocked interpreter.
        if (pending.delete(id)) callback(...args);
      });
      pending.set(id, timer);
      return id;
    },
    clearTimeout(...ids) {
      machine.enter();
      if (ids.length > 0 && ids[0] === undefined) {
        throw new realm.Error('clearTimeout(undefined) not allowed. Use clearTimeout() instead');
      }
      const cleared = ids.length > 0 ? [Number(ids[0])] : [...pending.keys()];
      for (const id of cleared) {
        const timer = pending.get(id);
        if (timer) machine.cancel(timer);
        pending.delete(id);
      }
    },
    getTime() {
      machine.enter();
      return (machine.clock.nowMs() - machine.bootedAtMs) / 1000;
    },
  };
}
