/**
 * The module `net` of one run of the interpreter. As on the device, connecting blocks everything: the
 * unit's callbacks are held until TCP has answered. (What stands after `connect` in the same callback
 * cannot be held back and runs at once; on the device it would run after TCP's answer.)
 */
import type { Connection, Dial } from '../world/connection.js';
import { piecesOf, toByteString } from './bytes.js';
import type { Machine } from './machine.js';
import { realm } from './quirks.js';

export type { Connection, ConnectionEvents, Dial } from '../world/connection.js';

/** The most that one `data` event carries. */
const MAX_PIECE_BYTES = 536;
/** Sockets that the device's TCP has. */
const MAX_SOCKETS = 10;

type Handler = (argument?: unknown) => void;

export class DeviceNet {
  readonly #open = new Set<Socket>();

  constructor(
    readonly machine: Machine,
    readonly dial: Dial,
    readonly isOnline: () => boolean,
  ) {
    machine.onEnd(() => {
      for (const socket of this.#open) socket.vanish();
    });
  }

  /** What the unit's code sees. */
  readonly module = {
    connect: (options: unknown, callback: unknown) => {
      this.machine.enter();
      const { host, port } = options as { host?: unknown; port?: unknown };
      const free = this.#open.size < MAX_SOCKETS;
      const connection = free && this.isOnline() ? this.dial(String(host), Number(port)) : null;
      if (!connection) throw new realm.Error('Unable to create socket');
      const socket: Socket = new Socket(this.machine, connection, () => this.#open.delete(socket));
      this.#open.add(socket);
      socket.listen(typeof callback === 'function' ? (callback as Handler) : null);
      return socket.port;
    },
  };

  /** The network is gone: all sockets close, and the far ends hear nothing of it. */
  drop(): void {
    for (const socket of [...this.#open]) socket.breakOff();
  }
}

class Socket {
  readonly #handlers = new Map<string, Handler[]>();
  #state: 'opening' | 'open' | 'closing' | 'closed' = 'opening';
  #unsent = '';
  #unheard: string[] = [];
  #unblock: () => void;

  constructor(
    readonly machine: Machine,
    readonly connection: Connection,
    readonly onGone: () => void,
  ) {
    this.#unblock = machine.block();
  }

  readonly port = {
    on: (event: string, callback: Handler) => {
      this.machine.enter();
      this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), callback]);
      if (event === 'data') this.#deliver();
    },
    write: (data: unknown) => {
      this.machine.enter();
      if (this.#state === 'closing' || this.#state === 'closed') {
        throw new realm.Error('This socket is closed');
      }
      // An array of bytes goes out as the text "1,2,3".
      const bytes = toByteString(typeof data === 'string' ? data : String(data));
      if (this.#state === 'open') this.connection.write(bytes);
      else this.#unsent += bytes;
      return false;
    },
    end: (data?: unknown) => {
      this.machine.enter();
      if (data !== undefined && data !== null) this.port.write(data);
      const before = this.#state;
      if (before !== 'opening' && before !== 'open') return;
      this.#state = 'closing';
      if (before === 'open') this.#closeOwnEnd();
    },
  };

  listen(onConnect: Handler | null): void {
    this.connection.listen({
      onOpen: () => {
        if (this.#unsent !== '') this.connection.write(this.#unsent);
        this.#unsent = '';
        if (onConnect) this.machine.post(() => onConnect());
        // Unblocking lets the unit run, so the new state must be in place before.
        if (this.#state === 'closing') this.#closeOwnEnd();
        else this.#state = 'open';
        this.#unblock();
      },
      onData: (bytes) => {
        if (this.#state === 'closed') return;
        for (const piece of piecesOf(bytes, MAX_PIECE_BYTES)) {
          this.machine.post(() => {
            this.#unheard.push(piece);
            this.#deliver();
          });
        }
      },
      onClose: () => this.#closed(),
    });
  }

  /** Closed from below, without a word to the far end. */
  breakOff(): void {
    if (this.#state === 'closed') return;
    this.connection.vanish();
    this.#closed();
  }

  vanish(): void {
    this.connection.vanish();
  }

  #closeOwnEnd(): void {
    this.connection.close();
    this.#closed();
  }

  #closed(): void {
    if (this.#state === 'closed') return;
    this.#state = 'closed';
    this.onGone();
    this.machine.post(() => this.#emit('end'));
    this.machine.post(() => this.#emit('close', false));
    this.#unblock();
  }

  /** Hands on what has come, as soon as somebody listens. */
  #deliver(): void {
    if (!this.#handlers.has('data')) return;
    const pieces = this.#unheard;
    this.#unheard = [];
    for (const piece of pieces) this.#emit('data', piece);
  }

  #emit(event: string, argument?: unknown): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      this.machine.guard(() => handler(argument));
    }
  }
}
