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
  /** Payloads refused with `tooLong`. */
  refusedTooLong: number;
  /** With `wrongVersion`. */
  refusedWrongVersion: number;
  /** With `notSealed`. */
  refusedNotSealed: number;
  /** With `unknownKey`. */
  refusedUnknownKey: number;
  /** With `badTag`. */
  refusedBadTag: number;
  /** With `replayed`. */
  refusedReplayed: number;
  /** With `stale`. */
  refusedStale: number;
  /** With `fromFuture`. */
  refusedFromFuture: number;
  /** With `wrongUnit`. */
  refusedWrongUnit: number;
  /** With `wrongDirection`. */
  refusedWrongDirection: number;
  /** Opened, but malformed: any other code below 32. */
  refusedMalformed: number;
  /** Own messages that a full queue cost. */
  droppedMessages: number;
  /** Connections made to the broker. */
  connections: number;
  /** Times that the link was mended by joining the network anew. */
  recoveries: number;
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
  /** Why the unit was started. */
  restartCause: number;
  /** What the interpreter has run out of since it started, or else in the run before; 0 if nothing is known. */
  ranOut: number;
  /** Starts before this one that failed, in a row, with those of a bundle that was given up. */
  failedBoots: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeHealth(m: Health, bytes: Bytes): string {
  return encodeItems(bytes, 'bdWwwwwwwwwwwwwwwwwwwwbbbTb', 86, [
    70,
    m.uptimeS,
    m.freeVariables,
    m.refusedTooLong,
    m.refusedWrongVersion,
    m.refusedNotSealed,
    m.refusedUnknownKey,
    m.refusedBadTag,
    m.refusedReplayed,
    m.refusedStale,
    m.refusedFromFuture,
    m.refusedWrongUnit,
    m.refusedWrongDirection,
    m.refusedMalformed,
    m.droppedMessages,
    m.connections,
    m.recoveries,
    m.uncaughtErrors,
    m.exhaustions,
    m.lateTasks,
    m.badChecksums,
    m.badSentences,
    m.restartCause,
    m.ranOut,
    m.failedBoots,
    m.at,
    m.clock,
  ]);
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeHealth(input: Octets): Health | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 86 || view.getUint32(0) !== 0x981b1846) {
    const wrongHead = headRefusal(octets, 86, 27, 70);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const uptimeS = view.getUint32(5);
  const freeVariables = view.getUint16(10);
  const refusedTooLong = view.getUint16(13);
  const refusedWrongVersion = view.getUint16(16);
  const refusedNotSealed = view.getUint16(19);
  const refusedUnknownKey = view.getUint16(22);
  const refusedBadTag = view.getUint16(25);
  const refusedReplayed = view.getUint16(28);
  const refusedStale = view.getUint16(31);
  const refusedFromFuture = view.getUint16(34);
  const refusedWrongUnit = view.getUint16(37);
  const refusedWrongDirection = view.getUint16(40);
  const refusedMalformed = view.getUint16(43);
  const droppedMessages = view.getUint16(46);
  const connections = view.getUint16(49);
  const recoveries = view.getUint16(52);
  const uncaughtErrors = view.getUint16(55);
  const exhaustions = view.getUint16(58);
  const lateTasks = view.getUint16(61);
  const badChecksums = view.getUint16(64);
  const badSentences = view.getUint16(67);
  const restartCause = octets[70] as number;
  const ranOut = octets[72] as number;
  const failedBoots = octets[74] as number;
  const atHigh = view.getUint32(76);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(80) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(80);
  const clock = octets[85] as number;
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
    octets[36] !== 0x19 ||
    octets[39] !== 0x19 ||
    octets[42] !== 0x19 ||
    octets[45] !== 0x19 ||
    octets[48] !== 0x19 ||
    octets[51] !== 0x19 ||
    octets[54] !== 0x19 ||
    octets[57] !== 0x19 ||
    octets[60] !== 0x19 ||
    octets[63] !== 0x19 ||
    octets[66] !== 0x19 ||
    octets[69] !== 0x18 ||
    octets[71] !== 0x18 ||
    octets[73] !== 0x18 ||
    octets[75] !== 0x1b ||
    octets[84] !== 0x18 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }

  if (octets[1] !== 27 || size !== 86) {
    const wrongRest = restRefusal(octets, 27, 86);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    uptimeS: uptimeS,
    freeVariables: freeVariables === UNKNOWN_U16 ? null : freeVariables,
    refusedTooLong: refusedTooLong,
    refusedWrongVersion: refusedWrongVersion,
    refusedNotSealed: refusedNotSealed,
    refusedUnknownKey: refusedUnknownKey,
    refusedBadTag: refusedBadTag,
    refusedReplayed: refusedReplayed,
    refusedStale: refusedStale,
    refusedFromFuture: refusedFromFuture,
    refusedWrongUnit: refusedWrongUnit,
    refusedWrongDirection: refusedWrongDirection,
    refusedMalformed: refusedMalformed,
    droppedMessages: droppedMessages,
    connections: connections,
    recoveries: recoveries,
    uncaughtErrors: uncaughtErrors,
    exhaustions: exhaustions,
    lateTasks: lateTasks,
    badChecksums: badChecksums,
    badSentences: badSentences,
    restartCause: restartCause,
    ranOut: ranOut,
    failedBoots: failedBoots,
    at: at,
    clock: clock,
  };
}
