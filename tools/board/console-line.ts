/**
 * A line to a console, half at a time: what is sent goes in small pieces and stops while the board
 * says XOFF; what is heard is kept, and looked through for what is waited for.
 */
import { setTimeout as timeout } from 'node:timers/promises';
import { UserError } from '../exit-codes.js';
import type { ByteLine } from './line.js';

/** Resolves after that time; or at once, when the signal says that nobody waits any more. */
export type Wait = (ms: number, signal?: AbortSignal) => Promise<void>;

export const waitReally: Wait = (ms, signal) =>
  timeout(ms, undefined, signal ? { signal } : {}).catch(() => {});

/** Bytes that are sent in one go. */
const PIECE_BYTES = 128;
/** A board that says XOFF and never XON has lost the XON. */
const PAUSE_LIMIT_MS = 2000;
const XON = '\x11';
const XOFF = '\x13';
/** Longer than any answer: what is older can be let go. */
const HEARD_CHARS = 65536;

export class ConsoleLine {
  #heard = '';
  #wake: (() => void) | null = null;
  #isPaused = false;
  #isGone = false;

  constructor(
    readonly line: ByteLine,
    readonly wait: Wait,
  ) {
    line.onBytes((bytes) => this.#hear(bytes));
    line.onGone(() => {
      this.#isGone = true;
      this.#wake?.();
    });
  }

  /** Whether the cable or the far end is gone. */
  get isGone(): boolean {
    return this.#isGone;
  }

  /** Lets go of what was heard, so that nothing old is found. @throws UserError if the line is gone */
  async send(bytes: string): Promise<void> {
    this.#heard = '';
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      if (this.#isGone) throw gone('writing');
      if (this.#isPaused) await this.until(() => (this.#isPaused ? null : true), PAUSE_LIMIT_MS);
      this.#isPaused = false;
      await this.line.write(bytes.slice(at, at + PIECE_BYTES));
    }
  }

  /** What is found in what was heard, or null when the time is over or the line is gone. */
  async until<T>(find: (heard: string) => T | null, limitMs: number): Promise<T | null> {
    const timer = new AbortController();
    const timeout = this.wait(limitMs, timer.signal).then(() => true);
    for (let isOver = false; ;) {
      const found = find(this.#heard);
      if (found !== null || isOver || this.#isGone) {
        timer.abort();
        return found;
      }
      const woken = new Promise<boolean>((resolve) => (this.#wake = () => resolve(false)));
      isOver = await Promise.race([woken, timeout]);
    }
  }

  /** Until nothing was heard for so long. */
  async quiet(forMs: number): Promise<void> {
    for (let before = -1; before !== this.#heard.length;) {
      before = this.#heard.length;
      await this.wait(forMs);
    }
  }

  close(): Promise<void> {
    return this.line.close();
  }

  #hear(bytes: string): void {
    for (const byte of bytes) {
      if (byte === XOFF) this.#isPaused = true;
      else if (byte === XON) this.#isPaused = false;
      else this.#heard += byte;
    }
    this.#heard = this.#heard.slice(-HEARD_CHARS);
    this.#wake?.();
  }
}

export function gone(what: string): UserError {
  return new UserError(
    'board',
    `the line to the board ended (${what}). Nothing is lost: connect it and run this again`,
  );
}
