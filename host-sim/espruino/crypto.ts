/**
 * The module `crypto` of the interpreter: SHA-256 and AES-128-CBC. Rule: as on the device nothing
 * is padded, every result is an ArrayBuffer, what is no key or no whole block gives `undefined`, and
 * the functions need no `this`.
 */
import { createCipheriv, createDecipheriv, hash } from 'node:crypto';
import { toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { deviceBuffer } from './quirks.js';

/** A block, and a key. */
const BLOCK_BYTES = 16;

interface Options {
  readonly iv?: unknown;
}

export class CryptoModule {
  readonly AES: AesModule;
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
    this.AES = new AesModule(machine);
  }

  readonly SHA256 = (data: unknown): ArrayBuffer => {
    this.#machine.enter();
    return deviceBuffer(hash('sha256', bytesOf(data), 'buffer'));
  };
}

class AesModule {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  readonly encrypt = (
    data: unknown,
    key: unknown,
    options: Options = {},
  ): ArrayBuffer | undefined => {
    this.#machine.enter();
    return crypt(createCipheriv, data, key, options);
  };

  readonly decrypt = (
    data: unknown,
    key: unknown,
    options: Options = {},
  ): ArrayBuffer | undefined => {
    this.#machine.enter();
    return crypt(createDecipheriv, data, key, options);
  };
}

function crypt(
  create: typeof createCipheriv | typeof createDecipheriv,
  data: unknown,
  key: unknown,
  { iv = '' }: Options,
): ArrayBuffer | undefined {
  const bytes = bytesOf(data);
  const keyBytes = bytesOf(key);
  if (keyBytes.length !== BLOCK_BYTES || bytes.length % BLOCK_BYTES !== 0) return undefined;
  // An IV that is too short is filled with zeros, and of a longer one the beginning counts.
  const ivBytes = Buffer.alloc(BLOCK_BYTES);
  bytesOf(iv).copy(ivBytes);
  const cipher = create('aes-128-cbc', keyBytes, ivBytes).setAutoPadding(false);
  return deviceBuffer(Buffer.concat([cipher.update(bytes), cipher.final()]));
}

function bytesOf(data: unknown): Buffer {
  return Buffer.from(toByteString(data), 'latin1');
}
