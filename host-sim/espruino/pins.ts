/** Pin, pinMode, digitalWrite, analogWrite and setWatch of one run of the interpreter. */
import type { Timer } from '../world/clock.js';
import { OFF, type Board } from './board.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

export interface DevicePins {
  Pin: new (name: unknown) => unknown;
  pinMode(pin: unknown, mode: unknown): void;
  digitalWrite(pin: unknown, value: unknown): void;
  analogWrite(pin: unknown, duty: unknown, options?: { freq?: number }): void;
  setWatch(callback: unknown, pin: unknown, options?: unknown): number;
}

interface Watch {
  readonly id: number;
  readonly callback: (event: unknown) => void;
  readonly repeat: boolean;
  readonly edge: 'both' | 'rising' | 'falling';
  readonly debounceMs: number;
  state: boolean;
  settling: Timer | null;
}

const DEFAULT_PWM_HZ = 1000;

export function createPins(machine: Machine, board: Board): DevicePins {
  class Pin {
    readonly name!: string;

    constructor(name: unknown) {
      machine.enter();
      // The interpreter gives an empty object for a name that it does not know.
      if (!isPinName(name)) return new realm.Object() as Pin;
      this.name = name;
    }

    read(): boolean {
      machine.enter();
      return board.isHigh(this.name);
    }

    toString(): string {
      return this.name;
    }
  }

  function nameOf(pin: unknown): string {
    machine.enter();
    if (pin instanceof Pin) return pin.name;
    throw new realm.Error('Invalid pin');
  }

  return {
    Pin,
    pinMode(pin, mode) {
      const name = nameOf(pin);
      if (mode === 'output') board.drive(name, board.read(name));
    },
    digitalWrite(pin, value) {
      board.drive(nameOf(pin), { level: value ? 1 : 0, frequencyHz: 0 });
    },
    analogWrite(pin, duty, options) {
      const name = nameOf(pin);
      const share = Number(duty) || 0;
      const frequencyHz = options?.freq ?? DEFAULT_PWM_HZ;
      // At full duty the line no longer moves: a sounder is silent then too.
      if (share >= 1) board.drive(name, { level: 1, frequencyHz: 0 });
      else board.drive(name, share > 0 ? { level: 1, frequencyHz } : OFF);
    },
    setWatch: createWatches(machine, board, nameOf),
  };
}

function createWatches(
  machine: Machine,
  board: Board,
  nameOf: (pin: unknown) => string,
): DevicePins['setWatch'] {
  const watches = new Map<string, Watch[]>();
  let nextId = 1;

  function report(pin: string, watch: Watch, high: boolean): void {
    watch.state = high;
    if (watch.edge !== 'both' && (watch.edge === 'rising') !== high) return;
    if (!watch.repeat) watches.set(pin, listWithout(watches.get(pin), watch));
    const event = new realm.Object() as { state: boolean };
    event.state = high;
    watch.callback(event);
  }

  /** Every edge starts the debounce time anew; at its end the state counts if it is a new one. */
  function onEdge(pin: string, watch: Watch, high: boolean): void {
    if (watch.debounceMs <= 0) {
      machine.post(() => report(pin, watch, high));
      return;
    }
    if (watch.settling) machine.cancel(watch.settling);
    else if (high === watch.state) return;
    watch.settling = machine.postAfter(watch.debounceMs, () => {
      watch.settling = null;
      if (high !== watch.state) report(pin, watch, high);
    });
  }

  board.onEdge = (pin, high) => {
    for (const watch of watches.get(pin) ?? []) onEdge(pin, watch, high);
  };

  return (callback, pin, options) => {
    const name = nameOf(pin);
    if (FLASH_PINS.has(name)) throw new realm.Error('Invalid pin to watch');
    if (typeof callback !== 'function') throw new realm.Error('Function or String not supplied!');
    const wanted = (options ?? {}) as { repeat?: boolean; edge?: Watch['edge']; debounce?: number };
    const watch: Watch = {
      id: nextId++,
      callback: callback as Watch['callback'],
      repeat: wanted.repeat === true,
      edge: wanted.edge ?? 'both',
      debounceMs: wanted.debounce ?? 0,
      state: board.isHigh(name),
      settling: null,
    };
    watches.set(name, [...(watches.get(name) ?? []), watch]);
    return watch.id;
  };
}

/** The chip's flash memory hangs on these. */
const FLASH_PINS = new Set(['D6', 'D7', 'D8', 'D9', 'D10', 'D11', 'D12']);

function isPinName(name: unknown): name is string {
  return typeof name === 'string' && /^D([0-9]|[12][0-9]|3[0-9])$/.test(name);
}

function listWithout(list: readonly Watch[] | undefined, item: Watch): Watch[] {
  return (list ?? []).filter((other) => other !== item);
}
