/**
 * Reads a ledger's file from any line on while it grows. It keeps in memory where every
 * PAGE_LINES-th line begins, and nothing of the lines.
 */
import { open, type FileHandle } from 'node:fs/promises';
import type { Line } from '../control-room/events.js';
import { PAGE_LINES } from './limits.js';

const NEWLINE = 0x0a;
const CHUNK_BYTES = 65_536;

export interface LedgerReader {
  /** Lines from number `from` to the end of its page; none where there are none. */
  lines(from: number): Promise<readonly Line[]>;
  close(): Promise<void>;
}

export async function openLedgerReader(path: string): Promise<LedgerReader> {
  return new Reader(await open(path, 'r'));
}

class Reader implements LedgerReader {
  /** Where the pages begin, the last of which may still grow. */
  readonly #pageAt = [0];
  /** How far whole lines were looked for, and how many there are up to there. */
  #seenTo = 0;
  #linesSeen = 0;
  #looking: Promise<void> = Promise.resolve();

  constructor(readonly file: FileHandle) {}

  async lines(from: number): Promise<readonly Line[]> {
    if (from > this.#linesSeen) await this.#look();
    if (from > this.#linesSeen) return [];
    const page = Math.floor((from - 1) / PAGE_LINES);
    const start = this.#pageAt[page] as number;
    const end = this.#pageAt[page + 1] ?? this.#seenTo;
    const bytes = Buffer.alloc(end - start);
    await this.file.read(bytes, 0, bytes.length, start);
    const texts = bytes.toString('utf8').split('\n').slice(0, -1);
    return texts.slice(from - 1 - page * PAGE_LINES).map((text) => JSON.parse(text) as Line);
  }

  async close(): Promise<void> {
    await this.#looking;
    await this.file.close();
  }

  /** One after the other, because each goes on where the last one stopped. */
  #look(): Promise<void> {
    this.#looking = this.#looking.then(() => this.#lookOn());
    return this.#looking;
  }

  async #lookOn(): Promise<void> {
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = this.#seenTo; ;) {
      const { bytesRead } = await this.file.read(chunk, 0, CHUNK_BYTES, at);
      if (bytesRead === 0) return;
      const bytes = chunk.subarray(0, bytesRead);
      for (let i = bytes.indexOf(NEWLINE); i >= 0; i = bytes.indexOf(NEWLINE, i + 1)) {
        this.#seenTo = at + i + 1;
        if (++this.#linesSeen % PAGE_LINES === 0) this.#pageAt.push(this.#seenTo);
      }
      at += bytesRead;
    }
  }
}
