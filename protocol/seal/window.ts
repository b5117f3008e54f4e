/**
 * The replay window (SPEC CR-112): which of a sender's counters have been taken. After RFC 4303,
 * 3.4.3: the newest, and a bit for each of those just below it.
 */
import { Refusal } from '../codes.js';
import { WINDOW } from '../limits.js';

export interface Window {
  /** Highest counter that was taken; 0 for none. */
  newest: number;
  /** Bit n stands for the counter `newest - n`. */
  seen: number;
}

/** Name of the record that holds a unit's window and, after a `|`, its dispatches (CR-069). */
export const DESK_RECORD = 'desk';

export function createWindow(): Window {
  return { newest: 0, seen: 0 };
}

/** Whether a counter may be taken, as a refusal code. Changes nothing. */
export function windowRefusal(window: Window, counter: number): number {
  const behind = window.newest - counter;
  if (behind < 0) return Refusal.none;
  if (behind >= WINDOW) return Refusal.stale;
  return (window.seen >>> behind) & 1 ? Refusal.replayed : Refusal.none;
}

/** Notes a counter that was taken. */
export function takeCounter(window: Window, counter: number): void {
  const ahead = counter - window.newest;
  if (ahead > 0) {
    // (A shift by 32 would be one by 0.)
    window.seen = ahead >= WINDOW ? 1 : (window.seen << ahead) | 1;
    window.newest = counter;
  } else if (-ahead < WINDOW) window.seen |= 1 << -ahead;
}

/** As the record `desk` has it. */
export function packWindow(window: Window): string {
  return window.newest + ',' + window.seen;
}

/** Reads what `packWindow` made into a window. */
export function unpackWindow(text: string, window: Window): void {
  const numbers = text.split(',');
  window.newest = Number(numbers[0]);
  window.seen = Number(numbers[1]);
}
