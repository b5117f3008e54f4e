/** setTimeout, clearTimeout and getTime of one run of the interpreter, in world time. */
import type { Machine, MachineTimer } from './machine.js';
import { realm } from './quirks.js';

const SHORTEST_MS = 0.1;

type Callback = (...args: unknown[]) => void;

interface PendingTimer {
  readonly id: number;
  readonly callback: unknown;
  readonly args: readonly unknown[];
  timer: MachineTimer | null;
}

export class DeviceTimers {
  /** Few at a time: a list is as quick as any table. */
  readonly #pending: PendingTimer[] = [];
  #nextId = 1;

  /** @param run runs a text that was given instead of a function */
  constructor(
    readonly machine: Machine,
    readonly run: (text: string) => unknown,
  ) {}

  set(callback: unknown, delayMs: unknown, args: readonly unknown[]): number {
    this.machine.enter();
    if (typeof callback !== 'function' && typeof callback !== 'string') {
      throw new realm.Error('Function or String not supplied!');
    }
    const id = this.#nextId++;
    const waitMs = Math.max(Number(delayMs) || 0, SHORTEST_MS);
    const pending: PendingTimer = { id, callback, args, timer: null };
    pending.timer = this.machine.postAfter(waitMs, this.#fire, [pending]);
    this.#pending.push(pending);
    return id;
  }

  /** Without any id, all are cleared. */
  clear(ids: readonly unknown[]): void {
    this.machine.enter();
    if (ids.length > 0 && ids[0] === undefined) {
      throw new realm.Error('clearTimeout(undefined) not allowed. Use clearTimeout() instead');
    }
    if (ids.length > 0) {
      const id = Number(ids[0]);
      const pending = this.#pending.find((other) => other.id === id);
      if (pending) this.#drop(pending);
    } else for (const pending of [...this.#pending]) this.#drop(pending);
  }

  readonly #fire = (given: unknown): void => {
    const pending = given as PendingTimer;
    // It may have been cleared while it waited for a blocked interpreter.
    if (!this.#drop(pending)) return;
    const { callback, args } = pending;
    if (typeof callback === 'string') this.run(callback);
    else (callback as Callback)(...args);
  };

  #drop(pending: PendingTimer): boolean {
    const at = this.#pending.indexOf(pending);
    if (at < 0) return false;
    this.#pending.splice(at, 1);
    if (pending.timer) this.machine.cancel(pending.timer);
    return true;
  }
}
