/** The ciphers by node:crypto. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { CipherData, Ciphers } from '../seal/ciphers.js';

const bytesOf = (data: string | ArrayBuffer): Buffer =>
  typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);

const textOf = (part: CipherData): string => {
  if (typeof part === 'string') return part;
  return typeof part === 'number' ? String.fromCharCode(part) : nodeCiphers.toText(part);
};

/** A buffer of its own: Node's may be a part of a larger one. */
const bufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

const ZERO = '\0'.repeat(16);

export const nodeCiphers: Ciphers = {
  // One text and one call, which is quicker than a call for each part.
  sha256: (parts) =>
    bufferOf(createHash('sha256').update(parts.map(textOf).join(''), 'latin1').digest()),
  encrypt: (bytes, key, options) =>
    bufferOf(
      createCipheriv('aes-128-cbc', bytesOf(key), bytesOf(options?.iv ?? ZERO))
        .setAutoPadding(false)
        .update(bytes, 'latin1'),
    ),
  decrypt: (bytes, key, options) =>
    bufferOf(
      createDecipheriv('aes-128-cbc', bytesOf(key), bytesOf(options?.iv ?? ZERO))
        .setAutoPadding(false)
        .update(bytes, 'latin1'),
    ),
  toText: (buffer) => Buffer.from(buffer).toString('latin1'),
};
