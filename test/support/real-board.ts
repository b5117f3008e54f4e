/**
 * A board with the real interpreter, as its cable shows it: a TCP port that leads to its console.
 * Power comes over the cable. What the build for Linux lacks is put before the boot code at each
 * start, as on the bench.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { ControlLine } from '../../host-sim/interpreter/control-line.js';
import { GpsLine } from '../../host-sim/interpreter/gps-line.js';
import { Interpreter } from '../../host-sim/interpreter/interpreter.js';
import { GPS_FILE } from '../../host-sim/interpreter/shim.js';

/** `E.reboot()` is an exit with code 1 there. */
const REBOOT_CODE = 1;

/**
 * The build for Linux reads its console in a thread of its own, and the queue between the two is
 * not made for that: where both run at once, it sometimes takes old input for new.
 */
const TASKSET = '/usr/bin/taskset';
const ON_ONE_PROCESSOR = existsSync(TASKSET) ? [TASKSET, '-c', '0'] : [];

export class RealBoard {
  readonly #interpreter: Interpreter;
  readonly #server: Server;
  #process: ChildProcessWithoutNullStreams | null = null;
  #cable: Socket | null = null;

  private constructor(
    command: string,
    readonly control: ControlLine,
  ) {
    this.#interpreter = new Interpreter(command);
    this.#server = createServer((socket) => void this.#plugIn(socket));
  }

  static async open(command: string): Promise<RealBoard> {
    const board = new RealBoard(command, await ControlLine.open());
    board.#gps = new GpsLine(join(board.#interpreter.folder, GPS_FILE));
    await board.#gps.ready();
    board.#server.listen(0, '127.0.0.1');
    await once(board.#server, 'listening');
    return board;
  }

  #gps: GpsLine | null = null;

  get url(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Cable and power are gone. */
  pull(): void {
    const [cable, child] = [this.#cable, this.#process];
    this.#cable = null;
    this.#process = null;
    child?.kill('SIGKILL');
    cable?.destroy();
    this.control.hangUp();
  }

  async close(): Promise<void> {
    const ended = this.#process && once(this.#process, 'close');
    this.pull();
    await ended;
    this.#server.close();
    this.#gps?.close();
    await this.control.close();
    await this.#interpreter.dispose();
  }

  async #plugIn(cable: Socket): Promise<void> {
    this.#cable = cable;
    cable.on('error', () => {});
    cable.on('data', (bytes) => this.#process?.stdin.write(bytes));
    // The power stays on when the program at the other end leaves.
    cable.on('close', () => {
      if (this.#cable === cable) this.#cable = null;
    });
    if (!this.#process) await this.#powerOn();
  }

  async #powerOn(): Promise<void> {
    await this.#interpreter.write({ '.boot0': this.control.shim() });
    if (!this.#cable) return;
    const [program, ...args] = [...ON_ONE_PROCESSOR, this.#interpreter.command];
    const child = spawn(program as string, args, { cwd: this.#interpreter.folder });
    this.#process = child;
    child.stdin.on('error', () => {});
    child.stderr.resume();
    child.stdout.on('data', (bytes) => this.#cable?.write(bytes));
    child.on('close', (code) => {
      if (this.#process !== child) return;
      this.#process = null;
      this.control.hangUp();
      if (code === REBOOT_CODE) void this.#powerOn();
    });
  }
}
