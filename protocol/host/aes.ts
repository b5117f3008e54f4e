/**
 * AES-128-CBC of byte strings (NIST SP 800-38A, 6.2) by node:crypto, with one cipher for each key
 * that is used over and over: to make one for each message costs several times what the message
 * does. One that goes on chains each text to the last block before it; what is put in or comes out
 * has that taken from it, and the IV in its place.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';

/** A block, and a key. */
export const BLOCK_BYTES = 16;
/** Each way, of less than a kilobyte each: 20,000 units need 80,000. Beyond it all are made anew. */
export const MAX_KEPT = 100_000;

interface Kept {
  update(data: Buffer): Buffer;
  /** The last block of ciphertext, to which the next one would be chained. */
  readonly chained: Uint8Array;
}

const encrypting = new Map<string, Kept>();
const decrypting = new Map<string, Kept>();
let scratch = Buffer.alloc(1024);

/**
 * @param text whole blocks
 * @param key BLOCK_BYTES
 * @param iv at least BLOCK_BYTES, of which the first count
 * @throws if a length is another
 */
export function encryptCbc(text: string, key: string, iv: string): Buffer {
  checkLengths(text, iv);
  if (text === '') return Buffer.alloc(0);
  const kept = keptFor(encrypting, key, createCipheriv);
  const { chained } = kept;
  const bytes = bytesOf(text);
  for (let i = 0; i < BLOCK_BYTES; i++) {
    bytes[i] = (bytes[i] as number) ^ (chained[i] as number) ^ iv.charCodeAt(i);
  }
  const result = kept.update(bytes);
  for (let i = 0, from = text.length - BLOCK_BYTES; i < BLOCK_BYTES; i++) {
    chained[i] = result[from + i] as number;
  }
  return result;
}

/** The other way; parameters as of `encryptCbc`. */
export function decryptCbc(text: string, key: string, iv: string): Buffer {
  checkLengths(text, iv);
  if (text === '') return Buffer.alloc(0);
  const kept = keptFor(decrypting, key, createDecipheriv);
  const { chained } = kept;
  const result = kept.update(bytesOf(text));
  for (let i = 0, from = text.length - BLOCK_BYTES; i < BLOCK_BYTES; i++) {
    result[i] = (result[i] as number) ^ (chained[i] as number) ^ iv.charCodeAt(i);
    chained[i] = text.charCodeAt(from + i);
  }
  return result;
}

/** A part of a block would stay in the cipher, and spoil the next text. */
function checkLengths(text: string, iv: string): void {
  if (text.length % BLOCK_BYTES === 0 && iv.length >= BLOCK_BYTES) return;
  throw new Error(
    `AES-128-CBC: expected whole blocks of ${BLOCK_BYTES} bytes and an IV of one, ` +
      `found ${text.length} bytes and ${iv.length}`,
  );
}

function keptFor(
  known: Map<string, Kept>,
  key: string,
  create: typeof createCipheriv | typeof createDecipheriv,
): Kept {
  let kept = known.get(key);
  if (!kept) {
    if (known.size >= MAX_KEPT) known.clear();
    const zero = Buffer.alloc(BLOCK_BYTES);
    const cipher = create('aes-128-cbc', Buffer.from(key, 'latin1'), zero).setAutoPadding(false);
    kept = { update: (data) => cipher.update(data), chained: new Uint8Array(BLOCK_BYTES) };
    known.set(key, kept);
  }
  return kept;
}

/** Until the next call. */
function bytesOf(text: string): Buffer {
  if (text.length > scratch.length) scratch = Buffer.alloc(2 * text.length);
  return scratch.subarray(0, scratch.write(text, 'latin1'));
}
