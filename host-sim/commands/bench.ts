/**
 * `npm run bench`: what the unit costs, as ratios within one interleaved run: the way of a dispatch
 * beside a bare subscriber, and the protocol's bytes and seal beside JSON.
 */
import Table from 'cli-table3';
import { measureBroker, type BrokerRow } from '../bench/broker-row.js';
import {
  CODEC_ROWS,
  measureCodec,
  nodeRows,
  sealedBytes,
  type CodecResult,
  type SealedBytes,
} from '../bench/codec-rows.js';
import { measureGps, type GpsRow } from '../bench/gps-row.js';
import { interpreterRows } from '../bench/interpreter-rows.js';
import { measureMqtt, type MqttRows } from '../bench/mqtt-rows.js';
import { NO_PEER, readPeer } from '../bench/peer.js';
import type { Spread } from '../bench/spread.js';
import { loadBundle } from '../espruino/bundle.js';
import { findInterpreter } from '../interpreter/interpreter.js';

export interface BenchFlags {
  readonly rounds: number;
  readonly messages: number;
  readonly interpreter?: string;
  /** Espruino's own MQTT.js and GPS.js, which are no part of this project. */
  readonly peerMqtt?: string;
  readonly peerGps?: string;
  readonly bundle?: string;
  readonly json?: boolean;
}

export interface BenchResult {
  readonly rounds: number;
  readonly messagesARound: number;
  readonly brokerToSounder: BrokerRow;
  /** By host: this process, then the interpreter if there is one. */
  readonly codec: readonly CodecResult[];
  readonly sealedBytes: SealedBytes;
  /** The whole unit on the interpreter, beside MQTT.js there if it was given. */
  readonly mqtt: MqttRows | null;
  readonly gps: GpsRow | typeof NO_PEER;
}

export async function bench(flags: BenchFlags): Promise<void> {
  const { rounds, messages, json } = flags;
  const bundle = loadBundle(flags.bundle);
  // First, since it says at once if there is no such file.
  const command = flags.interpreter ?? findInterpreter();
  const peerMqtt = flags.peerMqtt ? readPeer('peer-mqtt', flags.peerMqtt) : null;
  const peerGps = flags.peerGps ? readPeer('peer-gps', flags.peerGps) : null;
  const onInterpreter = command === null ? [] : [await measureInterpreter(command, rounds)];
  const result: BenchResult = {
    rounds,
    messagesARound: messages,
    brokerToSounder: await measureBroker(bundle, rounds, messages),
    codec: [await measureCodec(nodeRows(), rounds), ...onInterpreter],
    sealedBytes: sealedBytes(),
    mqtt: command === null ? null : await measureMqtt(bundle, command, peerMqtt, rounds, messages),
    gps:
      command === null || peerGps === null ? NO_PEER : await measureGps(command, peerGps, rounds),
  };
  console.log(json ? JSON.stringify(result, null, 2) : inWords(result));
}

async function measureInterpreter(command: string, rounds: number): Promise<CodecResult> {
  const host = await interpreterRows(command);
  try {
    return await measureCodec(host, rounds);
  } finally {
    await host.close();
  }
}

function shown({ median, least, most }: Spread, unit: string): string {
  return `${median.toFixed(2)}${unit} [${least.toFixed(2)} ${most.toFixed(2)}]`;
}

function inWords(result: BenchResult): string {
  const { rounds, messagesARound, brokerToSounder, codec, sealedBytes } = result;
  const { host, peer, ratio, unitMs, peerMs } = brokerToSounder;
  const way = table(['PUBLISH leaves the broker', 'p50: median of rounds [least most]']);
  way.push(
    [`→ sounder's pin, unit on the ${host}`, shown(unitMs, ' ms')],
    [`→ callback of a ${peer}`, shown(peerMs, ' ms')],
    ['ratio', shown(ratio, ' x')],
  );
  const parts = [
    way.toString(),
    `${rounds} rounds of ${messagesARound} messages each, in turn`,
    ...codec.flatMap((result) => [
      codecTable(result),
      `${rounds} rounds of ${result.turnsARound} turns each, in turn, less an empty row`,
    ]),
    bytesLine(sealedBytes),
    ...(result.mqtt === null ? [] : [peersTable(result.mqtt, result.gps)]),
  ];
  return parts.join('\n');
}

function codecTable({ host, rows }: CodecResult): string {
  const jobs = new Map<string, string>(CODEC_ROWS.map(({ row, job }) => [row, job]));
  const codecs = table([`codec on the ${host}`, 'median [least most]', 'against', 'ratio']);
  for (const { row, peer, ratio, us, peerUs } of rows) {
    const against = `${peer} ${shown(peerUs, ' us')}`;
    codecs.push([jobs.get(row) ?? row, shown(us, ' us'), against, shown(ratio, ' x')]);
  }
  return codecs.toString();
}

function peersTable(mqtt: MqttRows, gps: BenchResult['gps']): string {
  const rows = table(['on the interpreter', 'unit', 'peer', 'ratio', 'aim']);
  const or = (spread: Spread | null, unit: string) => (spread ? shown(spread, unit) : NO_PEER);
  rows.push(
    [
      'PUBLISH → pin, MQTT.js bare',
      shown(mqtt.unitMs, ' ms'),
      or(mqtt.peerMs, ' ms'),
      or(mqtt.ratio, ' x'),
      '<= 1.5 x',
    ],
    [
      'burst of 1,000, messages a second',
      shown(mqtt.unitBurst, ''),
      or(mqtt.peerBurst, ''),
      or(mqtt.burstRatio, ' x'),
      '>= 1 x',
    ],
    gps === NO_PEER
      ? ['NMEA sentence, GPS.js', '', NO_PEER, NO_PEER, '<= 0.5 x']
      : [
          'NMEA sentence, GPS.js',
          shown(gps.us, ' us'),
          shown(gps.peerUs, ' us'),
          shown(gps.ratio, ' x'),
          '<= 0.5 x',
        ],
    ['power → birth taken', shown(mqtt.bootMs, ' ms'), '', '', '<= 2000 ms'],
  );
  return rows.toString();
}

function bytesLine({ mean, most, messages }: SealedBytes): string {
  const each = Object.entries(messages).map(
    ([name, { plain, added }]) => `${name} ${plain}+${added}`,
  );
  return `a seal adds ${mean.toFixed(1)} bytes in the mean, ${most} at most: ${each.join(', ')}`;
}

function table(head: string[]): Table.Table {
  return new Table({ head, style: { head: [], border: [] } });
}
