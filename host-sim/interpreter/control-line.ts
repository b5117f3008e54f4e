/**
 * A socket on loopback by which the interpreter evaluates what it is asked. Not its console: that
 * loses letters where the machine is busy, and the unit closes it.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

const PATIENCE_MS = 15_000;

/** First letter of an answer. */
const VALUE = '+';

export class ControlLine {
  readonly #server: Server;
  #socket: Socket | null = null;
  #heard = '';
  #wake: () => void = () => {};

  private constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket) => {
      this.#socket = socket;
      socket.setEncoding('latin1').on('data', (chunk: string) => {
        this.#heard += chunk;
        this.#wake();
      });
      // An interpreter that is killed resets it.
      socket.on('error', () => {});
      this.#wake();
    });
  }

  static async open(): Promise<ControlLine> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new ControlLine(server);
  }

  /** What the interpreter runs at its start; a line it is asked, a line it answers. */
  shim(): string {
    const { port } = this.#server.address() as AddressInfo;
    return `(function () {
  var heard = "";
  var line = require("net").connect({ host: "127.0.0.1", port: ${port} }, function () {});
  line.on("data", function (bytes) {
    heard += bytes;
    for (var end = heard.indexOf("\\n"); end >= 0; end = heard.indexOf("\\n")) {
      var asked = heard.substr(0, end), answer;
      heard = heard.substr(end + 1);
      try {
        answer = "${VALUE}" + JSON.stringify(eval(asked));
      } catch (fault) {
        answer = "-" + fault;
      }
      line.write(answer + "\\n");
    }
  });
})();`;
  }

  /** The value of an expression, which goes through JSON. One at a time. */
  async ask(expression: string): Promise<unknown> {
    await this.#until('it connects', () => this.#socket !== null);
    this.#heard = '';
    this.#socket?.write(`${expression}\n`, 'latin1');
    await this.#until(expression, () => this.#heard.includes('\n'));
    const answer = this.#heard.slice(1, this.#heard.indexOf('\n'));
    if (!this.#heard.startsWith(VALUE)) {
      throw new Error(`the interpreter, asked ${expression}: ${answer}`);
    }
    return answer === 'undefined' ? undefined : JSON.parse(answer);
  }

  async close(): Promise<void> {
    this.#socket?.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #until(what: string, condition: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        if (!condition()) return;
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(
        () => reject(new Error(`waited in vain for the interpreter: ${what}`)),
        PATIENCE_MS,
      );
      this.#wake = check;
      check();
    });
  }
}
