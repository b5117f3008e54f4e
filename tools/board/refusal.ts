/** Why a board cannot be made the unit, and what to do. Pure. */
import { BOOT_CODE, OTHER_SLOT, SLOT } from './bundle-files.js';
import type { BoardFacts } from './facts.js';
import { generationOf, hasKeys, type WantedUnit } from './wanted-unit.js';

/** The interpreter that the tests run on. Releases before it lose serial data (Espruino #2718). */
export const MIN_VERSION = '2v29.277';
/** `firmware/budget.json`: the unit's peak, and what the console takes beside it. */
export const MIN_VARIABLES = 2400;
/** Buffers and handshake of TLS (firmware/espruino/net.ts). */
const TLS_VARIABLES = 2700;
/** Beside the files: what records are rewritten in before the flash is tidied. */
export const MIN_SPARE_BYTES = 64 * 1024;

export interface PlanOptions {
  /** A unit that was in service is begun anew, with keys that it never had (SPEC CR-128). */
  readonly anew: boolean;
  /** Whether a board was finished with this generation of keys, be it this one or another. */
  readonly isIssued: boolean;
}

export interface Refusal {
  readonly kind: 'tooOld' | 'tooLittleMemory' | 'tooLittleFlash' | 'inService' | 'issued';
  /** What is wrong, and what to do. */
  readonly why: string;
}

export function refuse(
  facts: BoardFacts,
  wanted: WantedUnit,
  options: PlanOptions,
): Refusal | null {
  return (
    tooOld(facts) ??
    tooLittleMemory(facts, wanted) ??
    tooLittleFlash(facts, wanted) ??
    (options.anew ? null : (issued(facts, wanted, options) ?? inService(facts, wanted)))
  );
}

/** Variables of memory that the unit needs with its settings. */
export function variablesFor({ settings }: WantedUnit): number {
  return MIN_VARIABLES + (settings.tls === true ? TLS_VARIABLES : 0);
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

function tooOld({ version }: BoardFacts): Refusal | null {
  if (isAtLeast(version, MIN_VERSION)) return null;
  const why =
    `Espruino ${MIN_VERSION} or later is needed, found ${version}: earlier ones lose serial ` +
    'data. Put a later one on the board (see: flash), then run this again';
  return { kind: 'tooOld', why };
}

function tooLittleMemory({ variables }: BoardFacts, wanted: WantedUnit): Refusal | null {
  const needed = variablesFor(wanted);
  if (variables >= needed) return null;
  const tls = wanted.settings.tls === true ? ' (with TLS to the broker)' : '';
  const why =
    `${needed} variables of memory are needed${tls}, found ${variables}. Use a build of ` +
    'Espruino without Bluetooth, or a board with more memory (WROVER)';
  return { kind: 'tooLittleMemory', why };
}

function tooLittleFlash({ files, freeBytes }: BoardFacts, wanted: WantedUnit): Refusal | null {
  const { bundle, loader } = wanted.firmware;
  const replaced = files.filter(({ name }) => [SLOT, BOOT_CODE, ...OTHER_SLOT].includes(name));
  const room = freeBytes + replaced.reduce((sum, { bytes }) => sum + bytes, 0);
  const needed = bundle.length + loader.length + MIN_SPARE_BYTES;
  if (room >= needed) return null;
  const why =
    `${needed} bytes of flash are needed, found ${room}. What is on the board that is not the ` +
    'unit’s? require("Storage").eraseAll() at its console erases everything';
  return { kind: 'tooLittleFlash', why };
}

function issued(
  facts: BoardFacts,
  { callSign }: WantedUnit,
  { isIssued }: PlanOptions,
): Refusal | null {
  if (facts.keys !== null || !isIssued) return null;
  const why =
    `a board was provisioned as ${callSign} before, and this one has no keys: its counters would ` +
    'be used twice. --anew gives it keys that the unit never had (SPEC CR-128)';
  return { kind: 'issued', why };
}

function inService(facts: BoardFacts, wanted: WantedUnit): Refusal | null {
  if (facts.keys === null || hasKeys(facts, wanted)) return null;
  const why =
    `the board was in service as ${facts.unitId ?? 'a unit'} with generation ` +
    `${facts.keys.generation} of its keys, expected ${wanted.unitId} with generation ` +
    `${generationOf(wanted)}. --anew makes it ${wanted.callSign}, with keys that it never had, ` +
    'and forgets what it was';
  return { kind: 'inService', why };
}
