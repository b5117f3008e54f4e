/**
 * A fleet over real sockets, with a bare mqtt.js subscriber for each unit beside it. Each unit is the
 * bundle on the stand-in with a TCP connection of its own; their receivers are off, so that what is
 * timed is the way of a message.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import { Step } from '../../protocol/codes.js';
import type { Bundle } from '../espruino/bundle.js';
import { demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import type { RealClock } from '../world/clock.js';
import type { Connection, Dial } from '../world/connection.js';
import { Random } from '../world/random.js';
import { Bench } from './bench.js';
import type { BenchNetwork } from './networks.js';

/** When the first bytes after the last `forget` came to a unit's socket. */
export type SocketTimes = Map<string, number>;

export interface Fleet {
  readonly bench: Bench;
  readonly units: readonly ScenarioUnit[];
  readonly socketAtMs: SocketTimes;
  /** How often its unit told that a dispatch sounds, by its id. */
  readonly soundings: ReadonlyMap<number, number>;
  /** Publishes what no unit knows of. */
  readonly publisher: MqttClient;
  /** One for each unit; empty where there are to be none. */
  readonly bare: readonly MqttClient[];
  close(): Promise<void>;
}

/** Connections that are opened at once: a broker's queue of those that wait is short. */
const AT_ONCE = 50;
const PATIENCE_MS = 60_000;

export function bareTopic(index: number): string {
  return `bench/bare/${index}`;
}

/** @throws if a unit is not born within a minute */
export async function startFleet(
  bundle: Bundle,
  clock: RealClock,
  network: BenchNetwork,
  count: number,
  bareCount: number,
): Promise<Fleet> {
  const crew = { answer: 'none', afterS: 0 } as const;
  const units = demoUnits(count).map((unit) => ({ ...unit, crew }));
  const socketAtMs: SocketTimes = new Map();
  const soundings = new Map<number, number>();
  const bench = new Bench({
    clock,
    random: new Random(1),
    network: timed(network, clock, socketAtMs),
    bundle,
    units,
    onControl: ({ name, fields }) => {
      if (name !== 'receipt' || fields['step'] !== Step.sounding) return;
      const id = fields['dispatchId'] as number;
      soundings.set(id, (soundings.get(id) ?? 0) + 1);
    },
  });
  for (let first = 0; first < count; first += AT_ONCE) {
    const some = units.slice(first, first + AT_ONCE);
    for (const { id } of some) bench.vehicle(id).host.powerOn();
    await until(() => some.every(({ id }) => bench.controlRoom.units.get(id)?.alive));
  }
  const url = `mqtt://${network.host}:${network.port}`;
  const bare: MqttClient[] = [];
  while (bare.length < bareCount) {
    const most = Math.min(AT_ONCE, bareCount - bare.length);
    const some = await Promise.all(Array.from({ length: most }, () => connectAsync(url)));
    await Promise.all(
      some.map((client, i) => client.subscribeAsync(bareTopic(bare.length + i), { qos: 1 })),
    );
    // As with the network's own clients: a broker that is lost is no fault of theirs.
    for (const client of some) client.on('error', () => {});
    bare.push(...some);
  }
  const publisher = network.connect('bench-bare-publisher');
  await until(() => publisher.connected);
  return {
    bench,
    units,
    socketAtMs,
    soundings,
    publisher,
    bare,
    close: async () => {
      await Promise.all([publisher, ...bare].map((client) => client.endAsync(true)));
      await bench.stop();
    },
  };
}

/** The network, with the first bytes that come to each unit noted. */
function timed(network: BenchNetwork, clock: RealClock, atMs: SocketTimes): BenchNetwork {
  return {
    ...network,
    linkFor: (unit, random) => {
      const link = network.linkFor(unit, random);
      const dial: Dial = (host, port) => {
        const connection = link.dial(host, port);
        return (
          connection && noting(connection, () => atMs.has(unit) || atMs.set(unit, clock.nowMs()))
        );
      };
      return { dial, setUp: (up) => link.setUp(up) };
    },
  };
}

function noting(connection: Connection, onBytes: () => void): Connection {
  return {
    listen: (events) =>
      connection.listen({
        onOpen: () => events.onOpen(),
        onClose: () => events.onClose(),
        onData: (bytes) => {
          onBytes();
          events.onData(bytes);
        },
      }),
    write: (bytes) => connection.write(bytes),
    close: () => connection.close(),
    vanish: () => connection.vanish(),
  };
}

/** @throws after PATIENCE_MS */
export async function until(condition: () => boolean | undefined): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs)
      throw new Error(`the fleet was waited for in vain: ${condition}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
