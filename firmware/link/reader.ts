/**
 * Cuts a TCP stream into MQTT packets, however it was split or joined. Memory is bounded: of a
 * packet longer than MAX_PACKET_BYTES only the beginning is kept, so that it can be acknowledged
 * and counted, and the rest is let go as it comes.
 */

/** Longest packet that is kept whole: an envelope (275), a topic and the heads. */
export const MAX_PACKET_BYTES = 400;

export interface PacketReader {
  tail: string;
  /** Bytes of an oversized packet that are still to come. */
  toSkip: number;
  /** Stays true if the taking of a chunk was abandoned: then the place in the stream is lost. */
  busy: boolean;
  /**
   * Called for each packet with its first byte and the rest. `whole` is false if the packet was
   * longer than MAX_PACKET_BYTES and `rest` is only its beginning.
   */
  readonly onPacket: (first: number, rest: string, whole: boolean) => void;
}

export function createReader(onPacket: PacketReader['onPacket']): PacketReader {
  return { tail: '', toSkip: 0, busy: false, onPacket: onPacket };
}

/** Takes bytes from the stream; false if they cannot be MQTT, and the connection must be closed. */
export function feedReader(reader: PacketReader, chunk: string): boolean {
  if (reader.busy) return false;
  reader.busy = true;
  if (reader.toSkip > 0) {
    const skipped = Math.min(reader.toSkip, chunk.length);
    reader.toSkip -= skipped;
    chunk = chunk.substr(skipped);
  }
  const bytes = reader.tail + chunk;
  let at = 0;
  while (at + 2 <= bytes.length) {
    let size = bytes.charCodeAt(at + 1);
    let head = 2;
    if (size > 127) {
      // Lengths of three and four bytes are beyond any limit here but must still be understood.
      size = longLength(bytes, at);
      if (size === INVALID) return false;
      if (size === INCOMPLETE) break;
      head = size < 16384 ? 3 : size < 2097152 ? 4 : 5;
    }
    const kept = Math.min(size, MAX_PACKET_BYTES);
    if (bytes.length < at + head + kept) break;
    const first = bytes.charCodeAt(at);
    const rest = bytes.substr(at + head, kept);
    at += head + size;
    if (at > bytes.length) reader.toSkip = at - bytes.length;
    reader.onPacket(first, rest, kept === size);
  }
  reader.tail = bytes.substr(at);
  reader.busy = false;
  return true;
}

const INCOMPLETE = -1;
const INVALID = -2;

/** Length of two to four bytes (2.2.3); a fifth byte, or one that adds nothing, is not MQTT. */
function longLength(bytes: string, at: number): number {
  let size = 0;
  let factor = 1;
  for (let i = 1; i <= 4; i++) {
    if (at + i >= bytes.length) return INCOMPLETE;
    const code = bytes.charCodeAt(at + i);
    size += (code & 127) * factor;
    if (code < 128) return code === 0 ? INVALID : size;
    factor *= 128;
  }
  return INVALID;
}
