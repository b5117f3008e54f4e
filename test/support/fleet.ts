/** The fleet tools' commands for a test, and a fleet folder made by them. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../tools/command-line/run.js';
import { ExitCode } from '../../tools/exit-codes.js';
import { createTools } from '../../tools/program.js';
import { PLAIN_ENV, ROOT, type Finished } from './cli.js';

/** A command in a process of its own: for what goes on until it is ended. */
export function startTools(args: readonly string[], env: Record<string, string> = {}) {
  const command = ['--import', 'tsx', 'tools/cli.ts', ...args];
  return spawn(process.execPath, command, { cwd: ROOT, env: { ...PLAIN_ENV, ...env } });
}

/**
 * A command as `tools/cli.ts` runs it, in this process, because one of its own takes a second to
 * start. Nobody is at a terminal. One at a time.
 */
export async function tools(...args: string[]): Promise<Finished> {
  const { stdin, stdout, stderr, exitCode: before } = process;
  const said = { stdout: '', stderr: '' };
  const restore = [
    replaced(stdin, 'isTTY', false),
    replaced(stdout, 'isTTY', false),
    replaced(stderr, 'isTTY', false),
    replaced(stdout, 'write', (text) => ((said.stdout += text), true)),
    replaced(stderr, 'write', (text) => ((said.stderr += text), true)),
  ];
  process.exitCode = undefined;
  try {
    await runCommand(createTools(), args, ExitCode);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    for (const back of restore) back();
    process.exitCode = before;
  }
}

/** @returns what puts it back */
function replaced<T, K extends keyof T>(stream: T, name: K, value: T[K]): () => void {
  const own = Object.getOwnPropertyDescriptor(stream, name);
  Object.defineProperty(stream, name, { value, configurable: true, writable: true });
  return () => {
    if (own) Object.defineProperty(stream, name, own);
    else delete stream[name];
  };
}

export interface TestFleet {
  readonly folder: string;
  /** Runs a command on it. */
  run(...args: string[]): Promise<Finished>;
  remove(): void;
}

export async function makeFleet(port: number, csv: string): Promise<TestFleet> {
  const place = mkdtempSync(join(tmpdir(), 'fleet-'));
  const folder = join(place, 'fleet');
  const run = (...args: string[]) => tools(...args, '--fleet', folder);
  const list = join(place, 'list.csv');
  writeFileSync(list, csv);
  const init = ['--service', 'met', '--scheme', 'london', '--ssid', 'vehicle'];
  for (const args of [
    ['fleet', 'init', ...init, '--broker', `mqtt://127.0.0.1:${port}`],
    ['fleet', 'add', list],
  ]) {
    const { code, stderr } = await run(...args);
    if (code !== 0) throw new Error(stderr);
  }
  return { folder, run, remove: () => rmSync(place, { recursive: true }) };
}

/** A list of vehicles, with a station in every hundred. */
export function listOf(count: number): string {
  const head = 'call_sign,area,type,aed_model,pads_expire,latitude,longitude,skills';
  const rows = Array.from({ length: count }, (_, index) => {
    const callSign = `BX${String(index + 1).padStart(3, '0')}`;
    const isStation = index % 100 === 99;
    const place = isStation ? `51.${400 + index},0.14` : ',';
    const kind = isStation ? 'station' : 'vehicle';
    return `${callSign},Bexley,${kind},Philips FRx,2027-05-31,${place},driver;first aid`;
  });
  return `${[head, ...rows].join('\n')}\n`;
}
