/** The events of a simulated world: a binary heap ordered by time, then by order of insertion. */

export interface QueuedEvent {
  readonly atMs: number;
  readonly order: number;
  /** Null once taken or cancelled. */
  callback: (() => void) | null;
}

export interface DueEvent {
  readonly atMs: number;
  run(): void;
}

export class EventQueue {
  #heap: QueuedEvent[] = [];
  #order = 0;
  #cancelled = 0;

  /** Events that wait. */
  get size(): number {
    return this.#heap.length - this.#cancelled;
  }

  add(atMs: number, callback: () => void): QueuedEvent {
    const event = { atMs, order: this.#order++, callback };
    this.#heap.push(event);
    this.#siftUp(this.#heap.length - 1);
    return event;
  }

  cancel(event: QueuedEvent): void {
    if (!event.callback) return;
    event.callback = null;
    this.#cancelled++;
    // Cancelled events stay where they are until half of the heap is dead: a watchdog that is
    // kicked every second must not fill memory.
    if (this.#cancelled > 64 && this.#cancelled * 2 > this.#heap.length) this.#compact();
  }

  /** The next event if it is due by `untilMs`. */
  takeDue(untilMs: number): DueEvent | null {
    for (;;) {
      const first = this.#heap[0];
      if (!first) return null;
      const callback = first.callback;
      if (callback && first.atMs > untilMs) return null;
      this.#removeFirst();
      if (callback) {
        first.callback = null;
        return { atMs: first.atMs, run: callback };
      }
      this.#cancelled--;
    }
  }

  #removeFirst(): void {
    const last = this.#heap.pop() as QueuedEvent;
    if (this.#heap.length === 0) return;
    this.#heap[0] = last;
    this.#siftDown(0);
  }

  #compact(): void {
    this.#heap = this.#heap.filter((event) => event.callback !== null);
    this.#cancelled = 0;
    for (let i = (this.#heap.length >> 1) - 1; i >= 0; i--) this.#siftDown(i);
  }

  #siftUp(start: number): void {
    const heap = this.#heap;
    const event = heap[start] as QueuedEvent;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (isBefore(heap[parent] as QueuedEvent, event)) break;
      heap[index] = heap[parent] as QueuedEvent;
      index = parent;
    }
    heap[index] = event;
  }

  #siftDown(start: number): void {
    const heap = this.#heap;
    const event = heap[start] as QueuedEvent;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= heap.length) break;
      const right = child + 1;
      if (right < heap.length && isBefore(heap[right] as QueuedEvent, heap[child] as QueuedEvent)) {
        child = right;
      }
      if (isBefore(event, heap[child] as QueuedEvent)) break;
      heap[index] = heap[child] as QueuedEvent;
      index = child;
    }
    heap[index] = event;
  }
}

function isBefore(a: QueuedEvent, b: QueuedEvent): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
