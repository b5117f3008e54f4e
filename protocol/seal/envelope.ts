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
} from '../limits.js';
import { BLOCK_BYTES, openAead, sealAead } from './aead.js';
import type { Ciphers } from './ciphers.js';
import type { SealKey } from './keys.js';

/** The envelope's bytes before the sealed ones: head, version, key id, counter. */
const HEAD_BYTES = 11;

/** A message that proved itself; whether it came before, its counter tells the window. */
export interface Opened {
  readonly keyId: number;
  readonly counter: number;
  readonly message: string;
}

/** The cipher of the counter's block (NIST SP 800-38A, appendix C): the head, then zeros. */
function ivOf(ciphers: Ciphers, key: SealKey, head: string): string {
  return ciphers.encryptBlock(key.ivKey, head + '\0\0\0\0\0');
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
  const head = String.fromCharCode(
    0x98,
    4,
    0x18,
    PROTOCOL_VERSION,
    0x18,
    key.keyId,
    0x1a,
    counter >>> 24,
    (counter >>> 16) & 255,
    (counter >>> 8) & 255,
    counter & 255,
  );
  const sealed = sealAead(ciphers, key, ivOf(ciphers, key, head), head + topic, message);
  return head + String.fromCharCode(0x58, sealed.length) + sealed;
}

/** Opens a payload with the key that it names, or gives the refusal code. Changes nothing. */
export function openEnvelope(
  bytes: Bytes,
  ciphers: Ciphers,
  keys: readonly SealKey[],
  topic: string,
  payload: string,
): Opened | number {
  if (payload.length > MAX_ENVELOPE_BYTES) return Refusal.tooLong;
  const input = openBytes(bytes, payload);
  const octets = input.octets;
  if (octets[0] === 0x98 && octets[2] === 0x18 && octets[3] !== PROTOCOL_VERSION) {
    return Refusal.wrongVersion;
  }
  const envelope = decodeEnvelope(input);
  if (typeof envelope === 'number') return Refusal.notSealed;
  const sealed = envelope.sealed;
  if (sealed.length < MIN_SEALED_BYTES || sealed.length % BLOCK_BYTES !== 0) {
    return Refusal.notSealed;
  }
  const head = payload.substr(0, HEAD_BYTES);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as SealKey;
    if (key.keyId === envelope.keyId) {
      const iv = ivOf(ciphers, key, head);
      const message = openAead(bytes, ciphers, key, iv, head + topic, sealed);
      return message === null
        ? Refusal.badTag
        : { keyId: key.keyId, counter: envelope.counter, message: message };
    }
  }
  return Refusal.unknownKey;
}
