/** A message of the protocol as people read it: opened if it is sealed, each field with its unit. */
import { hostBytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { nodeCiphers } from '../../protocol/host/ciphers.js';
import { deriveKeys } from '../../protocol/host/keys.js';
import { decodeMessage, inWords, nameOf, tableOf } from '../../protocol/host/messages.js';
import { MAX_ENVELOPE_BYTES, PROTOCOL_VERSION } from '../../protocol/limits.js';
import { openEnvelope } from '../../protocol/seal/envelope.js';
import type { MessageTable } from '../../protocol/table.js';
import { downTopic, stateTopic, unitOfTopic, upTopic } from '../../protocol/topics.js';

export interface DecodedField {
  readonly name: string;
  /** With codes by their names; keys are never shown. */
  readonly value: number | string | null;
  readonly unit: string;
  readonly about: string;
}

export interface Decoded {
  readonly name: string;
  readonly direction: MessageTable['direction'];
  readonly fields: readonly DecodedField[];
  /** Of what was sealed. */
  readonly seal?: {
    readonly unit: string;
    readonly topic: string;
    readonly generation: number;
    readonly counter: number;
  };
}

/** What a sealed message can have been sealed for. */
export interface Candidates {
  readonly secret: Uint8Array;
  readonly topics: readonly string[];
}

/** Bytes of an envelope that say which it is: `98 04 18 version 18 keyId`. */
const VERSION_OFFSET = 3;
const KEY_ID_OFFSET = 5;

/** Unit of a time. */
export const SINCE_1970 = 'ms since 1970';

export const topicsOf = (unitId: string) => [
  upTopic(unitId),
  stateTopic(unitId),
  downTopic(unitId),
];

/** No message has the number 1 as its type. */
export function isSealed(payload: Uint8Array): boolean {
  return payload[0] === 0x98 && payload[VERSION_OFFSET] === PROTOCOL_VERSION;
}

/**
 * @param candidates only needed for what is sealed
 * @returns a text that says why it cannot be read
 */
export function decode(payload: Uint8Array, candidates: Candidates | null): Decoded | string {
  if (payload.length > MAX_ENVELOPE_BYTES) {
    return `expected at most ${MAX_ENVELOPE_BYTES} bytes, found ${payload.length}`;
  }
  const bytes = Buffer.from(payload).toString('latin1');
  if (!isSealed(payload)) return decodePlain(bytes);
  if (!candidates) return 'it is sealed: name the fleet whose it is by --fleet';
  const keyId = payload[KEY_ID_OFFSET] ?? 0;
  if (keyId === 0) return 'key id: expected 1 to 255, found 0';
  let refusal: number = Refusal.unknownKey;
  for (const topic of candidates.topics) {
    const unit = unitOfTopic(topic);
    const keys = deriveKeys(candidates.secret, unit, keyId);
    const key = topic === downTopic(unit) ? keys.down : keys.up;
    const opened = openEnvelope(hostBytes, nodeCiphers, [key], topic, bytes);
    if (typeof opened === 'number') {
      refusal = opened;
      continue;
    }
    const decoded = decodePlain(opened.message);
    const seal = { unit, topic, generation: opened.keyId, counter: opened.counter };
    return typeof decoded === 'string' ? decoded : { ...decoded, seal };
  }
  return `it does not open: ${nameOf(Refusal, refusal)}, with the keys of ${candidates.topics.length} topics`;
}

function decodePlain(bytes: string): Decoded | string {
  const decoded = decodeMessage(bytes);
  if (typeof decoded === 'number') return `it is no message: ${nameOf(Refusal, decoded)}`;
  const { name, message } = decoded;
  const { direction, fields } = tableOf(name);
  const words = inWords(name, message);
  return {
    name,
    direction,
    fields: fields.map((field) => {
      const value = words[field.name] ?? null;
      const isKey = field.kind === 'bytes';
      return {
        name: field.name,
        value: isKey ? `${String(value).length} bytes, not shown` : value,
        unit: field.unit ?? (field.kind === 'time' ? SINCE_1970 : ''),
        about: field.about,
      };
    }),
  };
}

/** Hex or base64, as it looks. @returns null if it is neither */
export function bytesOf(text: string): Buffer | null {
  const trimmed = text.replace(/\s+/g, '');
  if (trimmed === '') return null;
  if (/^([0-9a-f]{2})+$/i.test(trimmed)) return Buffer.from(trimmed, 'hex');
  const bytes = Buffer.from(trimmed, 'base64');
  return bytes.toString('base64') === trimmed ? bytes : null;
}

/** A line of a capture: anything, topic, payload; as `mosquitto_sub -F '%U %t %x'` prints it. */
export function captured(line: string): { topic: string; payload: Buffer } | string {
  const words = line.trim().split(/\s+/);
  const [topic, text] = words.slice(-2);
  if (topic === undefined || text === undefined) return 'expected a topic and a payload';
  if (unitOfTopic(topic) === '') return `expected a topic of a unit, found ${topic.slice(0, 80)}`;
  const payload = bytesOf(text);
  if (!payload) return `expected a payload in hex or base64, found ${text.slice(0, 20)}…`;
  return { topic, payload };
}
