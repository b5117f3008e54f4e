/**
 * What waits for the broker's acknowledgement, bounded. Two classes: a message of which each one
 * counts (receipt, response) and a message of which only the latest counts (position, aed,
 * health), where a newer one takes the place of an older that has not left yet.
 */

/** Most messages that wait; the oldest of the lesser class goes first, and is counted. */
export const MAX_WAITING = 12;
/** Most messages that have left and are not acknowledged. */
export const MAX_IN_FLIGHT = 4;

export interface Waiting {
  /** Message type: a newer one of a type replaces an older where only the latest counts. */
  readonly type: number;
  /** 1 if every one counts, else 0: a boolean would take a variable more in each. */
  readonly keep: number;
  /** The message; once sent, the payload as it was sent. */
  content: string;
  /** 0 until sent. */
  packetId: number;
  sentAtMs: number;
}

export interface Outbox {
  waiting: Waiting[];
  dropped: number;
  lastPacketId: number;
}

export function createOutbox(): Outbox {
  return { waiting: [], dropped: 0, lastPacketId: 0 };
}

/**
 * Puts a message in; what a full box costs is counted in `dropped`.
 * @rare
 */
export function post(outbox: Outbox, type: number, content: string, keep: boolean): void {
  const waiting = outbox.waiting;
  if (!keep) {
    for (let i = 0; i < waiting.length; i++) {
      const other = waiting[i] as Waiting;
      if (other.type === type && other.packetId === 0) {
        other.content = content;
        return;
      }
    }
  }
  if (waiting.length >= MAX_WAITING) {
    outbox.dropped++;
    if (!makeRoom(waiting, keep)) return;
  }
  waiting.push({ type: type, keep: keep ? 1 : 0, content: content, packetId: 0, sentAtMs: 0 });
}

/** Removes the oldest that may go for a message of this class; false if the new one must go. */
function makeRoom(waiting: Waiting[], forKept: boolean): boolean {
  for (let i = 0; i < waiting.length; i++) {
    if ((waiting[i] as Waiting).keep === 0) {
      waiting.splice(i, 1);
      return true;
    }
  }
  if (forKept) waiting.splice(0, 1);
  return forKept;
}

/**
 * Sheds every message of which only the latest counts: memory is short.
 * @rare
 */
export function shed(outbox: Outbox): void {
  const waiting = outbox.waiting;
  for (let i = waiting.length - 1; i >= 0; i--) {
    const message = waiting[i] as Waiting;
    if (message.keep !== 0 || message.packetId !== 0) continue;
    waiting.splice(i, 1);
    outbox.dropped++;
  }
}

/**
 * The next message to send, or null: those of which each counts come first.
 * @rare
 */
export function nextToSend(outbox: Outbox): Waiting | null {
  const waiting = outbox.waiting;
  let inFlight = 0;
  let next: Waiting | null = null;
  for (let i = 0; i < waiting.length; i++) {
    const message = waiting[i] as Waiting;
    if (message.packetId !== 0) inFlight++;
    else if (next === null || message.keep > next.keep) next = message;
  }
  return inFlight < MAX_IN_FLIGHT ? next : null;
}

/**
 * A packet id that no message in flight has, 1 to 65535 (MQTT-2.3.1-1).
 * @rare
 */
export function freshPacketId(outbox: Outbox): number {
  const waiting = outbox.waiting;
  let taken = true;
  while (taken) {
    outbox.lastPacketId = outbox.lastPacketId >= 65535 ? 1 : outbox.lastPacketId + 1;
    taken = false;
    for (let i = 0; i < waiting.length; i++) {
      if ((waiting[i] as Waiting).packetId === outbox.lastPacketId) taken = true;
    }
  }
  return outbox.lastPacketId;
}

/** The broker has it: out it goes. An id that nothing waits for changes nothing. */
export function acknowledged(outbox: Outbox, packetId: number): void {
  const waiting = outbox.waiting;
  // 0 is no packet id (2.3.1), and stands for "not sent" here.
  if (packetId === 0) return;
  for (let i = 0; i < waiting.length; i++) {
    if ((waiting[i] as Waiting).packetId === packetId) {
      waiting.splice(i, 1);
      return;
    }
  }
}

/**
 * How many packet ids were given since a message got its own.
 * @rare
 */
function ageOf(outbox: Outbox, message: Waiting): number {
  return (outbox.lastPacketId - message.packetId + 65535) % 65535;
}

/**
 * The message in flight that left next after this one, or first of all if this is null.
 * @rare
 */
export function nextInFlight(outbox: Outbox, after: Waiting | null): Waiting | null {
  const belowAge = after === null ? 65535 : ageOf(outbox, after);
  let next: Waiting | null = null;
  for (let i = 0; i < outbox.waiting.length; i++) {
    const message = outbox.waiting[i] as Waiting;
    if (message.packetId === 0 || ageOf(outbox, message) >= belowAge) continue;
    if (next === null || ageOf(outbox, message) > ageOf(outbox, next)) next = message;
  }
  return next;
}

/** When the oldest message in flight was sent, or null if none is. */
export function oldestInFlightMs(outbox: Outbox): number | null {
  let oldest: number | null = null;
  for (let i = 0; i < outbox.waiting.length; i++) {
    const message = outbox.waiting[i] as Waiting;
    if (message.packetId !== 0 && (oldest === null || message.sentAtMs < oldest)) {
      oldest = message.sentAtMs;
    }
  }
  return oldest;
}
