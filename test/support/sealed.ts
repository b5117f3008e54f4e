/**
 * A unit with keys on fake ports, and the control room's end of its sealed conversation. What the
 * unit seals is opened with the keys themselves, so that a test sees all of it, in its order.
 */
import type { IPublishPacket } from 'mqtt-packet';
import { esp32DevKit } from '../../firmware/boards/esp32-devkit.js';
import { createKeyring } from '../../firmware/seal/keyring.js';
import { writeRecord } from '../../firmware/store/records.js';
import { startUnit, type Unit } from '../../firmware/unit.js';
import { hostBytes } from '../../protocol/bytes.js';
import { defaultConfig, type Config } from '../../protocol/generated/config.js';
import {
  UnitPeer,
  decodeMessage,
  deriveKeys,
  downTopic,
  encodeMessage,
  inWords,
  keysRecord,
  newPeerState,
  nodeCiphers,
  openEnvelope,
  sealEnvelope,
  stateTopic,
  upTopic,
  type Fields,
  type UnitKeys,
} from '../../protocol/host/index.js';
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { FakeStore, FakeSystem, createFakePorts, obliging, type FakePorts } from './fake-ports.js';

/** The fleet's secret. */
export const SECRET = Uint8Array.from({ length: 32 }, (_, i) => (i * 37 + 11) & 255);
export const UNIT_ID = 'MP-1';
export const DOWN = downTopic(UNIT_ID);
export const UP = upTopic(UNIT_ID);
export const STATE = stateTopic(UNIT_ID);
/** The time at the control room, and so about its counters. */
export const UTC = 1700000000000;

export const SETTINGS = {
  unitId: UNIT_ID,
  callSign: 'Alpha 1',
  kind: 1,
  host: '10.0.0.1',
  port: 1883,
  user: 'mp',
  password: 'pw',
  ssid: 'car',
  wifiPassword: 'key',
};

const known = new Map<number, UnitKeys>();

export function keysOf(generation: number): UnitKeys {
  const keys = known.get(generation) ?? deriveKeys(SECRET, UNIT_ID, generation);
  known.set(generation, keys);
  return keys;
}

/** Flash of a board that was given keys, and was never on. */
export function provisioned(generation = 1): Map<string, string> {
  const store = new FakeStore();
  const records = { store, crc32: new FakeSystem().crc32 };
  writeRecord(records, KEYS_RECORD, keysRecord(SECRET, UNIT_ID, generation));
  return store.files;
}

export function newPeer(generation = 1): UnitPeer {
  return new UnitPeer(SECRET, UNIT_ID, newPeerState(generation), UTC / 1000);
}

/** A payload to the unit with any counter, by whoever has the keys. */
export function sealDown(name: string, fields: object, counter: number, generation = 1): string {
  return sealBody(encodeMessage(name, fields), counter, generation);
}

/** Seals what may be no message at all. */
export function sealBody(body: string, counter: number, generation = 1): string {
  return sealEnvelope(nodeCiphers, keysOf(generation).down, DOWN, counter, body);
}

export interface Sent {
  readonly topic: string;
  readonly retain: boolean;
  readonly payload: string;
  readonly keyId: number;
  readonly counter: number;
  /** The message as bytes, and as what it says. */
  readonly body: string;
  readonly name: string;
  readonly message: Fields;
}

/** Opens what a unit sealed, whatever its counter. */
export function openUp(topic: string, bytes: string | Buffer, retain = false): Sent {
  const payload = bytes.toString('latin1');
  const keys = [1, 2, 3, 4, 5].map((generation) => keysOf(generation).up);
  const opened = openEnvelope(hostBytes, nodeCiphers, keys, topic, payload);
  if (typeof opened === 'number') throw new Error(`${topic}: refused with ${opened}`);
  const decoded = decodeMessage(opened.message);
  if (typeof decoded === 'number') throw new Error(`${topic}: malformed, ${decoded}`);
  const { keyId, counter, message: body } = opened;
  return { topic, retain, payload, keyId, counter, body, ...decoded };
}

/** All that a unit gave to brokers on these ports, wills included, in its order. */
export function everythingSent(ports: FakePorts): Sent[] {
  return ports.net.ends.flatMap((end) =>
    end.heard.flatMap((packet) => {
      if (packet.cmd === 'connect' && packet.will) {
        return [openUp(packet.will.topic, packet.will.payload as Buffer, packet.will.retain)];
      }
      return packet.cmd === 'publish' ? [sentIn(packet)] : [];
    }),
  );
}

function sentIn({ topic, payload, retain }: IPublishPacket): Sent {
  return openUp(topic, payload as Buffer, retain);
}

export const DISPATCH = {
  dispatchId: 7,
  category: 1,
  issuedAt: UTC,
  expiresAt: UTC + 600000,
  latitudeE7: null,
  longitudeE7: null,
  ambulanceReference: 'CAD-1',
  address: '1 High Street',
  note: '',
};

/** A unit on a board with these files, its control room, and a broker that says yes. */
export class Bench {
  readonly ports: FakePorts;
  readonly unit: Unit;

  constructor(
    files = provisioned(),
    readonly peer = newPeer(),
    prepare = (_ports: FakePorts): void => {},
  ) {
    this.ports = createFakePorts(files);
    this.ports.net.onPacket = obliging;
    prepare(this.ports);
    const { store, system } = this.ports;
    const records = { store, crc32: system.crc32 };
    const keyring = createKeyring(hostBytes, nodeCiphers, records);
    if (keyring === null) throw new Error('flash has no keys');
    this.unit = startUnit(this.ports, esp32DevKit(), records, SETTINGS, keyring);
  }

  /** The power went, and is back: the files and the control room are the same. */
  restarted(prepare = (_ports: FakePorts): void => {}): Bench {
    return new Bench(this.ports.store.files, this.peer, prepare);
  }
  /** Runs until the link is open and quiet. */
  opened(): this {
    this.ports.clock.advance(2000);
    this.told();
    this.ports.trace.length = 0;
    return this;
  }
  /** The control room says this; gives the payload, so that it can come again. */
  say(name: string, fields: object, messageId = 9): string {
    const payload = this.peer.seal(name, fields).payload.toString('latin1');
    this.deliver(payload, messageId);
    return payload;
  }
  /** The broker delivers a payload, with packet id 0 at QoS 0. */
  deliver(payload: string, messageId = 9, topic = DOWN): void {
    const bytes = Buffer.from(payload, 'latin1');
    const flags = { qos: messageId === 0 ? (0 as const) : (1 as const), retain: false, dup: false };
    this.ports.net.far.say({ cmd: 'publish', topic, payload: bytes, messageId, ...flags });
  }
  dispatch(dispatchId = 7, messageId = 100, expiresAt = DISPATCH.expiresAt): string {
    return this.say('dispatch', { ...DISPATCH, dispatchId, expiresAt }, messageId);
  }
  standDown(dispatchId = 7, messageId = 101): string {
    return this.say('stand-down', { dispatchId, issuedAt: UTC, reason: 1 }, messageId);
  }
  /** Answers this connection's birth, as of this time at the control room. */
  hello(issuedAt = UTC, fields: object = {}): string {
    const { birthCounter } = this.unit;
    return this.say('hello', { birthCounter, heardCounter: 0, issuedAt, state: 1, ...fields }, 0);
  }
  /** The control room asks this of the unit; gives the counter by which the outcome names it. */
  order(command: number, messageId = 60): number {
    this.say('command', { command, generation: 0, issuedAt: UTC, keys: '' }, messageId);
    return this.peer.state.counter;
  }
  /** It gives these settings, and else the defaults; gives the counter as well. */
  configure(change: Partial<Config>, messageId = 61): number {
    this.say('config', { ...defaultConfig(), version: 1, issuedAt: UTC, ...change }, messageId);
    return this.peer.state.counter;
  }
  /** The control room says what may be no message at all; gives the payload and its counter. */
  sayBody(body: string, messageId = 62): [payload: string, counter: number] {
    const counter = ++this.peer.state.counter;
    const payload = sealBody(body, counter, this.peer.state.generation);
    this.deliver(payload, messageId);
    return [payload, counter];
  }
  /** Tells the unit its next keys. */
  rotate(messageId = 50): string {
    const payload = this.peer.sealRotation(UTC).payload.toString('latin1');
    this.deliver(payload, messageId);
    return payload;
  }
  /** What the unit published since the last call; the control room hears it too. */
  sent(): Sent[] {
    const fresh: Sent[] = [];
    for (const end of this.ports.net.ends) {
      for (const packet of end.take()) if (packet.cmd === 'publish') fresh.push(sentIn(packet));
    }
    for (const { topic, payload } of fresh) this.peer.open(topic, Buffer.from(payload, 'latin1'));
    return fresh;
  }
  /** The newest message of this name among those published since the last call. */
  newest(name: string): Fields {
    const message = this.sent().findLast((each) => each.name === name)?.message;
    if (message === undefined) throw new Error('no ' + name);
    return message;
  }
  /** The unit's word on its dispatches since the last call. */
  told(): string[] {
    const words: string[] = [];
    for (const { name, message } of this.sent()) {
      const { dispatchId, step, refusal, answer } = inWords(name, message);
      if (step) words.push(`${step} ${dispatchId}${refusal === 'none' ? '' : ' ' + refusal}`);
      if (answer) words.push(`${answer} ${dispatchId}`);
    }
    return words;
  }
  /** What became of orders and settings since the last call: a word and the counter of each. */
  outcomes(): string[] {
    return this.sent().flatMap(({ name, message }) => {
      const { refusal, counter } = inWords(name, message);
      return name === 'outcome' ? [`${refusal} ${counter}`] : [];
    });
  }
  /** What happened to the world, without positions and the like. */
  traced(): string[] {
    return this.ports.trace.splice(0).filter((what) => !/publish|ping|amber|green|call/.test(what));
  }
  get isSounding(): boolean {
    return this.unit.alarm.on && this.ports.outputs.changes.some((each) => each.what === 'sound');
  }
  /** All that a message can change in the unit, to be compared. */
  state(): string {
    const { unit, ports } = this;
    return JSON.stringify([
      unit.desk.jobs,
      unit.deskSaved,
      unit.inbox.window,
      unit.clock,
      unit.control,
      unit.outbox,
      unit.news,
      [unit.counter.next, unit.counter.end],
      unit.alarm.on,
      ports.outputs.changes.length,
      [...ports.store.files],
    ]);
  }
}
