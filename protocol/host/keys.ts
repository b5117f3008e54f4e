/** A fleet's secret, and the keys of its units that follow from it (SPEC CR-120). */
import { hkdfSync } from 'node:crypto';
import { MAX_GENERATION } from '../limits.js';
import { isUnitId } from '../settings.js';
import {
  DIRECTION_BYTES,
  GENERATION_BYTES,
  packKeys,
  sealKey,
  type SealKey,
} from '../seal/keys.js';

/** Shortest secret: what HKDF stretches must not be guessed. */
export const MIN_SECRET_BYTES = 32;

const SALT = 'co-responder/1';

/** Both directions of one generation, ready for use. */
export interface UnitKeys {
  readonly down: SealKey;
  readonly up: SealKey;
}

/**
 * The bytes of one generation of a unit's keys: HKDF-SHA-256 (RFC 5869) of the fleet's secret with
 * the salt `co-responder/1` and the info `unit ID generation N`.
 * @param secret at least MIN_SECRET_BYTES, of a good random source
 * @param generation 1 to MAX_GENERATION
 * @returns a byte string of GENERATION_BYTES: down, then up
 * @throws if the secret is too short, or the unit id or the generation is none
 */
export function deriveKeyBytes(secret: Uint8Array, unitId: string, generation: number): string {
  if (secret.length < MIN_SECRET_BYTES) {
    throw new Error(
      `fleet secret: expected at least ${MIN_SECRET_BYTES} bytes, found ${secret.length}`,
    );
  }
  if (!isUnitId(unitId)) {
    throw new Error(`unit id: expected 1 to 16 of A–Z, a–z, 0–9, - and _, found ${unitId}`);
  }
  if (!Number.isInteger(generation) || generation < 1 || generation > MAX_GENERATION) {
    throw new Error(`generation: expected 1 to ${MAX_GENERATION}, found ${generation}`);
  }
  const info = `unit ${unitId} generation ${generation}`;
  const bytes = hkdfSync('sha256', secret, SALT, info, GENERATION_BYTES);
  return Buffer.from(bytes).toString('latin1');
}

/** One generation of a unit's keys, ready for use; see `deriveKeyBytes`. */
export function deriveKeys(secret: Uint8Array, unitId: string, generation: number): UnitKeys {
  const bytes = deriveKeyBytes(secret, unitId, generation);
  return {
    down: sealKey(generation, bytes.substring(0, DIRECTION_BYTES)),
    up: sealKey(generation, bytes.substring(DIRECTION_BYTES)),
  };
}

/** The value of a unit's record `keys`, for who provisions it (SPEC CR-122). */
export function keysRecord(secret: Uint8Array, unitId: string, generation: number): string {
  const keys = deriveKeyBytes(secret, unitId, generation);
  return packKeys({ generation, keys, lastGeneration: 0, lastDown: '' });
}
