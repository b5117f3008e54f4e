/**
 * A TCP connection as a unit's network sees it. Rule: events come one at a time and never during
 * `dial` itself; `onClose` is the last, and comes exactly once unless the unit closed or vanished.
 */

export interface ConnectionEvents {
  onOpen(): void;
  /** A byte string of any length. */
  onData(bytes: string): void;
  /** The far end has closed, the connection broke, or it could not be opened. */
  onClose(): void;
}

export interface Connection {
  /** To be called once, at once after dialling. */
  listen(events: ConnectionEvents): void;
  /** A byte string. Not before `onOpen`. */
  write(bytes: string): void;
  /** Closes in order: the far end gets what was written, then the end. */
  close(): void;
  /** The unit is gone without a word (power cut, reset, radio lost): the far end notices nothing. */
  vanish(): void;
}

/** Null: refused at once. */
export type Dial = (host: string, port: number) => Connection | null;
