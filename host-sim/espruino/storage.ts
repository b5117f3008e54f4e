/**
 * The unit's flash, which outlives boots, and the module `Storage` of one run of the interpreter on
 * it. Rule: replacing a file is not atomic, as on the device: the old one is gone before the new one
 * is there.
 */
import { toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

/** When, within a write, the power fails. */
export type CutPhase = 'before' | 'torn' | 'after';

/** What the interpreter uses of the chip's flash. */
const DEFAULT_CAPACITY_BYTES = 896 * 1024;
const HEADER_BYTES = 32;
const MAX_NAME_CHARS = 28;

export class Flash {
  readonly #files = new Map<string, string>();
  readonly #capacityBytes: number;
  #usedBytes = 0;
  #writes = 0;
  #cut: { writeNumber: number; phase: CutPhase } | null = null;

  constructor(capacityBytes = DEFAULT_CAPACITY_BYTES) {
    this.#capacityBytes = capacityBytes;
  }

  /** Writes that the unit has made so far. Writing what is there already touches nothing. */
  get writes(): number {
    return this.#writes;
  }

  get freeBytes(): number {
    return this.#capacityBytes - this.#usedBytes;
  }

  names(): string[] {
    return [...this.#files.keys()];
  }

  read(name: string): string | undefined {
    return this.#files.get(shortName(name));
  }

  /** Puts a file there, as provisioning does: not counted, never cut. */
  write(name: string, bytes: string): void {
    if (!this.#put(shortName(name), bytes)) throw new Error(`flash is full: ${name}`);
  }

  erase(name: string): void {
    const old = this.#files.get(shortName(name));
    if (old === undefined) return;
    this.#files.delete(shortName(name));
    this.#usedBytes -= sizeOf(old);
  }

  /** Lets the power fail at the unit's write with this number; the first is 1. */
  cutAt(writeNumber: number, phase: CutPhase): void {
    this.#cut = { writeNumber, phase };
  }

  /** A write by the unit. `cut` means that the power has failed in it. */
  program(name: string, bytes: string): 'done' | 'full' | 'cut' {
    const short = shortName(name);
    if (this.#files.get(short) === bytes) return 'done';
    this.#writes++;
    const phase = this.#cut?.writeNumber === this.#writes ? this.#cut.phase : null;
    if (phase) this.#cut = null;
    if (phase === 'torn') this.erase(short);
    if (phase === 'before' || phase === 'torn') return 'cut';
    const done = this.#put(short, bytes);
    if (phase === 'after') return 'cut';
    return done ? 'done' : 'full';
  }

  #put(name: string, bytes: string): boolean {
    this.erase(name);
    const size = sizeOf(bytes);
    if (this.#usedBytes + size > this.#capacityBytes) return false;
    this.#files.set(name, bytes);
    this.#usedBytes += size;
    return true;
  }
}

function shortName(name: string): string {
  return name.slice(0, MAX_NAME_CHARS);
}

/** Files are padded to words. */
function sizeOf(bytes: string): number {
  return HEADER_BYTES + 4 * Math.ceil(bytes.length / 4);
}

/** What the unit's code sees as the module `Storage`. */
export class StorageModule {
  readonly #machine: Machine;
  readonly #flash: Flash;
  readonly #failPower: (detail: string) => void;

  /** `failPower` ends the run; the code that was writing never goes on. */
  constructor(machine: Machine, flash: Flash, failPower: (detail: string) => void) {
    this.#machine = machine;
    this.#flash = flash;
    this.#failPower = failPower;
  }

  read(name: unknown): string | undefined {
    this.#machine.enter();
    return this.#flash.read(String(name));
  }

  write(name: unknown, data: unknown): boolean {
    this.#machine.enter();
    const bytes = toByteString(data);
    if (bytes === '') throw new realm.Error("Can't create zero length file");
    const result = this.#flash.program(String(name), bytes);
    if (result === 'cut') {
      this.#failPower(`write ${this.#flash.writes}: ${String(name)}`);
      this.#machine.abandon();
    }
    if (result === 'full') throw new realm.Error('Unable to find or create file');
    return true;
  }
}
