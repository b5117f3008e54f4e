/**
 * The unit's MQTT 3.1.1 client: one connection at a time, QoS 1 both ways, a will, a persistent
 * session. It decides nothing about when to connect again: `link.ts` does.
 *
 * Both ends prove that they are there: a ping goes out after KEEP_ALIVE_PING_MS of silence of
 * either, and PATIENCE_MS later the connection is taken for dead.
 */
import type { Clock } from '../ports/clock.js';
import type { Net, Socket, SocketEvents } from '../ports/net.js';
import {
  acknowledged,
  freshPacketId,
  nextInFlight,
  nextToSend,
  oldestInFlightMs,
  type Outbox,
  type Waiting,
} from './outbox.js';
import {
  PINGREQ,
  Packet,
  connectPacket,
  pubackPacket,
  publishPacket,
  subscribePacket,
  type ConnectOptions,
} from './packets.js';
import {
  Found,
  createReader,
  emptyReader,
  feedReader,
  nextPacket,
  restOf,
  type PacketReader,
} from './reader.js';

/** What the broker is told (3.1.2.10): it publishes the will after one and a half of this. */
export const KEEP_ALIVE_S = 30;
/** Silence of either end after which the broker is asked for a sign of life. */
export const KEEP_ALIVE_PING_MS = 20000;
/** Longest wait for an answer of the broker: CONNACK, SUBACK, PINGRESP or PUBACK. */
export const PATIENCE_MS = 10000;

export const Phase = { closed: 0, opening: 1, connecting: 2, subscribing: 3, open: 4 } as const;

/** Why the last connection ended or was not made. */
export const CloseReason = {
  none: 0,
  unreachable: 1,
  lost: 2,
  connectRefused: 3,
  subscribeRefused: 4,
  silent: 5,
  notMqtt: 6,
  /** The taking of a message was abandoned: only a new connection brings it again. */
  abandoned: 7,
  /** To be born again under new keys. */
  newKeys: 8,
  /** Other brokers are to be tried. */
  newSettings: 9,
} as const;

export interface SessionEvents {
  /** Connected and subscribed: CONNACK and every SUBACK code were good. */
  onOpen(): void;
  /**
   * A message for the unit. The broker is told only when `acknowledge` is called with the packet id:
   * its two bytes, or '' at QoS 0.
   */
  onMessage(topic: string, payload: string, packetId: string): void;
  /** A message that no part of the unit can take, because it is too long. */
  onOversized(): void;
  /** The messages that came at once were taken: now is the time for what may take a while. */
  onTaken(): void;
  onClose(): void;
  /**
   * Turns a message that leaves for the first time into the payload for its topic; '' if it must
   * wait.
   */
  wrapPayload(topic: string, body: string): string;
}

export interface Session {
  readonly net: Net;
  readonly clock: Clock;
  readonly outbox: Outbox;
  readonly events: SessionEvents;
  readonly topics: readonly string[];
  readonly upTopic: string;
  phase: number;
  closeReason: number;
  /** CONNACK's return code where the reason is `connectRefused`. */
  refusedWith: number;
  socket: Socket | null;
  reader: PacketReader | null;
  /** CONNECT, until it is sent. */
  greeting: string;
  /** Stays true if the taking of bytes was abandoned: a message may have been lost with it. */
  isTaking: boolean;
  phaseSinceMs: number;
  heardAtMs: number;
  saidAtMs: number;
  pingedAtMs: number | null;
}

export function createSession(
  net: Net,
  clock: Clock,
  outbox: Outbox,
  upTopic: string,
  topics: readonly string[],
  events: SessionEvents,
): Session {
  return {
    net: net,
    clock: clock,
    outbox: outbox,
    upTopic: upTopic,
    topics: topics,
    events: events,
    phase: Phase.closed,
    closeReason: CloseReason.none,
    refusedWith: 0,
    socket: null,
    reader: null,
    greeting: '',
    isTaking: false,
    phaseSinceMs: 0,
    heardAtMs: 0,
    saidAtMs: 0,
    pingedAtMs: null,
  };
}

/**
 * Opens a connection. The port blocks until TCP has answered.
 * @rare
 */
export function openSession(
  session: Session,
  host: string,
  port: number,
  options: ConnectOptions,
): void {
  session.phase = Phase.opening;
  session.phaseSinceMs = session.clock.nowMs();
  session.pingedAtMs = null;
  session.isTaking = false;
  session.greeting = connectPacket(options);
  const reader = createReader();
  session.reader = reader;
  const events = /* @__NOINLINE__ */ socketEvents(session, reader);
  session.socket = session.net.connect(host, port, events);
  // The call may have blocked for long: that was not the broker's silence.
  if (session.phase === Phase.opening) session.phaseSinceMs = session.clock.nowMs();
  if (session.socket === null) closeSession(session, CloseReason.unreachable);
}

/** First byte of PUBLISH at QoS 1 (3.3.1), and its flags that change nothing here. */
const PUBLISH_QOS1 = 0x32;
const REPEATED_OR_RETAINED = 9;

/**
 * What the socket calls. Apart, because these functions keep the scope in which they are made. What
 * comes all the time is done here; what is seldom is not, because the interpreter would read through
 * it each time.
 * @rare
 */
function socketEvents(session: Session, reader: PacketReader): SocketEvents {
  return {
    onConnect: function () {
      if (session.reader === reader) greet(session);
    },
    onData: function (bytes) {
      if (session.isTaking || session.reader !== reader) {
        if (session.reader === reader) closeSession(session, CloseReason.abandoned);
        return;
      }
      // First of all, because memory may run out in any call.
      session.isTaking = true;
      session.heardAtMs = session.clock.nowMs();
      feedReader(reader, bytes);
      let found: number;
      // (A session that is closed has emptied its reader.)
      while ((found = nextPacket(reader)) === Found.packet) {
        const all = reader.bytes;
        const restAt = reader.restAt;
        // (Without a second byte of its own it reads on, and is a length that does not fit.)
        const topicSize = all.charCodeAt(restAt) * 256 + all.charCodeAt(restAt + 1);
        if (
          (reader.first & ~REPEATED_OR_RETAINED) === PUBLISH_QOS1 &&
          topicSize + 4 <= reader.size &&
          reader.whole &&
          session.phase >= Phase.subscribing
        ) {
          const idAt = restAt + 2 + topicSize;
          session.events.onMessage(
            all.substr(restAt + 2, topicSize),
            all.substr(idAt + 2, reader.size - topicSize - 4),
            all.substr(idAt, 2),
          );
        } else takeOther(session, reader);
      }
      if (session.reader !== reader) return;
      session.isTaking = false;
      if (found === Found.notMqtt) closeSession(session, CloseReason.notMqtt);
      if (session.outbox.waiting.length > 0) flush(session);
      if (reader.first >> 4 === Packet.publish) session.events.onTaken();
    },
    onClose: function () {
      if (session.reader === reader) closeSession(session, CloseReason.lost);
    },
  };
}

/** @rare */
function greet(session: Session): void {
  enter(session, Phase.connecting);
  write(session, session.greeting);
  session.greeting = '';
}

/**
 * Ends the connection from this side.
 * @rare
 */
export function closeSession(session: Session, reason: number): void {
  if (session.phase === Phase.closed) return;
  const socket = session.socket;
  session.phase = Phase.closed;
  session.closeReason = reason;
  if (session.reader !== null) emptyReader(session.reader);
  session.socket = null;
  session.reader = null;
  session.greeting = '';
  if (socket !== null && reason !== CloseReason.lost) socket.close();
  session.events.onClose();
}

/**
 * Tells the broker that the message was received: only now may it forget it. Also before SUBACK:
 * a persistent session delivers what it kept as soon as the unit is connected.
 */
export function acknowledge(session: Session, packetId: string): void {
  if (session.phase >= Phase.subscribing) write(session, pubackPacket(packetId));
}

/** Publishes a retained payload on a topic other than the unit's up topic: its birth. */
export function publishRetained(session: Session, topic: string, payload: string): void {
  write(session, publishPacket(topic, freshPacketId(session.outbox), payload, true, false));
}

/** Sends what may leave now. */
export function flush(session: Session): void {
  let message: Waiting | null = null;
  while (session.phase === Phase.open && (message = nextToSend(session.outbox)) !== null) {
    const payload = session.events.wrapPayload(session.upTopic, message.content);
    if (payload === '') return;
    // Last of all: abandoned before, it must not be wrapped again.
    message.packetId = freshPacketId(session.outbox);
    message.content = payload;
    send(session, message, false);
  }
}

/**
 * Milliseconds until the broker is to be pinged, where nothing else is expected of it or to be told
 * it; else 0.
 * @rare
 */
export function quietForMs(session: Session, nowMs: number): number {
  const isBusy = session.pingedAtMs !== null || session.outbox.waiting.length > 0;
  if (isBusy || session.phase !== Phase.open) return 0;
  return Math.min(session.heardAtMs, session.saidAtMs) + KEEP_ALIVE_PING_MS - nowMs;
}

/** Watches the broker; call it at least every few seconds. */
export function watchSession(session: Session, nowMs: number): void {
  if (session.phase === Phase.closed) return;
  if (session.isTaking) {
    closeSession(session, CloseReason.abandoned);
    return;
  }
  if (session.phase !== Phase.open) {
    if (nowMs - session.phaseSinceMs > PATIENCE_MS) closeSession(session, CloseReason.silent);
    return;
  }
  const oldestMs = oldestInFlightMs(session.outbox);
  if (oldestMs !== null && nowMs - oldestMs > PATIENCE_MS + KEEP_ALIVE_PING_MS) {
    closeSession(session, CloseReason.silent);
  } else if (session.pingedAtMs !== null) {
    if (nowMs - session.pingedAtMs > PATIENCE_MS) closeSession(session, CloseReason.silent);
  } else if (nowMs - Math.min(session.heardAtMs, session.saidAtMs) >= KEEP_ALIVE_PING_MS) {
    session.pingedAtMs = nowMs;
    write(session, PINGREQ);
  }
}

/** @rare */
function enter(session: Session, phase: number): void {
  session.phase = phase;
  session.phaseSinceMs = session.clock.nowMs();
}

function write(session: Session, bytes: string): void {
  if (session.socket === null) return;
  session.saidAtMs = session.clock.nowMs();
  session.socket.write(bytes);
}

/** @rare */
function send(session: Session, message: Waiting, isRepeat: boolean): void {
  message.sentAtMs = session.clock.nowMs();
  write(
    session,
    publishPacket(session.upTopic, message.packetId, message.content, false, isRepeat),
  );
}

/**
 * A packet that is no PUBLISH at QoS 1.
 * @rare
 */
function takeOther(session: Session, reader: PacketReader): void {
  const rest = restOf(reader);
  const type = reader.first >> 4;
  // A broker's first packet is CONNACK (3.2.0-1).
  if (session.phase < Phase.subscribing && type !== Packet.connack) {
    closeSession(session, CloseReason.notMqtt);
  } else if (type === Packet.puback) acknowledged(session.outbox, idAt(rest, 0));
  else if (type === Packet.pingresp) session.pingedAtMs = null;
  else if (type === Packet.publish) takeOtherPublish(session, reader.first, rest, reader.whole);
  else if (type === Packet.connack) takeConnack(session, rest);
  else if (type === Packet.suback) takeSuback(session, rest);
  else closeSession(session, CloseReason.notMqtt);
}

/** @rare */
function takeConnack(session: Session, rest: string): void {
  session.refusedWith = rest.length === 2 ? rest.charCodeAt(1) : 255;
  if (session.phase !== Phase.connecting) closeSession(session, CloseReason.notMqtt);
  else if (session.refusedWith !== 0) closeSession(session, CloseReason.connectRefused);
  else {
    enter(session, Phase.subscribing);
    write(session, subscribePacket(freshPacketId(session.outbox), session.topics));
  }
}

/** @rare */
function takeSuback(session: Session, rest: string): void {
  if (session.phase !== Phase.subscribing) return;
  let granted = rest.length === 2 + session.topics.length;
  // 0x80 is a refusal; QoS 0 would lose dispatches, so it counts as one.
  for (let i = 2; i < rest.length; i++) if (rest.charCodeAt(i) !== 1) granted = false;
  if (!granted) {
    closeSession(session, CloseReason.subscribeRefused);
    return;
  }
  // The birth goes first, then what the last connection left, then what is new.
  session.events.onOpen();
  resend(session);
  enter(session, Phase.open);
}

/** What was in flight when the last connection ended goes again, in its order (4.4, 4.6). */
function resend(session: Session): void {
  let message: Waiting | null = null;
  while ((message = nextInFlight(session.outbox, message)) !== null) send(session, message, true);
}

/** @rare */
function idAt(rest: string, at: number): number {
  return rest.charCodeAt(at) * 256 + rest.charCodeAt(at + 1);
}

/**
 * PUBLISH at QoS 0, or too long, or none.
 * @rare
 */
function takeOtherPublish(session: Session, first: number, rest: string, whole: boolean): void {
  const qos = (first >> 1) & 3;
  const topicEnd = 2 + idAt(rest, 0);
  const payloadAt = qos === 0 ? topicEnd : topicEnd + 2;
  // A unit subscribes at QoS 1, so a broker may not send QoS 2 (3.8.4).
  if (qos > 1 || !(payloadAt <= rest.length)) {
    closeSession(session, CloseReason.notMqtt);
  } else if (whole) {
    session.events.onMessage(rest.substring(2, topicEnd), rest.substr(payloadAt), '');
  } else {
    session.events.onOversized();
    if (qos === 1) acknowledge(session, rest.substr(topicEnd, 2));
  }
}
