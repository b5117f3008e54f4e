/**
 * A flash that is kept in a file: JSON of names, and contents in base64. Rule: it may hold keys, so
 * that only its owner may read it; and it is written beside and renamed.
 */
import { readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { Flash } from '../espruino/storage.js';
import { UserError } from '../exit-codes.js';

const OWNER_MODE = 0o600;

const filesSchema = z.record(z.string(), z.base64());

export class KeptFlash extends Flash {
  #isDirty = false;

  private constructor(readonly path: string) {
    super();
  }

  /** @throws UserError if what is there is no flash, or open to others */
  static open(path: string): KeptFlash {
    const flash = new KeptFlash(path);
    const status = statSync(path, { throwIfNoEntry: false });
    if (!status) return flash;
    if ((status.mode & 0o077) !== 0) {
      throw new UserError(
        'badFile',
        `${path}: expected mode 600, because it holds keys; run chmod 600`,
      );
    }
    for (const [name, content] of Object.entries(read(path))) {
      flash.write(name, Buffer.from(content, 'base64').toString('latin1'));
    }
    return flash;
  }

  override write(name: string, bytes: string): void {
    super.write(name, bytes);
    this.#soon();
  }

  override erase(name: string): void {
    super.erase(name);
    this.#soon();
  }

  override program(name: string, bytes: string): 'done' | 'full' | 'cut' {
    const result = super.program(name, bytes);
    this.#soon();
    return result;
  }

  /** At once, for a process that is about to end. */
  save(): void {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    const files = this.names().map((name): [string, string] => [
      name,
      Buffer.from(this.read(name) as string, 'latin1').toString('base64'),
    ]);
    const beside = `${this.path}.${process.pid}.new`;
    writeFileSync(beside, `${JSON.stringify(Object.fromEntries(files))}\n`, { mode: OWNER_MODE });
    renameSync(beside, this.path);
  }

  /** One write for all that changes in one turn. */
  #soon(): void {
    if (this.#isDirty) return;
    this.#isDirty = true;
    setImmediate(() => this.save());
  }
}

function read(path: string): Record<string, string> {
  try {
    return filesSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    throw new UserError('badFile', `${path}: expected a flash that sim board has kept`);
  }
}
