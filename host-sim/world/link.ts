/**
 * The radio between one vehicle and the broker, in world time and without sockets. TCP hides what
 * the air loses or doubles; what is left is delay, stalls, closed and half-open connections.
 */
import type { Duplex } from 'node:stream';
import type { WorldClock } from './clock.js';
import type { Connection, ConnectionEvents, Dial } from './connection.js';
import { PipeEnd } from './pipe.js';
import type { Random } from './random.js';

export interface RadioLinkOptions {
  /** Where connections end: an embedded broker. */
  readonly broker: { attach(stream: Duplex): void; heard?(stream: Duplex): void };
  /** One way, least and most. */
  readonly latencyMs: readonly [number, number];
  /** How long connecting through a dead link takes to fail. */
  readonly connectTimeoutMs?: number;
  /** The unit's own time, where it is run behind the world's. */
  readonly unitClock?: WorldClock;
  /** Runs the unit up to the world's time. */
  readonly catchUp?: () => void;
  /** What goes to the broker arrives at multiples of this; 0: at any time. Asked at each sending. */
  readonly slotMs?: () => number;
  /** What the broker is known to answer; asked where the unit is run behind the world. */
  readonly sureAnswerTo?: (bytes: string) => SureAnswer | null;
}

/** An answer that a unit gets in its own time, whenever the broker hears what it answers. */
export interface SureAnswer {
  readonly text: string;
  /** The broker is only told that the unit was heard; else it answers too, and that is left out. */
  readonly isEnough: boolean;
}

export interface RadioLink {
  readonly dial: Dial;
  /**
   * Down is a black hole: what is sent is lost and neither end is told. A connection that lost
   * bytes so is dead for ever, half-open; one that was silent meanwhile goes on.
   */
  setUp(up: boolean): void;
  /** Stalled, bytes wait, and arrive in order when the stall ends. */
  setStalled(stalled: boolean): void;
  /** Closes all connections, and tells both ends. */
  drop(): void;
}

const CONNECT_TIMEOUT_MS = 20_000;
const AT_ANY_TIME = () => 0;

export function createRadioLink(
  clock: WorldClock,
  random: Random,
  options: RadioLinkOptions,
): RadioLink {
  return new Link(clock, random, options);
}

class Link implements RadioLink {
  up = true;
  stalled = false;
  readonly unitClock: WorldClock;
  readonly #open = new Set<RadioConnection>();

  constructor(
    readonly clock: WorldClock,
    readonly random: Random,
    readonly options: RadioLinkOptions,
  ) {
    this.unitClock = options.unitClock ?? clock;
  }

  readonly dial: Dial = () => {
    const connection: RadioConnection = new RadioConnection(this, () => {
      this.#open.delete(connection);
    });
    this.#open.add(connection);
    return connection;
  };

  setUp(up: boolean): void {
    for (const connection of this.#open) connection.settle();
    this.up = up;
  }

  setStalled(stalled: boolean): void {
    this.stalled = stalled;
    if (stalled) return;
    for (const connection of [...this.#open]) connection.resume();
  }

  drop(): void {
    for (const connection of [...this.#open]) connection.breakUp();
  }

  delayMs(): number {
    return this.random.between(...this.options.latencyMs);
  }
}

interface Sent {
  arrivalMs: number;
  readonly arrive: () => void;
  hasArrived: boolean;
}

/** One way through the air: in order, delayed, and lost from the first byte that the air ate. */
class Lane {
  #lastArrivalMs = 0;
  /** In order; also what has arrived while the air is stalled. */
  readonly #sent: Sent[] = [];
  #torn = false;

  constructor(
    readonly link: Link,
    readonly from: WorldClock,
    readonly to: WorldClock,
    readonly slotMs: () => number,
  ) {}

  send(arrive: () => void): void {
    if (!this.link.up) this.#torn = true;
    const { from, to } = this;
    const slotMs = this.slotMs();
    const arrivalMs = Math.max(this.#lastArrivalMs, from.nowMs() + this.link.delayMs());
    const lookAtMs = slotMs > 0 ? Math.ceil(arrivalMs / slotMs) * slotMs : arrivalMs;
    const sent = { arrivalMs, arrive, hasArrived: false };
    this.#sent.push(sent);
    const look = to.after(lookAtMs - to.nowMs(), () => {
      // (Who comes with what is urgent is not late, though nobody would have looked yet.)
      while (!sent.hasArrived && !this.link.stalled) this.#takeFirst();
    });
    // By the last bit of the sum it may be looked for earlier.
    this.#lastArrivalMs = sent.arrivalMs = Math.min(arrivalMs, look.atMs);
  }

  /** Hands on what has arrived by now. */
  resume(): void {
    const nowMs = this.to.nowMs();
    while (!this.link.stalled && (this.#sent[0]?.arrivalMs ?? Infinity) <= nowMs) this.#takeFirst();
  }

  #takeFirst(): void {
    const first = this.#sent.shift();
    if (!first) return;
    first.hasArrived = true;
    if (!this.link.up) this.#torn = true;
    if (!this.#torn) first.arrive();
  }
}

class RadioConnection implements Connection {
  /** Null once the unit has closed or vanished. */
  #events: ConnectionEvents | null = null;
  #opened = false;
  #brokerEnd: PipeEnd | null = null;
  readonly #toBroker: Lane;
  readonly #toUnit: Lane;
  /** From the unit to the unit: as long on its way as there and back. */
  readonly #near: Lane;
  /** Answers that the unit has, and that the broker is still to give. */
  readonly #given = new Set<string>();

  constructor(
    readonly link: Link,
    readonly onGone: () => void,
  ) {
    const { clock, unitClock } = link;
    this.#toBroker = new Lane(link, unitClock, clock, link.options.slotMs ?? AT_ANY_TIME);
    this.#toUnit = new Lane(link, clock, unitClock, AT_ANY_TIME);
    this.#near = new Lane(link, unitClock, unitClock, AT_ANY_TIME);
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
    const { unitClock, options } = this.link;
    // There and back, as TCP's greeting takes.
    this.#toBroker.send(() => {
      this.#reachBroker();
      this.#toUnit.send(() => {
        this.#opened = true;
        this.#events?.onOpen();
      });
    });
    unitClock.after(options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS, () => {
      if (!this.#opened) this.#lost();
    });
  }

  write(bytes: string): void {
    const { slotMs = AT_ANY_TIME, sureAnswerTo, broker } = this.link.options;
    const answer = slotMs() > 0 ? sureAnswerTo?.(bytes) : null;
    if (answer?.isEnough) {
      this.#toBroker.send(() => this.#brokerEnd && broker.heard?.(this.#brokerEnd));
    } else {
      const buffer = Buffer.from(bytes, 'latin1');
      this.#toBroker.send(() => this.#brokerEnd?.receive(buffer));
      if (answer) this.#given.add(answer.text);
    }
    if (answer) this.#near.send(() => this.#near.send(() => this.#events?.onData(answer.text)));
  }

  close(): void {
    this.#events = null;
    this.#toBroker.send(() => this.#brokerEnd?.receiveEnd());
  }

  vanish(): void {
    this.#events = null;
  }

  breakUp(): void {
    this.#brokerEnd?.destroy();
    this.#lost();
  }

  resume(): void {
    this.#toBroker.resume();
    this.#toUnit.resume();
    this.#near.resume();
  }

  /** What the broker was to hear at the end of a slot, and what had arrived long before, it hears. */
  settle(): void {
    this.#toBroker.resume();
  }

  #reachBroker(): void {
    const { catchUp } = this.link.options;
    const heard = () => {
      catchUp?.();
      this.settle();
    };
    this.#brokerEnd = new PipeEnd(this.link.clock, {
      sent: (bytes) => this.#answer(bytes.toString('latin1')),
      ended: () => this.#toUnit.send(() => this.#lost()),
      ...(catchUp && { catchUp: heard }),
    });
    this.link.options.broker.attach(this.#brokerEnd);
  }

  #answer(text: string): void {
    for (const given of this.#given) {
      if (!text.includes(given)) continue;
      this.#given.delete(given);
      // (Together with something else it comes a second time, which does no harm.)
      if (text === given) return;
    }
    this.#toUnit.send(() => this.#events?.onData(text));
  }

  #lost(): void {
    this.onGone();
    const events = this.#events;
    this.#events = null;
    events?.onClose();
  }
}
