// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { NO_TYPE, encodeItems, headRefusal, restRefusal, stringLength, within } from '../wire.js';

/** Carries one message. With key id 0 the body is the message itself and the tag is empty. */
export interface Envelope {
  /** Protocol version. */
  version: number;
  /** Key that the body is sealed with; 0 for none. */
  keyId: number;
  /** Counts the sender's starts; kept in its store. */
  epoch: number;
  /** Counts the messages of an epoch, from 1. */
  sequence: number;
  /** The message, sealed or plain. */
  body: string;
  /** Authentication tag. */
  tag: string;
}

/** The message as a byte string, or '' if a field is outside its limits. */
export function encodeEnvelope(m: Envelope, bytes: Bytes): string {
  return within(m.body.length, 1, 240) && within(m.tag.length, 0, 16)
    ? encodeItems(bytes, 'bbddxx', 16, [m.version, m.keyId, m.epoch, m.sequence, m.body, m.tag])
    : '';
}

/** The message, or the refusal code that says what is wrong with it. */
export function decodeEnvelope(input: Octets): Envelope | number {
  const octets = input.octets;
  const view = input.view;
  const wrongHead = headRefusal(octets, 16, 6, NO_TYPE);
  if (wrongHead !== Refusal.none) return wrongHead;
  const version = octets[3] as number;
  const keyId = octets[5] as number;
  const epoch = view.getUint32(7);
  const sequence = view.getUint32(12);
  if (octets[2] !== 0x18 || octets[4] !== 0x18 || octets[6] !== 0x1a || octets[11] !== 0x1a) {
    return Refusal.badField;
  }
  const length0 = stringLength(input, 16, 0x58, 240);
  if (length0 < 1) return Refusal.badField;
  const body = input.bytes.substr(16 + 2, length0);
  const end0 = 16 + 2 + length0;
  const length1 = stringLength(input, end0, 0x58, 16);
  if (length1 < 0) return Refusal.badField;
  const tag = input.bytes.substr(end0 + 2, length1);
  const end1 = end0 + 2 + length1;
  const wrongRest = restRefusal(octets, 6, end1);
  if (wrongRest !== Refusal.none) return wrongRest;
  return {
    version: version,
    keyId: keyId,
    epoch: epoch,
    sequence: sequence,
    body: body,
    tag: tag,
  };
}
