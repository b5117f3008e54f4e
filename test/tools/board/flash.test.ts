/** Flashing Espruino: nothing is advised for an image that is not the one that was meant. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UserError, type ExitName } from '../../../tools/exit-codes.js';
import { checkImage, flashSteps, MAX_IMAGE_BYTES } from '../../../tools/board/flash.js';

const folder = mkdtempSync(join(tmpdir(), 'flash test-'));
const image = join(folder, 'espruino_esp32.bin');
test.after(() => rmSync(folder, { recursive: true }));

function release(bytes = 1000): string {
  const content = Buffer.alloc(bytes, 1);
  content[0] = 0xe9;
  writeFileSync(image, content);
  writeFileSync(join(folder, 'bootloader.bin'), Buffer.from([0xe9, 1]));
  writeFileSync(join(folder, 'partitions_espruino.bin'), Buffer.from([0xaa, 0x50, 1]));
  return createHash('sha256').update(content).digest('hex');
}

function refused(exit: ExitName, what: RegExp, work: () => unknown): void {
  assert.throws(work, (error: unknown) => {
    assert.instance(error, UserError);
    assert.is((error as UserError).exit, exit);
    assert.match((error as UserError).message, what);
    return true;
  });
}

test('the steps have the offsets of Espruino for the ESP32, in one command', () => {
  const files = checkImage(image, release().toUpperCase());
  const steps = flashSteps(files, '/dev/ttyUSB0');
  const write = steps.find(({ command }) => command.includes('write-flash'))!.command;
  assert.is(
    write,
    'python3 -m esptool --chip esp32 --port /dev/ttyUSB0 --baud 921600 write-flash -z ' +
      `--flash-mode dio --flash-freq 40m 0x1000 '${folder}/bootloader.bin' ` +
      `0x8000 '${folder}/partitions_espruino.bin' 0x10000 '${image}'`,
  );
});

test('another hash is refused as a bad file, with both hashes', () => {
  const sha256 = release();
  const other = sha256.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
  refused('badFile', new RegExp(`expected SHA-256 ${other}, found ${sha256}`), () =>
    checkImage(image, other),
  );
  refused('usage', /64 hexadecimal digits/, () => checkImage(image, sha256.slice(1)));
});

test('an image fits its partition up to the last byte', () => {
  for (const bytes of [MAX_IMAGE_BYTES - 1, MAX_IMAGE_BYTES]) checkImage(image, release(bytes));
  const sha256 = release(MAX_IMAGE_BYTES + 1);
  refused('badFile', /at most 1572864 bytes, found 1572865/, () => checkImage(image, sha256));
});

test('files that are missing, or of another chip, are named', () => {
  const sha256 = release();
  writeFileSync(join(folder, 'partitions_espruino.bin'), '');
  refused('badFile', /partitions_espruino.bin: .* begins with aa50, found nothing/, () =>
    checkImage(image, sha256),
  );
  rmSync(join(folder, 'bootloader.bin'));
  refused('fileMissing', /bootloader.bin: no such file/, () => checkImage(image, sha256));
});

test.run();
