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

/** First element of a `outcome`. */
export const OUTCOME_TYPE = 72;

/** What became of a command or a config. */
export interface Outcome {
  /** Of the envelope that it came in. */
  counter: number;
  /** Why it was not done; `none`: it was. */
  refusal: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeOutcome(m: Outcome, bytes: Bytes): string {
  return within(m.counter, 1, 4294967295)
    ? encodeItems(bytes, 'bdbTb', 22, [72, m.counter, m.refusal, m.at, m.clock])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeOutcome(input: Octets): Outcome | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 22 || view.getUint32(0) !== 0x98051848) {
    const wrongHead = headRefusal(octets, 22, 5, 72);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const counter = view.getUint32(5);
  const refusal = octets[10] as number;
  const atHigh = view.getUint32(12);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(16) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(16);
  const clock = octets[21] as number;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x18 ||
    octets[11] !== 0x1b ||
    octets[20] !== 0x18 ||
    counter < 1 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 5 || size !== 22) {
    const wrongRest = restRefusal(octets, 5, 22);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    counter: counter,
    refusal: refusal,
    at: at,
    clock: clock,
  };
}
