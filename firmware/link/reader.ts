/**
 * Cuts a TCP stream into MQTT packets, however it was split or joined. Memory is bounded: of a
 * packet longer than MAX_PACKET_BYTES only the beginning is kept, so that it can be acknowledged
 * and counted, and the rest is let go as it comes.
 */

/** Longest packet that is kept whole: an envelope (253), a topic and the heads. */
export const MAX_PACKET_BYTES = 400;

export interface PacketReader {
  /** Bytes that are not taken yet, from `at` on. */
  bytes: string;
  at: number;
  /** Bytes of an oversized packet that are still to come. */
  toSkip: number;
  /** The packet that `nextPacket` found: its first byte, and what follows its length. */
  first: number;
  rest: string;
  /** False if the packet was longer than MAX_PACKET_BYTES and `rest` is only its beginning. */
  whole: boolean;
}

export function createReader(): PacketReader {
  return { bytes: '', at: 0, toSkip: 0, first: 0, rest: '', whole: false };
}

/** Takes bytes from the stream. */
export function feedReader(reader: PacketReader, chunk: string): void {
  if (reader.toSkip > 0) {
    const skipped = Math.min(reader.toSkip, chunk.length);
    reader.toSkip -= skipped;
    chunk = chunk.substr(skipped);
  }
  reader.bytes += chunk;
}

/** What `nextPacket` says: a packet, no whole one yet, or what cannot be MQTT. */
export const Found = { none: 0, packet: 1, notMqtt: 2 } as const;

/** Finds the next packet. A packet at a time, so that what takes it is not called from here. */
export function nextPacket(reader: PacketReader): number {
  const found = findPacket(reader);
  if (found === Found.none) {
    reader.bytes = reader.bytes.substr(reader.at);
    reader.at = 0;
  }
  return found;
}

function findPacket(reader: PacketReader): number {
  const bytes = reader.bytes;
  const at = reader.at;
  if (at + 2 > bytes.length) return Found.none;
  let size = bytes.charCodeAt(at + 1);
  let head = 2;
  if (size > 127) {
    // Lengths of three and four bytes are beyond any limit here but must still be understood.
    size = longLength(bytes, at);
    if (size < 0) return size === INVALID ? Found.notMqtt : Found.none;
    head = size < 16384 ? 3 : size < 2097152 ? 4 : 5;
  }
  const kept = Math.min(size, MAX_PACKET_BYTES);
  if (bytes.length < at + head + kept) return Found.none;
  reader.first = bytes.charCodeAt(at);
  reader.rest = bytes.substr(at + head, kept);
  reader.whole = kept === size;
  reader.at = at + head + size;
  if (reader.at > bytes.length) reader.toSkip = reader.at - bytes.length;
  return Found.packet;
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
