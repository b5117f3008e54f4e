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

/**
 * Null if flash has no keys.
 * @rare
 */
export function createKeyring(bytes: Bytes, ciphers: Ciphers, records: Records): Keyring | null {
  let up: SealKey;
  let down: SealKey[];
  function load(from: StoredKeys): void {
    up = sealKey(from.generation, from.keys.substr(DIRECTION_BYTES));
    down = [sealKey(from.generation, from.keys.substr(0, DIRECTION_BYTES))];
    if (from.lastDown !== '') down.push(sealKey(from.lastGeneration, from.lastDown));
  }

  const stored = unpackKeys(readRecord(records, KEYS_RECORD));
  if (stored === null) return null;
  load(stored);

  return {
    seal: function (topic, counter, message) {
      return sealEnvelope(ciphers, up, topic, counter, message);
    },
    open: function (topic, payload) {
      return openEnvelope(bytes, ciphers, down, topic, payload);
    },
    rotate: function (generation, keys) {
      const old = unpackKeys(readRecord(records, KEYS_RECORD)) as StoredKeys;
      if (generation === old.generation) {
        // Told again: the power failed, or memory ran out, after they were written.
        load(old);
        return Refusal.none;
      }
      if (generation < old.generation || keys.length !== GENERATION_BYTES) return Refusal.badField;
      const next = {
        generation: generation,
        keys: keys,
        lastGeneration: old.generation,
        lastDown: old.keys.substr(0, DIRECTION_BYTES),
      };
      if (!writeRecord(records, KEYS_RECORD, packKeys(next))) return null;
      load(next);
      return Refusal.none;
    },
  };
}
