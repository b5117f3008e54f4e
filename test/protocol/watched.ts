/** An input for decoders that notes how far they read. */
import type { Octets } from '../../protocol/bytes.js';
import { open } from './tables.js';

export interface Watched extends Octets {
  /** Offset after the last byte that was read. */
  readEnd(): number;
}

export function watch(bytes: string): Watched {
  const { octets, view } = open(bytes);
  let end = 0;
  const note = (at: number, size: number): void => {
    end = Math.max(end, at + size);
  };
  return {
    octets: new Proxy(octets, {
      get(target, key) {
        if (typeof key === 'string' && /^[0-9]+$/.test(key)) note(Number(key), 1);
        return Reflect.get(target, key) as unknown;
      },
    }),
    // On the device a read beyond the end gives nonsense instead of an exception: note, then 0.
    view: new Proxy(view, {
      get(target, key) {
        const size = { getUint8: 1, getUint16: 2, getUint32: 4, getInt32: 4 }[String(key)];
        if (size === undefined) throw new Error(`decoders do not use ${String(key)}`);
        return (at: number) => {
          note(at, size);
          if (at + size > bytes.length) return 0;
          return target[key as 'getUint32'](at);
        };
      },
    }),
    bytes: {
      length: bytes.length,
      substr(from: number, length: number) {
        note(from, length);
        return bytes.substr(from, length);
      },
    } as unknown as string,
    readEnd: () => end,
  };
}
