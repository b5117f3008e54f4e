/** The cable of a board behind a TCP port, as a bridge to a serial port is. */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { UserError } from '../exit-codes.js';
import type { ConsoleBoard } from './console-board.js';

export class BoardPort {
  #cable: Socket | null = null;

  private constructor(
    readonly server: Server,
    /** The board that the next cable leads to. */
    public board: ConsoleBoard,
  ) {
    server.on('connection', (cable) => this.#plugIn(cable));
  }

  /**
   * @param port on loopback; 0 takes any
   * @throws UserError `inUse`
   */
  static async open(board: ConsoleBoard, port = 0): Promise<BoardPort> {
    const server = createServer();
    server.listen(port, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
      throw new UserError('inUse', `port ${port} on loopback is in use: take another by --port`);
    }
    return new BoardPort(server, board);
  }

  get url(): string {
    return `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#cable?.destroy();
    this.server.close();
  }

  /** A board has one cable: a new one takes the place of the old. It brings power, if there was none. */
  #plugIn(cable: Socket): void {
    this.#cable?.destroy();
    this.#cable = cable;
    // A serial line waits for no acknowledgement.
    cable.setNoDelay(true);
    const { board } = this;
    board.onText((text) => cable.write(text, 'latin1'));
    cable.on('data', (bytes) => board.receive(bytes.toString('latin1')));
    cable.on('error', () => {});
    board.powerOn();
  }
}
