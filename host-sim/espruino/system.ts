/** `E`, `process` and the watchdog of one run of the interpreter. */
import { crc32 } from 'node:zlib';
import type { Timer } from '../world/clock.js';
import { bufferOf, cutToBytes, toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { deviceList, realm } from './quirks.js';

/** Variables as on a unit with WiFi and its program loaded; use of memory is not emulated. */
const TOTAL_VARIABLES = 4000;
const FREE_VARIABLES = 2500;

/** What the chip does when the unit's code asks for it, or stops asking. */
export interface ChipEvents {
  reboot(): void;
  watchdog(): void;
}

export class DeviceSystem {
  #flags: string[] = [];
  #watchdogMs = 0;
  #watchdogAuto = false;
  #kickedAtMs = 0;
  #watchdogTimer: Timer | null = null;

  constructor(
    readonly machine: Machine,
    readonly chip: ChipEvents,
  ) {
    machine.onIdle = () => {
      if (this.#watchdogAuto) this.#kick();
    };
  }

  raiseFlag(flag: string): void {
    if (!this.#flags.includes(flag)) this.#flags.push(flag);
  }

  /** What the unit's code sees as `E`. */
  readonly E = this.#guarded({
    // (A copy here; on the device the view and the string share their bytes.)
    toArrayBuffer: (bytes: unknown) => {
      const copy = new realm.Uint8Array(Buffer.from(cutToBytes(String(bytes)), 'latin1'));
      return copy.buffer;
    },
    toString: (...parts: unknown[]) => parts.map(toText).join(''),
    CRC32: (data: unknown) => crc32(Buffer.from(toByteString(data), 'latin1')),
    getErrorFlags: () => {
      const flags = deviceList(this.#flags);
      this.#flags = [];
      return flags;
    },
    enableWatchdog: (timeoutS: unknown, isAuto: unknown) => {
      this.#watchdogMs = Math.round(Number(timeoutS)) * 1000;
      this.#watchdogAuto = isAuto === undefined || Boolean(isAuto);
      this.#kick();
      this.#watch();
    },
    kickWatchdog: () => this.#kick(),
    reboot: () => {
      this.chip.reboot();
      this.machine.abandon();
    },
    setConsole: () => {},
  });

  /** What the unit's code sees as `process`. */
  readonly process = this.#guarded({
    memory: () => {
      const info = new realm.Object() as Record<string, number>;
      info['free'] = FREE_VARIABLES;
      info['usage'] = TOTAL_VARIABLES - FREE_VARIABLES;
      info['total'] = TOTAL_VARIABLES;
      return info;
    },
    on: (event: unknown, callback: unknown) => {
      if (event !== 'uncaughtException' || typeof callback !== 'function') return;
      this.machine.onUncaught(callback as (error: unknown) => void);
    },
  });

  #kick(): void {
    this.#kickedAtMs = this.machine.clock.nowMs();
  }

  /** One timer for many kicks: it looks at its end whether there was a kick. */
  #watch(): void {
    if (this.#watchdogTimer) this.machine.cancel(this.#watchdogTimer);
    const leftMs = this.#kickedAtMs + this.#watchdogMs - this.machine.clock.nowMs();
    this.#watchdogTimer = this.machine.after(leftMs, () => {
      this.#watchdogTimer = null;
      // In automatic mode an interpreter that is free is as good as kicked: it idles.
      if (this.#watchdogAuto && !this.machine.blocked) this.#kick();
      const silentMs = this.machine.clock.nowMs() - this.#kickedAtMs;
      if (silentMs >= this.#watchdogMs) this.chip.watchdog();
      else this.#watch();
    });
  }

  /** Everything that the unit's code calls begins with `enter`. */
  #guarded<T extends Record<string, (...args: never[]) => unknown>>(calls: T): T {
    const guarded: Record<string, unknown> = {};
    for (const [name, call] of Object.entries(calls)) {
      guarded[name] = (...args: never[]) => {
        this.machine.enter();
        return call(...args);
      };
    }
    return guarded as T;
  }
}

/** A byte string of what `E.toString` takes: text, numbers, lists of numbers, arrays of bytes. */
function toText(part: unknown): string {
  if (typeof part === 'number') return String.fromCharCode(part & 0xff);
  if (ArrayBuffer.isView(part)) return bufferOf(part).toString('latin1');
  if (Array.isArray(part)) return Buffer.from(part as number[]).toString('latin1');
  if (typeof part === 'string') return cutToBytes(part);
  throw new realm.Error(`Expecting Number or iterable, got ${typeof part}`);
}
