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
  /** What goes to the broker arrives at multiples of this; 0: at any time. Asked at each sending. */
  readonly slotMs?: () => number;
  /**
   * What the broker is known to answer to what, if that is all that is written: a unit that is run
   * behind the world gets the answer in its own time, and the broker is only told that it was heard.
   */
  readonly sureAnswers?: ReadonlyMap<string, string>;
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
const NONE: ReadonlyMap<string, string> = new Map();

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

/** One way through the air: in order, delayed, and lost from the first byte that the air ate. */
class Lane {
  #lastArrivalMs = 0;
  #waiting: (() => void)[] = [];
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
    let arrivalMs = from.nowMs() + this.link.delayMs();
    if (slotMs > 0) arrivalMs = Math.ceil(arrivalMs / slotMs) * slotMs;
    this.#lastArrivalMs = Math.max(this.#lastArrivalMs, arrivalMs);
    to.after(this.#lastArrivalMs - to.nowMs(), () => {
      this.#waiting.push(arrive);
      this.resume();
    });
  }

  resume(): void {
    if (this.link.stalled) return;
    if (!this.link.up && this.#waiting.length > 0) this.#torn = true;
    const arrived = this.#waiting;
    this.#waiting = [];
    if (this.#torn) return;
    for (const arrive of arrived) arrive();
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
    const { slotMs = AT_ANY_TIME, sureAnswers = NONE, broker } = this.link.options;
    const answer = slotMs() > 0 ? sureAnswers.get(bytes) : undefined;
    if (answer === undefined) {
      const buffer = Buffer.from(bytes, 'latin1');
      this.#toBroker.send(() => this.#brokerEnd?.receive(buffer));
    } else {
      this.#toBroker.send(() => this.#brokerEnd && broker.heard?.(this.#brokerEnd));
      this.#near.send(() => this.#near.send(() => this.#events?.onData(answer)));
    }
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

  #reachBroker(): void {
    this.#brokerEnd = new PipeEnd(this.link.clock, {
      sent: (bytes) => this.#toUnit.send(() => this.#events?.onData(bytes.toString('latin1'))),
      ended: () => this.#toUnit.send(() => this.#lost()),
    });
    this.link.options.broker.attach(this.#brokerEnd);
  }

  #lost(): void {
    this.onGone();
    const events = this.#events;
    this.#events = null;
    events?.onClose();
  }
}
