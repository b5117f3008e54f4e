/** What a line of the board's console can name: as much of the interpreter as its cable is asked for. */
import { crc32 } from 'node:zlib';
import type { Flash } from '../espruino/storage.js';
import { consoleStorage, type Operate } from './storage.js';

export interface ConsoleWorld {
  readonly version: string;
  readonly variables: number;
  readonly serial: string;
  readonly flash: Flash;
  readonly operate: Operate;
  print(text: string): void;
  setPassword(password: string | null): void;
  lock(): void;
  /** No byte of the cable reaches the console any more. */
  close(): void;
  reboot(): void;
  reset(): void;
  /** In the unit's world. @throws what the expression throws, or that the unit is not running */
  evaluate(expression: string): unknown;
}

/** What the console itself takes. */
const OWN_VARIABLES = 60;

export function consoleGlobals(world: ConsoleWorld): object {
  const storage = consoleStorage(world.flash, world.operate);
  const wifi = { getIP: () => world.evaluate('require("Wifi").getIP()') };
  const globals = {
    E: {
      CRC32: (bytes?: string) =>
        bytes === undefined ? undefined : crc32(Buffer.from(bytes, 'latin1')),
      setPassword: (password?: string) => world.setPassword(password ?? null),
      lockConsole: () => world.lock(),
      setConsole: (device: unknown) => {
        if (device === null) world.close();
      },
      enableWatchdog: () => {},
      reboot: () => world.reboot(),
    },
    process: {
      version: world.version,
      env: { BOARD: 'ESP32' },
      memory: () => ({ total: world.variables, free: world.variables - OWN_VARIABLES }),
    },
    getSerial: () => world.serial,
    print: (...values: unknown[]) => world.print(values.map(String).join(' ')),
    atob: (text: string) => Buffer.from(text, 'base64').toString('latin1'),
    require: (name: string) => (name === 'Storage' ? storage : wifi),
    reset: () => world.reset(),
  };
  Object.assign(globals, { global: globals });
  Object.defineProperty(globals, 'unit', { get: () => unitOf(world) });
  return globals;
}

function unitOf(world: ConsoleWorld): unknown {
  try {
    return world.evaluate('unit');
  } catch {
    return undefined;
  }
}
