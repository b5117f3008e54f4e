/**
 * The line from a GPS receiver to the interpreter: a pseudo-terminal, made by socat, because Node
 * has none of its own.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import { UserError } from '../exit-codes.js';

const PATIENCE_MS = 5000;
const LOOK_MS = 10;

export class GpsLine {
  readonly #socat: ChildProcessWithoutNullStreams;
  #missing = false;

  /** @param path where the pseudo-terminal is to be found */
  constructor(readonly path: string) {
    this.#socat = spawn('socat', ['-u', 'STDIN', `PTY,link=${path},raw,echo=0`]);
    this.#socat.on('error', () => (this.#missing = true));
    // One that is ended while it writes.
    this.#socat.stdin.on('error', () => {});
    this.#socat.stdout.resume();
    this.#socat.stderr.resume();
  }

  /** Resolves when the interpreter can open it. */
  async ready(): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!existsSync(this.path)) {
      if (this.#missing || performance.now() > endMs) {
        throw new UserError(
          'toolMissing',
          'the GPS line of the interpreter is made by socat, which does not run here: install it',
        );
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  feed(bytes: string): void {
    this.#socat.stdin.write(Buffer.from(bytes, 'latin1'));
  }

  close(): void {
    this.#socat.kill('SIGKILL');
  }
}
