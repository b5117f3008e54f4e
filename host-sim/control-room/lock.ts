/** One control room for one ledger. */
import { lock } from '../../tools/command-line/lock.js';
import { UserError } from '../exit-codes.js';

/** @returns what gives the ledger back
 *  @throws UserError that names the process that has it */
export function lockLedger(ledger: string): () => void {
  const path = `${ledger}.lock`;
  let held: ReturnType<typeof lock>;
  try {
    held = lock(path);
  } catch (error) {
    throw new UserError('badFile', `${path}: cannot be written: ${(error as Error).message}`);
  }
  if (typeof held !== 'number') return held;
  const what = `${ledger} is in use by the control room of process ${held}`;
  const advice = `end that one or give another --ledger (if it is no control room, remove ${path})`;
  throw new UserError('ledgerInUse', `${what}: ${advice}`);
}
