/** A board behind a TCP port, as a bridge to a serial port is: with echo, prompt and slow chunks. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import type { ConsoleBoard } from './console-board.js';

export class BoardPort {
  readonly #sockets = new Set<Socket>();

  private constructor(readonly server: Server) {}

  static async open(board: ConsoleBoard): Promise<BoardPort> {
    const server = createServer((socket) => {
      port.#sockets.add(socket);
      const line = board.plugIn();
      line.onBytes((bytes) => socket.write(bytes, 'latin1'));
      let queue = Promise.resolve();
      socket.on('data', (bytes) => {
        queue = queue.then(() => line.write(bytes.toString('latin1')));
      });
      socket.on('error', () => {});
    });
    const port = new BoardPort(server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return port;
  }

  get url(): string {
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.server.close();
  }
}
