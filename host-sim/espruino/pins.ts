/** Pin, pinMode, digitalWrite, analogWrite and setWatch of one run of the interpreter. */
import { OFF, type Board } from './board.js';
import type { Machine, MachineTimer } from './machine.js';
import { realm } from './quirks.js';

interface Watch {
  readonly pin: unknown;
  readonly callback: (event: unknown) => void;
  readonly repeat: boolean;
  readonly edge: 'both' | 'rising' | 'falling';
  readonly debounceMs: number;
  state: boolean;
  settling: MachineTimer | null;
}

interface WatchOptions {
  readonly repeat?: boolean;
  readonly edge?: Watch['edge'];
  readonly debounce?: number;
}

const DEFAULT_PWM_HZ = 1000;
/** The chip's flash memory hangs on these: they cannot be watched. */
const FLASH_PINS = new Set(['D6', 'D7', 'D8', 'D9', 'D10', 'D11', 'D12']);
const PIN_NAME = /^D([0-9]|[12][0-9]|3[0-9])$/;

/** What the unit's code gets from `new Pin(name)`. */
class Pin {
  readonly #machine: Machine;
  readonly #board: Board;

  constructor(
    readonly name: string,
    machine: Machine,
    board: Board,
  ) {
    this.#machine = machine;
    this.#board = board;
  }

  read(): boolean {
    this.#machine.enter();
    return this.#board.isHigh(this.name);
  }

  toString(): string {
    return this.name;
  }
}

export class DevicePins {
  readonly #watches = new Map<string, Watch[]>();
  #lastWatchId = 0;

  constructor(
    readonly machine: Machine,
    readonly board: Board,
    readonly raiseFlag: (flag: string) => void,
  ) {
    board.onEdge = (pin, high) => {
      for (const watch of this.#watches.get(pin) ?? []) this.#edge(pin, watch, high);
    };
  }

  /** The interpreter gives an empty object for a name that it does not know. */
  create(name: unknown): object {
    this.machine.enter();
    if (typeof name !== 'string' || !PIN_NAME.test(name)) return new realm.Object();
    return new Pin(name, this.machine, this.board);
  }

  setMode(pin: unknown, mode: unknown): void {
    const name = this.#nameOf(pin);
    if (mode === 'output') this.board.drive(name, this.board.read(name));
  }

  readAnalog(pin: unknown): number {
    return this.board.levelOf(this.#nameOf(pin));
  }

  writeDigital(pin: unknown, value: unknown): void {
    this.board.drive(this.#nameOf(pin), { level: value ? 1 : 0, frequencyHz: 0 });
  }

  writeAnalog(pin: unknown, duty: unknown, options?: { freq?: number }): void {
    const name = this.#nameOf(pin);
    const share = Number(duty) || 0;
    const frequencyHz = options?.freq ?? DEFAULT_PWM_HZ;
    // At full duty the line no longer moves: a sounder is silent then too.
    if (share >= 1) this.board.drive(name, { level: 1, frequencyHz: 0 });
    else this.board.drive(name, share > 0 ? { level: 1, frequencyHz } : OFF);
  }

  watch(callback: unknown, pin: unknown, options: WatchOptions = {}): number {
    const name = this.#nameOf(pin);
    if (FLASH_PINS.has(name)) throw new realm.Error('Invalid pin to watch');
    if (typeof callback !== 'function') throw new realm.Error('Function or String not supplied!');
    const watch: Watch = {
      pin,
      callback: callback as Watch['callback'],
      repeat: options.repeat === true,
      edge: options.edge ?? 'both',
      debounceMs: options.debounce ?? 0,
      state: this.board.isHigh(name),
      settling: null,
    };
    this.#watches.set(name, [...(this.#watches.get(name) ?? []), watch]);
    return ++this.#lastWatchId;
  }

  /** All of them: the unit's code names none. */
  clearWatches(): void {
    this.machine.enter();
    for (const { settling } of [...this.#watches.values()].flat()) {
      if (settling) this.machine.cancel(settling);
    }
    this.#watches.clear();
  }

  #nameOf(pin: unknown): string {
    this.machine.enter();
    if (pin instanceof Pin) return pin.name;
    throw new realm.Error('Invalid pin');
  }

  /** Every edge starts the debounce time anew; at its end the state counts if it is a new one. */
  #edge(pin: string, watch: Watch, high: boolean): void {
    if (watch.debounceMs <= 0) {
      this.machine.post(() => this.#report(pin, watch, high));
      return;
    }
    if (watch.settling) this.machine.cancel(watch.settling);
    else if (high === watch.state) return;
    watch.settling = this.machine.postAfter(watch.debounceMs, () => {
      watch.settling = null;
      if (high !== watch.state) this.#report(pin, watch, high);
    });
  }

  #report(pin: string, watch: Watch, high: boolean): void {
    watch.state = high;
    if (watch.edge !== 'both' && (watch.edge === 'rising') !== high) return;
    if (!watch.repeat) this.#remove(pin, watch);
    const event = new realm.Object() as { state: boolean; pin: unknown };
    event.state = high;
    event.pin = watch.pin;
    this.machine.runRemovable(
      () => watch.callback(event),
      () => {
        this.#remove(pin, watch);
        this.raiseFlag('CALLBACK');
      },
    );
  }

  #remove(pin: string, watch: Watch): void {
    const others = (this.#watches.get(pin) ?? []).filter((other) => other !== watch);
    this.#watches.set(pin, others);
  }
}
