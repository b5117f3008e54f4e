/**
 * What a host program needs beyond the generated codecs: any message by its name, errors as
 * exceptions that say what was wrong, names for codes. Not part of the unit's bundle.
 */
import { hostBytes, openBytes, type Bytes, type Octets } from '../bytes.js';
import * as codes from '../codes.js';
import { decodeAed, encodeAed } from '../generated/aed.js';
import { decodeBirth, encodeBirth } from '../generated/birth.js';
import { decodeCommand, encodeCommand } from '../generated/command.js';
import { decodeConfig, encodeConfig } from '../generated/config.js';
import { decodeDeath, encodeDeath } from '../generated/death.js';
import { decodeDispatch, encodeDispatch } from '../generated/dispatch.js';
import { decodeHealth, encodeHealth } from '../generated/health.js';
import { decodeHello, encodeHello } from '../generated/hello.js';
import { decodeOutcome, encodeOutcome } from '../generated/outcome.js';
import { decodePosition, encodePosition } from '../generated/position.js';
import { decodeReceipt, encodeReceipt } from '../generated/receipt.js';
import { decodeResponse, encodeResponse } from '../generated/response.js';
import { decodeStandDown, encodeStandDown } from '../generated/stand-down.js';
import { decodeStatus, encodeStatus } from '../generated/status.js';
import { decodeUpdate, encodeUpdate } from '../generated/update.js';
import { messageTables } from '../registry.js';
import { greatestOf, isString, leastOf, type Field, type MessageTable } from '../table.js';
import { within } from '../wire.js';

/** A message's fields by name. */
export type Fields = Record<string, number | string | null>;

interface Codec {
  encode(message: never, bytes: Bytes): string;
  decode(input: Octets, bytes: Bytes): object | number;
}

const codecs: Record<string, Codec> = {
  aed: { encode: encodeAed, decode: decodeAed },
  birth: { encode: encodeBirth, decode: decodeBirth },
  command: { encode: encodeCommand, decode: decodeCommand },
  config: { encode: encodeConfig, decode: decodeConfig },
  death: { encode: encodeDeath, decode: decodeDeath },
  dispatch: { encode: encodeDispatch, decode: decodeDispatch },
  health: { encode: encodeHealth, decode: decodeHealth },
  hello: { encode: encodeHello, decode: decodeHello },
  outcome: { encode: encodeOutcome, decode: decodeOutcome },
  position: { encode: encodePosition, decode: decodePosition },
  receipt: { encode: encodeReceipt, decode: decodeReceipt },
  response: { encode: encodeResponse, decode: decodeResponse },
  'stand-down': { encode: encodeStandDown, decode: decodeStandDown },
  status: { encode: encodeStatus, decode: decodeStatus },
  update: { encode: encodeUpdate, decode: decodeUpdate },
};

export function tableOf(name: string): MessageTable {
  for (let i = 0; i < messageTables.length; i++) {
    const table = messageTables[i] as MessageTable;
    if (table.name === name) return table;
  }
  throw new Error('no message is called ' + name);
}

/**
 * A message as a byte string.
 * @throws if a field is outside its limits, naming the field, the value and what was expected.
 */
export function encodeMessage(name: string, message: object): string {
  const fields = tableOf(name).fields;
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    const wrong = whatIsWrong(field, (message as Fields)[field.name]);
    if (wrong !== '') throw new Error(name + '.' + field.name + ': ' + wrong);
  }
  return (codecs[name] as Codec).encode(message as never, hostBytes);
}

/** A message with its name, or the refusal code. */
export function decodeMessage(body: string): { name: string; message: Fields } | number {
  const input = openBytes(hostBytes, body);
  if (body.length < 4) return codes.Refusal.tooShort;
  for (let i = 0; i < messageTables.length; i++) {
    const table = messageTables[i] as MessageTable;
    if (input.octets[3] !== table.type) continue;
    const message = (codecs[table.name] as Codec).decode(input, hostBytes);
    return typeof message === 'number' ? message : { name: table.name, message: message as Fields };
  }
  return input.octets[0] === 0x98 ? codes.Refusal.wrongType : codes.Refusal.notAnArray;
}

/** The name of a code, or the number itself where it has none: `nameOf(codes.Step, 3)`. */
export function nameOf(names: Readonly<Record<string, number>>, code: number): string {
  for (const name in names) if (names[name] === code) return name;
  return String(code);
}

/** A message's fields with codes replaced by their names, for people. */
export function inWords(name: string, message: Fields): Fields {
  const fields = tableOf(name).fields;
  const words: Fields = {};
  for (let i = 0; i < fields.length; i++) {
    const field = fields[i] as Field;
    const value = message[field.name] as number | string | null;
    words[field.name] =
      field.names && typeof value === 'number' ? nameOf(field.names, value) : value;
  }
  return words;
}

/** What was expected and what was found, or '' if the value is good. */
function whatIsWrong(field: Field, value: number | string | null | undefined): string {
  if (value === null && field.nullable) return '';
  const isText = isString(field);
  const kind = isText ? 'string' : 'number';
  const orUnknown = field.nullable ? ' or null' : '';
  if (typeof value !== kind) {
    const found = value === null ? 'null' : typeof value;
    return 'expected a ' + (isText ? 'text' : 'number') + orUnknown + ', found ' + found;
  }
  const size = isText ? (value as string).length : (value as number);
  if (!within(size, leastOf(field), greatestOf(field))) {
    const unit = isText ? ' characters' : '';
    const bounds = leastOf(field) + ' to ' + greatestOf(field) + unit + orUnknown;
    return 'expected ' + bounds + ', found ' + size;
  }
  if (field.kind === 'text' && !hostBytes.isPlainText(value as string)) {
    return 'expected plain text (ASCII without " and \\), found ' + value;
  }
  return '';
}
