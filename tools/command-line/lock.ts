/**
 * Something that one process at a time may have: a file beside it names that process. A process
 * that was killed leaves the file, and the next one takes it over, at once.
 */
import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/**
 * @param path of the file that names the process
 * @returns what gives it back, or the id of the process that has it
 * @throws what the file system says if the file cannot be written
 */
export function lock(path: string): (() => void) | number {
  const own = `${path}.${process.pid}`;
  // Beside, and then linked: so that nobody finds the file empty while it is being written.
  writeFileSync(own, `${process.pid}\n`, { mode: 0o600 });
  try {
    for (;;) {
      if (isLinked(own, path)) return () => rmSync(path, { force: true });
      const pid = holderOf(path);
      if (pid !== null && isOther(pid)) return pid;
      clear(path, `${own}.old`);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** @returns false if there is a file of that name already */
function isLinked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Away with the file of a process that is no more. Another one may have taken it over since it was
 * looked at: so it is moved, by which it is one's own, looked at again, and put back if need be.
 */
function clear(path: string, moved: string): void {
  try {
    renameSync(path, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const pid = holderOf(moved);
  if (pid !== null && isOther(pid)) isLinked(moved, path);
  rmSync(moved, { force: true });
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

/** Our own id is that of one before us: in a container every program may have the same. */
function isOther(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    // Signal 0 only asks.
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, and another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
