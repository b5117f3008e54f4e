// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME, MAX_TIME_HIGH_WORD } from '../limits.js';
import { WORD, putTime, putU32, putU8, within } from '../wire.js';

/** First element of a `hello`. */
export const HELLO_TYPE = 34;

/** The control room's presence, with its time; on its state topic also its will. */
export interface Hello {
  /** Counts the starts of the control room: a will counts only for its own session. */
  session: number;
  /** The control room's time when it sent this. */
  issuedAt: number;
  /** On duty, or away. */
  state: number;
}

/** The message as a byte string, or '' if a field is outside its limits. */
export function encodeHello(m: Hello, bytes: Bytes): string {
  if (!(
    within(m.session, 0, 4294967295) &&
    within(m.issuedAt, 0, MAX_TIME) &&
    within(m.state, 0, 255)
  )) {
    return '';
  }
  const buffer = new ArrayBuffer(20);
  const view = new DataView(buffer);
  view.setUint16(0, 38916);
  putU8(view, 2, 34);
  putU32(view, 4, m.session);
  putTime(view, 9, m.issuedAt);
  putU8(view, 18, m.state);
  return bytes.fromBuffer(buffer, 20);
}

/** The message, or the refusal code that says what is wrong with it. */
export function decodeHello(input: Octets): Hello | number {
  const octets = input.octets;
  const view = input.view;
  if (octets.length < 20) return Refusal.tooShort;
  if (octets[0] !== 0x98) return Refusal.notAnArray;
  const elements = octets[1] as number;
  if (elements < 4) return Refusal.tooShort;
  if (octets[2] !== 0x18 || octets[3] !== 34) return Refusal.wrongType;
  if (octets[4] !== 0x1a || octets[9] !== 0x1b || octets[18] !== 0x18) {
    return Refusal.badField;
  }
  const session = view.getUint32(5);
  const issuedAtHigh = view.getUint32(10);
  if (issuedAtHigh > MAX_TIME_HIGH_WORD) return Refusal.badField;
  const issuedAt = issuedAtHigh * WORD + view.getUint32(14);
  const state = octets[19] as number;

  const rest = octets.length - 20;
  if (elements === 4 ? rest !== 0 : rest < elements - 4) {
    return elements === 4 ? Refusal.trailingBytes : Refusal.tooShort;
  }
  return {
    session: session,
    issuedAt: issuedAt,
    state: state,
  };
}
