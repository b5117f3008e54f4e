/** The few operations that the generated encoders and decoders are made of (SPEC section 2). */
import type { Bytes, Octets } from './bytes.js';
import { Refusal } from './codes.js';
import { MAX_TIME } from './limits.js';

/** 2 ** 32: times are two words of 32 bits. */
export const WORD = 4294967296;

/** The unknown values of CR-014. */
export const UNKNOWN_U8 = 0xff;
export const UNKNOWN_U16 = 0xffff;
export const UNKNOWN_U32 = 0xffffffff;
export const UNKNOWN_I32 = -2147483648;
/** 2 ** 53 − 1, as two words: an integer that every CBOR library reads exactly. */
export const UNKNOWN_TIME_HIGH = 0x1fffff;
export const UNKNOWN_TIME_LOW = 0xffffffff;

/**
 * True for an integer from `least` to `greatest`.
 * @rare
 */
export function within(value: number, least: number, greatest: number): boolean {
  return value >= least && value <= greatest && Math.floor(value) === value;
}

/** Writes a head and an unsigned integer of 4 bytes. */
function putWord(view: DataView, at: number, head: number, value: number): void {
  view.setUint8(at, head);
  view.setUint32(at + 1, value);
}

/**
 * An array of items as a byte string, or '' if a value is outside its kind. `layout` has a letter
 * an item: `b` u8, `w` u16, `d` u32, `i` i32, `t` time, `s` text, `x` byte string; a capital one may
 * be null. Strings come last; what is before them takes `fixedBytes`, the array's head included.
 * @rare
 */
export function encodeItems(
  bytes: Bytes,
  layout: string,
  fixedBytes: number,
  values: readonly (number | string | null)[],
): string {
  const buffer = new ArrayBuffer(fixedBytes);
  const view = new DataView(buffer);
  let strings = '';
  let at = 2;
  view.setUint16(0, 0x9800 + layout.length);
  for (let i = 0; i < layout.length; i++) {
    const code = layout.charCodeAt(i);
    const kind = code | 0x20;
    const value = values[i] as number | null;
    const isUnknown = value === null;
    if (kind === TEXT || kind === BYTES) {
      const content = values[i] as string;
      strings += String.fromCharCode(kind === TEXT ? 0x78 : 0x58, content.length) + content;
    } else if (
      // Spelt out rather than by `within`: this is as deep as the unit's calls go.
      isUnknown
        ? code === kind
        : !(value >= (kind === I32 ? -MAX_I32 : 0) && value <= MAX_TIME) ||
          Math.floor(value) !== value
    ) {
      return '';
    } else if (kind === U8) {
      if (!isUnknown && value > (code === kind ? 0xff : 0xfe)) return '';
      view.setUint16(at, 0x1800 + (isUnknown ? UNKNOWN_U8 : value));
      at += 2;
    } else if (kind === U16) {
      if (!isUnknown && value > (code === kind ? 0xffff : 0xfffe)) return '';
      view.setUint8(at, 0x19);
      view.setUint16(at + 1, isUnknown ? UNKNOWN_U16 : value);
      at += 3;
    } else if (kind === U32) {
      if (!isUnknown && value > (code === kind ? 0xffffffff : 0xfffffffe)) return '';
      putWord(view, at, 0x1a, isUnknown ? UNKNOWN_U32 : value);
      at += 5;
    } else if (kind === I32) {
      if (!isUnknown && value > MAX_I32) return '';
      const number = isUnknown ? UNKNOWN_I32 : value;
      if (number < 0) putWord(view, at, 0x3a, -1 - number);
      else putWord(view, at, 0x1a, number);
      at += 5;
    } else {
      const high = isUnknown ? UNKNOWN_TIME_HIGH : Math.floor(value / WORD);
      putWord(view, at, 0x1b, high);
      view.setUint32(at + 5, isUnknown ? UNKNOWN_TIME_LOW : value - high * WORD);
      at += 9;
    }
  }
  return bytes.fromBuffer(buffer, fixedBytes) + strings;
}

/** Letters of `encodeItems`, as character codes. */
const U8 = 0x62;
const U16 = 0x77;
const U32 = 0x64;
const I32 = 0x69;
const TEXT = 0x73;
const BYTES = 0x78;
const MAX_I32 = 0x7fffffff;

/** Stands for the type of an array that has none. */
export const NO_TYPE = -1;

/**
 * What is wrong with the beginning of an array, as a refusal code.
 * @rare
 */
export function headRefusal(
  octets: Uint8Array,
  fixedBytes: number,
  elements: number,
  type: number,
): number {
  if (octets.length < fixedBytes) return Refusal.tooShort;
  if (octets[0] !== 0x98) return Refusal.notAnArray;
  if ((octets[1] as number) < elements) return Refusal.tooShort;
  const isOther = type !== NO_TYPE && (octets[2] !== 0x18 || octets[3] !== type);
  return isOther ? Refusal.wrongType : Refusal.none;
}

/**
 * What is wrong with what follows the elements that are known, which end at `end`.
 * @rare
 */
export function restRefusal(octets: Uint8Array, elements: number, end: number): number {
  const more = (octets[1] as number) - elements;
  const rest = octets.length - end;
  if (rest < more) return Refusal.tooShort;
  return more === 0 && rest > 0 ? Refusal.trailingBytes : Refusal.none;
}

/** Length of the string item that starts at `at`, or −1 if it is none, too long or cut off. */
export function stringLength(input: Octets, at: number, major: number, max: number): number {
  const octets = input.octets;
  if (at + 2 > octets.length || octets[at] !== major) return -1;
  const length = octets[at + 1] as number;
  return length > max || at + 2 + length > octets.length ? -1 : length;
}
