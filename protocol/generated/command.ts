// Generated from the message's table by `npm run generate`: change the table, not this file.
import type { Bytes, Octets } from '../bytes.js';
import { Refusal } from '../codes.js';
import { MAX_TIME_HIGH_WORD } from '../limits.js';
import { WORD, encodeItems, headRefusal, restRefusal, within } from '../wire.js';

/** First element of a `command`. */
export const COMMAND_TYPE = 35;

/** What the unit itself is to do: a self-test, a report, a restart, new keys. */
export interface Command {
  /** What. */
  command: number;
  /** Of the new keys; 0 for every command but `rotateKeys`. */
  generation: number;
  /** When the control room sent it. */
  issuedAt: number;
  /** The new keys, down then up; empty for every command but `rotateKeys`. */
  keys: string;
}

/**
 * The message as a byte string, or '' if a field is outside its limits.
 * @rare
 */
export function encodeCommand(m: Command, bytes: Bytes): string {
  return within(m.command, 1, 255) && within(m.keys.length, 0, 96)
    ? encodeItems(bytes, 'bbbtx', 17, [35, m.command, m.generation, m.issuedAt, m.keys])
    : '';
}

/**
 * The message, or the refusal code that says what is wrong with it.
 * @rare
 */
export function decodeCommand(input: Octets): Command | number {
  const octets = input.octets;
  const size = octets.length;
  const view = input.view;
  if (size < 17 || view.getUint32(0) !== 0x98051823) {
    const wrongHead = headRefusal(octets, 17, 5, 35);
    if (wrongHead !== Refusal.none) return wrongHead;
  }
  const command = octets[5] as number;
  const generation = octets[7] as number;
  const issuedAtHigh = view.getUint32(9);
  const issuedAt = issuedAtHigh * WORD + view.getUint32(13);
  const end0 = 19 <= size ? 19 + (octets[18] as number) : size + 1;
  if (
    octets[4] !== 0x18 ||
    octets[6] !== 0x18 ||
    octets[8] !== 0x1b ||
    command < 1 ||
    issuedAtHigh > MAX_TIME_HIGH_WORD ||
    end0 > size ||
    octets[17] !== 0x58 ||
    end0 > 115
  ) {
    return Refusal.badField;
  }
  const keys = input.bytes.substr(19, end0 - 19);
  if (octets[1] !== 5 || size !== end0) {
    const wrongRest = restRefusal(octets, 5, end0);
    if (wrongRest !== Refusal.none) return wrongRest;
  }
  return {
    command: command,
    generation: generation,
    issuedAt: issuedAt,
    keys: keys,
  };
}
