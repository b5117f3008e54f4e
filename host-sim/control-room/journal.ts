/**
 * The ledger's file: a line of JSON for each line of the ledger, only ever added to. What stands in
 * it before `append` returns is there after a crash of the program, and with `safe` after a power
 * cut too.
 */
import {
  closeSync,
  createReadStream,
  existsSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { UserError } from '../exit-codes.js';
import type { Line } from './events.js';

/** The end of a ledger that was being written when the program died. */
export interface TornEnd {
  readonly bytes: number;
  /** The file that they were moved to. */
  readonly keptIn: string;
}

export interface Journal {
  /** Set where the last line had no end. */
  readonly torn: TornEnd | null;
  /**
   * Adds lines in one write.
   * @param safe waits until the disk has them
   * @throws if the disk does not take them: the journal then takes no more, since its last line may
   *   be half there. Open it again.
   */
  append(lines: readonly Line[], safe: boolean): void;
  close(): void;
}

const NEWLINE = 0x0a;

/**
 * Opens a ledger, or begins one. A last line without an end was never answered for: it is moved to
 * a file beside the ledger.
 */
export function openJournal(path: string): Journal {
  const file = openFile(path);
  const torn = moveTornEnd(file, path);
  let isBroken = false;
  return {
    torn,
    append(lines, safe) {
      if (isBroken) throw new UserError('badFile', `${path}: a write failed before: open it again`);
      if (lines.length === 0) return;
      isBroken = true;
      writeWhole(file, Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')));
      if (safe) fdatasyncSync(file);
      isBroken = false;
    },
    close: () => closeSync(file),
  };
}

function openFile(path: string): number {
  try {
    return openSync(path, 'a+');
  } catch (error) {
    throw new UserError('badFile', `${path}: cannot be written: ${(error as Error).message}`);
  }
}

function writeWhole(file: number, bytes: Buffer): void {
  for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at);
}

function moveTornEnd(file: number, path: string): TornEnd | null {
  const { size } = fstatSync(file);
  const end = endOfLastLine(file, size);
  if (end === size) return null;
  const bytes = Buffer.alloc(size - end);
  readSync(file, bytes, 0, bytes.length, end);
  const keptIn = freeName(`${path}.torn-at-${end}`);
  writeFileSync(keptIn, bytes, { flush: true });
  ftruncateSync(file, end);
  return { bytes: bytes.length, keptIn };
}

const CHUNK_BYTES = 65_536;

/** Where the file's last whole line ends; 0 if it has none. */
function endOfLastLine(file: number, size: number): number {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - CHUNK_BYTES);
    const length = readSync(file, chunk, 0, end - start, start);
    const at = chunk.subarray(0, length).lastIndexOf(NEWLINE);
    if (at >= 0) return start + at + 1;
    end = start;
  }
  return 0;
}

/** Two ends torn at one place are two files. */
function freeName(name: string): string {
  let free = name;
  for (let i = 2; existsSync(free); i++) free = `${name}-${i}`;
  return free;
}

/**
 * The lines of a ledger, in order.
 * @throws UserError that names the first line that is none
 */
export async function* readJournal(path: string): AsyncGenerator<Line> {
  const lines = createInterface({ input: createReadStream(path), crlfDelay: Infinity });
  let number = 0;
  for await (const text of lines) yield parseLine(text, path, ++number);
}

export function parseLine(text: string, path: string, number: number): Line {
  const where = `${path}:${number}`;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const found = JSON.stringify(text.slice(0, 60));
    const what = `expected a line of JSON, found ${found} (${(error as Error).message})`;
    throw new UserError('badFile', `${where}: ${what}: restore the ledger from a copy`);
  }
  const { n, atMs, what } = (value ?? {}) as Partial<Line>;
  if (n !== number) throw new UserError('badFile', `${where}: expected n ${number}, found ${n}`);
  if (typeof atMs !== 'number' || typeof what !== 'string') {
    throw new UserError('badFile', `${where}: expected atMs and what, found ${text.slice(0, 60)}`);
  }
  return value as Line;
}
