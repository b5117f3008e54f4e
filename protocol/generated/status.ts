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

/** First element of a `status`. */
export const STATUS_TYPE = 71;

/** Whether the crew can be sent, in their own word. */
export interface Status {
  /** Can they. */
  status: number;
  /** Why not; `none` where they can. */
  reason: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeStatus(m: Status, bytes: Bytes): string {
  return within(m.status, 1, 255)
    ? encodeItems(bytes, 'bbbTb', 19, [71, m.status, m.reason, m.at, m.clock])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeStatus(input: Octets): Status | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 19 || view.getUint32(0) !== 0x98051847) {
    const wrongHead = headRefusal(octets, 19, 5, 71);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const status = octets[5] as number;
  const reason = octets[7] as number;
  const atHigh = view.getUint32(9);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(13) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(13);
  const clock = octets[18] as number;
  if (
    octets[4] !== 0x18 ||
    octets[6] !== 0x18 ||
    octets[8] !== 0x1b ||
    octets[17] !== 0x18 ||
    status < 1 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 5 || size !== 19) {
    const wrongRest = restRefusal(octets, 5, 19);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    status: status,
    reason: reason,
    at: at,
    clock: clock,
  };
}
