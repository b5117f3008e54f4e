/**
 * Putting the interpreter itself on a board: the files of Espruino's release for the ESP32, checked,
 * and the steps with the vendor's tool. Offsets and options are those of the README_flash.txt that
 * comes with each release (espruino.com/binaries).
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../exit-codes.js';

const BOOTLOADER = 'bootloader.bin';
const PARTITIONS = 'partitions_espruino.bin';
/** First bytes of an application or a boot loader, and of a table of partitions, for the ESP32. */
const IMAGE_MAGIC = [0xe9];
const PARTITIONS_MAGIC = [0xaa, 0x50];
/** Size of the partition that the image goes into (Espruino, boards/ESP32.py). */
export const MAX_IMAGE_BYTES = 1_572_864;
const BAUD = 921_600;
/** Of this major version are the names of commands and options below (its migration guide). */
const ESPTOOL = 'esptool>=5,<6';

export interface FlashFile {
  readonly path: string;
  readonly offset: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * The three files of a release, of which the image has the hash that its builder gave.
 * @throws UserError `badFile` if it has another, or is no image for this chip
 */
export function checkImage(image: string, sha256: string): FlashFile[] {
  if (!/^[0-9a-f]{64}$/i.test(sha256)) {
    throw new UserError('usage', `--sha256: expected 64 hexadecimal digits, found ${sha256}`);
  }
  const beside = (name: string) => join(dirname(image), name);
  const found = readFlashFile(image, '0x10000', IMAGE_MAGIC);
  if (found.sha256 !== sha256.toLowerCase()) {
    throw new UserError(
      'badFile',
      `${image}: expected SHA-256 ${sha256.toLowerCase()}, found ${found.sha256}. ` +
        'Do not flash it: load it again, and compare the hash with that of its builder',
    );
  }
  if (found.bytes > MAX_IMAGE_BYTES) {
    const most = `at most ${MAX_IMAGE_BYTES} bytes, found ${found.bytes}`;
    throw new UserError('badFile', `${image}: expected ${most}: it is for another board`);
  }
  return [
    readFlashFile(beside(BOOTLOADER), '0x1000', IMAGE_MAGIC),
    readFlashFile(beside(PARTITIONS), '0x8000', PARTITIONS_MAGIC),
    found,
  ];
}

function readFlashFile(path: string, offset: string, magic: readonly number[]): FlashFile {
  if (!existsSync(path)) {
    const hint = `${BOOTLOADER} and ${PARTITIONS} of the same release lie beside the image`;
    throw new UserError('fileMissing', `${path}: no such file; ${hint}`);
  }
  const bytes = readFileSync(path);
  if (magic.some((byte, i) => bytes[i] !== byte)) {
    const first = bytes.subarray(0, magic.length).toString('hex') || 'nothing';
    const expected = Buffer.from(magic).toString('hex');
    throw new UserError(
      'badFile',
      `${path}: expected a file for an ESP32, which begins with ${expected}, found ${first}`,
    );
  }
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { path, offset, bytes: bytes.length, sha256 };
}

export interface FlashStep {
  readonly why: string;
  readonly command: string;
}

export function flashSteps(files: readonly FlashFile[], port: string): FlashStep[] {
  const tool = `python3 -m esptool --chip esp32 --port ${quoted(port)}`;
  const parts = files.map(({ offset, path }) => `${offset} ${quoted(path)}`).join(' ');
  return [
    { why: "the vendor's tool, once", command: `python3 -m pip install '${ESPTOOL}'` },
    {
      why: 'everything off the board: also the keys and counters of a unit that it was',
      command: `${tool} erase-flash`,
    },
    {
      why: 'boot loader, partitions and Espruino',
      command: `${tool} --baud ${BAUD} write-flash -z --flash-mode dio --flash-freq 40m ${parts}`,
    },
    {
      why: 'the unit',
      command: `npm run -s tools -- provision CALLSIGN --port ${quoted(port)}`,
    },
  ];
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
