// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import { WORD, encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** First element of a `stand-down`. */
export const STAND_DOWN_TYPE = 33;

/** The dispatch is withdrawn: silence it, and refuse it should it arrive later. */
export interface StandDown {
  /** The dispatch, numbered by the control room and never used again. */
  dispatchId: number;
  /** When the control room sent it. */
  issuedAt: number;
  /** Why. */
  reason: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeStandDown(m: StandDown, bytes: Bytes): string {
  return within(m.dispatchId, 1, 4294967295) && within(m.reason, 1, 255)
    ? encodeItems(bytes, 'bdtb', 20, [33, m.dispatchId, m.issuedAt, m.reason])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeStandDown(input: Octets): StandDown | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 20 || view.getUint32(0) !== 0x98041821) {
    const wrongHead = headRefusal(octets, 20, 4, 33);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const dispatchId = view.getUint32(5);
  const issuedAtHigh = view.getUint32(10);
  const issuedAt = issuedAtHigh * WORD + view.getUint32(14);
  const reason = octets[19] as number;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x1b ||
    octets[18] !== 0x18 ||
    dispatchId < 1 ||
    issuedAtHigh > MAX_TIME_HIGH_WORD ||
    reason < 1
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 4 || size !== 20) {
    const wrongRest = restRefusal(octets, 4, 20);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    dispatchId: dispatchId,
    issuedAt: issuedAt,
    reason: reason,
  };
}
