/** Lines of a stream, as they come. */
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/** Longest wait for a line. */
const PATIENCE_MS = 60_000;

export class Lines {
  readonly all: string[] = [];
  readonly #waiting = new Set<() => void>();
  #isEnded = false;

  constructor(stream: Readable) {
    const lines = createInterface({ input: stream });
    lines.on('line', (line) => {
      this.all.push(line);
      for (const look of this.#waiting) look();
    });
    lines.on('close', () => {
      this.#isEnded = true;
      for (const look of this.#waiting) look();
    });
  }

  /** Resolves when this is so of the lines that came. @throws if the stream ends before, or in vain */
  until(isSo: (lines: readonly string[]) => boolean, what: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (settle: () => void) => {
        clearTimeout(timer);
        this.#waiting.delete(look);
        settle();
      };
      const fail = (why: string) =>
        end(() => reject(new Error(`${what}: ${why}; so far\n${this.all.slice(-5).join('\n')}`)));
      const look = () => {
        if (isSo(this.all)) end(resolve);
        else if (this.#isEnded) fail('it ended before');
      };
      const timer = setTimeout(() => fail('waited for in vain'), PATIENCE_MS);
      this.#waiting.add(look);
      look();
    });
  }

  has(text: string): Promise<void> {
    return this.until((lines) => lines.some((line) => line.includes(text)), text);
  }
}
