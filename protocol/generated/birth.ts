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
  stringLength,
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

/** The message as a byte string, or '' if a field is outside its limits. */
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

/** The message, or the refusal code that says what is wrong with it. */
export function decodeBirth(input: Octets, bytes: Bytes): Birth | number {
  const octets = input.octets;
  const view = input.view;
  const wrongHead = headRefusal(octets, 32, 10, 64);
  if (wrongHead !== Refusal.none) return wrongHead;
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
  if (
    octets[4] !== 0x1a ||
    octets[9] !== 0x1a ||
    octets[14] !== 0x1a ||
    octets[19] !== 0x18 ||
    octets[21] !== 0x1b ||
    octets[30] !== 0x18 ||
    birthCounter < 1 ||
    (at !== null && atHigh > MAX_TIME_HIGH_WORD)
  ) {
    return Refusal.badField;
  }
  const length0 = stringLength(input, 32, 0x78, 16);
  if (length0 < 1) return Refusal.badField;
  const callSign = input.bytes.substr(32 + 2, length0);
  const end0 = 32 + 2 + length0;
  const length1 = stringLength(input, end0, 0x78, 24);
  if (length1 < 0) return Refusal.badField;
  const firmware = input.bytes.substr(end0 + 2, length1);
  const end1 = end0 + 2 + length1;
  const length2 = stringLength(input, end1, 0x78, 24);
  if (length2 < 0) return Refusal.badField;
  const board = input.bytes.substr(end1 + 2, length2);
  const end2 = end1 + 2 + length2;
  if (!bytes.isPlainText(callSign + firmware + board)) return Refusal.badText;
  const wrongRest = restRefusal(octets, 10, end2);
  if (wrongRest !== Refusal.none) return wrongRest;
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
