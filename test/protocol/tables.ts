/** What the tests of this folder share: every table with its codec, bytes in their forms, golden messages. */
import { readFileSync } from 'node:fs';
import { Decoder } from 'cbor-x';
import { decode as cborgDecode } from 'cborg';
import { hostBytes, openBytes, type Bytes, type Octets } from '../../protocol/bytes.js';
import { envelope } from '../../protocol/envelope-table.js';
import type { Fields } from '../../protocol/host/messages.js';
import { messageTables } from '../../protocol/registry.js';
import type { Field, Kind, MessageTable } from '../../protocol/table.js';
import { loadSchema } from '../support/cddl.js';

export interface Codec {
  readonly table: MessageTable;
  /** The type that the generated module exports for those who tell messages apart. */
  readonly exportedType: unknown;
  encode(message: Fields): string;
  decode(input: Octets): Fields | number;
}

export interface Vector {
  readonly name: string;
  readonly message: Fields;
  /** The golden bytes as a byte string. */
  readonly bytes: string;
}

function pascal(name: string): string {
  return name.replace(/(^|-)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
}

async function codecOf(table: MessageTable): Promise<Codec> {
  const module = (await import(`../../protocol/generated/${table.name}.js`)) as Record<
    string,
    (input: unknown, bytes: Bytes) => never
  >;
  const encode = module[`encode${pascal(table.name)}`]!;
  const decode = module[`decode${pascal(table.name)}`]!;
  return {
    table,
    exportedType: module[`${table.name.replace('-', '_').toUpperCase()}_TYPE`],
    encode: (message) => encode(message, hostBytes),
    decode: (input) => decode(input, hostBytes),
  };
}

/** Every message's codec, and the envelope's. */
export const codecs: readonly Codec[] = await Promise.all(
  [envelope, ...messageTables].map(codecOf),
);

export const schema = loadSchema(path('protocol/schema.cddl'));

export function path(fromRoot: string): string {
  return new URL(`../../${fromRoot}`, import.meta.url).pathname;
}

export function fromHex(hex: string): string {
  return Buffer.from(hex, 'hex').toString('latin1');
}

export function toHex(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('hex');
}

export function open(bytes: string): Octets {
  return openBytes(hostBytes, bytes);
}

/** The golden messages of a table. In the files, fields of kind `bytes` are in hex too. */
export function vectorsOf(table: MessageTable): Vector[] {
  const file = path(`test/fixtures/vectors/${table.name}.json`);
  const rows = JSON.parse(readFileSync(file, 'utf8')) as (Vector & { hex: string })[];
  return rows.map(({ name, message, hex }) => {
    const fields = { ...message };
    for (const { name: key, kind } of table.fields) {
      if (kind === 'bytes') fields[key] = fromHex(String(fields[key]));
    }
    return { name, message: fields, bytes: fromHex(hex) };
  });
}

/** The unknown values of CR-014, written here a second time on purpose. */
export const UNKNOWN: Readonly<Partial<Record<Kind, number>>> = {
  u8: 255,
  u16: 65535,
  u32: 4294967295,
  i32: -2147483648,
  time: 9007199254740991,
};

/** What a CBOR library should find in the array: type, then every field in its order. */
export function elementsOf(table: MessageTable, message: Fields): unknown[] {
  const values = table.fields.map(({ name, kind }) => {
    const value = message[name] as Fields[string];
    if (value === null) return UNKNOWN[kind];
    return kind === 'bytes' ? toHex(String(value)) : value;
  });
  return table.type === undefined ? values : [table.type, ...values];
}

/** A decoded value in the form of `elementsOf`: bytes as hex, 64-bit integers as numbers. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

const cborX = new Decoder({ mapsAsObjects: false, useRecords: false });

/** What cbor-x reads, as it reads it. */
export function readWithCborX(bytes: string): unknown[] {
  return cborX.decode(Buffer.from(bytes, 'latin1')) as unknown[];
}

export function elementsByCborX(bytes: string): unknown[] {
  return readWithCborX(bytes).map(plain);
}

export function elementsByCborg(bytes: string): unknown[] {
  return (cborgDecode(new Uint8Array(Buffer.from(bytes, 'latin1'))) as unknown[]).map(plain);
}

const HEAD: Readonly<Record<Exclude<Kind, 'i32'>, number>> = {
  u8: 0x18,
  u16: 0x19,
  u32: 0x1a,
  time: 0x1b,
  text: 0x78,
  bytes: 0x58,
};
export const WIDTH: Readonly<Record<string, number>> = { u8: 2, u16: 3, u32: 5, i32: 5, time: 9 };

/** One field's bytes by SPEC section 2, without a look at any limit. */
export function rawField({ kind }: Field, value: Fields[string]): string {
  if (kind === 'text' || kind === 'bytes') {
    const content = String(value);
    return String.fromCharCode(HEAD[kind], content.length) + content;
  }
  const number = BigInt(value === null ? (UNKNOWN[kind] as number) : (value as number));
  const head = kind === 'i32' ? (number < 0n ? 0x3a : 0x1a) : HEAD[kind];
  const digits = ((WIDTH[kind] as number) - 1) * 2;
  const argument = number < 0n ? -1n - number : number;
  return String.fromCharCode(head) + fromHex(argument.toString(16).padStart(digits, '0'));
}

/** A message by SPEC section 2, without a look at any limit, with elements appended to it. */
export function rawMessage(
  table: MessageTable,
  message: Fields,
  appended: readonly string[] = [],
): string {
  const type = table.type === undefined ? [] : [String.fromCharCode(0x18, table.type)];
  const fields = table.fields.map((field) => rawField(field, message[field.name]!));
  const elements = [...type, ...fields, ...appended];
  return String.fromCharCode(0x98, elements.length) + elements.join('');
}
