/** The built firmware, as the files that a board gets: loader, and bundle in the first slot. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32 } from 'node:zlib';
import { UserError } from '../exit-codes.js';

/** What the interpreter runs at every boot. */
export const BOOT_CODE = '.bootcde';
/** The slot that provisioning fills (firmware/loader), and what says whether it is whole. */
export const SLOT = 'app.a';
export const SLOT_INFO = 'app.a.i';
/** The slot that updates fill. */
export const OTHER_SLOT: readonly string[] = ['app.b', 'app.b.i'];

/** Byte strings. */
export interface BundleFiles {
  readonly loader: string;
  readonly bundle: string;
}

const BUILT = fileURLToPath(new URL('../../firmware/dist/unit.js', import.meta.url));

/** @throws UserError `bundleMissing` if it has not been built */
export function readBundle(path = BUILT): BundleFiles {
  const read = (file: string): string => {
    if (existsSync(file)) return readFileSync(file, 'latin1');
    throw new UserError('bundleMissing', `${file}: no such file. npm run build makes it`);
  };
  return { bundle: read(path), loader: read(join(dirname(path), 'loader.js')) };
}

/** `sequence,length,crc32`: a slot counts only with this beside it. */
export function slotInfo(bundle: string): string {
  return `1,${bundle.length},${crcOf(bundle)}`;
}

/** CRC-32 of a byte string. */
export function crcOf(bytes: string): number {
  return crc32(Buffer.from(bytes, 'latin1'));
}
