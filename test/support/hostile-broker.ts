/**
 * A broker for tests that can do everything wrong: it speaks MQTT by bytes, over real TCP or in
 * simulated time, and obliges only where a test does not tell it otherwise.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, connect, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { generate, parser, type IPublishPacket, type Packet } from 'mqtt-packet';
import { type WorldClock } from '../../host-sim/world/clock.js';
import type { Connection, ConnectionEvents } from '../../host-sim/world/connection.js';

/** The broker's end of one connection. */
export class Caller {
  readonly heard: Packet[] = [];
  readonly openedAtMs: number;
  /** When the connection ended, by whichever end. */
  closedAtMs: number | null = null;
  readonly #parser = parser();
  #held: string | null = null;

  constructor(
    readonly clock: WorldClock,
    readonly wire: { write(bytes: string): void; end(): void },
    onPacket: (caller: Caller, packet: Packet) => void,
  ) {
    this.openedAtMs = clock.nowMs();
    this.#parser.on('packet', (packet) => {
      this.heard.push(packet);
      onPacket(this, packet);
    });
    this.#parser.on('error', (error) => {
      throw new Error(`the unit does not speak MQTT: ${error.message}`);
    });
  }

  take(bytes: Buffer): void {
    this.#parser.parse(bytes);
  }

  gone(): void {
    this.closedAtMs ??= this.clock.nowMs();
  }

  /** Bytes as they are, in one segment; behind a packet that is sent in parts. */
  write(bytes: string): void {
    if (this.#held !== null) this.#held += bytes;
    else if (this.closedAtMs === null) this.wire.write(bytes);
  }

  /** A piece of a packet; nothing else is sent before the last piece. */
  writePart(bytes: string, isLast: boolean): void {
    if (this.closedAtMs === null) this.wire.write(bytes);
    const held = this.#held ?? '';
    this.#held = isLast ? null : held;
    if (isLast && held !== '') this.write(held);
  }

  say(packet: Packet): void {
    this.write(bytesOf(packet));
  }

  close(): void {
    this.gone();
    this.wire.end();
  }

  /** How often the unit said this. */
  count(cmd: Packet['cmd'], messageId?: number): number {
    return this.heard.filter(
      (packet) => packet.cmd === cmd && (messageId === undefined || packet.messageId === messageId),
    ).length;
  }
}

export function bytesOf(packet: Packet): string {
  return generate(packet).toString('latin1');
}

/** What a broker in its right mind answers. */
export function oblige(caller: Caller, packet: Packet): void {
  if (packet.cmd === 'connect') {
    caller.say({ cmd: 'connack', returnCode: 0, sessionPresent: false });
  } else if (packet.cmd === 'subscribe') {
    const granted = packet.subscriptions.map(() => 1);
    caller.say({ cmd: 'suback', messageId: packet.messageId as number, granted });
  } else if (packet.cmd === 'publish' && packet.qos === 1) {
    caller.say({ cmd: 'puback', messageId: packet.messageId as number });
  } else if (packet.cmd === 'pingreq') caller.say({ cmd: 'pingresp' });
}

export class HostileBroker {
  readonly callers: Caller[] = [];
  /** What it does with a packet of the unit. */
  answer: (caller: Caller, packet: Packet) => void = oblige;
  /** Called for all that the unit publishes, before the answer. */
  onPublish: (packet: IPublishPacket) => void = () => {};
  /** Connections neither succeed nor fail. Simulated; see `hangFor` for real TCP. */
  hangs = false;
  /** When each attempt to connect came, those that hung too. */
  readonly attemptsAtMs: number[] = [];
  #server: Server | null = null;
  #port = 0;

  constructor(readonly clock: WorldClock) {}

  get caller(): Caller {
    const caller = this.callers.at(-1);
    if (!caller) throw new Error('nobody has called the broker');
    return caller;
  }

  /** Over real TCP; gives the port. */
  async listen(port = 0): Promise<number> {
    const server = createServer((socket) => this.#called(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', resolve);
    });
    this.#server = server;
    this.#port = (server.address() as AddressInfo).port;
    return this.#port;
  }

  /** In simulated time. */
  dial(latencyMs = 5): Connection {
    this.attemptsAtMs.push(this.clock.nowMs());
    const later = (work: () => void) => this.clock.after(latencyMs, work);
    let events: ConnectionEvents | null = null;
    const caller = new Caller(
      this.clock,
      {
        write: (bytes) => void later(() => events?.onData(bytes)),
        end: () => void later(() => events?.onClose()),
      },
      (from, packet) => this.#packet(from, packet),
    );
    const hangs = this.hangs;
    const leave = () => {
      events = null;
      later(() => caller.gone());
    };
    return {
      listen: (ears) => {
        events = ears;
        // TCP gives up after this.
        if (hangs) this.clock.after(CONNECT_GIVES_UP_MS, () => events?.onClose());
        else {
          this.callers.push(caller);
          later(() => events?.onOpen());
        }
      },
      write: (bytes) => void later(() => caller.take(Buffer.from(bytes, 'latin1'))),
      close: leave,
      vanish: leave,
    };
  }

  /**
   * Real TCP: for so long whoever connects gets no answer at all. The port is held by a process
   * that is stopped and whose queue is full, since a listening server here would always answer.
   */
  async hangFor(ms: number): Promise<void> {
    const port = this.#port;
    await this.close();
    const holder = await holdPort(port);
    const fillers = Array.from({ length: 4 }, () => connect(port, '127.0.0.1'));
    for (const filler of fillers) filler.on('error', () => {});
    await new Promise((resolve) => setTimeout(resolve, ms));
    const ended = new Promise((resolve) => holder.on('close', resolve));
    holder.kill('SIGKILL');
    await ended;
    for (const filler of fillers) filler.destroy();
    await this.listen(port);
  }

  async close(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    for (const caller of this.callers) if (caller.closedAtMs === null) caller.close();
    if (server) await new Promise((resolve) => server.close(resolve));
  }

  #called(socket: Socket): void {
    socket.setNoDelay(true);
    this.attemptsAtMs.push(this.clock.nowMs());
    const caller = new Caller(
      this.clock,
      {
        write: (bytes) => socket.write(Buffer.from(bytes, 'latin1')),
        end: () => socket.destroy(),
      },
      (from, packet) => this.#packet(from, packet),
    );
    this.callers.push(caller);
    socket.on('data', (bytes) => caller.take(bytes));
    socket.on('error', () => {});
    socket.on('close', () => caller.gone());
  }

  #packet(caller: Caller, packet: Packet): void {
    if (packet.cmd === 'publish') this.onPublish(packet);
    this.answer(caller, packet);
  }
}

const CONNECT_GIVES_UP_MS = 20_000;

const HOLD_PORT = `const server = require('net').createServer();
server.listen({ port: Number(process.argv[1]), host: '127.0.0.1', backlog: 1 }, () => {
  process.stdout.write('held');
});`;

async function holdPort(port: number): Promise<ChildProcess> {
  const holder = spawn(process.execPath, ['-e', HOLD_PORT, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  holder.kill('SIGSTOP');
  return holder;
}
