/** setTimeout and clearTimeout of one run of the interpreter, in world time. */
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

const SHORTEST_MS = 0.1;

type Callback = (...args: unknown[]) => void;

export class DeviceTimers {
  #lastId = 0;

  /**
   * @param run runs a text that was given instead of a function
   * @param watch told of each call of a timer
   */
  constructor(
    readonly machine: Machine,
    readonly run: (text: string) => unknown,
    readonly watch: (() => void) | undefined,
  ) {}

  set(callback: unknown, delayMs: unknown, args: readonly unknown[]): number {
    this.machine.enter();
    const waitMs = Math.max(Number(delayMs) || 0, SHORTEST_MS);
    this.machine.postAfter(waitMs, this.#watched(this.#callOf(callback)), args, ++this.#lastId);
    return this.#lastId;
  }

  /** Without any id, all are cleared. */
  clear(ids: readonly unknown[]): void {
    this.machine.enter();
    if (ids.length === 0) return this.machine.cancelIds();
    if (ids[0] === undefined) {
      throw new realm.Error('clearTimeout(undefined) not allowed. Use clearTimeout() instead');
    }
    this.machine.cancelId(Number(ids[0]));
  }

  #callOf(callback: unknown): Callback {
    if (typeof callback === 'function') return callback as Callback;
    if (typeof callback === 'string') return () => this.run(callback);
    throw new realm.Error('Function or String not supplied!');
  }

  #watched(call: Callback): Callback {
    const { watch } = this;
    if (!watch) return call;
    return (...args) => {
      watch();
      call(...args);
    };
  }
}
