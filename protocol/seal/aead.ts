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

/** Its first half is the tag: the HMAC of A, IV, E and the length of A (RFC 7518, 5.2.2.1). */
function hmacOf(
  ciphers: Ciphers,
  key: AeadKey,
  iv: string | ArrayBuffer,
  aad: string,
  cipher: string,
): ArrayBuffer {
  const bits = aad.length * 8;
  const text = [key.inner, aad, iv, cipher, '\0\0\0\0\0\0', bits >> 8, bits & 255];
  const digest = ciphers.sha256(text);
  return ciphers.sha256([key.outer, digest]);
}

/**
 * Ciphertext and tag.
 * @param iv 16 bytes, never used before with this key
 * @param aad at most 8191 bytes that are authenticated and not sent
 */
export function sealAead(
  ciphers: Ciphers,
  key: AeadKey,
  iv: string | ArrayBuffer,
  aad: string,
  plain: string,
): string {
  // PKCS #7: 1 to 16 bytes, each of which says how many they are (RFC 5652, 6.3).
  const count = BLOCK_BYTES - (plain.length & (BLOCK_BYTES - 1));
  const padded = plain + String.fromCharCode(count).repeat(count);
  const cipher = ciphers.toText(ciphers.encrypt(padded, key.cipherKey, { iv: iv }));
  const hmac = hmacOf(ciphers, key, iv, aad, cipher);
  return cipher + ciphers.toText(hmac).substr(0, TAG_BYTES);
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
  iv: string | ArrayBuffer,
  aad: string,
  sealed: string,
): string | null {
  const end = sealed.length - TAG_BYTES;
  return openTagged(bytes, ciphers, key, iv, aad, sealed.substr(0, end), sealed.substr(end));
}

/**
 * The same of ciphertext and tag apart, for who has both within something longer.
 * @resident
 */
export function openTagged(
  bytes: Bytes,
  ciphers: Ciphers,
  key: AeadKey,
  iv: string | ArrayBuffer,
  aad: string,
  cipher: string,
  tag: string,
): string | null {
  const own = new Uint32Array(hmacOf(ciphers, key, iv, aad, cipher)) as unknown as Words;
  const other = new Uint32Array(bytes.toBuffer(tag)) as unknown as Words;
  // As a whole: the time does not tell where they differ.
  if ((own[0] ^ other[0]) | (own[1] ^ other[1]) | (own[2] ^ other[2]) | (own[3] ^ other[3])) {
    return null;
  }
  const padded = ciphers.toText(ciphers.decrypt(cipher, key.cipherKey, { iv: iv }));
  const count = padded.charCodeAt(padded.length - 1);
  const end = padded.length - count;
  const isPadded =
    count > 0 &&
    count <= BLOCK_BYTES &&
    padded.substr(end) === String.fromCharCode(count).repeat(count);
  return isPadded ? padded.substr(0, end) : null;
}

/** A tag as four words. */
type Words = readonly [number, number, number, number];
