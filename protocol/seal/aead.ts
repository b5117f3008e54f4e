/**
 * AES_128_CBC_HMAC_SHA_256 (RFC 7518, 5.2.3): encrypt, then authenticate. Byte strings in, byte
 * strings out; who calls sees to it that no IV is used twice with a key.
 */
import type { Bytes } from '../bytes.js';
import { TAG_BYTES } from '../limits.js';
import type { Ciphers } from './ciphers.js';

/** AES-128: its block, and each of the two keys. */
export const BLOCK_BYTES = 16;

export interface AeadKey {
  /** The MAC key's two pads of HMAC (RFC 2104), each a block of SHA-256: made once a key. */
  readonly inner: string;
  readonly outer: string;
  readonly cipherKey: string;
}

/** A key from its bytes: 16 of the MAC key, then 16 of the cipher's key (RFC 7518, 5.2.2.1). */
export function aeadKey(bytes: string): AeadKey {
  let inner = '';
  let outer = '';
  for (let i = 0; i < BLOCK_BYTES; i++) {
    inner += String.fromCharCode(bytes.charCodeAt(i) ^ 0x36);
    outer += String.fromCharCode(bytes.charCodeAt(i) ^ 0x5c);
  }
  return {
    // What the key leaves of the 64 bytes is zero before the XOR.
    inner: inner + '\x36'.repeat(48),
    outer: outer + '\x5c'.repeat(48),
    cipherKey: bytes.substr(BLOCK_BYTES, BLOCK_BYTES),
  };
}

/** The first half of the HMAC over what RFC 7518 5.2.2.1 gives: A, IV, E and the length of A. */
function tagOf(ciphers: Ciphers, key: AeadKey, iv: string, aad: string, cipher: string): string {
  const bits = aad.length * 8;
  const length = '\0\0\0\0\0\0' + String.fromCharCode(bits >> 8, bits & 255);
  const digest = ciphers.sha256(key.inner + aad + iv + cipher + length);
  return ciphers.sha256(key.outer + digest).substr(0, TAG_BYTES);
}

/** PKCS #7: 1 to 16 bytes, each of which says how many they are (RFC 5652, 6.3). */
function padding(count: number): string {
  return String.fromCharCode(count).repeat(count);
}

/**
 * Ciphertext and tag.
 * @param iv 16 bytes, never used before with this key
 * @param aad at most 8191 bytes that are authenticated and not sent
 */
export function sealAead(
  ciphers: Ciphers,
  key: AeadKey,
  iv: string,
  aad: string,
  plain: string,
): string {
  const padded = plain + padding(BLOCK_BYTES - (plain.length & (BLOCK_BYTES - 1)));
  const cipher = ciphers.encryptCbc(key.cipherKey, iv, padded);
  return cipher + tagOf(ciphers, key, iv, aad, cipher);
}

/**
 * What was sealed, or null: not ours, or altered. Nothing is deciphered before the tag is right,
 * and a wrong padding is told like a wrong tag.
 * @param sealed ciphertext and tag: at least two blocks, and whole ones
 */
export function openAead(
  bytes: Bytes,
  ciphers: Ciphers,
  key: AeadKey,
  iv: string,
  aad: string,
  sealed: string,
): string | null {
  const end = sealed.length - TAG_BYTES;
  const cipher = sealed.substr(0, end);
  if (!isSame(bytes, tagOf(ciphers, key, iv, aad, cipher), sealed.substr(end))) return null;
  const padded = ciphers.decryptCbc(key.cipherKey, iv, cipher);
  const count = padded.charCodeAt(end - 1);
  const isPadded = count > 0 && count <= BLOCK_BYTES && padded.substr(end - count) === padding(count);
  return isPadded ? padded.substr(0, end - count) : null;
}

/** Compares two tags as a whole: the time does not tell where they differ. */
function isSame(bytes: Bytes, tag: string, other: string): boolean {
  const a = new Uint32Array(bytes.toBuffer(tag)) as unknown as Words;
  const b = new Uint32Array(bytes.toBuffer(other)) as unknown as Words;
  return ((a[0] ^ b[0]) | (a[1] ^ b[1]) | (a[2] ^ b[2]) | (a[3] ^ b[3])) === 0;
}

/** A tag as four words. */
type Words = readonly [number, number, number, number];
