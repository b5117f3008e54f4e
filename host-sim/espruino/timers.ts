/** setTimeout, clearTimeout and getTime of one run of the interpreter, in world time. */
import type { Timer } from '../world/clock.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

const SHORTEST_MS = 0.1;

type Callback = (...args: unknown[]) => void;

export class DeviceTimers {
  readonly #pending = new Map<number, Timer>();
  #nextId = 1;

  /** @param run runs a text that was given instead of a function */
  constructor(
    readonly machine: Machine,
    readonly run: (text: string) => unknown,
  ) {}

  set(callback: unknown, delayMs: unknown, args: unknown[]): number {
    this.machine.enter();
    const isText = typeof callback === 'string';
    if (!isText && typeof callback !== 'function') {
      throw new realm.Error('Function or String not supplied!');
    }
    const id = this.#nextId++;
    const waitMs = Math.max(Number(delayMs) || 0, SHORTEST_MS);
    const timer = this.machine.postAfter(waitMs, () => {
      // It may have been cleared while it waited for a blocked interpreter.
      if (!this.#pending.delete(id)) return;
      if (isText) this.run(callback);
      else (callback as Callback)(...args);
    });
    this.#pending.set(id, timer);
    return id;
  }

  /** Without any id, all are cleared. */
  clear(ids: unknown[]): void {
    this.machine.enter();
    if (ids.length > 0 && ids[0] === undefined) {
      throw new realm.Error('clearTimeout(undefined) not allowed. Use clearTimeout() instead');
    }
    const cleared = ids.length > 0 ? [Number(ids[0])] : [...this.#pending.keys()];
    for (const id of cleared) {
      const timer = this.#pending.get(id);
      if (timer) this.machine.cancel(timer);
      this.#pending.delete(id);
    }
  }

  /** Seconds since the boot: nothing sets the device's clock. */
  now(): number {
    this.machine.enter();
    return (this.machine.clock.nowMs() - this.machine.bootedAtMs) / 1000;
  }
}
