/**
 * A socket on loopback between the bench and an interpreter: the shim in the interpreter connects
 * to it and evaluates what it is asked. Not its console: that loses letters where the machine is
 * busy, and the unit closes it.
 */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { shim, type Surroundings } from './shim.js';

const PATIENCE_MS = 15_000;

interface Question {
  readonly expression: string;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
}

export interface ControlEvents {
  /** The interpreter has come up. */
  onConnect?(): void;
  /** What it says unasked: a letter, and what follows it. */
  onNews?(kind: string, text: string): void;
}

export class ControlLine {
  readonly #server: Server;
  readonly #events: ControlEvents;
  #socket: Socket | null = null;
  /** In their order, as the answers come in it. */
  #questions: Question[] = [];
  #unasked: Question[] = [];

  private constructor(server: Server, events: ControlEvents) {
    this.#server = server;
    this.#events = events;
    server.on('connection', (socket) => this.#connected(socket));
  }

  static async open(events: ControlEvents = {}): Promise<ControlLine> {
    const server = createServer();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    return new ControlLine(server, events);
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get connected(): boolean {
    return this.#socket !== null;
  }

  /**
   * What an interpreter runs at its start, where its folder says nothing of the bench.
   * @param low pins whose contacts are closed to ground
   */
  shim(low: Surroundings['low'] = {}): string {
    return shim(JSON.stringify({ port: this.port, low, levels: {}, air: true }));
  }

  /** The value of an expression, which goes through JSON. Waits for the interpreter to connect. */
  ask(expression: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`waited in vain for the interpreter: ${expression}`));
      }, PATIENCE_MS);
      const question = { expression, resolve, reject, timer };
      if (this.#socket) this.#put(question);
      else this.#unasked.push(question);
    });
  }

  /** Tells the interpreter something, if it is there. */
  say(text: string): void {
    this.#socket?.write(`${text}\n`, 'latin1');
  }

  /** The interpreter is gone: what it was asked has no answer any more. */
  hangUp(): void {
    this.#socket?.destroy();
    this.#socket = null;
    const questions = [...this.#questions, ...this.#unasked];
    this.#questions = [];
    this.#unasked = [];
    for (const { timer, expression, reject } of questions) {
      clearTimeout(timer);
      reject(new Error(`the interpreter has ended, asked ${expression}`));
    }
  }

  async close(): Promise<void> {
    this.hangUp();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #put(question: Question): void {
    this.#questions.push(question);
    this.say(`? ${question.expression}`);
  }

  #connected(socket: Socket): void {
    this.#socket = socket;
    let heard = '';
    socket.setNoDelay(true);
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      if (this.#socket !== socket) return;
      const lines = (heard + chunk).split('\n');
      heard = lines.pop() as string;
      for (const line of lines) this.#take(line.charAt(0), line.slice(2));
    });
    // An interpreter that is killed resets it.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.#socket === socket) this.hangUp();
    });
    this.#events.onConnect?.();
    for (const question of this.#unasked.splice(0)) this.#put(question);
  }

  #take(kind: string, text: string): void {
    if (kind !== '+' && kind !== '-') {
      this.#events.onNews?.(kind, text);
      return;
    }
    const question = this.#questions.shift();
    if (!question) return;
    clearTimeout(question.timer);
    if (kind === '-') {
      question.reject(new Error(`the interpreter, asked ${question.expression}: ${text}`));
    } else {
      question.resolve(text === 'undefined' ? undefined : JSON.parse(text));
    }
  }
}
