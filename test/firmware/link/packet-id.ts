/** Packet ids as the session hands them on: their two bytes, or '' at QoS 0. */

export function numberOf(packetId: string): number {
  return packetId === '' ? 0 : Buffer.from(packetId, 'latin1').readUInt16BE();
}

export function bytesOfId(number: number): string {
  return String.fromCharCode(number >> 8, number & 255);
}
