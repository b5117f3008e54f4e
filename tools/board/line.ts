/** A cable to a board: bytes both ways, over a serial port or a TCP connection that leads to one. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { UserError } from '../exit-codes.js';

/** Byte strings: each character is one byte. */
export interface ByteLine {
  /** Resolves when the bytes have left this process. */
  write(bytes: string): Promise<void>;
  onBytes(listener: (bytes: string) => void): void;
  /** Called once, when the far end or the cable is gone. */
  onGone(listener: () => void): void;
  close(): Promise<void>;
}

/** What the ESP32's first serial port speaks (Espruino, boards/ESP32.py). */
const CONSOLE_BAUD = 115200;
const CONNECT_LIMIT_MS = 10_000;

/**
 * Opens `tcp://HOST:PORT` or the path of a serial port.
 * @throws UserError with what to do, if there is no such line
 */
export function openLine(port: string): Promise<ByteLine> {
  return port.startsWith('tcp://') ? openTcp(port) : openSerial(port);
}

async function openTcp(port: string): Promise<ByteLine> {
  const url = URL.canParse(port) ? new URL(port) : null;
  if (!url?.hostname || !url.port) {
    throw new UserError('usage', `--port: expected tcp://HOST:PORT, found ${port}`);
  }
  const socket = connect({ host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port) });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_LIMIT_MS) });
  } catch (error) {
    socket.destroy();
    throw unreachable(port, error, 'Is the bridge to the serial port running there?');
  }
  socket.setNoDelay(true);
  return lineOf(socket, { end: () => socket.destroy() });
}

async function openSerial(path: string): Promise<ByteLine> {
  // Only where there is a cable: it loads a library of the system.
  const { SerialPort } = await import('serialport');
  const serial = new SerialPort({ path, baudRate: CONSOLE_BAUD, autoOpen: false });
  try {
    await new Promise<void>((resolve, reject) =>
      serial.open((error) => (error ? reject(error) : resolve())),
    );
    // The two lines that development boards join to reset and boot mode: at rest.
    await new Promise<void>((resolve) => serial.set({ dtr: false, rts: false }, () => resolve()));
  } catch (error) {
    const ports = (await SerialPort.list()).map((found) => found.path).join(', ') || 'none';
    throw unreachable(path, error, `Serial ports here: ${ports}.`);
  }
  return lineOf(serial, {
    drain: () => new Promise((resolve) => serial.drain(() => resolve())),
    // To destroy the stream would leave the port open and locked.
    end: () => serial.close(() => {}),
  });
}

function unreachable(port: string, error: unknown, hint: string): UserError {
  const why = error instanceof Error ? error.message : String(error);
  return new UserError('board', `--port ${port}: cannot be opened: ${why}. ${hint}`);
}

interface Ways {
  /** Resolves when what was written has left this machine, where that takes long. */
  drain?(): Promise<void>;
  /** Has the stream emit `close`. */
  end(): void;
}

function lineOf(stream: Duplex, { drain = async () => {}, end }: Ways): ByteLine {
  const closed = new Promise<void>((resolve) => stream.once('close', () => resolve()));
  let isClosed = false;
  stream.once('close', () => (isClosed = true));
  // `close` follows, and whoever uses the line hears of it.
  stream.on('error', () => {});
  return {
    write: async (bytes) => {
      // A port that was pulled waits until it is opened again.
      const written = () =>
        new Promise<void>((resolve) => stream.write(bytes, 'latin1', () => resolve()));
      if (!isClosed) await Promise.race([written().then(drain), closed]);
    },
    onBytes: (listener) => {
      stream.on('data', (chunk: Buffer) => listener(chunk.toString('latin1')));
    },
    onGone: (listener) => {
      stream.once('close', listener);
    },
    close: () => {
      if (!isClosed) end();
      return closed;
    },
  };
}
