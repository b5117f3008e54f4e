/**
 * A board without the interpreter, at the end of a cable that may lose and spoil bytes, and be
 * pulled at any of them or within any operation on the flash; with it goes the power.
 */
import { ConsoleBoard, type ConsoleBoardOptions } from '../../host-sim/console/console-board.js';
import { Flash } from '../../host-sim/espruino/storage.js';
import type { Timer, WorldClock } from '../../host-sim/world/clock.js';
import { EventQueue, type QueuedEvent } from '../../host-sim/world/event-queue.js';
import { Random } from '../../host-sim/world/random.js';
import type { Wait } from '../../tools/board/console-line.js';
import type { ByteLine } from '../../tools/board/line.js';

export interface BoardOptions extends Pick<
  ConsoleBoardOptions,
  'version' | 'variables' | 'serial'
> {
  readonly random?: Random;
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

/** Until the unit runs and has found its network. */
const START_MS = 3000;

export class CableBoard {
  readonly board: ConsoleBoard;
  readonly flash: Flash;
  readonly #clock = new InstantClock();
  readonly #random: Random;
  /** All that crossed the cable, for tests that look for secrets. */
  crossed = '';
  bytesIn = 0;
  operations = 0;
  pulled = false;
  #trouble: Trouble = {};
  #goneListeners: (() => void)[] = [];

  constructor({ random = new Random(1), capacityBytes, buttonsHeld, ...rest }: BoardOptions = {}) {
    this.#random = random;
    this.flash = new Flash(capacityBytes);
    this.board = new ConsoleBoard({
      ...rest,
      random,
      clock: this.#clock,
      flash: this.flash,
      dial: () => null,
      operate: (whole, half) => this.#operate(whole, half),
    });
    this.board.holdButtons(buttonsHeld === true);
    this.board.onState((state) => {
      if (state === 'starting') setImmediate(() => this.#clock.pass(START_MS));
    });
  }

  /** A cable is put in: the board has power from it, if it had none. */
  plugIn(trouble: Trouble = {}): ByteLine {
    this.#trouble = trouble;
    this.#goneListeners = [];
    this.bytesIn = 0;
    this.operations = 0;
    this.pulled = false;
    this.board.powerOn();
    return {
      write: async (bytes) => {
        await new Promise((resolve) => setImmediate(resolve));
        this.#receive(bytes);
      },
      onBytes: (listener) => this.board.onText((text) => this.#say(text, listener)),
      onGone: (listener) => this.#goneListeners.push(listener),
      close: async () => {},
    };
  }

  pull(): void {
    this.pulled = true;
    this.board.cutPower();
    for (const listener of this.#goneListeners) listener();
  }

  #receive(bytes: string): void {
    for (const byte of this.#spoil(bytes)) {
      if (this.pulled) return;
      if (++this.bytesIn === this.#trouble.pullAtByte) return this.pull();
      this.crossed += byte;
      this.board.receive(byte);
    }
  }

  #say(text: string, listener: (bytes: string) => void): void {
    this.crossed += text;
    const size = this.#random.integer(1, 40);
    for (let at = 0; at < text.length; at += size) {
      const chunk = this.#spoil(text.slice(at, at + size));
      setImmediate(() => {
        if (!this.pulled) listener(chunk);
      });
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

  /** One operation on the flash; the cable may be pulled before, within or after it. */
  #operate(whole: () => void, half: () => void): void {
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
