// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
  within,
} from '../wire.js';

/** First element of a `response`. */
export const RESPONSE_TYPE = 67;

/** What the crew said of a dispatch: their answer, and then how the job goes on. */
export interface Response {
  /** The dispatch, numbered by the control room and never used again. */
  dispatchId: number;
  /** What they said. */
  answer: number;
  /** Why, where it is `decline`. */
  reason: number;
  /** Milliseconds from the arrival of the dispatch at the unit to this step, by a clock that never jumps. */
  elapsedMs: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeResponse(m: Response, bytes: Bytes): string {
  return within(m.dispatchId, 1, 4294967295) && within(m.answer, 1, 255)
    ? encodeItems(bytes, 'bdbbdTb', 29, [
        67,
        m.dispatchId,
        m.answer,
        m.reason,
        m.elapsedMs,
        m.at,
        m.clock,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeResponse(input: Octets): Response | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 29 || view.getUint32(0) !== 0x98071843) {
    const wrongHead = headRefusal(octets, 29, 7, 67);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const dispatchId = view.getUint32(5);
  const answer = octets[10] as number;
  const reason = octets[12] as number;
  const elapsedMs = view.getUint32(14);
  const atHigh = view.getUint32(19);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(23) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(23);
  const clock = octets[28] as number;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x18 ||
    octets[11] !== 0x18 ||
    octets[13] !== 0x1a ||
    octets[18] !== 0x1b ||
    octets[27] !== 0x18 ||
    dispatchId < 1 ||
    answer < 1 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 7 || size !== 29) {
    const wrongRest = restRefusal(octets, 7, 29);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    dispatchId: dispatchId,
    answer: answer,
    reason: reason,
    elapsedMs: elapsedMs,
    at: at,
    clock: clock,
  };
}
