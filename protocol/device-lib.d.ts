/**
 * The standard library as the unit's interpreter has it, and nothing more.
 *
 * `protocol` and `firmware` are compiled against this file alone, so that what Espruino lacks
 * (Array.from, Map, Number.isInteger, Math.trunc, setInterval's safety …) is a compile error.
 * A string is a byte string: one character is one byte.
 */

interface CallableFunction extends Function {}
interface NewableFunction extends Function {}
interface IArguments {
  readonly length: number;
  [index: number]: unknown;
}
interface Function {
  call(thisArg: unknown, ...args: unknown[]): unknown;
}
interface Boolean {}
interface RegExp {}
interface Object {
  hasOwnProperty(key: string): boolean;
}

interface Number {
  toString(radix?: number): string;
}
declare var Number: { (value: unknown): number };

interface String {
  readonly length: number;
  readonly [index: number]: string;
  charAt(position: number): string;
  charCodeAt(position: number): number;
  indexOf(search: string, from?: number): number;
  lastIndexOf(search: string, from?: number): number;
  split(separator: string): string[];
  repeat(count: number): string;
  substr(from: number, length?: number): string;
  substring(from: number, to?: number): string;
}
declare var String: {
  (value: unknown): string;
  fromCharCode(...codes: number[]): string;
};

interface Array<T> {
  readonly length: number;
  [index: number]: T;
  push(...items: T[]): number;
  shift(): T | undefined;
  pop(): T | undefined;
  splice(start: number, deleteCount?: number): T[];
  indexOf(item: T): number;
  join(separator: string): string;
}
interface ReadonlyArray<T> {
  readonly length: number;
  readonly [index: number]: T;
  indexOf(item: T): number;
}
interface ConcatArray<T> {
  readonly length: number;
  readonly [index: number]: T;
}
interface TemplateStringsArray extends ReadonlyArray<string> {}

interface ArrayBuffer {
  readonly byteLength: number;
}
declare var ArrayBuffer: { new (length: number): ArrayBuffer };

interface Uint8Array {
  readonly length: number;
  readonly buffer: ArrayBuffer;
  [index: number]: number;
}
declare var Uint8Array: {
  new (length: number): Uint8Array;
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): Uint8Array;
};
interface Uint32Array {
  readonly length: number;
  [index: number]: number;
}
declare var Uint32Array: {
  new (buffer: ArrayBuffer, byteOffset?: number, length?: number): Uint32Array;
};
interface Float64Array {
  readonly length: number;
  [index: number]: number;
}
declare var Float64Array: { new (length: number): Float64Array };

/** Reads beyond the end do not throw on the device: check lengths first. */
interface DataView {
  getUint8(offset: number): number;
  getUint16(offset: number): number;
  getUint32(offset: number): number;
  getInt32(offset: number): number;
  setUint8(offset: number, value: number): void;
  setUint16(offset: number, value: number): void;
  setUint32(offset: number, value: number): void;
}
declare var DataView: { new (buffer: ArrayBuffer): DataView };

/** The interpreter's parser is lenient: whoever parses must check what came out. */
declare var JSON: {
  parse(text: string): unknown;
  stringify(value: unknown): string;
};

/** `Math.round(-2.5)` is -3 on the device and -2 in Node: use `Math.floor(x + 0.5)`. */
declare var Math: {
  readonly PI: number;
  abs(x: number): number;
  atan2(y: number, x: number): number;
  ceil(x: number): number;
  cos(x: number): number;
  floor(x: number): number;
  log(x: number): number;
  max(a: number, b: number): number;
  min(a: number, b: number): number;
  pow(base: number, exponent: number): number;
};

interface Date {
  getTime(): number;
}

declare var Error: { new (message: string): Error };
interface Error {
  message: string;
  stack?: string;
}

declare function isNaN(value: number): boolean;
declare function parseInt(text: string, radix?: number): number;
declare function parseFloat(text: string): number;

type Partial<T> = { [P in keyof T]?: T[P] };
type Readonly<T> = { readonly [P in keyof T]: T[P] };
type Record<K extends keyof any, T> = { [P in K]: T };
type Pick<T, K extends keyof T> = { [P in K]: T[P] };
