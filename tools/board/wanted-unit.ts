/** What a board is to become. */
import type { UnitSettings } from '../../protocol/settings.js';
import { crcOf, type BundleFiles } from './bundle-files.js';
import type { BoardFacts } from './facts.js';

/** Byte strings in DER, as the interpreter takes them. */
export interface UnitCertificate {
  readonly certificate: string;
  readonly key: string;
}

/** Handle with care: it has keys and passwords. */
export interface WantedUnit {
  readonly unitId: string;
  readonly callSign: string;
  readonly settings: UnitSettings;
  /** Its own, for a broker by TLS that asks for one; null for none. */
  readonly certificate: UnitCertificate | null;
  /** Value of the record `keys`: the generation, and its keys. */
  readonly keysRecord: string;
  /** The same of those that it may have been given over the air since. */
  readonly laterKeysRecords: readonly string[];
  readonly consolePassword: string;
  readonly firmware: BundleFiles;
  /** Seconds since 1970, for the record `desk` of a unit that has none. */
  readonly nowS: number;
}

export function generationOf({ keysRecord }: WantedUnit): number {
  return keysRecord.charCodeAt(0);
}

/** Whether the board's keys are this unit's, those of its provisioning or later ones. */
export function hasKeys({ keys }: BoardFacts, wanted: WantedUnit): boolean {
  if (keys === null) return false;
  return [wanted.keysRecord, ...wanted.laterKeysRecords].map(crcOf).includes(keys.crc32);
}
