/**
 * The globals of one run of the interpreter, as firmware/espruino/espruino.d.ts lists them. Rule: a
 * name that is not here does not exist for the unit.
 */
import type { Random } from '../world/random.js';
import type { Dial } from '../world/connection.js';
import type { Board } from './board.js';
import type { Machine } from './machine.js';
import { DeviceNet } from './net.js';
import { createPins } from './pins.js';
import { realm } from './quirks.js';
import { DeviceSerial } from './serial.js';
import { createStorage, type Flash } from './storage.js';
import { DeviceSystem, type ChipEvents } from './system.js';
import { DeviceTimers } from './timers.js';
import { DeviceWifi } from './wifi.js';

export const GLOBAL_NAMES = [
  'E',
  'Pin',
  'Serial2',
  'analogWrite',
  'clearTimeout',
  'digitalWrite',
  'getTime',
  'pinMode',
  'process',
  'require',
  'setTimeout',
  'setWatch',
] as const;

export type DeviceGlobals = Readonly<Record<(typeof GLOBAL_NAMES)[number], unknown>>;

export interface DeviceWorld {
  readonly machine: Machine;
  readonly random: Random;
  readonly board: Board;
  readonly flash: Flash;
  readonly dial: Dial;
  readonly chip: ChipEvents & { failPower(detail: string): void };
  isWifiInAir(): boolean;
}

/** The parts of one run that the world acts on. */
export interface Device {
  readonly globals: DeviceGlobals;
  readonly serial: DeviceSerial;
  readonly system: DeviceSystem;
  readonly wifi: DeviceWifi;
}

export function createDevice(world: DeviceWorld): Device {
  const { machine } = world;
  const system = new DeviceSystem(machine, world.chip);
  const timers = new DeviceTimers(machine);
  const serial = new DeviceSerial(machine, (flag) => system.raiseFlag(flag));
  const net: DeviceNet = new DeviceNet(machine, world.dial, () => wifi.joined);
  const isInAir = () => world.isWifiInAir();
  const wifi: DeviceWifi = new DeviceWifi(machine, world.random, isInAir, () => net.drop());
  const modules: Readonly<Record<string, unknown>> = {
    Storage: createStorage(machine, world.flash, (detail) => world.chip.failPower(detail)),
    TelnetServer: { setOptions: () => machine.enter() },
    Wifi: wifi.module,
    net: net.module,
  };
  const { E, process } = system;
  const globals: DeviceGlobals = {
    ...createPins(machine, world.board),
    E,
    process,
    Serial2: serial.port,
    clearTimeout: (...ids: unknown[]) => timers.clear(ids),
    getTime: () => timers.now(),
    setTimeout: (callback: unknown, delayMs: unknown, ...args: unknown[]) =>
      timers.set(callback, delayMs, args),
    require: (name: unknown) => {
      machine.enter();
      const found = Object.hasOwn(modules, String(name)) ? modules[String(name)] : undefined;
      if (!found) throw new realm.Error(`Module "${String(name)}" not found`);
      return found;
    },
  };
  return { globals, serial, system, wifi };
}
