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
  /** The packet that `nextPacket` found: its first byte, and what follows its length (`restOf`). */
  first: number;
  restAt: number;
  size: number;
  /** False if the packet was longer than MAX_PACKET_BYTES and `size` is of its beginning only. */
  whole: boolean;
}

export function createReader(): PacketReader {
  return { bytes: '', at: 0, toSkip: 0, first: 0, restAt: 0, size: 0, whole: false };
}

/** Takes bytes from the stream. */
export function feedReader(reader: PacketReader, chunk: string): void {
  const bytes = reader.toSkip > 0 ? skip(reader, chunk) : chunk;
  // As it is where nothing is left: to be joined to nothing it would be copied.
  if (reader.bytes === '') reader.bytes = bytes;
  else reader.bytes += bytes;
}

/**
 * What remains of a chunk behind the rest of an oversized packet.
 * @rare
 */
function skip(reader: PacketReader, chunk: string): string {
  const skipped = Math.min(reader.toSkip, chunk.length);
  reader.toSkip -= skipped;
  return chunk.substr(skipped);
}

/** Lets go of what is not taken yet: the connection has ended. */
export function emptyReader(reader: PacketReader): void {
  reader.bytes = '';
  reader.at = 0;
}

/**
 * What follows the length of the packet that was found. Who takes it in parts needs no copy of all.
 * @rare
 */
export function restOf(reader: PacketReader): string {
  return reader.bytes.substr(reader.restAt, reader.size);
}

/** What `nextPacket` says: a packet, no whole one yet, or what cannot be MQTT. */
export const Found = { none: 0, packet: 1, notMqtt: 2 } as const;

/**
 * Finds the next packet. A packet at a time, so that what takes it is not called from here. What is
 * seldom stands apart, because the interpreter reads through what it does not run.
 * @resident
 */
export function nextPacket(reader: PacketReader): number {
  const bytes = reader.bytes;
  const at = reader.at;
  // (NaN where the byte has not come yet.)
  let size = bytes.charCodeAt(at + 1);
  let head = 2;
  if (size > 127) {
    size += (bytes.charCodeAt(at + 2) - 1) * 128;
    head = 3;
    if (size < 128) return Found.notMqtt;
  }
  if (size > MAX_PACKET_BYTES) return longPacket(reader);
  const end = at + head + size;
  if (end <= bytes.length) {
    reader.first = bytes.charCodeAt(at);
    reader.restAt = at + head;
    reader.size = size;
    reader.whole = true;
    reader.at = end;
    return Found.packet;
  }
  reader.bytes = bytes.substr(at);
  reader.at = 0;
  return Found.none;
}

/**
 * One that is too long, or whose length is of more than two bytes: those are beyond any limit here
 * but must still be understood.
 * @rare
 */
function longPacket(reader: PacketReader): number {
  const bytes = reader.bytes;
  const at = reader.at;
  const size = longLength(bytes, at);
  if (size === INVALID) return Found.notMqtt;
  const restAt = at + (size < 16384 ? 3 : size < 2097152 ? 4 : 5);
  if (size === INCOMPLETE || bytes.length < restAt + MAX_PACKET_BYTES) {
    reader.bytes = bytes.substr(at);
    reader.at = 0;
    return Found.none;
  }
  reader.first = bytes.charCodeAt(at);
  reader.restAt = restAt;
  reader.size = MAX_PACKET_BYTES;
  reader.whole = false;
  reader.at = restAt + size;
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
