/**
 * Seals a message for its topic, and opens it again (SPEC section 4). Bound to the topic, which
 * names version, unit and direction, and to the key id and the counter.
 */
import { openBytes, type Bytes } from '../bytes.js';
import { Refusal } from '../codes.js';
import { decodeEnvelope } from '../generated/envelope.js';
import {
  MAX_ENVELOPE_BYTES,
  MAX_MESSAGE_BYTES,
  MIN_SEALED_BYTES,
  PROTOCOL_VERSION,
  TAG_BYTES,
} from '../limits.js';
import { BLOCK_BYTES, openTagged, sealAead } from './aead.js';
import type { Ciphers } from './ciphers.js';
import type { SealKey } from './keys.js';

/** An envelope's bytes up to the counter, up to its end, and up to the sealed bytes. */
const START_BYTES = 7;
const HEAD_BYTES = 11;
const SEALED_AT = 13;
/** Head of a byte string, whose length is the byte before the sealed bytes. */
const SEALED_HEAD = 0x58;

/** A message that proved itself; whether it came before, its counter tells the window. */
export interface Opened {
  readonly keyId: number;
  readonly counter: number;
  readonly message: string;
}

/**
 * An MQTT payload, or '' if the message is empty or too long (MAX_MESSAGE_BYTES).
 * @param counter 1 to 2 ** 32 - 1, never used before with this key
 */
export function sealEnvelope(
  ciphers: Ciphers,
  key: SealKey,
  topic: string,
  counter: number,
  message: string,
): string {
  if (message === '' || message.length > MAX_MESSAGE_BYTES) return '';
  const head =
    key.start +
    String.fromCharCode(
      counter >>> 24,
      (counter >>> 16) & 255,
      (counter >>> 8) & 255,
      counter & 255,
    );
  // The cipher of the counter's block (NIST SP 800-38A, appendix C): the head, then zeros.
  const iv = ciphers.encrypt(head + '\0\0\0\0\0', key.ivKey);
  const sealed = sealAead(ciphers, key, iv, head + topic, message);
  return head + String.fromCharCode(0x58, sealed.length) + sealed;
}

/**
 * Opens a payload with the key that it names, or gives the refusal code. Changes nothing.
 * @resident
 */
export function openEnvelope(
  bytes: Bytes,
  ciphers: Ciphers,
  keys: readonly SealKey[],
  topic: string,
  payload: string,
): Opened | number {
  if (payload.length > MAX_ENVELOPE_BYTES) return Refusal.tooLong;
  const start = payload.substr(0, START_BYTES);
  // By its characters: a view of the payload, to read the same, took longer, and a copy of it.
  const counter =
    payload.charCodeAt(START_BYTES) * 0x1000000 +
    ((payload.charCodeAt(START_BYTES + 1) << 16) |
      (payload.charCodeAt(START_BYTES + 2) << 8) |
      payload.charCodeAt(START_BYTES + 3));
  let size = payload.length - SEALED_AT;
  let i = 0;
  while (i < keys.length && (keys[i] as SealKey).start !== start) i++;
  if (
    i === keys.length ||
    size < MIN_SEALED_BYTES ||
    size % BLOCK_BYTES !== 0 ||
    payload.charCodeAt(SEALED_AT - 2) !== SEALED_HEAD ||
    payload.charCodeAt(SEALED_AT - 1) !== size ||
    counter === 0
  ) {
    // A flood of anything costs little; the rest apart, because the interpreter reads through what it
    // does not run.
    if (payload.charCodeAt(0) !== 0x98) return Refusal.notSealed;
    i = keyOfOther(bytes, keys, payload);
    if (i < 0) return -i;
    size = payload.charCodeAt(SEALED_AT - 1);
  }
  const key = keys[i] as SealKey;
  const head = payload.substr(0, HEAD_BYTES);
  const iv = ciphers.encrypt(head + '\0\0\0\0\0', key.ivKey);
  size -= TAG_BYTES;
  const cipher = payload.substr(SEALED_AT, size);
  const tag = payload.substr(SEALED_AT + size, TAG_BYTES);
  const message = openTagged(bytes, ciphers, key, iv, head + topic, cipher, tag);
  return message === null
    ? Refusal.badTag
    : { keyId: key.keyId, counter: counter, message: message };
}

/**
 * Of what no peer of this version seals: the place of its key where a newer one only appended
 * elements, else the refusal code, negative.
 * @rare
 */
function keyOfOther(bytes: Bytes, keys: readonly SealKey[], payload: string): number {
  if (
    payload.length > 3 &&
    payload.charCodeAt(2) === 0x18 &&
    payload.charCodeAt(3) !== PROTOCOL_VERSION
  ) {
    return -Refusal.wrongVersion;
  }
  const envelope = decodeEnvelope(openBytes(bytes, payload));
  if (typeof envelope === 'number' || envelope.sealed.length % BLOCK_BYTES !== 0) {
    return -Refusal.notSealed;
  }
  for (let i = 0; i < keys.length; i++) {
    if ((keys[i] as SealKey).keyId === envelope.keyId) return i;
  }
  return -Refusal.unknownKey;
}
