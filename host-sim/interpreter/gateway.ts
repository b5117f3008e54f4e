/**
 * The way of an interpreter's own sockets to the broker: a port on loopback, behind which they go on
 * through the bench's link. Rule: a unit that loses its power leaves the far ends none the wiser,
 * although the system closes the sockets of a process that ends.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { Connection, Dial } from '../world/connection.js';

/** A socket that its process closed, and not its end, is followed by no end within this. */
const END_OF_PROCESS_MS = 100;

export class Gateway {
  readonly #server: Server;
  readonly #open = new Map<Socket, Connection>();

  private constructor(
    server: Server,
    readonly dial: Dial,
    readonly target: { readonly host: string; readonly port: number },
  ) {
    this.#server = server;
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async open(dial: Dial, target: { host: string; port: number }): Promise<Gateway> {
    const server = createServer({ noDelay: true });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new Gateway(server, dial, target);
  }

  /** Where a unit finds it. */
  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as AddressInfo).port };
  }

  /** The unit is gone without a word. */
  vanish(): void {
    for (const [socket, connection] of this.#open) {
      connection.vanish();
      socket.destroy();
    }
    this.#open.clear();
  }

  async close(): Promise<void> {
    this.vanish();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #connected(socket: Socket): void {
    socket.on('error', () => {});
    const connection = this.dial(this.target.host, this.target.port);
    if (!connection) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, connection);
    socket.pause();
    connection.listen({
      onOpen: () => socket.resume(),
      onData: (bytes) => void (socket.destroyed || socket.write(Buffer.from(bytes, 'latin1'))),
      onClose: () => {
        this.#open.delete(socket);
        socket.end();
      },
    });
    socket.on('data', (bytes) => connection.write(bytes.toString('latin1')));
    socket.on('close', () => {
      setTimeout(() => {
        if (this.#open.delete(socket)) connection.close();
      }, END_OF_PROCESS_MS).unref();
    });
  }
}
