// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME, MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  UNKNOWN_U16,
  WORD,
  putTime,
  putU16,
  putU32,
  putU8,
  within,
} from '../wire.js';

/** First element of a `health`. */
export const HEALTH_TYPE = 70;

/** How the unit itself is. Counts are since power-on and stop at their greatest value. */
export interface Health {
  /** Seconds since power-on. */
  uptimeS: number;
  /** The interpreter's free variables. */
  freeVariables: number | null;
  /** Messages that were refused, whatever the code. */
  refusedMessages: number;
  /** Own messages that a full queue cost. */
  droppedMessages: number;
  /** Connections made to the broker. */
  connections: number;
  /** Exceptions that nothing caught. */
  uncaughtErrors: number;
  /** Times that the interpreter ran out of memory or stack. */
  exhaustions: number;
  /** Times that a task did not beat in time. */
  lateTasks: number;
  /** GPS sentences whose checksum was wrong. */
  badChecksums: number;
  /** GPS sentences that were malformed. */
  badSentences: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/** The message as a byte string, or '' if a field is outside its limits. */
export function encodeHealth(m: Health, bytes: Bytes): string {
  if (!(
    within(m.uptimeS, 0, 4294967294) &&
    (m.freeVariables === null || within(m.freeVariables, 0, 65534)) &&
    within(m.refusedMessages, 0, 65534) &&
    within(m.droppedMessages, 0, 65534) &&
    within(m.connections, 0, 65534) &&
    within(m.uncaughtErrors, 0, 65534) &&
    within(m.exhaustions, 0, 65534) &&
    within(m.lateTasks, 0, 65534) &&
    within(m.badChecksums, 0, 65534) &&
    within(m.badSentences, 0, 65534) &&
    (m.at === null || within(m.at, 0, MAX_TIME)) &&
    within(m.clock, 0, 255)
  )) {
    return '';
  }
  const buffer = new ArrayBuffer(47);
  const view = new DataView(buffer);
  view.setUint16(0, 38925);
  putU8(view, 2, 70);
  putU32(view, 4, m.uptimeS);
  putU16(view, 9, m.freeVariables === null ? UNKNOWN_U16 : m.freeVariables);
  putU16(view, 12, m.refusedMessages);
  putU16(view, 15, m.droppedMessages);
  putU16(view, 18, m.connections);
  putU16(view, 21, m.uncaughtErrors);
  putU16(view, 24, m.exhaustions);
  putU16(view, 27, m.lateTasks);
  putU16(view, 30, m.badChecksums);
  putU16(view, 33, m.badSentences);
  putTime(view, 36, m.at);
  putU8(view, 45, m.clock);
  return bytes.fromBuffer(buffer, 47);
}

/** The message, or the refusal code that says what is wrong with it. */
export function decodeHealth(input: Octets): Health | number {
  const octets = input.octets;
  const view = input.view;
  if (octets.length < 47) return Refusal.tooShort;
  if (octets[0] !== 0x98) return Refusal.notAnArray;
  const elements = octets[1] as number;
  if (elements < 13) return Refusal.tooShort;
  if (octets[2] !== 0x18 || octets[3] !== 70) return Refusal.wrongType;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x19 ||
    octets[12] !== 0x19 ||
    octets[15] !== 0x19 ||
    octets[18] !== 0x19 ||
    octets[21] !== 0x19 ||
    octets[24] !== 0x19 ||
    octets[27] !== 0x19 ||
    octets[30] !== 0x19 ||
    octets[33] !== 0x19 ||
    octets[36] !== 0x1b ||
    octets[45] !== 0x18
  ) {
    return Refusal.badField;
  }
  const uptimeS = view.getUint32(5);
  if (uptimeS > 4294967294) return Refusal.badField;
  const freeVariables = view.getUint16(10);
  const refusedMessages = view.getUint16(13);
  if (refusedMessages > 65534) return Refusal.badField;
  const droppedMessages = view.getUint16(16);
  if (droppedMessages > 65534) return Refusal.badField;
  const connections = view.getUint16(19);
  if (connections > 65534) return Refusal.badField;
  const uncaughtErrors = view.getUint16(22);
  if (uncaughtErrors > 65534) return Refusal.badField;
  const exhaustions = view.getUint16(25);
  if (exhaustions > 65534) return Refusal.badField;
  const lateTasks = view.getUint16(28);
  if (lateTasks > 65534) return Refusal.badField;
  const badChecksums = view.getUint16(31);
  if (badChecksums > 65534) return Refusal.badField;
  const badSentences = view.getUint16(34);
  if (badSentences > 65534) return Refusal.badField;
  const atHigh = view.getUint32(37);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(41) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(41);
  if (at !== null && atHigh > MAX_TIME_HIGH_WORD) return Refusal.badField;
  const clock = octets[46] as number;

  const rest = octets.length - 47;
  if (elements === 13 ? rest !== 0 : rest < elements - 13) {
    return elements === 13 ? Refusal.trailingBytes : Refusal.tooShort;
  }
  return {
    uptimeS: uptimeS,
    freeVariables: freeVariables === UNKNOWN_U16 ? null : freeVariables,
    refusedMessages: refusedMessages,
    droppedMessages: droppedMessages,
    connections: connections,
    uncaughtErrors: uncaughtErrors,
    exhaustions: exhaustions,
    lateTasks: lateTasks,
    badChecksums: badChecksums,
    badSentences: badSentences,
    at: at,
    clock: clock,
  };
}
