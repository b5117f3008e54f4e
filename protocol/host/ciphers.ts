/** The ciphers by node:crypto. */
import { hash } from 'node:crypto';
import type { CipherData, Ciphers } from '../seal/ciphers.js';
import { BLOCK_BYTES, decryptCbc, encryptCbc } from './aes.js';

const ZERO_BLOCK = '\0'.repeat(BLOCK_BYTES);

export const nodeCiphers: Ciphers = {
  // One text and one call, which is quicker than a call for each part.
  sha256: (parts) =>
    bufferOf(hash('sha256', Buffer.from(parts.map(textOf).join(''), 'latin1'), 'buffer')),
  encrypt: (bytes, key, options) => bufferOf(encryptCbc(bytes, key, ivOf(options?.iv))),
  decrypt: (bytes, key, options) => bufferOf(decryptCbc(bytes, key, ivOf(options?.iv))),
  toText: (buffer) => Buffer.from(buffer).toString('latin1'),
};

function ivOf(iv: CipherData = ZERO_BLOCK): string {
  return textOf(iv);
}

function textOf(part: CipherData): string {
  if (typeof part === 'string') return part;
  return typeof part === 'number' ? String.fromCharCode(part) : nodeCiphers.toText(part);
}

/** A buffer of its own: Node's may be a part of a larger one. */
function bufferOf(bytes: Buffer): ArrayBuffer {
  const { buffer } = bytes;
  const isOwn = buffer instanceof ArrayBuffer && buffer.byteLength === bytes.length;
  return isOwn ? buffer : new Uint8Array(bytes).buffer;
}
