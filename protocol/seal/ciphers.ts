/**
 * The port to the ciphers: what the device has natively and rightly. All are byte strings (one
 * character, one byte). Not CTR, whose counter block the device ignores; not GCM or CCM, which it
 * lacks.
 */
export interface Ciphers {
  /** SHA-256 (FIPS 180-4): 32 bytes. */
  sha256(bytes: string): string;
  /** One block of 16 bytes by AES-128 (FIPS 197). */
  encryptBlock(key: string, block: string): string;
  /** AES-128-CBC (NIST SP 800-38A, 6.2) of whole blocks, without padding of its own. */
  encryptCbc(key: string, iv: string, bytes: string): string;
  decryptCbc(key: string, iv: string, bytes: string): string;
}
