/** `E`, `process` and the watchdog of one run of the interpreter. */
import { isAnyArrayBuffer } from 'node:util/types';
import { crc32 } from 'node:zlib';
import { cutToBytes, toByteString } from './bytes.js';
import type { Machine, MachineTimer } from './machine.js';
import { deviceBufferOf, deviceList, realm } from './quirks.js';

/** What the chip does when the unit's code asks for it, or stops asking. */
export interface ChipEvents {
  reboot(): void;
  watchdog(): void;
  /** Its serial line is no console any more. */
  closeConsole(): void;
}

export class DeviceSystem {
  #flags: string[] = [];
  #watchdogMs = 0;
  #watchdogAuto = false;
  #kickedAtMs = 0;
  #watchdogTimer: MachineTimer | null = null;

  constructor(
    readonly machine: Machine,
    readonly chip: ChipEvents,
  ) {}

  raiseFlag(flag: string): void {
    if (!this.#flags.includes(flag)) this.#flags.push(flag);
  }

  /** As a list of the unit's own realm. */
  takeFlags(): string[] {
    return deviceList(this.#flags.splice(0));
  }

  startWatchdog(timeoutS: number, isAuto: boolean): void {
    // The chip counts whole seconds.
    this.#watchdogMs = Math.round(timeoutS) * 1000;
    this.#watchdogAuto = isAuto;
    this.kickWatchdog();
    this.#watch();
  }

  kickWatchdog(): void {
    this.#kickedAtMs = this.machine.clock.nowMs();
  }

  /** One timer for many kicks: it looks at its end whether there was a kick. */
  #watch(): void {
    if (this.#watchdogTimer) this.machine.cancel(this.#watchdogTimer);
    const leftMs = this.#kickedAtMs + this.#watchdogMs - this.machine.clock.nowMs();
    this.#watchdogTimer = this.machine.after(leftMs, () => {
      this.#watchdogTimer = null;
      const nowMs = this.machine.clock.nowMs();
      // In automatic mode the idle loop kicks, and only a blocked interpreter does not idle.
      if (this.#watchdogAuto) this.#kickedAtMs = this.machine.blockedSinceMs ?? nowMs;
      if (nowMs - this.#kickedAtMs >= this.#watchdogMs) this.chip.watchdog();
      else this.#watch();
    });
  }
}

/** What the unit's code sees as `E`. On the device they are functions that need no `this`. */
export class EModule {
  readonly #system: DeviceSystem;

  constructor(system: DeviceSystem) {
    this.#system = system;
  }

  /** (A copy here; on the device the view and the string share their bytes.) */
  readonly toArrayBuffer = (bytes: unknown): ArrayBuffer => {
    this.#system.machine.enter();
    return deviceBufferOf(String(bytes));
  };

  readonly toString = (...parts: unknown[]): string => {
    this.#system.machine.enter();
    return parts.length === 1 ? toText(parts[0]) : parts.map(toText).join('');
  };

  CRC32(data: unknown): number {
    this.#system.machine.enter();
    return crc32(Buffer.from(toByteString(data), 'latin1'));
  }

  getErrorFlags(): string[] {
    this.#system.machine.enter();
    return this.#system.takeFlags();
  }

  enableWatchdog(timeoutS: unknown, isAuto: unknown): void {
    this.#system.machine.enter();
    this.#system.startWatchdog(Number(timeoutS), isAuto === undefined || Boolean(isAuto));
  }

  kickWatchdog(): void {
    this.#system.machine.enter();
    this.#system.kickWatchdog();
  }

  readonly getAddressOf = (): number => {
    this.#system.machine.enter();
    return 1;
  };

  readonly defrag = (): void => {
    this.#system.machine.enter();
  };

  readonly reboot = (): void => {
    this.#system.machine.enter();
    this.#system.chip.reboot();
    this.#system.machine.abandon();
  };

  setConsole(device: unknown): void {
    this.#system.machine.enter();
    if (device === null) this.#system.chip.closeConsole();
  }
}

/** What the unit's code sees as `process`. */
export class ProcessModule {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /** The use of memory is not emulated: it says what the device says when it cannot tell. */
  memory(): undefined {
    this.#machine.enter();
  }

  on(event: unknown, callback: unknown): void {
    this.#machine.enter();
    if (event !== 'uncaughtException' || typeof callback !== 'function') return;
    this.#machine.onUncaught(callback as (error: unknown) => void);
  }
}

/** A byte string of what `E.toString` takes: text, numbers, lists of numbers, arrays of bytes. */
function toText(part: unknown): string {
  if (typeof part === 'number') return String.fromCharCode(part & 0xff);
  if (ArrayBuffer.isView(part) || isAnyArrayBuffer(part)) return toByteString(part);
  if (Array.isArray(part)) return Buffer.from(part as number[]).toString('latin1');
  if (typeof part === 'string') return cutToBytes(part);
  throw new realm.Error(`Expecting Number or iterable, got ${typeof part}`);
}
