/**
 * Keys of one unit (SPEC section 4.4): one for what comes down to it, one for what it sends up, of
 * a generation that is their key id. A host derives them from the fleet's secret; a unit has them
 * only in its record `keys`.
 */
import { MAX_GENERATION, PROTOCOL_VERSION } from '../limits.js';
import { BLOCK_BYTES, aeadKey, type AeadKey } from './aead.js';

/** Name of the record that holds a unit's keys. */
export const KEYS_RECORD = 'keys';

/** One direction: 16 bytes of MAC key, 16 of cipher key, 16 of the key that makes the IVs. */
export const DIRECTION_BYTES = 48;
/** A generation: the key of the direction down, then that of the direction up. */
export const GENERATION_BYTES = 96;

export interface SealKey extends AeadKey {
  /** The generation, 1 to MAX_GENERATION. */
  readonly keyId: number;
  readonly ivKey: string;
  /** How an envelope begins that is sealed with it: all that comes before the counter. */
  readonly start: string;
}

/**
 * A direction's key, ready for use, from its DIRECTION_BYTES.
 * @rare
 */
export function sealKey(keyId: number, bytes: string): SealKey {
  const key = aeadKey(bytes);
  return {
    keyId: keyId,
    inner: key.inner,
    outer: key.outer,
    cipherKey: key.cipherKey,
    ivKey: bytes.substr(2 * BLOCK_BYTES, BLOCK_BYTES),
    start: String.fromCharCode(0x98, 4, 0x18, PROTOCOL_VERSION, 0x18, keyId, 0x1a),
  };
}

/** What the record `keys` holds: the present generation, and the one before if there was one. */
export interface StoredKeys {
  readonly generation: number;
  /** GENERATION_BYTES. */
  readonly keys: string;
  /** 0 if there is none. */
  readonly lastGeneration: number;
  /** DIRECTION_BYTES of the direction down, or ''. */
  readonly lastDown: string;
}

/** @rare */
export function packKeys(stored: StoredKeys): string {
  return (
    String.fromCharCode(stored.generation) +
    stored.keys +
    (stored.lastDown === '' ? '' : String.fromCharCode(stored.lastGeneration) + stored.lastDown)
  );
}

/**
 * The record's content, or null if it is none.
 * @rare
 */
export function unpackKeys(record: string | null): StoredKeys | null {
  const ofOne = 1 + GENERATION_BYTES;
  const ofTwo = ofOne + 1 + DIRECTION_BYTES;
  if (record === null || (record.length !== ofOne && record.length !== ofTwo)) return null;
  const generation = record.charCodeAt(0);
  if (generation < 1 || generation > MAX_GENERATION) return null;
  return {
    generation: generation,
    keys: record.substr(1, GENERATION_BYTES),
    lastGeneration: record.length === ofTwo ? record.charCodeAt(ofOne) : 0,
    lastDown: record.substr(ofOne + 1),
  };
}
