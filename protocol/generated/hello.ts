// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import { WORD, encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** First element of a `hello`. */
export const HELLO_TYPE = 34;

/** The control room is there, or goes; with its time. */
export interface Hello {
  /** The birth that it answers: to any other connection it says nothing. */
  birthCounter: number;
  /** Highest counter that the control room has taken on the unit's `up`; 0 for none. */
  heardCounter: number;
  /** The control room's time when it sent this. */
  issuedAt: number;
  /** On duty, or away. */
  state: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeHello(m: Hello, bytes: Bytes): string {
  return within(m.birthCounter, 1, 4294967295)
    ? encodeItems(bytes, 'bddtb', 25, [34, m.birthCounter, m.heardCounter, m.issuedAt, m.state])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeHello(input: Octets): Hello | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 25 || view.getUint32(0) !== 0x98051822) {
    const wrongHead = headRefusal(octets, 25, 5, 34);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const birthCounter = view.getUint32(5);
  const heardCounter = view.getUint32(10);
  const issuedAtHigh = view.getUint32(15);
  const issuedAt = issuedAtHigh * WORD + view.getUint32(19);
  const state = octets[24] as number;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x1a ||
    octets[14] !== 0x1b ||
    octets[23] !== 0x18 ||
    birthCounter < 1 ||
    issuedAtHigh > MAX_TIME_HIGH_WORD
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 5 || size !== 25) {
    const wrongRest = restRefusal(octets, 5, 25);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    birthCounter: birthCounter,
    heardCounter: heardCounter,
    issuedAt: issuedAt,
    state: state,
  };
}
