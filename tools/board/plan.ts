/**
 * What a board still lacks to be a unit, step by step, from what is on it; or why it cannot be one.
 * Rule: while anything is missing there is no boot code, so that a board whose cable was pulled
 * waits at its prompt; and what is there already is left alone, so that the next run goes on.
 */
import { packRecord, slotName } from '../../protocol/record.js';
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { DESK_RECORD, packWindow } from '../../protocol/seal/window.js';
import { SETTINGS_RECORD } from '../../protocol/settings.js';
import { BOOT_CODE, crcOf, OTHER_SLOT, SLOT, SLOT_INFO, slotInfo } from './bundle-files.js';
import { newestSlot, type BoardFacts, type FileFact } from './facts.js';
import { refuse, type PlanOptions, type Refusal } from './refusal.js';
import { hasKeys, type WantedUnit } from './wanted-unit.js';

/** Demands a password of whoever is at the console; the loader has closed it if no one may be. */
export const LOCK_FILE = '.boot1';
/** While it is there, the loader cannot close the console: only for the self-test. */
export const SELF_TEST_FILE = '.boot2';
/** The unit's own certificate and its key, in DER (firmware/espruino/net.ts). */
export const CERTIFICATE_FILE = 'tls.cert';
export const CERTIFICATE_KEY_FILE = 'tls.key';
/** The loader's count of boots that failed. */
export const BOOT_COUNT = 'boot';

/** What the interpreter runs before the boot code. Only LOCK_FILE is ours. */
const FOREIGN_BOOT = ['.bootPowerOn', '.boot0', SELF_TEST_FILE, '.boot3'];
/** What a unit has kept of its life under keys that it had before. */
const LIFE = ['counter', 'desk', 'config', 'trial', 'restart'];

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
  // Whatever a board has kept of its life under other keys, or under none, is not this unit's.
  const isAnew = !hasKeys(facts, wanted);
  const stale = staleFiles(facts, wanted, isAnew);
  const { firmware } = wanted;
  const before = [
    ...[SETTINGS_RECORD, KEYS_RECORD, DESK_RECORD].flatMap((name) =>
      record(facts, wanted, name, isAnew),
    ),
    { name: SLOT, bytes: firmware.bundle },
    { name: SLOT_INFO, bytes: slotInfo(firmware.bundle) },
    ...certificateFiles(wanted),
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

function certificateFiles({ certificate }: WantedUnit) {
  if (certificate === null) return [];
  return [
    { name: CERTIFICATE_FILE, bytes: certificate.certificate },
    { name: CERTIFICATE_KEY_FILE, bytes: certificate.key },
  ];
}

function staleFiles(facts: BoardFacts, { certificate }: WantedUnit, isAnew: boolean): Step[] {
  const there = new Set(facts.files.map(({ name }) => name));
  const life = [...LIFE, KEYS_RECORD].flatMap((name) => [slotName(name, 0), slotName(name, 1)]);
  const groups: [readonly string[], string][] = [
    [FOREIGN_BOOT, 'boot code that is not the unit’s'],
    [OTHER_SLOT, 'the other slot: the bundle that is written now is to run'],
    [
      certificate === null ? [CERTIFICATE_FILE, CERTIFICATE_KEY_FILE] : [],
      'the fleet has no certificate for it',
    ],
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
