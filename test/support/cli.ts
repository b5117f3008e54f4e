/** Runs the project's commands as a user would: as processes, by their exit codes and output. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLI = ['--import', 'tsx', 'host-sim/cli.ts'];

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without what a terminal says of colours: Node comments on it on standard error. */
export const PLAIN_ENV = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^(NO|FORCE)_COLOR$/.test(name)),
);

/** Starts a bench command in the project's folder. */
export function startSim(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [...CLI, ...args], { cwd: ROOT, env: PLAIN_ENV });
}

/** Collects what a process prints until it ends. */
export function finished(child: ChildProcessWithoutNullStreams): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => (stdout += chunk));
  child.stderr.on('data', (chunk) => (stderr += chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

export function sim(...args: string[]): Promise<Finished> {
  return finished(startSim(...args));
}

/** Longest wait for a line of output. */
const PATIENCE_MS = 60_000;

/** Waits for a line of a process's standard output; fails when it ends without it. */
export function outputLine(child: ChildProcessWithoutNullStreams, wanted: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += chunk;
      if (text.includes(wanted)) resolve();
    });
    child.on('close', () => reject(new Error(`it ended without "${wanted}":\n${text}`)));
    // It would otherwise keep the test for ever.
    setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`no "${wanted}" within ${PATIENCE_MS / 1000} s:\n${text}`));
    }, PATIENCE_MS).unref();
  });
}
