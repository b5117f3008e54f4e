/**
 * The module `Storage` as a line of the console sees it: a file is created whole and empty, and each
 * byte is written once. Rule: every change goes through `Operate`, so that a test can let the power
 * fail before, within or after it.
 */
import type { Flash } from '../espruino/storage.js';

/** Does the whole of one change of the flash, or the half, or nothing. */
export type Operate = (whole: () => void, half: () => void) => void;

export const atOnce: Operate = (whole) => whole();

export function consoleStorage(flash: Flash, operate: Operate): object {
  const nothing = (): void => {};
  return {
    read: (name: string, offset = 0, size?: number) =>
      flash.read(name)?.slice(offset, size === undefined ? undefined : offset + size),
    list: () => flash.names(),
    getStats: () => ({ freeBytes: flash.freeBytes, trashBytes: 0 }),
    erase: (name: string) => operate(() => flash.erase(name), nothing),
    write: (name: string, data: string, offset = 0, size = data.length) => {
      if (data === '') throw new Error("Can't create zero length file");
      if (offset === 0 && flash.read(name) !== data) {
        operate(() => flash.erase(name), nothing);
        operate(() => flash.write(name, '\xff'.repeat(size)), nothing);
      }
      const there = flash.read(name);
      if (there === undefined) throw new Error('Unable to find or create file');
      if (offset + data.length > there.length) throw new Error('Too much data for file size');
      const before = there.slice(offset, offset + data.length);
      if (before === data) return;
      if (!/^\xff*$/.test(before)) throw new Error('File already written with different data');
      const put = (part: string) =>
        flash.write(name, there.slice(0, offset) + part + there.slice(offset + part.length));
      operate(
        () => put(data),
        () => put(data.slice(0, data.length / 2)),
      );
    },
  };
}
