/** What is on a board, as its console tells it. Keys and passwords are told by checksum only. */
import { z } from 'zod';
import { KEYS_RECORD, GENERATION_BYTES } from '../../protocol/seal/keys.js';
import { slotName } from '../../protocol/record.js';
import { SETTINGS_RECORD } from '../../protocol/settings.js';
import { UserError } from '../exit-codes.js';
import type { BoardConsole } from './console.js';

/** One slot of a record that is valid (SPEC CR-062). */
export interface SlotFact {
  readonly sequence: number;
  readonly valueBytes: number;
  readonly valueCrc32: number;
}

export interface FileFact {
  readonly name: string;
  readonly bytes: number;
  readonly crc32: number;
}

export interface BoardFacts {
  /** Of the interpreter, such as `2v29.277`. */
  readonly version: string;
  readonly board: string;
  readonly serial: string;
  /** Variables of the interpreter, free and taken. */
  readonly variables: number;
  /** Of the flash, what is free or will be when it is tidied. */
  readonly freeBytes: number;
  readonly files: readonly FileFact[];
  /** Both slots of each record that has one; null for a slot that is not valid. */
  readonly records: Readonly<Record<string, readonly [SlotFact | null, SlotFact | null]>>;
  /** Of the record `keys`: its generation, and the checksum of that generation's part. */
  readonly keys: { readonly generation: number; readonly crc32: number } | null;
  /** Of the record `unit`. */
  readonly unitId: string | null;
}

/** What the console tells of a board on which the unit may be running. */
export interface ConsoleFacts {
  readonly board: BoardFacts;
  readonly isRunning: boolean;
  readonly freeVariables: number;
  /** The loader's note of starts: `a0`, or `b2,17`. */
  readonly boots: string;
  /** In the vehicle's network; null for none. */
  readonly address: string | null;
}

/** The records that a unit keeps (SPEC section 7), and the one with why it restarted. */
export const RECORDS = ['unit', 'keys', 'counter', 'desk', 'config', 'trial', 'restart'] as const;

const aboutSchema = z.tuple([z.string(), z.number(), z.string(), z.number(), z.string()]);
const filesSchema = z.array(z.tuple([z.string(), z.number(), z.number()]));
const slotSchema = z.tuple([z.boolean(), z.number(), z.number(), z.number()]).nullable();
const keysSchema = z.tuple([z.number(), z.number()]);

/** Files are asked for so many at a time: an answer must fit the board's memory. */
const FILES_AT_ONCE = 8;

const ABOUT =
  '[process.version,process.memory().total,process.env.BOARD,' +
  'S.getStats().freeBytes+S.getStats().trashBytes,getSerial()]';

export async function readFacts(board: BoardConsole): Promise<BoardFacts> {
  const about = await asked(board, ABOUT, 'what the board is', aboutSchema);
  const [version, variables, name, freeBytes, serial] = about;
  const files = await readFiles(board);
  const records: Record<string, [SlotFact | null, SlotFact | null]> = {};
  for (const record of RECORDS) {
    const slots = [slotName(record, 0), slotName(record, 1)] as const;
    if (!files.some((file) => file.name === slots[0] || file.name === slots[1])) continue;
    records[record] = [await readSlot(board, slots[0]), await readSlot(board, slots[1])];
  }
  const keySlot = newestSlot(records[KEYS_RECORD]);
  const unitSlot = newestSlot(records[SETTINGS_RECORD]);
  return {
    version,
    board: name,
    serial,
    variables,
    freeBytes,
    files,
    records,
    keys: keySlot === null ? null : await readKeys(board, slotName(KEYS_RECORD, keySlot)),
    unitId: unitSlot === null ? null : await readUnitId(board, slotName(SETTINGS_RECORD, unitSlot)),
  };
}

/** All files with their checksums. */
export async function readFiles(board: BoardConsole): Promise<FileFact[]> {
  const files: FileFact[] = [];
  for (let at = 0; ; at += FILES_AT_ONCE) {
    const page = await asked(
      board,
      `S.list().slice(${at},${at + FILES_AT_ONCE})` +
        '.map(function(n){var b=S.read(n)||"";return[n,b.length,E.CRC32(b)]})',
      'its files',
      filesSchema,
    );
    files.push(...page.map(([name, bytes, crc32]) => ({ name, bytes, crc32 })));
    if (page.length < FILES_AT_ONCE) return files;
  }
}

async function readSlot(board: BoardConsole, file: string): Promise<SlotFact | null> {
  const slot = await asked(
    board,
    '(function(b){if(!b||b.length<16)return null;var v=b.substr(8),h=E.CRC32(v).toString(16);' +
      'return["00000000".substr(h.length)+h===b.substr(0,8),' +
      `parseInt(b.substr(8,8),16)||0,b.length-16,E.CRC32(b.substr(16))]})(S.read("${file}"))`,
    `the record ${file}`,
    slotSchema,
  );
  if (slot === null || !slot[0]) return null;
  const [, sequence, valueBytes, valueCrc32] = slot;
  return { sequence, valueBytes, valueCrc32 };
}

/** The slot that counts (SPEC CR-061), or null where none is valid. */
export function newestSlot(
  slots: readonly [SlotFact | null, SlotFact | null] | undefined,
): 0 | 1 | null {
  const [first = null, second = null] = slots ?? [];
  if (first === null && second === null) return null;
  return second !== null && (first === null || second.sequence > first.sequence) ? 1 : 0;
}

async function readKeys(board: BoardConsole, file: string) {
  const question =
    `[S.read("${file}").charCodeAt(16),` +
    `E.CRC32(S.read("${file}").substr(16,${1 + GENERATION_BYTES}))]`;
  const [generation, crc32] = await asked(board, question, 'the generation of keys', keysSchema);
  return { generation, crc32 };
}

async function readUnitId(board: BoardConsole, file: string): Promise<string> {
  const question = `JSON.parse(S.read("${file}").substr(16)).unitId`;
  return await asked(board, question, 'which unit it is', z.string());
}

/** An answer of the form that it must have. */
export async function asked<T>(
  board: BoardConsole,
  question: string,
  what: string,
  schema: z.ZodType<T>,
): Promise<T> {
  const answer = schema.safeParse(await board.ask(question, what));
  if (answer.success) return answer.data;
  throw new UserError('board', `${what}: the board’s answer is of another form than expected`);
}

const runningSchema = z.tuple([z.boolean(), z.number(), z.string(), z.string().nullable()]);
const NO_ADDRESS = '0.0.0.0';

/** Of a board on which the unit may be running, without disturbing it. */
export async function readRunningFacts(board: BoardConsole): Promise<ConsoleFacts> {
  const question =
    '[typeof unit==="object"&&unit!==null,process.memory(false).free,S.read("boot")||"",' +
    '(function(){try{return require("Wifi").getIP().ip||null}catch(x){return null}})()]';
  const running = await asked(board, question, 'whether the unit runs', runningSchema);
  const [isRunning, freeVariables, boots, address] = running;
  return {
    board: await readFacts(board),
    isRunning,
    freeVariables,
    boots,
    address: address === NO_ADDRESS ? null : address,
  };
}
