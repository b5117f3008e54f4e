// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** First element of a `death`. */
export const DEATH_TYPE = 65;

/** The unit's will: the broker publishes it, retained, when the connection is lost. */
export interface Death {
  /** The birth that this ends. A death of an older birth says nothing. */
  birthCounter: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeDeath(m: Death, bytes: Bytes): string {
  return within(m.birthCounter, 1, 4294967295)
    ? encodeItems(bytes, 'bd', 9, [65, m.birthCounter])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeDeath(input: Octets): Death | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 9 || view.getUint32(0) !== 0x98021841) {
    const wrongHead = headRefusal(octets, 9, 2, 65);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const birthCounter = view.getUint32(5);
  if (octets[4] !== 0x1a || birthCounter < 1) {
    return Refusal.badField;
  }

  if (octets[1] !== 2 || size !== 9) {
    const wrongRest = restRefusal(octets, 2, 9);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    birthCounter: birthCounter,
  };
}
