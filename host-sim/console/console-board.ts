/**
 * A board as its cable shows it, without the interpreter: Espruino's console, with echo, prompt and
 * password, in front of the stand-in that runs what is in the flash. What a line of the console can
 * name is in globals.ts; it is a world of its own, beside that of the unit.
 */
import { createContext, runInContext, type Context } from 'node:vm';
import { loadBundle, type Bundle } from '../espruino/bundle.js';
import { Flash } from '../espruino/storage.js';
import { BOOT_MS, createUnitHost, type UnitHost } from '../espruino/unit-host.js';
import type { Timer, WorldClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
import type { Random } from '../world/random.js';
import { wiring } from '../world/wiring.js';
import { consoleGlobals } from './globals.js';
import { atOnce, type Operate } from './storage.js';

export interface ConsoleBoardOptions {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly dial: Dial;
  readonly bundle?: Bundle;
  /** What is there already; if not given, an empty one. */
  readonly flash?: Flash;
  /** Of the interpreter that the console says it is. */
  readonly version?: string;
  /** Its memory, in variables. */
  readonly variables?: number;
  /** The chip's MAC address. */
  readonly serial?: string;
  /** Through which every change of the flash from the console goes. */
  readonly operate?: Operate;
}

/** `starting`: what is sent is lost. `closed`: the loader has taken the console away. */
export type ConsoleState = 'off' | 'starting' | 'open' | 'locked' | 'closed';

const BOOT_FILES = ['.boot0', '.boot1', '.boot2', '.boot3'];
const BANNER = 'ets Jun  8 2016 00:22:57\r\nrst:0x1 (POWERON)\r\n Espruino 2v29\r\n>';
/** The longest line that is echoed. */
const MAX_ECHO = 4096;
/** The longest password that is taken in. */
const MAX_TYPED = 20;

export class ConsoleBoard {
  readonly flash: Flash;
  readonly host: UnitHost;
  #state: ConsoleState = 'off';
  #onText: (text: string) => void = () => {};
  #onState: (state: ConsoleState) => void = () => {};
  #boot: Timer | null = null;
  #context: Context = createContext({});
  #password: string | null = null;
  #input = '';
  #escape: string | null = null;
  #isEchoOff = false;

  constructor(readonly options: ConsoleBoardOptions) {
    this.flash = options.flash ?? new Flash();
    this.host = createUnitHost({
      clock: options.clock,
      random: options.random.fork('unit'),
      bundle: options.bundle ?? loadBundle(),
      flash: this.flash,
      dial: options.dial,
      // In the console's world, where what is read before the boot code may have another idea.
      onConsoleClosed: () => this.#run('E.setConsole(null)'),
    });
    this.host.onEvent(({ kind }) => {
      if (kind === 'reboot' || kind === 'watchdog') this.#start();
    });
  }

  get state(): ConsoleState {
    return this.#state;
  }

  onState(listener: (state: ConsoleState) => void): void {
    this.#onState = listener;
  }

  /** What the console says; who listened before hears no more. */
  onText(listener: (text: string) => void): void {
    this.#onText = listener;
  }

  /** Both buttons, from now on. */
  holdButtons(held: boolean): void {
    for (const pin of [wiring.acceptButton, wiring.declineButton]) this.host.setInput(pin, !held);
  }

  powerOn(): void {
    if (this.#state === 'off') this.#start();
  }

  cutPower(): void {
    this.#stop();
    this.#enter('off');
  }

  /** Bytes that come over the cable. */
  receive(bytes: string): void {
    for (const byte of bytes) {
      if (this.#state === 'locked') this.#takeLocked(byte);
      else if (this.#state === 'open') this.#take(byte);
    }
  }

  #enter(state: ConsoleState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#onState(state);
  }

  #stop(): void {
    if (this.#boot) this.options.clock.cancel(this.#boot);
    this.#boot = null;
    this.host.cutPower();
  }

  #start(): void {
    this.#stop();
    this.#enter('starting');
    this.#boot = this.options.clock.after(BOOT_MS, () => this.#started());
    // Its boot code runs just after what is read before it.
    this.host.powerOn();
  }

  #started(): void {
    this.#clear();
    this.#enter('open');
    this.#say(BANNER);
    for (const name of BOOT_FILES) this.#run(this.flash.read(name) ?? '');
  }

  #clear(): void {
    this.#password = null;
    this.#input = '';
    this.#escape = null;
    this.#isEchoOff = false;
    const { version = '2v29.277', variables = 2500, serial = '24:6f:28:00:00:01' } = this.options;
    const globals = consoleGlobals({
      version,
      variables,
      serial,
      flash: this.flash,
      operate: this.options.operate ?? atOnce,
      print: (text) => this.#say(`${text.replaceAll('\n', '\r\n')}\r\n`),
      setPassword: (password) => (this.#password = password),
      lock: () => this.#password !== null && this.#enter('locked'),
      close: () => this.#enter('closed'),
      reboot: () => this.#afterwards(() => this.#start()),
      reset: () => this.#afterwards(() => this.#reset()),
      evaluate: (expression) => this.host.evaluate(expression),
    });
    this.#context = createContext(globals);
  }

  /** When the line that asks for it has ended. */
  #afterwards(work: () => void): void {
    setImmediate(() => {
      if (this.#state !== 'off') work();
    });
  }

  #reset(): void {
    this.host.cutPower();
    this.#clear();
  }

  /** One character at the prompt, as jsiHandleChar takes it. */
  #take(byte: string): void {
    if (this.#escape !== null) {
      this.#escape += byte;
      if (this.#escape === '[2H') this.#input = '';
      if (!/^\[\d*$/.test(this.#escape)) this.#escape = null;
    } else if (byte === '\x1b') this.#escape = '';
    else if (byte === '\x10') this.#isEchoOff ||= this.#input === '';
    else if (byte === '\n') this.#takeLine();
    else if (byte >= ' ') {
      this.#input += byte;
      if (!this.#isEchoOff && this.#input.length < MAX_ECHO) this.#say(byte);
    }
  }

  #takeLine(): void {
    const line = this.#input;
    this.#input = '';
    this.#isEchoOff = false;
    this.#run(line);
    if (this.#state === 'open') this.#say('\r\n>');
  }

  /** An escape sequence that comes before the password is part of what was typed. */
  #takeLocked(byte: string): void {
    if (byte !== '\n') {
      if (this.#input.length < MAX_TYPED && byte >= ' ') this.#input += byte;
      return;
    }
    const isRight = this.#input === this.#password;
    this.#input = '';
    if (isRight) this.#enter('open');
    this.#say(isRight ? '\r\n  Logged in.\r\n>' : '\r\n  Invalid password\r\npassword>');
  }

  #run(text: string): void {
    try {
      runInContext(text, this.#context);
    } catch (error) {
      this.#say(`Uncaught ${String(error)}\r\n`);
    }
  }

  #say(text: string): void {
    if (this.#state !== 'off' && this.#state !== 'closed') this.#onText(text);
  }
}
