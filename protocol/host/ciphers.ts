/** The ciphers by node:crypto. */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Ciphers } from '../seal/ciphers.js';

const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1');

export const nodeCiphers: Ciphers = {
  sha256: (bytes) => createHash('sha256').update(bytes, 'latin1').digest('binary'),
  encryptBlock: (key, block) =>
    createCipheriv('aes-128-ecb', bytesOf(key), null)
      .setAutoPadding(false)
      .update(block, 'latin1', 'latin1'),
  encryptCbc: (key, iv, bytes) =>
    createCipheriv('aes-128-cbc', bytesOf(key), bytesOf(iv))
      .setAutoPadding(false)
      .update(bytes, 'latin1', 'latin1'),
  decryptCbc: (key, iv, bytes) =>
    createDecipheriv('aes-128-cbc', bytesOf(key), bytesOf(iv))
      .setAutoPadding(false)
      .update(bytes, 'latin1', 'latin1'),
};
