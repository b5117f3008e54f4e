/**
 * The bench's own MQTT broker: aedes, over TCP or in-memory streams, in world time. Rule: aedes'
 * wall-clock timers and random numbers that a run could notice are replaced by the world's.
 */
import { createServer, type AddressInfo, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { Aedes, type AedesOptions, type AuthenticateError, type Client } from 'aedes';
import type { Timer, WorldClock } from '../world/clock.js';
import { createPipe, PipeEnd } from '../world/pipe.js';
import { createPersistence } from './retained.js';
import { watchPublishes } from './publish-tap.js';

export interface PublishSent {
  readonly clientId: string;
  readonly topic: string;
  readonly payload: Buffer;
  readonly atMs: number;
}

export interface EmbeddedBrokerOptions {
  /** Says whether a client may connect; all may, if absent. */
  readonly authenticate?: (user: string | undefined, password: string | undefined) => boolean;
}

export interface EmbeddedBroker {
  /** Takes the broker's end of a connection. */
  attach(stream: Duplex): void;
  /** Counts as a word from a connection for its keep-alive: of a ping that was answered for it. */
  heard(stream: Duplex): void;
  /** A client's end of a new in-memory connection, for mqtt.js. */
  dialDuplex(latencyMs?: number): Duplex;
  /** Gives the port. Port 0 takes any; one in use rejects with code EADDRINUSE. */
  listen(port: number, host?: string): Promise<number>;
  /** Told of each PUBLISH in the instant it leaves the broker for a client. */
  onPublishSent(listener: (info: PublishSent) => void): void;
  /**
   * Keeps what is published on a topic from now on, until the function that it gives is called:
   * then all of it goes on, the latest first.
   */
  hold(topic: string): () => void;
  close(): Promise<void>;
}

/** aedes has a timer of four times this, and Node's timers hold 2^31 ms. */
const NEVER_MS = 2 ** 29 - 1;
const CONNECT_TIMEOUT_MS = 30_000;
const BAD_USER_OR_PASSWORD = 4;
/** For what has come to a stream to be read. */
const READ_MS = 1;

export async function createEmbeddedBroker(
  clock: WorldClock,
  options: EmbeddedBrokerOptions = {},
): Promise<EmbeddedBroker> {
  const supervisor = new Supervisor(clock);
  const held: HeldTopics = new Map();
  const aedes = await Aedes.createBroker(aedesOptions(supervisor, held, options));
  letGo(aedes);
  return new Broker(clock, aedes, supervisor, held);
}

/** A broker that nobody closed, because a test failed, must not keep the process for ever. */
function letGo(aedes: Aedes): void {
  const timers = aedes as unknown as Record<string, NodeJS.Timeout | undefined>;
  timers['_heartbeatInterval']?.unref();
  timers['_clearWillInterval']?.unref();
}

/** For each topic that is held, what goes on with each message. */
type HeldTopics = Map<string, (() => void)[]>;

function aedesOptions(
  supervisor: Supervisor,
  held: HeldTopics,
  options: EmbeddedBrokerOptions,
): AedesOptions {
  const allowed = options.authenticate;
  return {
    // Else a random one, and heartbeats that clean up after brokers of a cluster.
    id: 'bench',
    persistence: createPersistence(),
    heartbeatInterval: NEVER_MS,
    connectTimeout: NEVER_MS,
    preConnect: (client, packet, callback) => {
      supervisor.connecting(client, packet as { keepalive?: number });
      callback(null, true);
    },
    authorizePublish: (_client, { topic }, done) => {
      const waiting = held.get(topic);
      if (waiting) waiting.push(() => done(null));
      else done(null);
    },
    ...(allowed && {
      authenticate: (_client, user, password, done) => {
        if (allowed(user, password?.toString())) return done(null, true);
        const refusal = new Error('bad user name or password') as AuthenticateError;
        refusal.returnCode = BAD_USER_OR_PASSWORD;
        done(refusal, null);
      },
    }),
  };
}

class Broker implements EmbeddedBroker {
  readonly #servers: Server[] = [];
  readonly #listeners: ((info: PublishSent) => void)[] = [];

  constructor(
    readonly clock: WorldClock,
    readonly aedes: Aedes,
    readonly supervisor: Supervisor,
    readonly held: HeldTopics,
  ) {}

  attach(stream: Duplex): void {
    this.clock.touch();
    const client = this.aedes.handle(stream);
    this.supervisor.attached(client, stream);
    const isWatched = () => this.#listeners.length > 0;
    watchPublishes(stream, isWatched, (topic, payload) => {
      const info = { clientId: client.id, topic, payload, atMs: this.clock.nowMs() };
      for (const listener of this.#listeners) listener(info);
    });
  }

  heard(stream: Duplex): void {
    this.supervisor.heard(stream);
  }

  dialDuplex(latencyMs = 0): Duplex {
    const [near, far] = createPipe(this.clock, latencyMs);
    this.attach(far);
    return near;
  }

  async listen(port: number, host = '127.0.0.1'): Promise<number> {
    const server = createServer({ noDelay: true }, (socket) => this.attach(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
    this.#servers.push(server);
    return (server.address() as AddressInfo).port;
  }

  onPublishSent(listener: (info: PublishSent) => void): void {
    this.#listeners.push(listener);
  }

  hold(topic: string): () => void {
    this.held.set(topic, []);
    return () => {
      this.clock.touch();
      const waiting = this.held.get(topic) ?? [];
      this.held.delete(topic);
      for (const goOn of waiting.reverse()) goOn();
    };
  }

  async close(): Promise<void> {
    this.clock.touch();
    const closed = this.#servers.map((server) => new Promise((done) => server.close(done)));
    await new Promise<void>((done) => this.aedes.close(done));
    this.supervisor.closeAll();
    await Promise.all(closed);
  }
}

interface Supervised {
  readonly stream: Duplex;
  heardAtMs: number;
  timer: Timer | null;
}

/** Closes connections that say nothing for too long, by the world's clock. */
class Supervisor {
  readonly #connections = new Map<Client, Supervised>();
  readonly #byStream = new WeakMap<Duplex, Supervised>();
  #connects = 0;

  constructor(readonly clock: WorldClock) {}

  attached(client: Client, stream: Duplex): void {
    const connection: Supervised = { stream, heardAtMs: this.clock.nowMs(), timer: null };
    this.#connections.set(client, connection);
    this.#byStream.set(stream, connection);
    stream.on('readable', () => this.heard(stream));
    stream.once('close', () => {
      this.#connections.delete(client);
      if (connection.timer) this.clock.cancel(connection.timer);
    });
    this.#watch(connection, CONNECT_TIMEOUT_MS);
  }

  heard(stream: Duplex): void {
    const connection = this.#byStream.get(stream);
    if (connection) connection.heardAtMs = this.clock.nowMs();
  }

  /** Takes the keep-alive away from aedes, which would count it by the wall's clock. */
  connecting(client: Client, packet: { keepalive?: number }): void {
    const connection = this.#connections.get(client);
    if (connection?.timer) this.clock.cancel(connection.timer);
    // MQTT 3.1.2.10: one and a half times the keep-alive.
    if (connection && packet.keepalive) this.#watch(connection, packet.keepalive * 1500);
    packet.keepalive = 0;
    // aedes starts packet ids at random: spread them, so that they do not meet those in flight.
    (client as unknown as { _nextId: number })._nextId = ((++this.#connects * 4099) % 65535) + 1;
  }

  closeAll(): void {
    for (const { stream } of this.#connections.values()) stream.destroy();
  }

  #watch(connection: Supervised, silenceMs: number): void {
    const leftMs = connection.heardAtMs + silenceMs - this.clock.nowMs();
    connection.timer = this.clock.after(leftMs, () => {
      const { stream, heardAtMs } = connection;
      const isSilent = this.clock.nowMs() - heardAtMs >= silenceMs;
      const judge = () => this.#judge(connection, silenceMs);
      // One that is run behind the world may have said something; it is read in a later tick.
      const mayHaveSpoken = isSilent && stream instanceof PipeEnd && stream.catchUp();
      if (mayHaveSpoken) connection.timer = this.clock.after(READ_MS, judge);
      else judge();
    });
  }

  #judge(connection: Supervised, silenceMs: number): void {
    connection.timer = null;
    this.clock.touch();
    if (this.clock.nowMs() - connection.heardAtMs >= silenceMs) connection.stream.destroy();
    else this.#watch(connection, silenceMs);
  }
}
