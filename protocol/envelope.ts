/**
 * Wraps a message for its topic and unwraps it again (SPEC section 4). Here is the seam for
 * sealing: whatever proves and hides a message does it behind `Sealer`.
 */
import { openBytes, type Bytes } from './bytes.js';
import { Refusal } from './codes.js';
import { decodeEnvelope, encodeEnvelope, type Envelope } from './generated/envelope.js';
import { MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES, PROTOCOL_VERSION } from './limits.js';

/** Seals and opens bodies; bound to a topic, so that a message cannot be moved to another. */
export interface Sealer {
  /** The key that new messages are sealed with. */
  readonly keyId: number;
  /** Replaces body and tag of an envelope that is about to leave. */
  seal(envelope: Envelope, topic: string): void;
  /** Replaces the body of an envelope that came, or gives the refusal code. */
  open(envelope: Envelope, topic: string): number;
}

/** No sealing: key id 0, the body is the message, the tag is empty. */
export const unsealed: Sealer = {
  keyId: 0,
  seal: function () {},
  open: function (envelope) {
    return envelope.keyId === 0 && envelope.tag === '' ? Refusal.none : Refusal.unknownKey;
  },
};

/** An MQTT payload, or '' if the body is empty or too long (MAX_MESSAGE_BYTES). */
export function wrap(
  bytes: Bytes,
  sealer: Sealer,
  topic: string,
  epoch: number,
  sequence: number,
  body: string,
): string {
  if (body.length > MAX_MESSAGE_BYTES) return '';
  const envelope: Envelope = {
    version: PROTOCOL_VERSION,
    keyId: sealer.keyId,
    epoch: epoch,
    sequence: sequence,
    body: body,
    tag: '',
  };
  sealer.seal(envelope, topic);
  return encodeEnvelope(envelope, bytes);
}

/** The envelope with its body opened, or the refusal code. */
export function unwrap(
  bytes: Bytes,
  sealer: Sealer,
  topic: string,
  payload: string,
): Envelope | number {
  if (payload.length > MAX_ENVELOPE_BYTES) return Refusal.tooLong;
  const envelope = decodeEnvelope(openBytes(bytes, payload));
  if (typeof envelope === 'number') return envelope;
  if (envelope.version !== PROTOCOL_VERSION) return Refusal.wrongVersion;
  const refusal = sealer.open(envelope, topic);
  if (refusal !== Refusal.none) return refusal;
  return envelope.body.length > MAX_MESSAGE_BYTES ? Refusal.tooLong : envelope;
}
