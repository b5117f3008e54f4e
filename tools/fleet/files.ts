/**
 * The fleet folder's files, read and written. Rule: a file is written beside and renamed, so that
 * whoever reads it, or pulls the plug, finds the one before or the new one, whole.
 */
import { isUtf8 } from 'node:buffer';
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { findNodeAtLocation, parseTree, printParseErrorCode, type ParseError } from 'jsonc-parser';
import type { z } from 'zod';
import { UserError } from '../exit-codes.js';
import { expected, found } from './expected.js';

/** What anybody may read, and what only its owner may. */
export const OPEN_MODE = 0o644;
export const OWNER_MODE = 0o600;
export const OWNER_FOLDER_MODE = 0o700;

/** Of a file that is read: some thirty thousand units. */
export const MAX_FILE_BYTES = 16 * 2 ** 20;

/** @throws UserError `badFile` if the file system does not take it; then nothing has changed */
export function writeWhole(path: string, content: string | Buffer, mode = OPEN_MODE): void {
  const beside = `${path}.${process.pid}.new`;
  try {
    const folderMode = mode === OWNER_MODE ? { mode: OWNER_FOLDER_MODE } : {};
    mkdirSync(dirname(path), { recursive: true, ...folderMode });
    // One that was killed may have left it; then exclusively, so that no link is written through.
    rmSync(beside, { force: true });
    const file = openSync(beside, 'wx', mode);
    try {
      writeFileSync(file, content);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(beside, path);
  } catch (error) {
    removeIfCan(beside);
    throw new UserError('badFile', `${path}: could not be written: ${(error as Error).message}`);
  }
}

/** Why it could not be written is to be said, and not why it could not be removed. */
function removeIfCan(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It is not there.
  }
}

/** @throws UserError `fileMissing`, with what to do, or `badFile` */
export function readText(path: string, whatToDo: string): string {
  let bytes: Buffer;
  try {
    bytes = readBytes(path, MAX_FILE_BYTES + 1);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new UserError('fileMissing', `${path}: no such file; ${whatToDo}`);
    throw new UserError('badFile', `${path}: could not be read: ${message}`);
  }
  if (bytes.length > MAX_FILE_BYTES) {
    throw new UserError('badFile', `${path}: expected at most ${MAX_FILE_BYTES} bytes, found more`);
  }
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const line = firstLineNotUtf8(bytes);
  throw new UserError(
    'badFile',
    `${path}:${line}: expected UTF-8, found other bytes; save it with that encoding`,
  );
}

/** Null where there is none. One that is there and cannot be read is an error: it is not new. */
export function readIfThere(path: string): string | null {
  try {
    return readText(path, '');
  } catch (error) {
    if (error instanceof UserError && error.exit === 'fileMissing') return null;
    throw error;
  }
}

/** At most so many; of what has no end, such as a device, too. */
function readBytes(path: string, most: number): Buffer {
  const file = openSync(path, 'r');
  try {
    const parts: Buffer[] = [];
    let left = most;
    while (left > 0) {
      const part = Buffer.alloc(Math.min(left, READ_BYTES));
      const count = readSync(file, part);
      if (count === 0) break;
      parts.push(part.subarray(0, count));
      left -= count;
    }
    return Buffer.concat(parts);
  } finally {
    closeSync(file);
  }
}

const READ_BYTES = 2 ** 20;

function firstLineNotUtf8(bytes: Buffer): number {
  let start = 0;
  for (let line = 1; ; line++) {
    const end = bytes.indexOf('\n', start);
    if (end < 0 || !isUtf8(bytes.subarray(start, end))) return line;
    start = end + 1;
  }
}

export function toJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

/**
 * JSON of a known form.
 * @throws UserError `badFile` with line, column, field, what was expected and what was found
 */
export function parseJson<T>(path: string, text: string, schema: z.ZodType<T>): T {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  if (first || !tree) {
    const what = first ? printParseErrorCode(first.error) : 'nothing';
    throw new UserError(
      'badFile',
      `${path}:${place(text, first?.offset ?? 0)}: expected JSON, found: ${what}`,
    );
  }
  const value: unknown = JSON.parse(text);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues as [z.core.$ZodIssue];
  const where = issue.path as (string | number)[];
  // A field that is missing has no place of its own.
  const node = findNodeAtLocation(tree, where) ?? findNodeAtLocation(tree, where.slice(0, -1));
  const name = where.length > 0 ? ` ${where.join('.')}:` : '';
  const there = where.reduce<unknown>((each, key) => (each as never)?.[key], value);
  throw new UserError(
    'badFile',
    `${path}:${place(text, node?.offset ?? 0)}:${name} expected ${expected(issue)}, found ${found(there)}`,
  );
}

/** `line:column`, from 1, as editors take it. */
function place(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `${before.length}:${(before.at(-1) as string).length + 1}`;
}
