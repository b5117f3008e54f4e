/**
 * A unit in the world: board, flash and power, and a stand-in for the interpreter that runs the
 * bundle. Rule: the world acts on a unit only through UnitHost, so that the real interpreter can
 * take the stand-in's place.
 */
import type { WorldClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
import type { Random } from '../world/random.js';
import { Board, type OutputListener, type OutputState } from './board.js';
import { evaluateExpression, installBundle, runBundle, runText, type Bundle } from './bundle.js';
import { Flash } from './storage.js';
import { createDevice, type Device } from './globals.js';
import { describeError, Machine } from './machine.js';

export type { OutputState } from './board.js';

export interface UnitHostOptions {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly bundle: Bundle;
  /** What provisioning left. If not given, a flash with the bundle and what starts it. */
  readonly flash?: Flash;
  readonly dial: Dial;
  /** Told that the unit's code has closed its console. */
  readonly onConsoleClosed?: () => void;
  /** Told of each call of one of the unit's timers. */
  readonly onTimer?: () => void;
}

export interface UnitEvent {
  readonly kind: 'uncaught' | 'reboot' | 'watchdog' | 'console' | 'power-cut-in-write';
  readonly detail: string;
  readonly atMs: number;
}

export interface UnitHost {
  readonly kind: 'stand-in' | 'interpreter';
  /** The unit's code starts BOOT_MS later. */
  powerOn(): void;
  /** All stops at once; the far ends of its connections notice nothing. */
  cutPower(): void;
  readonly powered: boolean;
  /** Bytes on the line from the GPS receiver. */
  feedSerial(bytes: string): void;
  /** Contacts close to ground and are pulled up: closed is low. They stay as set over boots. */
  setInput(pin: string, high: boolean): void;
  /** A voltage on an analog input, as a share of the supply. It stays as set over boots. */
  setLevel(pin: string, share: number): void;
  readOutput(pin: string): OutputState;
  /** Called at every change. */
  onOutput(listener: OutputListener): void;
  /** The vehicle's WiFi appears (as it is at first) or is gone. */
  setWifi(up: boolean): void;
  /**
   * The interpreter runs out of memory: it abandons the code that runs now or next when that makes
   * its call number `calls` + 1 to the device (default 1), and raises the error flags.
   */
  exhaust(calls?: number): void;
  /** The console: one expression, with the bundle's `unit` in scope. Answers even while blocked. */
  evaluate(expression: string): unknown;
  /** A copy of a part of the bundle's `unit`, such as `board`, by the names of the source. */
  inspect(part: string): unknown;
  onEvent(listener: (event: UnitEvent) => void): void;
  readonly flash: Flash;
}

/** From power or reset to the first line of the boot code. */
export const BOOT_MS = 300;

export function createUnitHost(options: UnitHostOptions): UnitHost {
  return new StandIn(options);
}

function flashWith(bundle: Bundle): Flash {
  const flash = new Flash();
  installBundle(flash, bundle);
  return flash;
}

interface Run {
  readonly machine: Machine;
  readonly device: Device;
  unit: unknown;
}

class StandIn implements UnitHost {
  readonly kind = 'stand-in';
  readonly flash: Flash;
  #powered = false;
  #wifiInAir = true;
  #run: Run | null = null;
  /** Counts resets, so that a boot that a later reset overtook does not happen. */
  #resets = 0;
  readonly #board: Board;
  readonly #listeners: ((event: UnitEvent) => void)[] = [];

  constructor(readonly options: UnitHostOptions) {
    this.flash = options.flash ?? flashWith(options.bundle);
    this.#board = new Board(() => options.clock.nowMs());
  }

  get powered(): boolean {
    return this.#powered;
  }

  powerOn(): void {
    if (this.#powered) return;
    this.#powered = true;
    this.#reset();
  }

  cutPower(): void {
    if (!this.#powered) return;
    this.#powered = false;
    this.#stop();
  }

  feedSerial(bytes: string): void {
    this.#run?.device.serial.feed(bytes);
  }

  setInput(pin: string, high: boolean): void {
    this.#board.setInput(pin, high);
  }

  setLevel(pin: string, share: number): void {
    this.#board.setLevel(pin, share);
  }

  readOutput(pin: string): OutputState {
    return this.#board.read(pin);
  }

  onOutput(listener: OutputListener): void {
    this.#board.onOutput(listener);
  }

  setWifi(up: boolean): void {
    this.#wifiInAir = up;
    this.#run?.device.wifi.airChanged();
  }

  exhaust(calls = 1): void {
    this.#run?.device.system.raiseFlag('MEMORY');
    this.#run?.machine.abandonAfter(calls);
  }

  evaluate(expression: string): unknown {
    const run = this.#run;
    if (!run) throw new Error('the unit is not running');
    return run.machine.evaluate(() => evaluateExpression(expression, run.device.globals, run.unit));
  }

  inspect(part: string): unknown {
    const { names } = this.options.bundle;
    return names.lengthen(structuredClone(this.evaluate(`unit.${names.shorten(part)}`)));
  }

  onEvent(listener: (event: UnitEvent) => void): void {
    this.#listeners.push(listener);
  }

  #tell(kind: UnitEvent['kind'], detail: string): void {
    const event = { kind, detail, atMs: this.options.clock.nowMs() };
    for (const listener of this.#listeners) listener(event);
  }

  #stop(): void {
    this.#resets++;
    const run = this.#run;
    this.#run = null;
    run?.machine.end();
    this.#board.release();
  }

  #reset(): void {
    this.#stop();
    const resets = this.#resets;
    this.options.clock.after(BOOT_MS, () => {
      if (this.#resets === resets) this.#boot();
    });
  }

  #boot(): void {
    const { clock, dial, random, onTimer } = this.options;
    const machine = new Machine(clock, {
      uncaught: (error) => this.#tell('uncaught', describeError(error)),
      console: (text) => this.#tell('console', text),
    });
    const device: Device = createDevice({
      machine,
      random,
      dial,
      board: this.#board,
      flash: this.flash,
      isWifiInAir: () => this.#wifiInAir,
      onTimer,
      run: (text) => keep(runText(text, device.globals)),
      evaluate: (text) => keep(runBundle(text, device.globals)),
      chip: {
        reboot: () => this.#restart('reboot', 'E.reboot()'),
        watchdog: () => this.#restart('watchdog', 'not kicked in time'),
        closeConsole: () => this.options.onConsoleClosed?.(),
        failPower: (detail) => {
          this.cutPower();
          this.#tell('power-cut-in-write', detail);
        },
      },
    });
    const run: Run = { machine, device, unit: undefined };
    const keep = (unit: unknown): unknown => {
      if (unit !== undefined) run.unit = unit;
      return unit;
    };
    this.#run = run;
    // Without boot code the interpreter waits for its console.
    const bootCode = this.flash.read('.bootcde');
    if (bootCode === undefined) return;
    machine.post(() => {
      run.unit = runText(bootCode, device.globals);
    });
  }

  #restart(kind: 'reboot' | 'watchdog', detail: string): void {
    this.#reset();
    this.#tell(kind, detail);
  }
}
