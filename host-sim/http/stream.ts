/**
 * The ledger as server-sent events (HTML Standard, 9.2): `id` is the line's number, `data` the line. A
 * client that comes back with `Last-Event-ID` misses nothing. A slow one holds up nobody: lines are
 * read from the ledger when it has room for them, and kept nowhere.
 */
import type { Line } from '../control-room/events.js';
import type { WorldClock } from '../world/clock.js';
import { STREAM_SILENCE_MS } from './limits.js';
import type { ControlPort } from './port.js';

/** Lines after number `after`, and on as they come, until `signal` says to end. */
export async function* eventStream(
  port: ControlPort,
  clock: WorldClock,
  after: number,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const news = new News(port, clock, signal);
  try {
    // Tells a client at once that it is heard, and how soon to come again.
    yield 'retry: 1000\n\n';
    for (let next = after + 1; !signal.aborted;) {
      const lines = await port.lines(next);
      for (const line of lines) yield eventOf(line);
      next += lines.length;
      if (lines.length === 0 && !(await news.within(STREAM_SILENCE_MS))) yield ': nothing new\n\n';
    }
  } finally {
    news.end();
  }
}

function eventOf(line: Line): string {
  return `id: ${line.n}\ndata: ${JSON.stringify(line)}\n\n`;
}

/** Whether there was any since it was last asked. */
class News {
  #any = false;
  #wake = () => {};
  readonly #unsubscribe: () => void;

  constructor(
    port: ControlPort,
    readonly clock: WorldClock,
    readonly signal: AbortSignal,
  ) {
    this.#unsubscribe = port.onLines(() => this.#tell());
    signal.addEventListener('abort', this.#tell);
  }

  /** Waits for news; false if none came within the time. */
  async within(periodMs: number): Promise<boolean> {
    if (!this.#any && !this.signal.aborted) {
      const timer = this.clock.after(periodMs, () => this.#wake());
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.clock.cancel(timer);
    }
    const any = this.#any;
    this.#any = false;
    return any;
  }

  end(): void {
    this.#unsubscribe();
    this.signal.removeEventListener('abort', this.#tell);
  }

  readonly #tell = () => {
    this.#any = true;
    this.#wake();
  };
}
