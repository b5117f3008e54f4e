/**
 * The port between byte strings (one character, one byte: what sockets, flash and MQTT give on
 * the device) and buffers with numbers at offsets.
 */
export interface Bytes {
  /** The string's bytes as a buffer. The device gives a view, so treat it as read-only. */
  toBuffer(bytes: string): ArrayBuffer;
  /** The first `length` bytes of a buffer as a byte string. */
  fromBuffer(buffer: ArrayBuffer, length: number): string;
  /** True if all of it is plain text (SPEC CR-015): 0x20 to 0x7E without `"` and `\`. */
  isPlainText(bytes: string): boolean;
}

/** A byte string opened for reading at offsets. */
export interface Octets {
  readonly bytes: string;
  readonly octets: Uint8Array;
  readonly view: DataView;
}

export function openBytes(port: Bytes, bytes: string): Octets {
  const buffer = port.toBuffer(bytes);
  return { bytes: bytes, octets: new Uint8Array(buffer), view: new DataView(buffer) };
}

/** Plain text (SPEC CR-015), looked at character by character. */
export function isPlainText(bytes: string): boolean {
  for (let i = 0; i < bytes.length; i++) {
    const code = bytes.charCodeAt(i);
    if (code < 0x20 || code > 0x7e || code === 0x22 || code === 0x5c) return false;
  }
  return true;
}

/** The port in plain ES5, for hosts; the unit has native calls for it. */
export const hostBytes: Bytes = {
  toBuffer: function (bytes) {
    const octets = new Uint8Array(bytes.length);
    for (let i = 0; i < bytes.length; i++) octets[i] = bytes.charCodeAt(i);
    return octets.buffer;
  },
  fromBuffer: function (buffer, length) {
    const octets = new Uint8Array(buffer, 0, length);
    let bytes = '';
    for (let i = 0; i < length; i++) bytes += String.fromCharCode(octets[i] as number);
    return bytes;
  },
  isPlainText: isPlainText,
};
