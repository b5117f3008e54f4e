/**
 * The port to the ciphers: what the device has natively and rightly, in the form in which it has
 * it, so that no call of the unit's own lies in between. Not CTR, whose counter block the device
 * ignores; not GCM or CCM, which it lacks.
 */

/** Bytes as the ciphers take them: one character, one byte; or a number that is one byte. */
export type CipherData = string | ArrayBuffer | number;

export interface Ciphers {
  /** SHA-256 (FIPS 180-4) of the parts one after the other: 32 bytes. */
  sha256(parts: readonly CipherData[]): ArrayBuffer;
  /**
   * AES-128-CBC (NIST SP 800-38A, 6.2) of whole blocks, without padding of its own. Without an IV
   * that is zero: one block is then enciphered by AES alone (FIPS 197).
   */
  encrypt(bytes: string, key: string, options?: CipherOptions): ArrayBuffer;
  decrypt(bytes: string, key: string, options?: CipherOptions): ArrayBuffer;
  /** A buffer's bytes as a byte string. */
  toText(buffer: ArrayBuffer): string;
}

export interface CipherOptions {
  readonly iv: string | ArrayBuffer;
}
