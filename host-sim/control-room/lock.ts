/**
 * One control room for one ledger: a file beside it names the process that has it. A process that
 * was killed leaves the file, and the next one takes it over, at once.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { UserError } from '../exit-codes.js';

/** @returns what gives the ledger back
 *  @throws UserError that names the process that has it */
export function lockLedger(ledger: string): () => void {
  const path = `${ledger}.lock`;
  for (;;) {
    try {
      writeFileSync(path, `${process.pid}\n`, { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        throw new UserError('badFile', `${path}: cannot be written: ${message}`);
      }
    }
    const pid = holderOf(path);
    if (pid !== null && isOther(pid)) {
      const what = `${ledger} is in use by the control room of process ${pid}`;
      const advice = `end that one or give another --ledger (if it is no control room, remove ${path})`;
      throw new UserError('ledgerInUse', `${what}: ${advice}`);
    }
    rmSync(path, { force: true });
  }
}

/** Null for what is no process id: a power cut may have left it empty. */
function holderOf(path: string): number | null {
  let text = '';
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  const pid = Number(text);
  return Number.isInteger(pid) && pid > 0 ? pid : null;
}

/** Our own id is that of one before us: in a container every control room may have the same. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
