/** The two networks of the bench: simulated around an embedded broker, and real TCP on any broker. */
import { createConnection } from 'node:net';
import { MqttClient, connect, type IClientOptions } from 'mqtt';
import { stateTopic } from '../../protocol/topics.js';
import { createEmbeddedBroker } from '../broker/embedded.js';
import { sureAnswerTo } from '../broker/sure-answers.js';
import type { Dial } from '../world/connection.js';
import { UserError } from '../exit-codes.js';
import type { WorldClock } from '../world/clock.js';
import { createRadioLink } from '../world/link.js';
import type { Random } from '../world/random.js';
import { createTcpLink } from '../world/tcp.js';

export interface UnitLink {
  readonly dial: Dial;
  setUp(up: boolean): void;
}

/** A unit's own time, and at multiples of what the broker hears it (0: at any time). */
export interface UnitPace {
  readonly unitClock: WorldClock;
  readonly slotMs: () => number;
  /** Runs it up to the world's time. */
  readonly catchUp: () => void;
}

export interface BenchNetwork {
  /** Where a unit finds the broker. */
  readonly host: string;
  readonly port: number;
  /** @param pace where the unit is run behind the world; on real TCP it cannot be */
  linkFor(unit: string, random: Random, pace?: UnitPace): UnitLink;
  /** Another client of the broker. Its session ends with its connection, unless it is to be kept. */
  connect(clientId: string, options?: { readonly clean: boolean }): MqttClient;
  /** Told of each PUBLISH that leaves the broker for a unit; never, where the broker is not ours. */
  onPublishSent(listener: (topic: string, payload: Buffer, atMs: number) => void): void;
  /** See EmbeddedBroker; absent where the broker is not ours. */
  readonly hold?: (topic: string) => () => void;
  close(): Promise<void>;
}

/** One way through the radio and the vehicle's router. */
const LATENCY_MS: [number, number] = [30, 120];

/** Everything in one process and in simulated time. */
export async function simulatedNetwork(clock: WorldClock): Promise<BenchNetwork> {
  const broker = await createEmbeddedBroker(clock);
  return {
    host: '10.0.0.1',
    port: 1883,
    linkFor: (_unit, random, pace) =>
      createRadioLink(clock, random, {
        broker,
        latencyMs: LATENCY_MS,
        sureAnswerTo,
        ...pace,
      }),
    connect: (clientId, options) =>
      // Its keep-alive would run by the wall's clock.
      new MqttClient(() => broker.dialDuplex(), {
        clientId,
        ...options,
        keepalive: 0,
        reconnectPeriod: 0,
        // Its own would make up what nobody reads.
        log: () => {},
      }),
    onPublishSent: (listener) =>
      broker.onPublishSent(({ topic, payload, atMs }) => listener(topic, payload, atMs)),
    hold: (topic) => broker.hold(topic),
    close: () => broker.close(),
  };
}

/** An embedded broker on loopback, over real sockets. */
export async function embeddedTcpNetwork(clock: WorldClock, port: number): Promise<BenchNetwork> {
  const broker = await createEmbeddedBroker(clock);
  let listening: number;
  try {
    listening = await broker.listen(port, '127.0.0.1');
  } catch (error) {
    await broker.close();
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new UserError(
      'inUse',
      `port ${port} on loopback is in use: take another by --port, or the broker there by --broker`,
    );
  }
  const network = await tcpNetwork(clock, `mqtt://127.0.0.1:${listening}`);
  return {
    ...network,
    onPublishSent: (listener) =>
      broker.onPublishSent(({ topic, payload, atMs }) => listener(topic, payload, atMs)),
    hold: (topic) => broker.hold(topic),
    close: () => broker.close(),
  };
}

/** What a broker asks of who connects. */
export interface BrokerLogin {
  readonly username: string;
  readonly password: string;
}

/** A broker that is there, by its URL. */
export async function tcpNetwork(
  clock: WorldClock,
  url: string,
  login?: BrokerLogin,
): Promise<BenchNetwork> {
  const { hostname, port } = parseBrokerUrl(url);
  // mqtt.js leaves Nagle's algorithm on: a dispatch after an acknowledgement would wait some 40 ms
  // for the broker's own.
  const open = () => createConnection({ host: hostname, port, noDelay: true });
  return {
    host: hostname,
    port,
    linkFor: () => createTcpLink(clock),
    connect: (clientId, options) => {
      const client = new MqttClient(open, { clientId, ...options, ...login });
      // It tries again by itself; who wants to know listens to `close`.
      client.on('error', () => {});
      return client;
    },
    onPublishSent: () => {},
    close: async () => {},
  };
}

function parseBrokerUrl(url: string): { hostname: string; port: number } {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Said below.
  }
  if (parsed?.protocol !== 'mqtt:' || parsed.hostname === '') {
    throw new UserError('usage', `--broker: expected mqtt://host:port, found ${url}`);
  }
  return { hostname: parsed.hostname, port: Number(parsed.port || 1883) };
}

/** Fails with a clear line if nothing answers at a broker's address. */
export async function requireBroker(url: string, login?: BrokerLogin): Promise<void> {
  await withBroker(url, { ...login }, async () => {});
}

/**
 * Has a broker forget what it kept of the bench's units: to a run whose units begin their counters
 * anew, what earlier ones said would be newer. Fails as `requireBroker` does.
 */
export async function sweepBroker(url: string, units: readonly string[]): Promise<void> {
  for (const clientId of units) {
    // With a clean session in the place of the one that was kept.
    await withBroker(url, { clientId }, async (client) => {
      await client.publishAsync(stateTopic(clientId), '', { qos: 1, retain: true });
    });
  }
}

async function withBroker(
  url: string,
  options: IClientOptions,
  use: (client: MqttClient) => Promise<void>,
): Promise<void> {
  const { hostname, port } = parseBrokerUrl(url);
  const once = { ...options, reconnectPeriod: 0, connectTimeout: 5000 };
  const client = connect(`mqtt://${hostname}:${port}`, once);
  try {
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.once('error', reject);
      client.once('close', () => reject(new Error('it closed the connection')));
    });
    await use(client);
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    throw new UserError('brokerUnreachable', `no MQTT broker answers at ${url}: ${cause}`);
  } finally {
    await client.endAsync(true);
  }
}
