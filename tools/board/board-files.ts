/** Files in a board's flash, written over its console: every piece and every file is verified. */
import { z } from 'zod';
import { UserError } from '../exit-codes.js';
import { crcOf } from './bundle-files.js';
import type { BoardConsole } from './console.js';
import { asked, readFiles } from './facts.js';

/** Of a file, what goes over the line in one piece. */
const PIECE_BYTES = 512;

export interface BoardFile {
  readonly name: string;
  /** A byte string. May hold keys: it is never shown. */
  readonly bytes: string;
}

/** @throws UserError `board` if it is still there */
export async function erase(board: BoardConsole, name: string): Promise<void> {
  const question = `(S.erase("${name}"),S.read("${name}")===undefined)`;
  const isGone = await asked(board, question, `erasing ${name}`, z.boolean());
  if (!isGone) throw new UserError('board', `${name}: could not be erased; ${FAULTY}`);
}

const FAULTY = 'the flash of this board may be worn: use another board';

/** Put together in memory and checked there; then one write. */
export async function writeWhole(board: BoardConsole, name: string, bytes: string): Promise<void> {
  await board.ask('($b="",1)', `writing ${name}`);
  for (const [at, piece] of pieces(bytes)) {
    const question = `($b=$b.substr(0,${at})+atob("${base64(piece)}"),E.CRC32($b))`;
    await expectCrc(board, question, `writing ${name}`, bytes.slice(0, at + piece.length));
  }
  const question = `(S.erase("${name}"),S.write("${name}",$b),$b="",E.CRC32(S.read("${name}")))`;
  await expectCrc(board, question, `writing ${name}`, bytes);
}

/** Piece by piece, from where an earlier run has come: for a file of no use before it is whole. */
export async function writePieces(
  board: BoardConsole,
  name: string,
  bytes: string,
  tell: (bytes: number) => void,
): Promise<void> {
  const there = await writtenBefore(board, name, bytes);
  if (there === 0) await erase(board, name);
  for (const [at, piece] of pieces(bytes)) {
    if (at < there) continue;
    const question = `$w("${name}",${at},${bytes.length},"${base64(piece)}")`;
    await expectCrc(board, question, `writing ${name} at ${at}`, piece);
    tell(at + piece.length);
  }
}

/**
 * Bytes of a file that stand there already; 0 unless all that follows is blank, because a byte of
 * the flash is written only once.
 */
async function writtenBefore(board: BoardConsole, name: string, bytes: string): Promise<number> {
  const question = `(S.read("${name}")||"").length`;
  if ((await asked(board, question, `how long ${name} is`, z.number())) !== bytes.length) return 0;
  const holds = async (at: number, expected: string): Promise<boolean> => {
    const part = `E.CRC32(S.read("${name}",${at},${expected.length}))`;
    return (await asked(board, part, `what of ${name} is there`, z.number())) === crcOf(expected);
  };
  let [least, most] = [0, Math.floor(bytes.length / PIECE_BYTES)];
  while (least < most) {
    const middle = Math.ceil((least + most) / 2);
    if (await holds(0, bytes.slice(0, middle * PIECE_BYTES))) least = middle;
    else most = middle - 1;
  }
  const there = least * PIECE_BYTES;
  const isRestBlank =
    there < bytes.length && (await holds(there, BLANK.repeat(bytes.length - there)));
  return isRestBlank ? there : 0;
}

/** A byte of the flash that was erased and not written. */
const BLANK = '\xff';

function pieces(bytes: string): [number, string][] {
  const count = Math.ceil(bytes.length / PIECE_BYTES);
  return Array.from({ length: count }, (_, i) => [
    i * PIECE_BYTES,
    bytes.slice(i * PIECE_BYTES, (i + 1) * PIECE_BYTES),
  ]);
}

function base64(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('base64');
}

async function expectCrc(
  board: BoardConsole,
  question: string,
  what: string,
  bytes: string,
): Promise<void> {
  const crc = await asked(board, question, what, z.number().optional());
  if (crc === crcOf(bytes)) return;
  throw new UserError('board', `${what}: expected CRC-32 ${crcOf(bytes)}, found ${crc}; ${FAULTY}`);
}

/** @throws UserError `board` unless each of them is there with length and checksum */
export async function readBack(board: BoardConsole, wanted: readonly BoardFile[]): Promise<void> {
  const files = await readFiles(board);
  for (const { name, bytes } of wanted) {
    const found = files.find((file) => file.name === name);
    if (found?.bytes === bytes.length && found.crc32 === crcOf(bytes)) continue;
    const was = found ? `${found.bytes} bytes with CRC-32 ${found.crc32}` : 'no such file';
    const right = `${bytes.length} bytes with CRC-32 ${crcOf(bytes)}`;
    throw new UserError('board', `${name}: expected ${right}, found ${was}; ${FAULTY}`);
  }
}
