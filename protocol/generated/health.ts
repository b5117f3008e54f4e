// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  UNKNOWN_U16,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
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
  /** Times that the interpreter ran out of memory or stack, or lost input. */
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
  return encodeItems(bytes, 'bdWwwwwwwwwTb', 47, [
    70,
    m.uptimeS,
    m.freeVariables,
    m.refusedMessages,
    m.droppedMessages,
    m.connections,
    m.uncaughtErrors,
    m.exhaustions,
    m.lateTasks,
    m.badChecksums,
    m.badSentences,
    m.at,
    m.clock,
  ]);
}

/** The message, or the refusal code that says what is wrong with it. */
export function decodeHealth(input: Octets): Health | number {
  const octets = input.octets;
  const view = input.view;
  const wrongHead = headRefusal(octets, 47, 13, 70);
  if (wrongHead !== Refusal.none) return wrongHead;
  const uptimeS = view.getUint32(5);
  const freeVariables = view.getUint16(10);
  const refusedMessages = view.getUint16(13);
  const droppedMessages = view.getUint16(16);
  const connections = view.getUint16(19);
  const uncaughtErrors = view.getUint16(22);
  const exhaustions = view.getUint16(25);
  const lateTasks = view.getUint16(28);
  const badChecksums = view.getUint16(31);
  const badSentences = view.getUint16(34);
  const atHigh = view.getUint32(37);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(41) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(41);
  const clock = octets[46] as number;
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
    octets[45] !== 0x18 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  const wrongRest = restRefusal(octets, 13, 47);
  if (wrongRest !== Refusal.none) return wrongRest;
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
