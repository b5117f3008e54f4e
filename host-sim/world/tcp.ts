/** The way from a unit to any broker over real TCP, for runs in real time. */
import { connect, type Socket } from 'node:net';
import type { WorldClock } from './clock.js';
import type { Connection, ConnectionEvents, Dial } from './connection.js';

export interface TcpLink {
  readonly dial: Dial;
  /** Down, nothing passes and neither end is told, until the far end gives up. */
  setUp(up: boolean): void;
}

export interface TcpLinkOptions {
  /** How long connecting may take before it fails. */
  readonly connectTimeoutMs?: number;
}

const CONNECT_TIMEOUT_MS = 20_000;

export function createTcpLink(clock: WorldClock, options: TcpLinkOptions = {}): TcpLink {
  const timeoutMs = options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS;
  const open = new Set<TcpConnection>();
  let up = true;
  return {
    dial: (host, port) => {
      const target = up ? { host, port } : null;
      const connection: TcpConnection = new TcpConnection(clock, target, timeoutMs, () => {
        open.delete(connection);
      });
      open.add(connection);
      return connection;
    },
    setUp: (nowUp) => {
      up = nowUp;
      if (!up) for (const connection of open) connection.cutOff();
    },
  };
}

class TcpConnection implements Connection {
  readonly #socket: Socket | null;
  #events: ConnectionEvents | null = null;
  #opened = false;
  /** Set once the air has failed: nothing passes any more. */
  #cutOff: boolean;

  constructor(
    readonly clock: WorldClock,
    target: { host: string; port: number } | null,
    readonly timeoutMs: number,
    readonly onGone: () => void,
  ) {
    this.#cutOff = target === null;
    this.#socket = target && connect({ ...target, noDelay: true });
    // Whatever breaks, `close` follows.
    this.#socket?.on('error', () => {});
    this.#socket?.on('close', () => {
      if (!this.#cutOff || !this.#opened) this.#closed();
    });
  }

  listen(events: ConnectionEvents): void {
    this.#events = events;
    const socket = this.#socket;
    const timer = this.clock.after(this.timeoutMs, () => {
      if (this.#opened) return;
      socket?.destroy();
      this.#closed();
    });
    socket?.on('connect', () => {
      if (this.#cutOff) return;
      this.#opened = true;
      this.clock.cancel(timer);
      this.#events?.onOpen();
    });
    socket?.on('close', () => this.clock.cancel(timer));
    socket?.on('data', (bytes) => {
      if (!this.#cutOff) this.#events?.onData(bytes.toString('latin1'));
    });
  }

  write(bytes: string): void {
    if (!this.#cutOff) this.#socket?.write(Buffer.from(bytes, 'latin1'));
  }

  close(): void {
    this.#events = null;
    if (!this.#cutOff) this.#socket?.end();
  }

  /** The socket stays, mute, until the far end closes it: so does a dead unit look to a broker. */
  vanish(): void {
    this.#events = null;
    this.cutOff();
  }

  cutOff(): void {
    this.#cutOff = true;
    this.#socket?.unref();
  }

  #closed(): void {
    this.onGone();
    const events = this.#events;
    this.#events = null;
    events?.onClose();
  }
}
