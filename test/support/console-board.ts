/**
 * A board as its cable shows it, without the interpreter: a console with echo, prompt and password
 * in front of the bench's flash and unit. The cable may lose and spoil bytes, and be pulled at any
 * of them or within any operation on the flash; with it goes the power.
 */
import { createContext, runInContext, type Context } from 'node:vm';
import { crc32 } from 'node:zlib';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { Flash } from '../../host-sim/espruino/storage.js';
import { createUnitHost, type UnitHost } from '../../host-sim/espruino/unit-host.js';
import type { Timer, WorldClock } from '../../host-sim/world/clock.js';
import { EventQueue, type QueuedEvent } from '../../host-sim/world/event-queue.js';
import { Random } from '../../host-sim/world/random.js';
import type { Wait } from '../../tools/board/console.js';
import type { ByteLine } from '../../tools/board/line.js';

export interface BoardOptions {
  readonly random?: Random;
  readonly version?: string;
  readonly variables?: number;
  readonly capacityBytes?: number;
  /** Both buttons are held at each start. */
  readonly buttonsHeld?: boolean;
}

/** What befalls the cable. */
export interface Trouble {
  /** Chance of a byte, either way, to get lost or be another. */
  readonly spoilt?: number;
  /** Bytes to the board after which it is pulled. */
  readonly pullAtByte?: number;
  /** Operations on the flash after which it is pulled, and how far the next one has come. */
  readonly pullAtOperation?: number;
  readonly phase?: 'before' | 'half' | 'after';
}

/** World time that passes at once: nothing here hands work to Node. */
class InstantClock implements WorldClock {
  readonly #events = new EventQueue();
  #nowMs = 0;

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    return this.#events.add(this.#nowMs + Math.max(0, delayMs), callback);
  }

  cancel(timer: Timer): void {
    this.#events.cancel(timer as QueuedEvent);
  }

  touch(): void {}

  pass(ms: number): void {
    const untilMs = this.#nowMs + ms;
    for (let event = this.#events.takeDue(untilMs); event; event = this.#events.takeDue(untilMs)) {
      this.#nowMs = event.atMs;
      event.run();
    }
    this.#nowMs = untilMs;
  }
}

/** Node's turns in place of milliseconds: nothing waits for the wall's clock. */
export const turns: Wait = async (ms, signal) => {
  for (let i = 0; i < ms && !signal?.aborted; i++) {
    await new Promise((resolve) => setImmediate(resolve));
  }
};

const UNIT_STARTS_MS = 3000;
const MAX_ECHO = 4096;

export class ConsoleBoard {
  readonly flash: Flash;
  readonly host: UnitHost;
  readonly #clock = new InstantClock();
  readonly #random: Random;
  /** All that crossed the cable, for tests that look for secrets. */
  crossed = '';
  bytesIn = 0;
  operations = 0;
  pulled = false;
  #trouble: Trouble = {};
  #context: Context = createContext({});
  #listeners: ((bytes: string) => void)[] = [];
  #goneListeners: (() => void)[] = [];
  #input = '';
  #escape: string | null = null;
  #isEchoOff = false;
  #password: string | null = null;
  #isLocked = false;
  #isClosed = false;
  #isOn = false;
  #isDry = false;

  constructor(readonly options: BoardOptions = {}) {
    this.#random = options.random ?? new Random(1);
    this.flash = new Flash(options.capacityBytes);
    this.host = createUnitHost({
      clock: this.#clock,
      random: this.#random.fork('unit'),
      bundle: loadBundle(),
      flash: this.flash,
      dial: () => null,
    });
    for (const pin of ['D13', 'D14']) this.host.setInput(pin, !options.buttonsHeld);
  }

  /** A cable is put in: the board has power from it, if it had none. */
  plugIn(trouble: Trouble = {}): ByteLine {
    this.#trouble = trouble;
    this.#listeners = [];
    this.#goneListeners = [];
    this.bytesIn = 0;
    this.operations = 0;
    this.pulled = false;
    if (!this.#isOn) this.#boot();
    return {
      write: async (bytes) => {
        await new Promise((resolve) => setImmediate(resolve));
        this.#receive(bytes);
      },
      onBytes: (listener) => this.#listeners.push(listener),
      onGone: (listener) => this.#goneListeners.push(listener),
      close: async () => {},
    };
  }

  pull(): void {
    this.pulled = true;
    this.#isOn = false;
    this.host.cutPower();
    for (const listener of this.#goneListeners) listener();
  }

  get isConsoleClosed(): boolean {
    return this.#isClosed;
  }

  #receive(bytes: string): void {
    for (const byte of this.#spoil(bytes)) {
      if (this.pulled) return;
      if (++this.bytesIn === this.#trouble.pullAtByte) return this.pull();
      this.crossed += byte;
      if (!this.#isClosed) this.#take(byte);
    }
  }

  #spoil(bytes: string): string {
    const { spoilt = 0 } = this.#trouble;
    if (spoilt === 0) return bytes;
    let out = '';
    for (const byte of bytes) {
      if (this.#random.unit() >= spoilt) out += byte;
      else if (this.#random.unit() < 0.5) out += String.fromCharCode(this.#random.integer(32, 126));
    }
    return out;
  }

  /** One character at the prompt, as jsiHandleChar takes it. */
  #take(byte: string): void {
    if (this.#isLocked && byte !== '\n') {
      if (this.#input.length < 20 && byte >= ' ') this.#input += byte;
    } else if (this.#isLocked) this.#logIn();
    else if (this.#escape !== null) {
      this.#escape += byte;
      if (this.#escape === '[2H') this.#input = '';
      if (!/^\[\d*$/.test(this.#escape)) this.#escape = null;
    } else if (byte === '\x1b') this.#escape = '';
    else if (byte === '\x10') this.#isEchoOff ||= this.#input === '';
    else if (byte === '\n') this.#enter();
    else if (byte >= ' ') {
      this.#input += byte;
      if (!this.#isEchoOff && this.#input.length < MAX_ECHO) this.#print(byte);
    }
  }

  #logIn(): void {
    // An escape sequence that came before the password was part of what was typed.
    this.#isLocked = this.#input !== this.#password;
    this.#input = '';
    this.#print(this.#isLocked ? '\r\n  Invalid password\r\npassword>' : '\r\n  Logged in.\r\n>');
  }

  #enter(): void {
    const line = this.#input;
    this.#input = '';
    this.#isEchoOff = false;
    try {
      runInContext(line, this.#context);
    } catch (error) {
      this.#print(`Uncaught ${String(error)}\r\n`);
    }
    if (!this.#isLocked && !this.#isClosed) this.#print('\r\n>');
  }

  #print(text: string): void {
    this.crossed += text;
    const size = this.#random.integer(1, 40);
    for (let at = 0; at < text.length; at += size) {
      const chunk = this.#spoil(text.slice(at, at + size));
      setImmediate(() => {
        if (!this.pulled) for (const listener of this.#listeners) listener(chunk);
      });
    }
  }

  #boot(): void {
    this.host.cutPower();
    this.#isOn = true;
    this.#isClosed = this.#isLocked = false;
    this.#password = null;
    this.#input = '';
    this.#context = createContext(this.#globals());
    this.#print('ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON)\r\n Espruino 2v29\r\n>');
    for (const name of ['.boot0', '.boot1', '.boot2', '.boot3']) this.#runFile(name);
    if (this.flash.read('.bootcde') === undefined) return;
    // Once here, for what it does with the console; then on the unit's own host.
    this.#isDry = true;
    this.#runFile('.bootcde');
    this.#isDry = false;
    this.host.powerOn();
    this.#clock.pass(UNIT_STARTS_MS);
  }

  #runFile(name: string): void {
    try {
      runInContext(this.flash.read(name) ?? '', this.#context);
    } catch (error) {
      this.#print(`Uncaught ${String(error)}\r\n`);
    }
  }

  #reset(): void {
    this.host.cutPower();
    this.#password = null;
    this.#context = createContext(this.#globals());
  }

  #globals(): object {
    const { version = '2v29.277', variables = 2500 } = this.options;
    const storage = this.#storage();
    const isHeld = this.options.buttonsHeld === true;
    const globals = {
      E: {
        CRC32: (bytes?: string) =>
          bytes === undefined ? undefined : crc32(Buffer.from(bytes, 'latin1')),
        setPassword: (password?: string) => (this.#password = password ?? null),
        lockConsole: () => (this.#isLocked = this.#password !== null),
        setConsole: (device: unknown) => (this.#isClosed = device === null),
        enableWatchdog: () => {},
        reboot: () => setImmediate(() => this.pulled || this.#boot()),
      },
      process: {
        version,
        env: { BOARD: 'ESP32' },
        memory: () => ({ total: variables, free: variables - 60 }),
      },
      getSerial: () => '24:6f:28:00:00:01',
      print: (text: string) => this.#print(`${text.replaceAll('\n', '\r\n')}\r\n`),
      atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
      require: (name: string) => (name === 'Storage' ? storage : { setOptions: () => {} }),
      reset: () => setImmediate(() => this.#reset()),
      Pin: function () {
        return { read: () => !isHeld };
      },
      pinMode: () => {},
      digitalWrite: () => {},
      setTimeout: () => 1,
    };
    Object.assign(globals, { global: globals });
    Object.defineProperty(globals, 'unit', { get: () => this.#unit() });
    return globals;
  }

  #unit(): unknown {
    try {
      return this.host.evaluate('unit');
    } catch {
      return undefined;
    }
  }

  /** Espruino's flash: a file is created whole and empty, and each byte is written once. */
  #storage(): object {
    const { flash } = this;
    return {
      read: (name: string, offset = 0, size?: number) =>
        flash.read(name)?.slice(offset, size === undefined ? undefined : offset + size),
      list: () => flash.names(),
      getStats: () => ({ freeBytes: this.#freeBytes(), trashBytes: 0 }),
      erase: (name: string) => this.#operate(() => flash.erase(name)),
      write: (name: string, data: string, offset = 0, size = data.length) => {
        if (this.#isDry) return;
        if (data === '') throw new Error("Can't create zero length file");
        if (offset === 0 && flash.read(name) !== data) {
          this.#operate(() => flash.erase(name));
          this.#operate(() => flash.write(name, '\xff'.repeat(size)));
        }
        const there = flash.read(name);
        if (there === undefined) throw new Error('Unable to find or create file');
        if (offset + data.length > there.length) throw new Error('Too much data for file size');
        const before = there.slice(offset, offset + data.length);
        if (before === data) return;
        if (!/^\xff*$/.test(before)) throw new Error('File already written with different data');
        const put = (part: string) =>
          flash.write(name, there.slice(0, offset) + part + there.slice(offset + part.length));
        this.#operate(
          () => put(data),
          () => put(data.slice(0, data.length / 2)),
        );
      },
    };
  }

  #freeBytes(): number {
    const used = this.flash
      .names()
      .reduce((sum, name) => sum + this.flash.read(name)!.length + 32, 0);
    return (this.options.capacityBytes ?? 896 * 1024) - used;
  }

  /** One operation on the flash; the cable may be pulled before, within or after it. */
  #operate(whole: () => void, half: () => void = () => {}): void {
    const isLast = ++this.operations === this.#trouble.pullAtOperation;
    const phase = isLast ? this.#trouble.phase : undefined;
    if (phase === 'half') half();
    else if (phase !== 'before') whole();
    if (!isLast) return;
    this.pull();
    // Nothing runs on, whatever would have caught it.
    throw new Error('pulled');
  }
}
