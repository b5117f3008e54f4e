// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import {
  UNKNOWN_TIME_HIGH,
  UNKNOWN_TIME_LOW,
  WORD,
  encodeItems,
  headRefusal,
  restRefusal,
  within,
} from '../wire.js';

/** First element of a `birth`. */
export const BIRTH_TYPE = 64;

/** The unit is connected and subscribed. Retained on its state topic. */
export interface Birth {
  /** Greater with every connection of this unit, for life; its will has the same. */
  birthCounter: number;
  /** Highest counter that the unit has taken from the control room; 0 for none. */
  heardCounter: number;
  /** Of the settings in use; 0 for those that every unit begins with. */
  configVersion: number;
  /** Vehicle or station (L1). */
  unitKind: number;
  /** When the unit made this message, by the unit's own clock. */
  at: number | null;
  /** Where the unit's time comes from. */
  clock: number;
  /** For people. */
  callSign: string;
  /** Version of the bundle. */
  firmware: string;
  /** Board that it runs on. */
  board: string;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeBirth(m: Birth, bytes: Bytes): string {
  return within(m.birthCounter, 1, 4294967295) &&
    within(m.callSign.length, 1, 16) &&
    within(m.firmware.length, 0, 24) &&
    within(m.board.length, 0, 24) &&
    bytes.isPlainText(m.callSign + m.firmware + m.board)
    ? encodeItems(bytes, 'bdddbTbsss', 32, [
        64,
        m.birthCounter,
        m.heardCounter,
        m.configVersion,
        m.unitKind,
        m.at,
        m.clock,
        m.callSign,
        m.firmware,
        m.board,
      ])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeBirth(input: Octets, bytes: Bytes): Birth | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 32 || view.getUint32(0) !== 0x980a1840) {
    const wrongHead = headRefusal(octets, 32, 10, 64);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const birthCounter = view.getUint32(5);
  const heardCounter = view.getUint32(10);
  const configVersion = view.getUint32(15);
  const unitKind = octets[20] as number;
  const atHigh = view.getUint32(22);
  const at =
    atHigh === UNKNOWN_TIME_HIGH && view.getUint32(26) === UNKNOWN_TIME_LOW
      ? null
      : atHigh * WORD + view.getUint32(26);
  const clock = octets[31] as number;
  const end0 = 34 <= size ? 34 + (octets[33] as number) : size + 1;
  const end1 = end0 + 2 <= size ? end0 + 2 + (octets[end0 + 1] as number) : size + 1;
  const end2 = end1 + 2 <= size ? end1 + 2 + (octets[end1 + 1] as number) : size + 1;
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x1a ||
    octets[14] !== 0x1a ||
    octets[19] !== 0x18 ||
    octets[21] !== 0x1b ||
    octets[30] !== 0x18 ||
    birthCounter < 1 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD) ||
    end2 > size ||
    octets[32] !== 0x78 ||
    end0 < 35 ||
    end0 > 50 ||
    octets[end0] !== 0x78 ||
    end1 > end0 + 26 ||
    octets[end1] !== 0x78 ||
    end2 > end1 + 26
  ) {
    return Refusal.badField;
  }
  const callSign = input.bytes.substr(34, end0 - 34);
  const firmware = input.bytes.substr(end0 + 2, end1 - end0 - 2);
  const board = input.bytes.substr(end1 + 2, end2 - end1 - 2);
  if (!bytes.isPlainText(callSign + firmware + board)) return Refusal.badText;
  if (octets[1] !== 10 || size !== end2) {
    const wrongRest = restRefusal(octets, 10, end2);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    birthCounter: birthCounter,
    heardCounter: heardCounter,
    configVersion: configVersion,
    unitKind: unitKind,
    at: at,
    clock: clock,
    callSign: callSign,
    firmware: firmware,
    board: board,
  };
}
