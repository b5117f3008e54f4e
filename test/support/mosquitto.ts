/** A real broker for a test: Mosquitto on a free port of loopback, ended by its process id. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface Mosquitto {
  readonly url: string;
  /** Has it read its users and access lists again. */
  reload(): void;
  stop(): Promise<void>;
}

/** Debian puts it where not every user's PATH leads. */
const COMMANDS = ['mosquitto', '/usr/sbin/mosquitto'];

/** The command, or null where it is not installed. */
export function findMosquitto(): string | null {
  const found = COMMANDS.find((command) => !spawnSync(command, ['-h']).error);
  return found ?? null;
}

export async function startMosquitto(command: string, settings = ''): Promise<Mosquitto> {
  const folder = mkdtempSync(join(tmpdir(), 'mosquitto-'));
  const port = await freePort();
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, `listener ${port} 127.0.0.1\nallow_anonymous true\n${settings}`);
  const broker = await startMosquittoWith(command, file, port);
  const stop = async () => {
    await broker.stop();
    rmSync(folder, { recursive: true });
  };
  return { ...broker, stop };
}

/** With a configuration that is there, and has it listen on this port. */
export async function startMosquittoWith(
  command: string,
  file: string,
  port: number,
): Promise<Mosquitto> {
  const broker = spawn(command, ['-c', file], { stdio: ['ignore', 'ignore', 'pipe'] });
  let said = '';
  broker.stderr.on('data', (chunk) => (said += chunk));
  const ended = new Promise<void>((resolve) => broker.on('close', () => resolve()));
  const stop = async () => {
    broker.kill('SIGTERM');
    await ended;
  };
  for (let tries = 0; !(await answers(port)); tries++) {
    if (tries === 100 || broker.exitCode !== null) {
      await stop();
      throw new Error(`mosquitto did not come up:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { url: `mqtt://127.0.0.1:${port}`, reload: () => void broker.kill('SIGHUP'), stop };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
    socket.on('close', () => socket.destroy());
    socket.on('connect', () => socket.end());
  });
}
