/**
 * Counters are set aside on disk before a message carries one of them, for all units at once: a
 * control room that was killed goes on behind those that it may have used, though it sent more than
 * one message in a second (SPEC CR-110, CR-111). A unit refuses what comes with a counter that it
 * has had, and a cipher must never see one twice.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { UserError } from '../exit-codes.js';

/** So many beyond the one that is used: about a minute, as counters follow the seconds. */
export const SET_ASIDE = 64;

export class Counters {
  readonly #path: string;
  #last: number;

  /** @throws UserError if the file is there and holds no number */
  constructor(path: string) {
    this.#path = path;
    this.#last = read(path);
  }

  /** The last that may have been used. */
  get last(): number {
    return this.#last;
  }

  /** To be called before a message with this counter leaves. */
  use(counter: number): void {
    if (counter <= this.#last) return;
    const last = counter + SET_ASIDE;
    writeFileSync(`${this.#path}.new`, `${last}\n`, { flush: true });
    renameSync(`${this.#path}.new`, this.#path);
    this.#last = last;
  }
}

function read(path: string): number {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 0;
    throw new UserError('badFile', `${path}: cannot be read: ${(error as Error).message}`);
  }
  if (/^[0-9]{1,10}\n$/.test(text)) return Number(text);
  const what = 'expected the last counter that was set aside, a number and a line end';
  throw new UserError('badFile', `${path}: ${what}, found ${JSON.stringify(text.slice(0, 40))}`);
}
