/** A key, and envelopes that are sealed with it: for the tests of both. */
import fc from 'fast-check';
import { hostBytes } from '../../../protocol/bytes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { MAX_MESSAGE_BYTES } from '../../../protocol/limits.js';
import type { Ciphers } from '../../../protocol/seal/ciphers.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../../protocol/seal/envelope.js';
import { sealKey, type SealKey } from '../../../protocol/seal/keys.js';
import { downTopic } from '../../../protocol/topics.js';
import { byteStream, referenceKey } from './reference.js';

export const TOPIC = downTopic('ZD-41');
export const KEY_BYTES = byteStream(7)(48);
export const KEY = sealKey(5, KEY_BYTES.toString('latin1'));
/** The same key under another key id. */
export const named = (keyId: number): SealKey => sealKey(keyId, KEY_BYTES.toString('latin1'));
export const REFERENCE = referenceKey(KEY_BYTES);
export const OTHER = sealKey(6, byteStream(8)(48).toString('latin1'));

export function seal(message: string, counter = 1000, key = KEY, topic = TOPIC): string {
  return sealEnvelope(nodeCiphers, key, topic, counter, message);
}

export function opened(
  payload: string,
  keys: readonly SealKey[] = [KEY],
  topic = TOPIC,
): Opened | number {
  return openEnvelope(hostBytes, nodeCiphers, keys, topic, payload);
}

export const latin1 = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
export const messages = fc.uint8Array({ minLength: 1, maxLength: MAX_MESSAGE_BYTES }).map(latin1);
export const counters = fc.integer({ min: 1, max: 0xffffffff });

/** Ciphers that note what was asked of them, turning buffers into text left out. */
export function spied(): { ciphers: Ciphers; calls: string[] } {
  const calls: string[] = [];
  const ciphers = Object.fromEntries(
    Object.entries(nodeCiphers).map(([name, call]) => [
      name,
      (...args: string[]) => {
        if (name !== 'toText') calls.push(name);
        return (call as (...args: string[]) => string)(...args);
      },
    ]),
  ) as unknown as Ciphers;
  return { ciphers, calls };
}
