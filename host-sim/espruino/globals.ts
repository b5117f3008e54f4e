/**
 * The globals of one run of the interpreter, as firmware/espruino/espruino.d.ts lists them. Rule: a
 * name that is not here does not exist for the unit.
 */
import type { Random } from '../world/random.js';
import type { Dial } from '../world/connection.js';
import type { Board } from './board.js';
import type { Machine } from './machine.js';
import { CryptoModule } from './crypto.js';
import { DeviceNet, NetModule } from './net.js';
import { DevicePins } from './pins.js';
import { realm } from './quirks.js';
import { DeviceSerial, SerialModule } from './serial.js';
import { StorageModule, type Flash } from './storage.js';
import { DeviceSystem, EModule, ProcessModule, type ChipEvents } from './system.js';
import { DeviceTimers } from './timers.js';
import { DeviceWifi, WifiModule } from './wifi.js';

export const GLOBAL_NAMES = [
  'E',
  'Pin',
  'Serial2',
  'analogRead',
  'analogWrite',
  'clearTimeout',
  'clearWatch',
  'digitalWrite',
  'eval',
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
  /** Runs a timer's text in the global scope. */
  run(text: string): unknown;
  /** Told of each call of a timer. */
  readonly onTimer: (() => void) | undefined;
  /** Runs what the loader evaluates. */
  evaluate(text: string): unknown;
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
  const { clock, bootedAtMs } = machine;
  let lastMs = NaN;
  let timeS = 0;
  const system = new DeviceSystem(machine, world.chip);
  const raiseFlag = (flag: string) => system.raiseFlag(flag);
  const serial = new DeviceSerial(machine, raiseFlag);
  const net: DeviceNet = new DeviceNet(machine, world.dial, () => wifi.joined, raiseFlag);
  const isInAir = () => world.isWifiInAir();
  const wifi: DeviceWifi = new DeviceWifi(machine, world.random, isInAir, () => net.drop());
  const timers = new DeviceTimers(machine, (text) => world.run(text), world.onTimer);
  const pins = new DevicePins(machine, world.board, raiseFlag);
  const globals: DeviceGlobals = {
    E: new EModule(system),
    Pin: function (name: unknown) {
      return pins.create(name);
    },
    Serial2: new SerialModule(serial),
    analogRead: (pin: unknown) => pins.readAnalog(pin),
    analogWrite: (pin: unknown, duty: unknown, options?: { freq?: number }) =>
      pins.writeAnalog(pin, duty, options),
    clearWatch: () => pins.clearWatches(),
    clearTimeout: (...ids: unknown[]) => timers.clear(ids),
    digitalWrite: (pin: unknown, value: unknown) => pins.writeDigital(pin, value),
    eval: (text: unknown) => {
      machine.enter();
      return typeof text === 'string' ? world.evaluate(text) : text;
    },
    // Seconds since the boot: nothing sets the device's clock. Asked more often than all else.
    // (Not worked out again while no time passes: each result would be a new object.)
    getTime: () => {
      machine.enter();
      const nowMs = clock.nowMs();
      if (nowMs !== lastMs) timeS = (nowMs - bootedAtMs) / 1000;
      lastMs = nowMs;
      return timeS;
    },
    pinMode: (pin: unknown, mode: unknown) => pins.setMode(pin, mode),
    process: new ProcessModule(machine),
    require: (name: unknown) => {
      machine.enter();
      return createModule(String(name), world, wifi, net);
    },
    setTimeout: (callback: unknown, delayMs: unknown, ...args: unknown[]) =>
      timers.set(callback, delayMs, args),
    setWatch: (callback: unknown, pin: unknown, options?: object) =>
      pins.watch(callback, pin, options),
  };
  return { globals, serial, system, wifi };
}

function createModule(name: string, world: DeviceWorld, wifi: DeviceWifi, net: DeviceNet): object {
  switch (name) {
    case 'Storage':
      return new StorageModule(world.machine, world.flash, (detail) =>
        world.chip.failPower(detail),
      );
    case 'TelnetServer':
      return { setOptions: () => world.machine.enter() };
    case 'crypto':
      return new CryptoModule(world.machine);
    case 'Wifi':
      return new WifiModule(wifi);
    case 'net':
      return new NetModule(net);
    default:
      throw new realm.Error(`Module "${name}" not found`);
  }
}
