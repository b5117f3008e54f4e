/**
 * The real Espruino interpreter as a child process: its build for Linux, with a flash of its own in
 * a temporary folder. Boot goes through Storage, as on a board. Rule: its standard input is never
 * closed, or it would read endless garbage; and it is ended by SIGKILL, since it takes any gentler
 * signal for a Ctrl-C.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';
import { UserError } from '../exit-codes.js';

/** Bytes of a file that one script writes: the script itself lies in the interpreter's memory. */
const PIECE_BYTES = 3000;
const WRITE_BYTES = 400;
const PATIENCE_MS = 15_000;
/** Files from this size on are the same for many units. */
const SHARED_BYTES = 400;
/** It spins while a socket is open: the bench that waits for it comes first. */
const NICENESS = 5;
const SAID_CHARS = 200;

const FLASH_FILE = 'espruino.flash';

export type Files = Readonly<Record<string, string>>;

/** The interpreter that the environment's ESPRUINO names, if any. */
export function findInterpreter(): string | null {
  return process.env['ESPRUINO'] || null;
}

/** Fails with a clear line if there is no such file. */
export function requireInterpreter(command: string): void {
  if (existsSync(command)) return;
  throw new UserError('fileMissing', `--interpreter: ${command}: no such file`);
}

export interface InterpreterEvents {
  /** Bytes that came out of its console since its start, and the last of them. */
  onConsole?(bytes: number, last: string): void;
  /** The process ended, by itself or because it was ended: its exit code, or the signal. */
  onEnd?(how: number | string): void;
}

export class Interpreter {
  /** What the interpreter knows of the file system: its working directory. */
  readonly folder = mkdtempSync(join(tmpdir(), 'interpreter-'));
  #process: ChildProcessWithoutNullStreams | null = null;
  #ended: Promise<void> = Promise.resolve();

  /** @param env what it finds in its environment beside what this process has */
  constructor(
    readonly command: string,
    readonly env: Readonly<Record<string, string>> = {},
  ) {}

  /** Puts files into its flash. Large ones, which many units share, are written only once. */
  async write(files: Files): Promise<void> {
    const isNew = !existsSync(join(this.folder, FLASH_FILE));
    const entries = Object.entries(files);
    const isShared = ([, content]: [string, string]) => isNew && content.length >= SHARED_BYTES;
    const shared = entries.filter(isShared);
    if (shared.length > 0) {
      copyFileSync(await preparedFlash(this.command, shared), join(this.folder, FLASH_FILE));
    }
    await this.#write(entries.filter((entry) => !isShared(entry)));
  }

  /** Puts boot code and further files into flash. */
  async flash(bootCode: Buffer, files: Files): Promise<void> {
    await this.write({ '.bootcde': bootCode.toString('latin1'), ...files });
  }

  powerOn(events: InterpreterEvents = {}): void {
    const child = this.#spawn([]);
    this.#process = child;
    try {
      if (child.pid !== undefined) setPriority(child.pid, NICENESS);
    } catch {
      // It has ended already.
    }
    let bytes = 0;
    let last = '';
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      last = (last + chunk.toString('latin1')).slice(-SAID_CHARS);
      events.onConsole?.(bytes, last);
    });
    this.#ended = new Promise((resolve) => {
      child.on('close', (code, signal) => {
        if (this.#process === child) this.#process = null;
        resolve();
        events.onEnd?.(signal ?? code ?? 'an error');
      });
    });
  }

  /** Ends it at once, as the supply does; `ended` tells when it is gone. */
  kill(): void {
    this.#process?.kill('SIGKILL');
  }

  /** When no process of it runs any more. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async cutPower(): Promise<void> {
    this.kill();
    await this.#ended;
  }

  async dispose(): Promise<void> {
    await this.cutPower();
    rmSync(this.folder, { recursive: true });
  }

  #spawn(args: string[]): ChildProcessWithoutNullStreams {
    const env = { ...process.env, ...this.env };
    const child = spawn(this.command, args, { cwd: this.folder, env });
    // `close` follows, and whoever waits for it hears of it.
    child.on('error', () => {});
    child.stdin.on('error', () => {});
    child.stderr.resume();
    return child;
  }

  /** As few scripts as can hold it all. */
  async #write(files: [string, string][]): Promise<void> {
    let script: string[] = [];
    let bytes = 0;
    for (const [name, content] of files) {
      for (let at = 0; at < content.length; at += WRITE_BYTES) {
        const part = bytesExpression(content.slice(at, at + WRITE_BYTES));
        script.push(`require("Storage").write("${name}",${part},${at},${content.length});`);
        bytes += WRITE_BYTES;
        if (bytes < PIECE_BYTES) continue;
        await this.#run(script);
        script = [];
        bytes = 0;
      }
    }
    if (script.length > 0) await this.#run(script);
  }

  /** Runs a script to its end. */
  async #run(lines: readonly string[]): Promise<void> {
    const script = [...lines, 'print("WRITTEN");setTimeout(quit,10);'].join('\n');
    writeFileSync(join(this.folder, 'write.js'), script, 'latin1');
    const child = this.#spawn(['write.js']);
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    if (!said.includes('WRITTEN')) throw new Error(`the interpreter did not write:\n${said}`);
  }
}

/** Flash files by what is in them; writing one takes a second. */
const prepared = new Map<string, Promise<string>>();

function preparedFlash(command: string, files: [string, string][]): Promise<string> {
  const key = createHash('sha256')
    .update(JSON.stringify([command, files]))
    .digest('hex');
  let flash = prepared.get(key);
  if (!flash) {
    flash = prepareFlash(command, files);
    prepared.set(key, flash);
  }
  return flash;
}

async function prepareFlash(command: string, files: [string, string][]): Promise<string> {
  const interpreter = new Interpreter(command);
  process.once('exit', () => rmSync(interpreter.folder, { recursive: true, force: true }));
  // Something to begin with, so that nothing counts as shared.
  writeFileSync(join(interpreter.folder, FLASH_FILE), '');
  await interpreter.write(Object.fromEntries(files));
  return join(interpreter.folder, FLASH_FILE);
}

/** A byte string as an expression that the interpreter evaluates. */
function bytesExpression(bytes: string): string {
  return `atob("${Buffer.from(bytes, 'latin1').toString('base64')}")`;
}
