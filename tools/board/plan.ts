/**
 * What a board still lacks to be a unit, step by step, from what is on it; or why it cannot be one.
 * Rule: while anything is missing there is no boot code, so that a board whose cable was pulled
 * waits at its prompt; and what is there already is left alone, so that the next run goes on.
 */
import { packRecord, slotName } from '../../protocol/record.js';
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { DESK_RECORD, packWindow } from '../../protocol/seal/window.js';
import { SETTINGS_RECORD, type UnitSettings } from '../../protocol/settings.js';
import { BOOT_CODE, crcOf, SLOT, SLOT_INFO, slotInfo, type BundleFiles } from './bundle-files.js';
import { newestSlot, type BoardFacts, type FileFact } from './facts.js';

/** The interpreter that the tests run on. Releases before it lose serial data (Espruino #2718). */
export const MIN_VERSION = '2v29.277';
/** `firmware/budget.json`: the unit's peak, and what the console takes beside it. */
export const MIN_VARIABLES = 2400;
/** Beside the files: what records are rewritten in before the flash is tidied. */
export const MIN_SPARE_BYTES = 64 * 1024;

/** Demands a password of whoever is at the console; the loader has closed it if no one may be. */
export const LOCK_FILE = '.boot1';
/** While it is there, the loader cannot close the console: only for the self-test. */
export const SELF_TEST_FILE = '.boot2';
/** The loader's count of boots that failed. */
export const BOOT_COUNT = 'boot';

/** What the interpreter runs before the boot code. Only LOCK_FILE is ours. */
const FOREIGN_BOOT = ['.bootPowerOn', '.boot0', SELF_TEST_FILE, '.boot3'];
const OTHER_SLOT = ['app.b', 'app.b.i'];
/** What a unit has kept of its life under keys that it had before. */
const LIFE = ['counter', 'desk', 'config', 'trial', 'restart'];

/** What a board is to become. */
export interface WantedUnit {
  readonly unitId: string;
  readonly callSign: string;
  readonly settings: UnitSettings;
  /** Value of the record `keys`: the generation, and its keys. */
  readonly keysRecord: string;
  /** The same of those that it may have been given over the air since. */
  readonly laterKeysRecords: readonly string[];
  readonly consolePassword: string;
  readonly firmware: BundleFiles;
  /** Seconds since 1970, for the record `desk` of a unit that has none. */
  readonly nowS: number;
}

export interface PlanOptions {
  /** A unit that was in service is begun anew, with keys that it never had (SPEC CR-128). */
  readonly anew: boolean;
  /** Whether a board was finished with this generation of keys, be it this one or another. */
  readonly isIssued: boolean;
}

export type Step =
  | { readonly kind: 'erase'; readonly name: string; readonly why: string }
  | {
      readonly kind: 'write';
      readonly name: string;
      /** A byte string. May hold keys: it is never shown. */
      readonly bytes: string;
      /** In one write, so that no instant leaves half of it. */
      readonly isWhole: boolean;
    };

export interface Refusal {
  readonly kind: 'tooOld' | 'tooLittleMemory' | 'tooLittleFlash' | 'inService' | 'issued';
  /** What is wrong, and what to do. */
  readonly why: string;
}

export interface Plan {
  /** Of the console, from the next start on. */
  readonly password: string;
  readonly steps: readonly Step[];
  /** What the board must hold at the end. */
  readonly files: readonly { readonly name: string; readonly bytes: string }[];
}

export function planProvisioning(
  facts: BoardFacts,
  wanted: WantedUnit,
  options: PlanOptions,
): Plan | Refusal {
  const refusal = refuse(facts, wanted, options);
  if (refusal) return refusal;
  const isAnew = options.anew && !hasKeys(facts, wanted);
  const stale = staleFiles(facts, isAnew);
  const { firmware } = wanted;
  const before = [
    ...[SETTINGS_RECORD, KEYS_RECORD, DESK_RECORD].flatMap((name) =>
      record(facts, wanted, name, isAnew),
    ),
    { name: SLOT, bytes: firmware.bundle },
    { name: SLOT_INFO, bytes: slotInfo(firmware.bundle) },
    { name: LOCK_FILE, bytes: lockText(wanted.consolePassword) },
  ];
  const files = [...before, { name: BOOT_CODE, bytes: firmware.loader }];
  const erased = stale.map(({ name }) => name);
  const left = facts.files.filter(({ name }) => !erased.includes(name));
  const missing = before.filter((file) => !isThere(left, file));
  const hasBootCode = facts.files.some(({ name }) => name === BOOT_CODE);
  const isWhole = missing.length === 0 && stale.length === 0 && isThere(left, files.at(-1)!);
  const password = wanted.consolePassword;
  if (isWhole) return { password, steps: [], files };
  const steps: Step[] = [
    ...(hasBootCode ? [erase(BOOT_CODE, 'a board that is not complete does not boot')] : []),
    ...stale,
    ...missing.map((file) => write(file, file.name !== SLOT)),
    write({ name: BOOT_CODE, bytes: firmware.loader }, true),
  ];
  return { password, steps, files };
}

/** What locks the console at each boot, for whoever opens it by holding both buttons. */
export function lockText(password: string): string {
  return `E.setPassword(${JSON.stringify(password)});E.lockConsole();`;
}

/** Whether a version is as new as another; releases come before the builds that follow them. */
export function isAtLeast(version: string, least: string): boolean {
  const [a, b] = [numbers(version), numbers(least)];
  for (let i = 0; i < 3; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function numbers(version: string): number[] {
  return version.split(/[v.]/).map(Number);
}

function refuse(facts: BoardFacts, wanted: WantedUnit, options: PlanOptions): Refusal | null {
  if (!isAtLeast(facts.version, MIN_VERSION)) {
    const why =
      `Espruino ${MIN_VERSION} or later is needed, found ${facts.version}: earlier ones lose serial ` +
      'data. Put a later one on the board (see: flash), then run this again';
    return { kind: 'tooOld', why };
  }
  if (facts.variables < MIN_VARIABLES) {
    const why =
      `${MIN_VARIABLES} variables of memory are needed, found ${facts.variables}. Use a build of ` +
      'Espruino without Bluetooth, or a board with more memory (WROVER)';
    return { kind: 'tooLittleMemory', why };
  }
  const { bundle, loader } = wanted.firmware;
  const own = facts.files.filter(({ name }) => name === SLOT || name === BOOT_CODE);
  const room = facts.freeBytes + own.reduce((sum, { bytes }) => sum + bytes, 0);
  const needed = bundle.length + loader.length + MIN_SPARE_BYTES;
  if (room < needed) {
    const why =
      `${needed} bytes of flash are needed, found ${room}. What is on the board that is not the ` +
      'unit’s? require("Storage").eraseAll() at its console erases everything';
    return { kind: 'tooLittleFlash', why };
  }
  if (facts.keys === null && options.isIssued && !options.anew) {
    const why =
      `a board was provisioned as ${wanted.callSign} before, and this one has no keys: its counters ` +
      'would be used twice. --anew gives it keys that the unit never had (SPEC CR-128)';
    return { kind: 'issued', why };
  }
  if (facts.keys !== null && !hasKeys(facts, wanted) && !options.anew) {
    const whose = facts.unitId ?? 'a unit';
    const why =
      `the board was in service as ${whose} with generation ${facts.keys.generation} of its keys, ` +
      `expected ${wanted.unitId} with generation ${generationOf(wanted)}. --anew makes it ` +
      `${wanted.callSign}, with keys that it never had, and forgets what it was`;
    return { kind: 'inService', why };
  }
  return null;
}

export function generationOf(wanted: Pick<WantedUnit, 'keysRecord'>): number {
  return wanted.keysRecord.charCodeAt(0);
}

/** Whether they are this unit's, those of its provisioning or later ones. */
function hasKeys(facts: BoardFacts, wanted: WantedUnit): boolean {
  if (facts.keys === null) return false;
  const known = [wanted.keysRecord, ...wanted.laterKeysRecords].map(crcOf);
  return known.includes(facts.keys.crc32);
}

/** Nothing, for a record whose value stays; else the slot that does not count, with the value. */
function record(facts: BoardFacts, wanted: WantedUnit, name: string, isAnew: boolean) {
  const slots = isAnew && name !== SETTINGS_RECORD ? undefined : facts.records[name];
  const newest = newestSlot(slots);
  const value = recordValue(name, wanted);
  const there = newest === null ? null : (slots?.[newest] ?? null);
  // Keys may have the generation before behind them, and the desk has the unit's life.
  const isKept = there !== null && (name !== SETTINGS_RECORD || there.valueCrc32 === crcOf(value));
  if (isKept) return [];
  const slot = newest === null ? 0 : 1 - newest;
  return [
    { name: slotName(name, slot), bytes: packRecord((there?.sequence ?? 0) + 1, value, crcOf) },
  ];
}

function recordValue(name: string, wanted: WantedUnit): string {
  if (name === SETTINGS_RECORD) return JSON.stringify(wanted.settings);
  if (name === KEYS_RECORD) return wanted.keysRecord;
  return `${packWindow({ newest: wanted.nowS, seen: 0 })}|`;
}

function staleFiles(facts: BoardFacts, isAnew: boolean): Step[] {
  const there = new Set(facts.files.map(({ name }) => name));
  const life = [...LIFE, KEYS_RECORD].flatMap((name) => [slotName(name, 0), slotName(name, 1)]);
  const groups: [string[], string][] = [
    [FOREIGN_BOOT, 'boot code that is not the unit’s'],
    [OTHER_SLOT, 'the other slot: the bundle that is written now is to run'],
    [isAnew ? [...life, BOOT_COUNT] : [], 'the unit begins anew'],
  ];
  return groups.flatMap(([names, why]) =>
    names.filter((name) => there.has(name)).map((name) => erase(name, why)),
  );
}

function isThere(there: readonly FileFact[], file: { name: string; bytes: string }): boolean {
  return there.some(
    ({ name, bytes, crc32 }) =>
      name === file.name && bytes === file.bytes.length && crc32 === crcOf(file.bytes),
  );
}

function erase(name: string, why: string): Step {
  return { kind: 'erase', name, why };
}

function write(file: { name: string; bytes: string }, isWhole: boolean): Step {
  return { kind: 'write', ...file, isWhole };
}
