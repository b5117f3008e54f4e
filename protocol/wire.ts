/**
 * The few operations that the generated encoders and decoders are made of (SPEC section 2).
 * `put…` write a head and its number at a constant offset.
 */
import type { Octets } from './bytes.js';

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

/** True for an integer from `least` to `greatest`. */
export function within(value: number, least: number, greatest: number): boolean {
  return value >= least && value <= greatest && Math.floor(value) === value;
}

export function putU8(view: DataView, at: number, value: number): void {
  view.setUint16(at, 0x1800 + value);
}

export function putU16(view: DataView, at: number, value: number): void {
  view.setUint8(at, 0x19);
  view.setUint16(at + 1, value);
}

export function putU32(view: DataView, at: number, value: number): void {
  view.setUint8(at, 0x1a);
  view.setUint32(at + 1, value);
}

export function putI32(view: DataView, at: number, value: number): void {
  view.setUint8(at, value < 0 ? 0x3a : 0x1a);
  view.setUint32(at + 1, value < 0 ? -1 - value : value);
}

export function putTime(view: DataView, at: number, value: number | null): void {
  const high = value === null ? UNKNOWN_TIME_HIGH : Math.floor(value / WORD);
  view.setUint8(at, 0x1b);
  view.setUint32(at + 1, high);
  view.setUint32(at + 5, value === null ? UNKNOWN_TIME_LOW : value - high * WORD);
}

/** A text (`major` 0x78) or byte string (0x58) with a one-byte length. */
export function withHead(major: number, content: string): string {
  return String.fromCharCode(major, content.length) + content;
}

/** Length of the string item that starts at `at`, or −1 if it is none, too long or cut off. */
export function stringLength(input: Octets, at: number, major: number, max: number): number {
  const octets = input.octets;
  if (at + 2 > octets.length || octets[at] !== major) return -1;
  const length = octets[at + 1] as number;
  return length > max || at + 2 + length > octets.length ? -1 : length;
}
