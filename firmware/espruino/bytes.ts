/** Byte strings to buffers and back, by native calls. */
import type { Bytes } from '../../protocol/bytes.js';

export const espruinoBytes: Bytes = {
  toBuffer: E.toArrayBuffer,
  fromBuffer: function (buffer, length) {
    return E.toString(new Uint8Array(buffer, 0, length));
  },
  // The interpreter escapes every byte that is not plain text, and puts two quotation marks.
  isPlainText: function (bytes) {
    return JSON.stringify(bytes).length === bytes.length + 2;
  },
};
