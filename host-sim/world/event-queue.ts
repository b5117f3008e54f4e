/**
 * The events of a simulated world: a heap ordered by time, then by order of insertion. The times
 * lie beside each other in one array, because a city's events are many, and a look at each event
 * would be a look at far memory.
 */

export class QueuedEvent {
  /** Null once run or cancelled. */
  callback: (() => void) | null;

  constructor(
    readonly atMs: number,
    callback: () => void,
  ) {
    this.callback = callback;
  }

  run(): void {
    const { callback } = this;
    this.callback = null;
    callback?.();
  }
}

/** Children of a node: fewer levels than with two, and beside each other in memory. */
const CHILDREN = 4;
const FIRST_CAPACITY = 64;

export class EventQueue {
  #atMs = new Float64Array(FIRST_CAPACITY);
  #orders = new Float64Array(FIRST_CAPACITY);
  readonly #events: QueuedEvent[] = [];
  #nextOrder = 0;
  #cancelled = 0;

  /** Events that wait. */
  get size(): number {
    return this.#events.length - this.#cancelled;
  }

  add(atMs: number, callback: () => void): QueuedEvent {
    const event = new QueuedEvent(atMs, callback);
    const last = this.#events.length;
    if (last === this.#atMs.length) this.#grow();
    this.#events.push(event);
    this.#siftUp(last, atMs, this.#nextOrder++, event);
    return event;
  }

  cancel(event: QueuedEvent): void {
    if (!event.callback) return;
    event.callback = null;
    this.#cancelled++;
    // Cancelled events stay where they are until half of the heap is dead: what is put off every
    // second must not fill memory.
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#events.length) this.#compact();
  }

  /** The next event if it is due by `untilMs`; to be run before another is taken. */
  takeDue(untilMs: number): QueuedEvent | null {
    const events = this.#events;
    while (events.length > 0) {
      const first = events[0] as QueuedEvent;
      if (first.callback && (this.#atMs[0] as number) > untilMs) return null;
      this.#removeFirst();
      if (first.callback) return first;
      this.#cancelled--;
    }
    return null;
  }

  #removeFirst(): void {
    const last = this.#events.length - 1;
    const event = this.#events.pop() as QueuedEvent;
    if (last > 0) {
      this.#siftDown(0, this.#atMs[last] as number, this.#orders[last] as number, event);
    }
  }

  #compact(): void {
    const events = this.#events;
    let kept = 0;
    for (let i = 0; i < events.length; i++) {
      const event = events[i] as QueuedEvent;
      if (!event.callback) continue;
      this.#put(kept++, this.#atMs[i] as number, this.#orders[i] as number, event);
    }
    events.length = kept;
    this.#cancelled = 0;
    for (let i = Math.floor((kept - 2) / CHILDREN); i >= 0; i--) {
      this.#siftDown(
        i,
        this.#atMs[i] as number,
        this.#orders[i] as number,
        events[i] as QueuedEvent,
      );
    }
  }

  #grow(): void {
    const [times, orders] = [this.#atMs, this.#orders];
    this.#atMs = new Float64Array(times.length * 2);
    this.#atMs.set(times);
    this.#orders = new Float64Array(times.length * 2);
    this.#orders.set(orders);
  }

  #put(index: number, atMs: number, order: number, event: QueuedEvent): void {
    this.#atMs[index] = atMs;
    this.#orders[index] = order;
    this.#events[index] = event;
  }

  #siftUp(start: number, atMs: number, order: number, event: QueuedEvent): void {
    const [times, orders, events] = [this.#atMs, this.#orders, this.#events];
    let index = start;
    while (index > 0) {
      // (What is added is the newest: of two at one time it is the later.)
      const parent = (index - 1) >> 2;
      if ((times[parent] as number) <= atMs) break;
      times[index] = times[parent] as number;
      orders[index] = orders[parent] as number;
      events[index] = events[parent] as QueuedEvent;
      index = parent;
    }
    this.#put(index, atMs, order, event);
  }

  #siftDown(start: number, atMs: number, order: number, event: QueuedEvent): void {
    const [times, orders, events] = [this.#atMs, this.#orders, this.#events];
    const { length } = events;
    let index = start;
    for (;;) {
      const first = CHILDREN * index + 1;
      if (first >= length) break;
      const end = Math.min(first + CHILDREN, length);
      let least = first;
      for (let child = first + 1; child < end; child++) {
        const apart = (times[child] as number) - (times[least] as number);
        const isBefore =
          apart === 0 ? (orders[child] as number) < (orders[least] as number) : apart < 0;
        if (isBefore) least = child;
      }
      const apart = (times[least] as number) - atMs;
      if (apart > 0 || (apart === 0 && (orders[least] as number) > order)) break;
      times[index] = times[least] as number;
      orders[index] = orders[least] as number;
      events[index] = events[least] as QueuedEvent;
      index = least;
    }
    this.#put(index, atMs, order, event);
  }
}
