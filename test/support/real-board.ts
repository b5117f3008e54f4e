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
import { setTimeout as wait } from 'node:timers/promises';
import { ControlLine } from '../../host-sim/interpreter/control-line.js';
import { GpsLine } from '../../host-sim/interpreter/gps-line.js';
import { Interpreter } from '../../host-sim/interpreter/interpreter.js';
import { GPS_FILE } from '../../host-sim/interpreter/shim.js';
import { openLine } from '../../tools/board/line.js';
import type { Plan } from '../../tools/board/plan.js';
import type { WantedUnit } from '../../tools/board/wanted-unit.js';
import { provisionOver } from './board-unit.js';

/** `E.reboot()` is an exit with code 1 there. */
const REBOOT_CODE = 1;

/**
 * The build for Linux reads its console in a thread of its own, and the queue between the two is
 * not made for that: where both run at once, it sometimes takes old input for new.
 */
const TASKSET = '/usr/bin/taskset';
const ON_ONE_PROCESSOR = existsSync(TASKSET) ? [TASKSET, '-c', '0'] : [];

export class RealBoard {
  readonly #server: Server;
  /** That the cable has carried to the board since the start of this. */
  bytesIn = 0;
  /** The cable is pulled when it has carried so many. */
  pullAtByte = Infinity;
  wasPulled = false;
  /** Contacts that are closed at each start, by their pins. */
  low: Readonly<Record<string, boolean>> = {};
  readonly #gps: GpsLine;
  #process: ChildProcessWithoutNullStreams | null = null;
  /** When the process before has let go of the flash. */
  #ended: Promise<unknown> = Promise.resolve();
  /** When what the start before has written is written. */
  #before = Promise.resolve();
  #cable: Socket | null = null;
  #starts = 0;

  private constructor(
    readonly interpreter: Interpreter,
    readonly control: ControlLine,
  ) {
    this.#gps = new GpsLine(join(interpreter.folder, GPS_FILE));
    this.#server = createServer((socket) => void this.#plugIn(socket));
  }

  /** @param env what the interpreter finds in its environment beside what this process has */
  static async open(command: string, env: Record<string, string> = {}): Promise<RealBoard> {
    const board = new RealBoard(new Interpreter(command, env), await ControlLine.open());
    await board.#gps.ready();
    board.#server.listen(0, '127.0.0.1');
    await once(board.#server, 'listening');
    return board;
  }

  get url(): string {
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** How often it was started, or had its power cut. */
  get starts(): number {
    return this.#starts;
  }

  /** Cable and power are gone. */
  pull(): void {
    const [cable, child] = [this.#cable, this.#process];
    this.#cable = null;
    this.#process = null;
    this.#starts++;
    child?.kill('SIGKILL');
    cable?.destroy();
    this.control.hangUp();
    this.wasPulled = true;
  }

  async close(): Promise<void> {
    this.pull();
    await this.#before;
    await this.#ended;
    this.#server.close();
    this.#gps.close();
    await this.control.close();
    await this.interpreter.dispose();
  }

  async #plugIn(cable: Socket): Promise<void> {
    this.#cable = cable;
    cable.on('error', () => {});
    cable.on('data', (bytes) => this.#carry(bytes));
    // The power stays on when the program at the other end leaves.
    cable.on('close', () => {
      if (this.#cable === cable) this.#cable = null;
    });
    if (!this.#process) await this.#powerOn();
  }

  #carry(bytes: Buffer): void {
    const left = this.pullAtByte - this.bytesIn;
    this.bytesIn += bytes.length;
    this.#process?.stdin.write(bytes.subarray(0, left));
    if (left <= bytes.length) this.pull();
  }

  async #powerOn(): Promise<void> {
    const start = ++this.#starts;
    const isLatest = () => start === this.#starts;
    // Nobody else may write the flash meanwhile.
    this.#before = this.#before.then(async () => {
      await this.#ended;
      if (isLatest()) await this.interpreter.write({ '.boot0': this.control.shim(this.low) });
    });
    await this.#before;
    // Pulled meanwhile, and perhaps plugged in again.
    if (!isLatest()) return;
    const { command, env, folder } = this.interpreter;
    const [program, ...args] = [...ON_ONE_PROCESSOR, command];
    const child = spawn(program as string, args, { cwd: folder, env: { ...process.env, ...env } });
    this.#process = child;
    this.#ended = once(child, 'close');
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

const MOST_RUNS = 4;
const PAUSE_MS = 500;

export interface Completed {
  readonly plan: Plan;
  /** How often it had to be run. */
  readonly runs: number;
  /** That the last run has sent. */
  readonly bytesIn: number;
}

/** Provisions it. The build for Linux loses its place in what it is told now and then: then again. */
export async function complete(board: RealBoard, wanted: WantedUnit): Promise<Completed> {
  for (let runs = 1; ; runs++) {
    const before = board.bytesIn;
    try {
      const plan = await provisionOver(await openLine(board.url), wanted);
      return { plan, runs, bytesIn: board.bytesIn - before };
    } catch (error) {
      if (runs === MOST_RUNS) throw error;
      board.pull();
      await wait(PAUSE_MS);
    }
  }
}
