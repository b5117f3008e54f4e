/**
 * A unit on the real interpreter, behind the same UnitHost as the stand-in: a process a boot, its
 * Storage in a folder of its own, a line on loopback by which the bench sets contacts and sees
 * outputs, and a gateway to the bench's network. Rule: only in real time; whatever the process
 * does, it is ended by its id and told of.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Board, type OutputListener, type OutputState } from '../espruino/board.js';
import type { Bundle } from '../espruino/bundle.js';
import { Flash } from '../espruino/storage.js';
import { BOOT_MS, type UnitEvent, type UnitHost } from '../espruino/unit-host.js';
import type { Timer, WorldClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
import { ControlLine } from './control-line.js';
import { Gateway } from './gateway.js';
import { GpsLine } from './gps-line.js';
import { Interpreter, type Files } from './interpreter.js';
import { GPS_FILE, shim, SURROUNDINGS, SURROUNDINGS_FILE, type Surroundings } from './shim.js';
import { variablesFor } from './variables.js';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/** A way to the broker through the bench's link, which can be cut. */
export interface Way {
  /** Where the broker is for the bench; the unit finds it at a port of its own. */
  readonly broker: BrokerAddress;
  readonly dial: Dial;
}

export interface InterpreterOptions {
  readonly clock: WorldClock;
  readonly bundle: Bundle;
  /** The interpreter's build for Linux. */
  readonly command: string;
  /** What provisioning leaves in the unit's flash beside the bundle, given where it will find the broker. */
  readonly flash: Flash | ((broker: BrokerAddress) => Flash);
  /** Without it the unit's sockets lead to the address in its settings. */
  readonly way?: Way;
  /** Further files for its flash, over those. */
  readonly files?: Files;
  /** For how long the whole machine may pause, by the world's clock, before a watchdog counts: 10 s. */
  readonly pauseMs?: number;
  /** For its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface InterpreterHost extends UnitHost {
  evaluate(expression: string): Promise<unknown>;
  inspect(part: string): Promise<unknown>;
  /** What of Storage provisioning wrote. The interpreter's own has changed since. */
  readonly flash: Flash;
  /** Resolves when its first boot can begin; `powerOn` need not wait for it. */
  readonly ready: Promise<void>;
  /** Ends its processes and removes its folder. */
  dispose(): Promise<void>;
}

/** More than this on its console in one boot, and it has gone mad. */
export const MAX_CONSOLE_BYTES = 1_000_000;
/** A boot that has not called the bench by then hangs. */
const BOOT_LIMIT_MS = 30_000;
/** For a unit that has no way: nothing listens there. */
const NOWHERE: BrokerAddress = { host: '127.0.0.1', port: 9 };
/** Where an event of the console or of a crash quotes it. */
const QUOTED_CHARS = 80;

export function createInterpreterHost(options: InterpreterOptions): InterpreterHost {
  return new RealInterpreter(options);
}

interface Parts {
  readonly line: ControlLine;
  readonly gps: GpsLine;
  readonly gateway: Gateway | null;
}

class RealInterpreter implements InterpreterHost {
  readonly kind = 'interpreter';
  readonly ready: Promise<void>;
  #flash: Flash;
  #parts: Parts | null = null;
  readonly #board: Board;
  readonly #interpreter: Interpreter;
  readonly #listeners: ((event: UnitEvent) => void)[] = [];
  /** Closed contacts; they outlive boots. */
  readonly #low: Record<string, boolean> = {};
  /** Voltages on analog inputs; they outlive boots too. */
  readonly #levels: Record<string, number> = {};
  #air = true;
  #powered = false;
  /** Counts resets and cuts, so that a boot that a later one overtook does not happen. */
  #resets = 0;
  #running = false;
  #hearsGps = false;
  /** Told before the process is ended; else how it ended is told. */
  #endedBy: Pick<UnitEvent, 'kind' | 'detail'> | null = null;
  #said = '';
  /** World time at the interpreter's time 0: what came the fastest tells best. */
  #zeroMs = Infinity;
  #watchdogMs = 0;
  #watchdog: Timer | null = null;

  constructor(readonly options: InterpreterOptions) {
    this.#flash = typeof options.flash === 'function' ? new Flash() : options.flash;
    this.#board = new Board(() => options.clock.nowMs());
    const env = { ...variablesFor(), ...options.env };
    this.#interpreter = new Interpreter(options.command, env);
    this.ready = this.#provision();
    // Whoever waits for it hears of it; it must not end the bench.
    this.ready.catch((error: Error) => this.#tell('uncaught', error.message));
  }

  get powered(): boolean {
    return this.#powered;
  }

  get flash(): Flash {
    return this.#flash;
  }

  powerOn(): void {
    if (this.#powered) return;
    this.#powered = true;
    void this.#boot();
  }

  cutPower(): void {
    if (!this.#powered) return;
    this.#powered = false;
    this.#stop();
  }

  feedSerial(bytes: string): void {
    if (this.#hearsGps) this.#parts?.gps.feed(bytes);
  }

  setInput(pin: string, high: boolean): void {
    if (this.#low[pin] === !high) return;
    this.#low[pin] = !high;
    this.#parts?.line.say(`i ${pin} ${high ? 1 : 0}`);
  }

  setLevel(pin: string, share: number): void {
    this.#levels[pin] = share;
    this.#parts?.line.say(`a ${pin} ${share}`);
  }

  readOutput(pin: string): OutputState {
    return this.#board.read(pin);
  }

  onOutput(listener: OutputListener): void {
    this.#board.onOutput(listener);
  }

  setWifi(up: boolean): void {
    this.#air = up;
    this.#parts?.line.say(`f ${up ? 1 : 0}`);
  }

  /** Takes memory until none is left, and lets it go. Where it does so is not for the bench to say. */
  exhaust(): void {
    this.#parts?.line.say('! (function(){var hog=[];for(;;)hog.push("12345678901234567890")})()');
  }

  async evaluate(expression: string): Promise<unknown> {
    if (!this.#running || !this.#parts) throw new Error('the unit is not running');
    return this.#parts.line.ask(expression);
  }

  async inspect(part: string): Promise<unknown> {
    const { names } = this.options.bundle;
    return names.lengthen(await this.evaluate(`unit.${names.shorten(part)}`));
  }

  onEvent(listener: (event: UnitEvent) => void): void {
    this.#listeners.push(listener);
  }

  async dispose(): Promise<void> {
    this.cutPower();
    await this.ready.catch(() => {});
    await this.#interpreter.dispose();
    this.#parts?.gps.close();
    await this.#parts?.line.close();
    await this.#parts?.gateway?.close();
  }

  async #provision(): Promise<void> {
    const { way, bundle, flash, files } = this.options;
    const line = await ControlLine.open({
      onConnect: () => this.#connected(),
      onNews: (kind, text) => this.#take(kind, text),
    });
    const gps = new GpsLine(join(this.#interpreter.folder, GPS_FILE));
    const gateway = way ? await Gateway.open(way.dial, way.broker) : null;
    this.#parts = { line, gps, gateway };
    await gps.ready();
    if (typeof flash === 'function') this.#flash = flash(gateway?.address ?? NOWHERE);
    const kept = this.#flash.names().map((name) => [name, this.#flash.read(name)]);
    await this.#interpreter.write({
      '.boot0': shim(SURROUNDINGS),
      ...bundle.files,
      ...Object.fromEntries(kept),
      ...files,
    });
  }

  async #boot(): Promise<void> {
    const resets = ++this.#resets;
    try {
      await this.ready;
    } catch {
      return;
    }
    await this.#interpreter.ended;
    this.options.clock.after(BOOT_MS, () => {
      if (this.#resets === resets) this.#start();
    });
  }

  #start(): void {
    const port = (this.#parts as Parts).line.port;
    const surroundings: Surroundings = {
      port,
      low: this.#low,
      levels: this.#levels,
      air: this.#air,
    };
    const file = join(this.#interpreter.folder, SURROUNDINGS_FILE);
    writeFileSync(file, JSON.stringify(surroundings));
    this.#zeroMs = Infinity;
    this.#endedBy = null;
    this.#guard(BOOT_LIMIT_MS, `it does not come up within ${BOOT_LIMIT_MS / 1000} s`);
    const resets = this.#resets;
    this.#interpreter.powerOn({
      onConsole: (bytes, last) => {
        this.#said = last;
        if (bytes > MAX_CONSOLE_BYTES) this.#endIt('console', `it floods: ended, ${quoted(last)}`);
      },
      onEnd: (how) => {
        if (this.#resets === resets) this.#ended(how);
      },
    });
  }

  #stop(): void {
    this.#resets++;
    this.#running = false;
    this.#hearsGps = false;
    this.#stopWatchdog();
    this.#parts?.gateway?.vanish();
    this.#interpreter.kill();
    this.#parts?.line.hangUp();
    this.#board.release();
  }

  /** What it had to say is told once it is gone. */
  #endIt(kind: UnitEvent['kind'], detail: string): void {
    if (this.#endedBy) return;
    this.#endedBy = { kind, detail };
    this.#interpreter.kill();
  }

  /** The process ended: a reset by the unit, a crash, or the bench ended it. It starts again. */
  #ended(how: number | string): void {
    const why = this.#endedBy ?? wayItEnded(how, this.#said);
    this.#stop();
    void this.#boot();
    this.#tell(why.kind, why.detail);
  }

  /** It may have changed meanwhile what the boot had found. */
  #connected(): void {
    this.#running = true;
    this.#stopWatchdog();
    const line = (this.#parts as Parts).line;
    for (const [pin, low] of Object.entries(this.#low)) line.say(`i ${pin} ${low ? 0 : 1}`);
    for (const [pin, share] of Object.entries(this.#levels)) line.say(`a ${pin} ${share}`);
    line.say(`f ${this.#air ? 1 : 0}`);
  }

  #take(kind: string, text: string): void {
    if (kind === 't') this.#worldMs(text);
    else if (kind === 'o') {
      const [pin = '', level, hz, timeS = ''] = text.split(' ');
      const state: OutputState = { level: level === '1' ? 1 : 0, frequencyHz: Number(hz) };
      this.#board.driveAt(pin, state, this.#worldMs(timeS));
    } else if (kind === 's') this.#hearsGps = true;
    else if (kind === 'w') {
      this.#watchdogMs = Number(text) * 1000;
      this.#kicked();
    } else if (kind === 'k') this.#kicked();
    else if (kind === 'u') this.#tell('uncaught', text);
  }

  /** The world's time of a time by the unit's clock. */
  #worldMs(timeS: string): number {
    const unitMs = Number(timeS) * 1000;
    this.#zeroMs = Math.min(this.#zeroMs, this.options.clock.nowMs() - unitMs);
    return this.#zeroMs + unitMs;
  }

  #kicked(): void {
    this.#guard(this.#watchdogMs, `not kicked for ${this.#watchdogMs / 1000} s`);
  }

  #guard(limitMs: number, detail: string): void {
    this.#stopWatchdog();
    const { clock } = this.options;
    this.#watchdog = clock.after(limitMs, () => {
      // Where the whole machine paused, the kick is on its way.
      const { pauseMs = PAUSE_MS } = this.options;
      this.#watchdog = clock.after(pauseMs, () => this.#endIt('watchdog', detail));
    });
  }

  #stopWatchdog(): void {
    if (this.#watchdog) this.options.clock.cancel(this.#watchdog);
    this.#watchdog = null;
  }

  #tell(kind: UnitEvent['kind'], detail: string): void {
    const event = { kind, detail, atMs: this.options.clock.nowMs() };
    for (const listener of this.#listeners) listener(event);
  }
}

/** What a machine with much else to do may keep a process waiting. */
const PAUSE_MS = 10_000;

/** `E.reboot()` is an exit with code 1 there. */
const REBOOT_CODE = 1;

function wayItEnded(how: number | string, said: string): Pick<UnitEvent, 'kind' | 'detail'> {
  if (how === REBOOT_CODE) return { kind: 'reboot', detail: 'E.reboot()' };
  return { kind: 'uncaught', detail: `the interpreter ended by ${how}: ${quoted(said)}` };
}

function quoted(said: string): string {
  return JSON.stringify(said.slice(-QUOTED_CHARS));
}
