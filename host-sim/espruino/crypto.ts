/**
 * The module `crypto` of the interpreter: SHA-256 and AES-128-CBC. Rule: as on the device nothing
 * is padded, every result is an ArrayBuffer, what is no key or no whole block gives `undefined`, and
 * the functions need no `this`.
 */
import { hash } from 'node:crypto';
import { BLOCK_BYTES, decryptCbc, encryptCbc } from '../../protocol/host/aes.js';
import { toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { deviceBuffer, deviceBufferOf } from './quirks.js';

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

  // (As text and back: a Buffer of each digest costs a city more than the digest.)
  readonly SHA256 = (data: unknown): ArrayBuffer => {
    this.#machine.enter();
    return deviceBufferOf(hash('sha256', Buffer.from(toByteString(data), 'latin1'), 'binary'));
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
    return crypt(encryptCbc, data, key, options);
  };

  readonly decrypt = (
    data: unknown,
    key: unknown,
    options: Options = {},
  ): ArrayBuffer | undefined => {
    this.#machine.enter();
    return crypt(decryptCbc, data, key, options);
  };
}

const ZERO_BLOCK = '\0'.repeat(BLOCK_BYTES);

function crypt(
  cipher: typeof encryptCbc,
  data: unknown,
  key: unknown,
  { iv = '' }: Options,
): ArrayBuffer | undefined {
  const bytes = toByteString(data);
  const keyBytes = toByteString(key);
  if (keyBytes.length !== BLOCK_BYTES || bytes.length % BLOCK_BYTES !== 0) return undefined;
  // An IV that is too short is filled with zeros, and of a longer one the beginning counts.
  return deviceBuffer(cipher(bytes, keyBytes, toByteString(iv) + ZERO_BLOCK));
}
