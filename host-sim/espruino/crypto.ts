/**
 * The module `crypto` of the interpreter: SHA-256 and AES in the modes CBC and ECB. Rule: as on the
 * device nothing is padded, every result is an ArrayBuffer, what is no whole block is an error that
 * leaves `undefined`, and the functions need no `this`.
 */
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

const BLOCK_BYTES = 16;

interface Options {
  readonly mode?: unknown;
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
    return deviceBuffer(createHash('sha256').update(bytesOf(data)).digest());
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
  { mode = 'CBC', iv = '' }: Options,
): ArrayBuffer | undefined {
  const bytes = bytesOf(data);
  const keyBytes = bytesOf(key);
  if (mode !== 'CBC' && mode !== 'ECB') {
    throw new realm.Error(`the stand-in has no AES mode ${String(mode)}`);
  }
  if (![16, 24, 32].includes(keyBytes.length)) throw new realm.Error('Invalid key length');
  if (bytes.length % BLOCK_BYTES !== 0) throw new realm.Error('Invalid input length');
  // An IV that is too short is filled with zeros, and of a longer one the beginning counts.
  const ivBytes = mode === 'CBC' ? Buffer.alloc(BLOCK_BYTES) : null;
  if (ivBytes) bytesOf(iv).copy(ivBytes);
  const name = `aes-${keyBytes.length * 8}-${mode.toLowerCase()}`;
  const cipher = create(name, keyBytes, ivBytes).setAutoPadding(false);
  return deviceBuffer(Buffer.concat([cipher.update(bytes), cipher.final()]));
}

function bytesOf(data: unknown): Buffer {
  return Buffer.from(toByteString(data), 'latin1');
}

function deviceBuffer(bytes: Buffer): ArrayBuffer {
  return new realm.Uint8Array(bytes).buffer as ArrayBuffer;
}
