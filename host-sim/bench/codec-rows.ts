/**
 * What the protocol's bytes and seal cost, each row beside JSON of the same content on the same
 * host. Rounds take the rows in turn, and what an empty row takes is taken off each.
 */
import { hostBytes, openBytes } from '../../protocol/bytes.js';
import { decodeDispatch } from '../../protocol/generated/dispatch.js';
import { encodePosition } from '../../protocol/generated/position.js';
import { nodeCiphers } from '../../protocol/host/ciphers.js';
import { deriveKeyBytes } from '../../protocol/host/keys.js';
import { encodeMessage } from '../../protocol/host/messages.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../protocol/seal/envelope.js';
import { DIRECTION_BYTES, sealKey } from '../../protocol/seal/keys.js';
import { downTopic } from '../../protocol/topics.js';
import { WORD } from '../../protocol/wire.js';
import { BENCH_SECRET } from './bench.js';
import { typicalDispatch, typicalMessages, typicalPosition } from './content.js';
import { spreadOf, type Spread } from './spread.js';

export type RowName = 'empty' | 'parse' | 'openAlarm' | 'openAll' | 'stringify' | 'sealPosition';

/** Each row that is told, its peer, and what it does. */
export const CODEC_ROWS = [
  { row: 'openAlarm', peer: 'parse', job: "open a dispatch, read the alarm's fields" },
  { row: 'openAll', peer: 'parse', job: 'open a dispatch, decode all of it' },
  { row: 'sealPosition', peer: 'stringify', job: 'encode and seal a position' },
] as const;

export const PEER_CALLS = { parse: 'JSON.parse', stringify: 'JSON.stringify' } as const;

/** Something that runs rows: this process, or a device. */
export interface RowHost {
  readonly name: string;
  /**
   * Enough that the clock tells them, few enough that the rows lie close in time. The peers take
   * PEER_TURNS times as many: so long that what else the machine does falls on both alike.
   */
  readonly turns: number;
  /** Microseconds that so many turns of a row take. */
  run(row: RowName, turns: number): Promise<number>;
}

export interface CodecRow {
  readonly row: string;
  readonly peer: string;
  readonly ratio: Spread;
  readonly us: Spread;
  readonly peerUs: Spread;
}

export interface CodecResult {
  readonly host: string;
  readonly turnsARound: number;
  readonly rows: readonly CodecRow[];
}

const PEER_TURNS = 10;

const KEY_ID = 1;
const COUNTER = 1767261600;
const topic = downTopic('met-x1');

/** What the rows of any host work on. */
export const codecContent = {
  keyBytes: deriveKeyBytes(BENCH_SECRET, 'met-x1', KEY_ID).substring(0, DIRECTION_BYTES),
  topic,
  dispatchJson: JSON.stringify(typicalDispatch),
  positionJson: JSON.stringify(typicalPosition),
};
const key = sealKey(KEY_ID, codecContent.keyBytes);

export function sealedDispatch(): string {
  const message = encodeMessage('dispatch', typicalDispatch);
  return sealEnvelope(nodeCiphers, key, topic, COUNTER, message);
}

/** The rows in this process, as a control room runs them. */
export function nodeRows(): RowHost {
  const payload = sealedDispatch();
  const { dispatchJson } = codecContent;
  let counter = COUNTER;
  const open = () => openEnvelope(hostBytes, nodeCiphers, [key], topic, payload) as Opened;
  const rows: Record<RowName, () => unknown> = {
    empty: () => 0,
    parse: () => JSON.parse(dispatchJson),
    openAlarm: () => {
      const view = new DataView(hostBytes.toBuffer(open().message));
      return [view.getUint32(5), view.getUint8(10), view.getUint32(12) * WORD + view.getUint32(16)];
    },
    openAll: () => decodeDispatch(openBytes(hostBytes, open().message), hostBytes),
    stringify: () => JSON.stringify(typicalPosition),
    sealPosition: () => {
      const message = encodePosition(typicalPosition, hostBytes);
      return sealEnvelope(nodeCiphers, key, topic, counter++, message);
    },
  };
  return {
    name: 'node',
    turns: 1000,
    run: async (name, turns) => {
      const row = rows[name];
      const startMs = performance.now();
      for (let i = 0; i < turns; i++) row();
      return (performance.now() - startMs) * 1000;
    },
  };
}

/** One round more is run before the first that counts. */
export async function measureCodec(host: RowHost, rounds: number): Promise<CodecResult> {
  const peers: readonly RowName[] = ['empty', 'parse', 'stringify'];
  const names = [...peers, ...CODEC_ROWS.map(({ row }) => row)];
  const taken = new Map<RowName, number[]>(names.map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const name of names) {
      const turns = host.turns * (peers.includes(name) ? PEER_TURNS : 1);
      const us = (await host.run(name, turns)) / turns;
      if (round >= 0) taken.get(name)?.push(us);
    }
  }
  const net = (name: RowName): number[] => {
    const empty = taken.get('empty') as number[];
    return (taken.get(name) as number[]).map((us, round) => us - (empty[round] as number));
  };
  const rows = CODEC_ROWS.map(({ row, peer }) => {
    const own = net(row);
    const beside = net(peer);
    return {
      row,
      peer: PEER_CALLS[peer],
      ratio: spreadOf(own.map((us, round) => us / (beside[round] as number))),
      us: spreadOf(own),
      peerUs: spreadOf(beside),
    };
  });
  return { host: host.name, turnsARound: host.turns, rows };
}

export interface SealedBytes {
  readonly mean: number;
  readonly most: number;
  /** By message: its own bytes, and those that the seal adds. */
  readonly messages: Readonly<Record<string, { plain: number; added: number }>>;
}

/** What the seal adds to a typical message of every type. */
export function sealedBytes(): SealedBytes {
  const entries = Object.entries(typicalMessages).map(([name, message]) => {
    const plain = encodeMessage(name, message);
    const added = sealEnvelope(nodeCiphers, key, topic, COUNTER, plain).length - plain.length;
    return [name, { plain: plain.length, added }] as const;
  });
  const added = entries.map(([, bytes]) => bytes.added);
  return {
    mean: added.reduce((sum, bytes) => sum + bytes, 0) / added.length,
    most: Math.max(...added),
    messages: Object.fromEntries(entries),
  };
}
