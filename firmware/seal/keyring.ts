/**
 * The unit's keys, and the only place where they are: no record of the unit holds them, and
 * nothing gives them out. What it seals and opens, it seals and opens with them.
 */
import type { Bytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import type { Ciphers } from '../../protocol/seal/ciphers.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../protocol/seal/envelope.js';
import {
  DIRECTION_BYTES,
  GENERATION_BYTES,
  KEYS_RECORD,
  packKeys,
  sealKey,
  unpackKeys,
  type SealKey,
  type StoredKeys,
} from '../../protocol/seal/keys.js';
import { readRecord, writeRecord, type Records } from '../store/records.js';

export interface Keyring {
  /** An MQTT payload, or '' for a message that is too long. */
  seal(topic: string, counter: number, message: string): string;
  /** Opens what came down on a topic, or gives the refusal code. */
  open(topic: string, payload: string): Opened | number;
  /**
   * Takes new keys: from now on the unit seals with these, and opens with these and the ones
   * before. Gives the refusal code, or null if flash did not take them.
   */
  rotate(generation: number, keys: string): number | null;
}

/** The keys themselves: known to nobody but the keyring's functions. */
interface Ring {
  readonly bytes: Bytes;
  readonly ciphers: Ciphers;
  readonly records: Records;
  up: SealKey;
  /** The present generation, and the one before if there was one. */
  down: SealKey[];
}

/**
 * Null if flash has no keys.
 * @rare
 */
export function createKeyring(bytes: Bytes, ciphers: Ciphers, records: Records): Keyring | null {
  const stored = unpackKeys(readRecord(records, KEYS_RECORD));
  if (stored === null) return null;
  const ring = { bytes: bytes, ciphers: ciphers, records: records } as Ring;
  fill(ring, stored);
  return keyringOf(ring);
}

/**
 * (Apart, because its functions keep the scope in which they are made.)
 * @rare
 */
function keyringOf(ring: Ring): Keyring {
  return {
    seal: function (topic, counter, message) {
      return sealEnvelope(ring.ciphers, ring.up, topic, counter, message);
    },
    open: function (topic, payload) {
      return openEnvelope(ring.bytes, ring.ciphers, ring.down, topic, payload);
    },
    rotate: function (generation, keys) {
      return rotate(ring, generation, keys);
    },
  };
}

/** @rare */
function fill(ring: Ring, stored: StoredKeys): void {
  const down = [sealKey(stored.generation, stored.keys.substr(0, DIRECTION_BYTES))];
  if (stored.lastDown !== '') down.push(sealKey(stored.lastGeneration, stored.lastDown));
  ring.down = down;
  ring.up = sealKey(stored.generation, stored.keys.substr(DIRECTION_BYTES));
}

/** @rare */
function rotate(ring: Ring, generation: number, keys: string): number | null {
  const records = ring.records;
  const old = unpackKeys(readRecord(records, KEYS_RECORD)) as StoredKeys;
  let present = old;
  // Told the present one again, the power failed, or memory ran out, after it was written.
  if (generation !== old.generation) {
    if (generation < old.generation || keys.length !== GENERATION_BYTES) return Refusal.badField;
    present = {
      generation: generation,
      keys: keys,
      lastGeneration: old.generation,
      lastDown: old.keys.substr(0, DIRECTION_BYTES),
    };
    if (!writeRecord(records, KEYS_RECORD, packKeys(present))) return null;
  }
  fill(ring, present);
  return Refusal.none;
}
