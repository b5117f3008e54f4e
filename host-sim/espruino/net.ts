/**
 * The module `net` of one run of the interpreter. As on the device, connecting blocks everything: the
 * unit's callbacks are held until TCP has answered. (What stands after `connect` in the same callback
 * cannot be held back and runs at once; on the device it would run after TCP's answer.)
 */
import type { Connection, Dial } from '../world/connection.js';
import { cutToBytes, piecesOf } from './bytes.js';
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
    readonly raiseFlag: (flag: string) => void,
  ) {
    machine.onEnd(() => {
      for (const socket of this.#open) socket.vanish();
    });
  }

  connect(host: string, port: number, onConnect: Handler | null): SocketModule {
    const free = this.#open.size < MAX_SOCKETS;
    const connection = free && this.isOnline() ? this.dial(host, port) : null;
    if (!connection) throw new realm.Error('Unable to create socket');
    const socket: Socket = new Socket(
      this.machine,
      connection,
      () => this.#open.delete(socket),
      this.raiseFlag,
    );
    this.#open.add(socket);
    socket.listen(onConnect);
    return new SocketModule(socket);
  }

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
    readonly raiseFlag: (flag: string) => void,
  ) {
    this.#unblock = machine.block();
  }

  on(event: string, callback: Handler): void {
    this.#handlers.set(event, [...(this.#handlers.get(event) ?? []), callback]);
    if (event === 'data') this.#deliver();
  }

  write(bytes: string): void {
    if (this.#state === 'closing' || this.#state === 'closed') {
      throw new realm.Error('This socket is closed');
    }
    if (this.#state === 'open') this.connection.write(bytes);
    else this.#unsent += bytes;
  }

  end(): void {
    const before = this.#state;
    if (before !== 'opening' && before !== 'open') return;
    this.#state = 'closing';
    if (before === 'open') this.#closeOwnEnd();
  }

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
    for (const piece of pieces) {
      this.machine.runRemovable(
        () => this.#emit('data', piece),
        () => {
          this.#handlers.delete('data');
          this.raiseFlag('CALLBACK');
        },
      );
    }
  }

  #emit(event: string, argument?: unknown): void {
    for (const handler of this.#handlers.get(event) ?? []) {
      this.machine.guard(() => handler(argument));
    }
  }
}

/** What the unit's code sees as a socket. */
class SocketModule {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  on(event: unknown, callback: unknown): void {
    this.#socket.machine.enter();
    if (typeof callback === 'function') this.#socket.on(String(event), callback as Handler);
  }

  /** An array of bytes goes out as the text "1,2,3". */
  write(data: unknown): boolean {
    this.#socket.machine.enter();
    this.#socket.write(cutToBytes(String(data)));
    return false;
  }

  end(data?: unknown): void {
    if (data !== undefined && data !== null) this.write(data);
    this.#socket.machine.enter();
    this.#socket.end();
  }
}

/** What the unit's code sees as the module `net`. */
export class NetModule {
  readonly #net: DeviceNet;

  constructor(net: DeviceNet) {
    this.#net = net;
  }

  connect(options: { host?: unknown; port?: unknown }, callback: unknown): SocketModule {
    this.#net.machine.enter();
    const onConnect = typeof callback === 'function' ? (callback as Handler) : null;
    return this.#net.connect(String(options.host), Number(options.port), onConnect);
  }
}
