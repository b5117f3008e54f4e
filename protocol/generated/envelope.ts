// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { NO_TYPE, encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** Carries one sealed message. */
export interface Envelope {
  /** Protocol version. */
  version: number;
  /** Generation of the keys that it is sealed with. */
  keyId: number;
  /** Number of the message among its sender's, never used again. */
  counter: number;
  /** Ciphertext of the message, then its tag of 16 bytes. */
  sealed: string;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeEnvelope(m: Envelope, bytes: Bytes): string {
  return within(m.keyId, 1, 255) &&
    within(m.counter, 1, 4294967295) &&
    within(m.sealed.length, 32, 240)
    ? encodeItems(bytes, 'bbdx', 11, [m.version, m.keyId, m.counter, m.sealed])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeEnvelope(input: Octets): Envelope | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 11 || view.getUint16(0) !== 0x9804) {
    const wrongHead = headRefusal(octets, 11, 4, NO_TYPE);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const version = octets[3] as number;
  const keyId = octets[5] as number;
  const counter = view.getUint32(7);
  const end0 = 13 <= size ? 13 + (octets[12] as number) : size + 1;
  if (
    octets[2] !== 0x18 ||
    octets[4] !== 0x18 ||
    octets[6] !== 0x1a ||
    keyId < 1 ||
    counter < 1 ||
    end0 > size ||
    octets[11] !== 0x58 ||
    end0 < 45 ||
    end0 > 253
  ) {
    return Refusal.badField;
  }
  const sealed = input.bytes.substr(13, end0 - 13);
  if (octets[1] !== 4 || size !== end0) {
    const wrongRest = restRefusal(octets, 4, end0);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    version: version,
    keyId: keyId,
    counter: counter,
    sealed: sealed,
  };
}
