/** Byte strings to buffers and back, by native calls. */
import type { Bytes } from '../../protocol/bytes.js';

/** @rare */
function tidied(bytes: string): ArrayBuffer {
  E.defrag();
  return E.toArrayBuffer(bytes);
}

export const espruinoBytes: Bytes = {
  // It has to lie in one piece. Where there is none so long, memory is put in order first.
  toBuffer: function (bytes) {
    return E.toArrayBuffer(bytes) || tidied(bytes);
  },
  fromBuffer: function (buffer, length) {
    return E.toString(new Uint8Array(buffer, 0, length));
  },
  // The interpreter escapes every byte that is not plain text, and puts two quotation marks.
  isPlainText: function (bytes) {
    return JSON.stringify(bytes).length === bytes.length + 2;
  },
};
