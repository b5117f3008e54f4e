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

/** First element of a `receipt`. */
export const RECEIPT_TYPE = 66;

/** One step of a dispatch on the unit, from its arrival to its end. */
export interface Receipt {
  /** The dispatch, numbered by the control room and never used again. */
  dispatchId: number;
  /** What happened. */
  step: number;
  /** Why, where the step is `refused`. */
  refusal: number;
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
export function encodeReceipt(m: Receipt, bytes: Bytes): string {
  return within(m.dispatchId, 1, 4294967295) && within(m.step, 1, 255)
    ? encodeItems(bytes, 'bdbbdTb', 29, [
        66,
        m.dispatchId,
        m.step,
        m.refusal,
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
export function decodeReceipt(input: Octets): Receipt | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 29 || view.getUint32(0) !== 0x98071842) {
    const wrongHead = headRefusal(octets, 29, 7, 66);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const dispatchId = view.getUint32(5);
  const step = octets[10] as number;
  const refusal = octets[12] as number;
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
    step < 1 ||
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
    step: step,
    refusal: refusal,
    elapsedMs: elapsedMs,
    at: at,
    clock: clock,
  };
}
