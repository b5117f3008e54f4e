/**
 * What is done with a button: a short press, or a hold, which alone can confirm something. A button
 * is a record of two numbers; time and the debounced contact come from outside.
 */

/** A press that is this long is a hold; a shorter one is a short press. */
export const HOLD_MS = 1000;
/** Whoever looks this much later than HOLD_MS was blocked, and cannot know what happened between. */
export const LATE_MS = 500;
/** Nobody holds a button for longer: something lies on it, or its wire is broken. */
export const STUCK_MS = 30000;
/** Both together for so long ask for a self-test. */
export const BOTH_MS = 5000;

export const Phase = {
  up: 0,
  /** Down, and not yet a hold. */
  down: 1,
  /** Down, and nothing more will come of it: the hold was told, or what it was for has changed. */
  spent: 2,
  /** Down together with the other one: neither is a press or a hold. */
  both: 3,
  /** Down for longer than STUCK_MS. */
  stuck: 4,
} as const;

export const Held = { nothing: 0, hold: 1, stuck: 2 } as const;

export interface Button {
  phase: number;
  downAtMs: number;
}

export function createButton(): Button {
  return { phase: Phase.up, downAtMs: 0 };
}

/**
 * Down, also if nobody told that it had been up. While the other one is not yet a hold, the two are
 * pressed together.
 * @rare
 */
export function pressed(button: Button, other: Button, nowMs: number): void {
  button.phase = Phase.down;
  button.downAtMs = nowMs;
  if (other.phase === Phase.down) {
    button.phase = Phase.both;
    other.phase = Phase.both;
  }
}

/**
 * Up again; true for a short press. A long one whose hold was not told in time is neither: it may
 * have been short, and told late.
 * @rare
 */
export function released(button: Button, other: Button, nowMs: number): boolean {
  const isShort = button.phase === Phase.down && nowMs - button.downAtMs < HOLD_MS;
  button.phase = Phase.up;
  if (other.phase === Phase.both) other.phase = Phase.spent;
  return isShort;
}

/**
 * What is under way comes to nothing: it began for something that is not there any more.
 * @rare
 */
export function spend(button: Button): void {
  if (button.phase !== Phase.up && button.phase !== Phase.stuck) button.phase = Phase.spent;
}

/**
 * To be called when `dueInMs` says so: a hold is told once, while the button is still down.
 * @param closed whether the contact is closed at this moment: who let it go may not have been heard
 * @rare
 */
export function heldLong(button: Button, closed: boolean, nowMs: number): number {
  const forMs = nowMs - button.downAtMs;
  if (button.phase === Phase.up || forMs < HOLD_MS) return Held.nothing;
  if (!closed) {
    button.phase = Phase.up;
  } else if (button.phase === Phase.down) {
    if (forMs <= HOLD_MS + LATE_MS) {
      button.phase = Phase.spent;
      return Held.hold;
    }
    button.downAtMs = nowMs;
  } else if (button.phase !== Phase.stuck && forMs > STUCK_MS) {
    button.phase = Phase.stuck;
    return Held.stuck;
  }
  return Held.nothing;
}

/**
 * True once when both have been down together for BOTH_MS.
 * @rare
 */
export function bothHeld(one: Button, other: Button, nowMs: number): boolean {
  if (one.phase !== Phase.both || other.phase !== Phase.both) return false;
  if (nowMs - Math.max(one.downAtMs, other.downAtMs) < BOTH_MS) return false;
  one.phase = Phase.spent;
  other.phase = Phase.spent;
  return true;
}

/**
 * Milliseconds until there may be something to tell, at most 1000.
 * @rare
 */
export function dueInMs(button: Button, nowMs: number): number {
  const atMs = button.phase === Phase.down ? HOLD_MS : button.phase === Phase.both ? BOTH_MS : 0;
  const inMs = button.downAtMs + atMs - nowMs;
  return inMs > 0 ? Math.min(inMs, 1000) : 1000;
}
