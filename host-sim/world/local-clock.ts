/**
 * The time of one part of the world that is run behind the rest: it stands still until it is brought
 * up to the world's time, and then runs all that was due in one go. So a city's units can be run one
 * after the other, each for a while, instead of all at once in small steps: a processor then finds
 * what it needs of a unit near at hand. Rule: never ahead of the world, and whoever acts on the part
 * from outside brings it up to date first.
 */
import type { Timer, WorldClock } from './clock.js';

interface LocalEvent extends Timer {
  readonly callback: () => void;
}

export class LocalClock implements WorldClock {
  #nowMs: number;
  /** The earliest first, and of those at one time the one that was added first; few at a time. */
  readonly #events: LocalEvent[] = [];

  constructor(readonly world: WorldClock) {
    this.#nowMs = world.nowMs();
  }

  nowMs(): number {
    return this.#nowMs;
  }

  after(delayMs: number, callback: () => void): Timer {
    const event = { atMs: this.#nowMs + (delayMs > 0 ? delayMs : 0), callback };
    const events = this.#events;
    let index = events.length;
    events.push(event);
    for (; index > 0 && (events[index - 1] as LocalEvent).atMs > event.atMs; index--) {
      events[index] = events[index - 1] as LocalEvent;
    }
    events[index] = event;
    return event;
  }

  cancel(timer: Timer): void {
    const at = this.#events.indexOf(timer as LocalEvent);
    if (at >= 0) this.#events.splice(at, 1);
  }

  touch(): void {
    this.world.touch();
  }

  /** Runs what was due by the world's time. */
  catchUp(): void {
    const untilMs = this.world.nowMs();
    const events = this.#events;
    for (let first = events[0]; first && first.atMs <= untilMs; first = events[0]) {
      events.shift();
      this.#nowMs = first.atMs;
      first.callback();
    }
    this.#nowMs = untilMs;
  }
}
