/**
 * The real Espruino interpreter as a child process: its build for Linux, with a flash of its own in
 * a temporary folder. Boot goes through Storage, as on a board. Rule: its standard input is never
 * closed, or it would read endless garbage; and it is ended by SIGKILL, since it takes any gentler
 * signal for a Ctrl-C.
 */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the Linux build lacks: WiFi. It is loaded before the bundle, which is not changed. */
const SHIM = `Modules.addCached("Wifi", function () {
  exports.connect = function () {};
  exports.getIP = function () { return { ip: "127.0.0.1" }; };
});`;

/** Bytes of a file that one script writes: the script itself lies in the interpreter's memory. */
const PIECE_BYTES = 3000;
const WRITE_BYTES = 400;
const PATIENCE_MS = 15_000;

/** The interpreter that the environment's ESPRUINO names, if any. */
export function findInterpreter(): string | null {
  return process.env['ESPRUINO'] || null;
}

export class Interpreter {
  readonly #folder = mkdtempSync(join(tmpdir(), 'interpreter-'));
  #process: ChildProcessWithoutNullStreams | null = null;

  constructor(readonly command: string) {}

  /** Puts the bundle, the shim and further files into flash. */
  async flash(bundle: Buffer, files: Readonly<Record<string, string>>): Promise<void> {
    const all = { '.boot0': SHIM, '.bootcde': bundle.toString('latin1'), ...files };
    for (const [name, content] of Object.entries(all)) {
      for (let at = 0; at < content.length; at += PIECE_BYTES) {
        await this.#run(writeScript(name, content, at));
      }
    }
  }

  powerOn(): void {
    const child = spawn(this.command, [], { cwd: this.#folder });
    child.stdout.resume();
    this.#process = child;
  }

  /** As the supply does it: at once. */
  async cutPower(): Promise<void> {
    const child = this.#process;
    this.#process = null;
    if (!child) return;
    const ended = new Promise((resolve) => child.on('close', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.cutPower();
    rmSync(this.#folder, { recursive: true });
  }

  /** Runs a script to its end. */
  async #run(script: string): Promise<void> {
    const file = join(this.#folder, 'write.js');
    writeFileSync(file, script, 'latin1');
    const child = spawn(this.command, [file], { cwd: this.#folder });
    let said = '';
    child.stdout.on('data', (chunk) => (said += chunk));
    const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
    await new Promise((resolve) => child.on('close', resolve));
    clearTimeout(timer);
    if (!said.includes('WRITTEN')) throw new Error(`the interpreter did not write:\n${said}`);
  }
}

/** A byte string as an expression that the interpreter evaluates. */
function bytesExpression(bytes: string): string {
  return `atob("${Buffer.from(bytes, 'latin1').toString('base64')}")`;
}

function writeScript(name: string, content: string, from: number): string {
  const lines: string[] = [];
  const end = Math.min(content.length, from + PIECE_BYTES);
  for (let at = from; at < end; at += WRITE_BYTES) {
    const part = bytesExpression(content.slice(at, Math.min(end, at + WRITE_BYTES)));
    lines.push(`require("Storage").write("${name}",${part},${at},${content.length});`);
  }
  lines.push('print("WRITTEN");setTimeout(quit,10);');
  return lines.join('\n');
}
