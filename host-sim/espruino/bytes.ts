/** Byte strings: one character is one byte, as all strings of the unit are. */

import { isAnyArrayBuffer } from 'node:util/types';

/** What the interpreter makes of a value where it wants bytes. */
export function toByteString(data: unknown): string {
  if (typeof data === 'string') return cutToBytes(data);
  if (isAnyArrayBuffer(data)) return Buffer.from(data).toString('latin1');
  if (ArrayBuffer.isView(data)) return bufferOf(data).toString('latin1');
  // A list is all that is in it, one after the other; a number there is one byte.
  if (Array.isArray(data)) return data.map(partToBytes).join('');
  return cutToBytes(String(data));
}

function partToBytes(part: unknown): string {
  return typeof part === 'number' ? String.fromCharCode(part & 0xff) : toByteString(part);
}

export function bufferOf(view: ArrayBufferView): Buffer {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

/** Characters above a byte lose all but their low byte, without a word. */
export function cutToBytes(text: string): string {
  // Most strings are bytes already, and stay the same object.
  return /[^\0-\xff]/.test(text) ? Buffer.from(text, 'latin1').toString('latin1') : text;
}

/** Cuts into pieces of at most `size` bytes. */
export function piecesOf(bytes: string, size: number): string[] {
  const pieces: string[] = [];
  for (let i = 0; i < bytes.length; i += size) pieces.push(bytes.substr(i, size));
  return pieces;
}
