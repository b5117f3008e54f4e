/** MQTT 3.1.1 packets as byte strings (OASIS mqtt-v3.1.1, chapters 2 and 3): just what a unit sends. */

/** Packet types, as the high four bits of the first byte give them. */
export const Packet = {
  connack: 2,
  publish: 3,
  puback: 4,
  suback: 9,
  pingresp: 13,
} as const;

export const PINGREQ = '\xc0\x00';

/** @rare */
function uint16(value: number): string {
  return String.fromCharCode(value >> 8, value & 255);
}

/**
 * A string with the two-byte length that MQTT puts before it (1.5.3).
 * @rare
 */
function counted(text: string): string {
  return uint16(text.length) + text;
}

/**
 * A packet from its first byte and the rest; the length is in groups of seven bits (2.2.3).
 * @rare
 */
function packet(first: number, rest: string): string {
  let length = rest.length;
  let head = String.fromCharCode(first);
  do {
    const more = length > 127 ? 128 : 0;
    head += String.fromCharCode((length & 127) + more);
    length = length >> 7;
  } while (length > 0);
  return head + rest;
}

export interface ConnectOptions {
  readonly clientId: string;
  readonly user: string;
  readonly password: string;
  readonly keepAliveS: number;
  readonly willTopic: string;
  readonly willPayload: string;
}

/**
 * CONNECT with a retained QoS 1 will and without "clean session": the broker keeps dispatches for
 * a unit that is away.
 * @rare
 */
export function connectPacket(options: ConnectOptions): string {
  const WILL_QOS1_RETAINED = 0x2c;
  const withUser = options.user !== '';
  return packet(
    0x10,
    counted('MQTT') +
      String.fromCharCode(4, WILL_QOS1_RETAINED + (withUser ? 0xc0 : 0)) +
      uint16(options.keepAliveS) +
      counted(options.clientId) +
      counted(options.willTopic) +
      counted(options.willPayload) +
      (withUser ? counted(options.user) + counted(options.password) : ''),
  );
}

/**
 * SUBSCRIBE to topics at QoS 1.
 * @rare
 */
export function subscribePacket(packetId: number, topics: readonly string[]): string {
  let rest = uint16(packetId);
  for (let i = 0; i < topics.length; i++) rest += counted(topics[i] as string) + '\x01';
  return packet(0x82, rest);
}

/**
 * PUBLISH at QoS 1.
 * @rare
 */
export function publishPacket(
  topic: string,
  packetId: number,
  payload: string,
  retain: boolean,
  isRepeat: boolean,
): string {
  const first = 0x32 + (retain ? 1 : 0) + (isRepeat ? 8 : 0);
  return packet(first, counted(topic) + uint16(packetId) + payload);
}

/** PUBACK, with the packet id as the PUBLISH had it: two bytes. */
export function pubackPacket(packetId: string): string {
  return '\x40\x02' + packetId;
}
