/** The ciphers by node:crypto. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Ciphers } from '../seal/ciphers.js';

const bytesOf = (data: string | ArrayBuffer): Buffer =>
  typeof data === 'string' ? Buffer.from(data, 'latin1') : Buffer.from(data);

/** A buffer of its own: Node's may be a part of a larger one. */
const bufferOf = (bytes: Buffer): ArrayBuffer => new Uint8Array(bytes).buffer;

const ZERO = '\0'.repeat(16);

export const nodeCiphers: Ciphers = {
  sha256: (parts) => {
    const hash = createHash('sha256');
    for (const part of parts)
      hash.update(typeof part === 'number' ? Buffer.of(part) : bytesOf(part));
    return bufferOf(hash.digest());
  },
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
