/**
 * The unit's settings, as the control room gives them: a whole set at a time, on trial until the
 * control room is heard under it, and else the set before comes back by itself (CR-152 and after).
 *
 * Two records hold it: the last that was known to be good, and the one on trial. A power cut leaves
 * the trial where it was; one that outlasts several boots is given up.
 */
import { openBytes, type Bytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { decodeConfig, defaultConfig, type Config } from '../../protocol/generated/config.js';
import { CONFIG_TRIAL_MS } from '../../protocol/limits.js';
import { readRecord, writeRecord, type Records } from '../store/records.js';

export const CONFIG_RECORD = 'config';
export const TRIAL_RECORD = 'trial';
/** Boots that a trial may see: settings that bring the unit down must not do so for ever. */
export const MAX_TRIAL_BOOTS = 3;

export interface ConfigKeeper {
  readonly records: Records;
  readonly bytes: Bytes;
  /** In force now. */
  config: Config;
  /** Counter of the envelope that brought what is on trial; 0 while nothing is. */
  trialCounter: number;
  trialEndsMs: number;
  /** Counter of what was given up, until somebody has told it; 0 for none. */
  givenUp: number;
}

/**
 * What flash has: the trial, the last good settings, or the defaults.
 * @rare
 */
export function openConfig(records: Records, bytes: Bytes, nowMs: number): ConfigKeeper {
  const keeper = {
    records: records,
    bytes: bytes,
    config: lastGood(records, bytes),
    trialCounter: 0,
    trialEndsMs: 0,
    givenUp: 0,
  };
  const trial = readTrial(records);
  if (trial === null) return keeper;
  const config = decodeBody(bytes, trial.body);
  // Found good when the power failed, and only not yet put away.
  const isDone = config !== null && config.version <= keeper.config.version;
  if (config === null || isDone || trial.boots >= MAX_TRIAL_BOOTS) {
    if (!isDone) keeper.givenUp = trial.counter;
    writeRecord(records, TRIAL_RECORD, '');
    return keeper;
  }
  keepTrial(records, trial.boots + 1, trial.counter, trial.body);
  begin(keeper, config, trial.counter, nowMs);
  return keeper;
}

/**
 * Takes settings on trial. Those that are not newer are told again, and change nothing.
 * @param body the message that holds them
 * @param counter of the envelope that it came in
 * @returns a refusal code, or null if flash did not take them
 * @rare
 */
export function tryConfig(
  keeper: ConfigKeeper,
  config: Config,
  body: string,
  counter: number,
  nowMs: number,
): number | null {
  if (config.version <= keeper.config.version) return Refusal.none;
  if (!keepTrial(keeper.records, 0, counter, body)) return null;
  begin(keeper, config, counter, nowMs);
  return Refusal.none;
}

/**
 * The control room was heard under the settings on trial: they are the good ones from now on.
 * Gives their counter, which is to be told, or 0 if flash did not take them yet.
 * @rare
 */
export function confirmConfig(keeper: ConfigKeeper): number {
  const counter = keeper.trialCounter;
  const trial = readTrial(keeper.records);
  if (trial === null) return 0;
  if (!writeRecord(keeper.records, CONFIG_RECORD, trial.body)) return 0;
  writeRecord(keeper.records, TRIAL_RECORD, '');
  keeper.trialCounter = 0;
  return counter;
}

/** True when a trial has lasted too long: it is time to roll back. */
export function isTrialOver(keeper: ConfigKeeper, nowMs: number): boolean {
  return keeper.trialCounter !== 0 && nowMs >= keeper.trialEndsMs;
}

/**
 * Goes back to the last good settings.
 * @rare
 */
export function rollBack(keeper: ConfigKeeper): void {
  keeper.givenUp = keeper.trialCounter;
  keeper.trialCounter = 0;
  keeper.config = lastGood(keeper.records, keeper.bytes);
  // Should flash refuse, the boots of the trial run out one day.
  writeRecord(keeper.records, TRIAL_RECORD, '');
}

/** @rare */
function begin(keeper: ConfigKeeper, config: Config, counter: number, nowMs: number): void {
  keeper.config = config;
  keeper.trialCounter = counter;
  keeper.trialEndsMs = nowMs + CONFIG_TRIAL_MS;
}

/** @rare */
function lastGood(records: Records, bytes: Bytes): Config {
  return decodeBody(bytes, readRecord(records, CONFIG_RECORD) || '') || defaultConfig();
}

/** @rare */
function decodeBody(bytes: Bytes, body: string): Config | null {
  if (body === '') return null;
  const config = decodeConfig(openBytes(bytes, body), bytes);
  return typeof config === 'number' ? null : config;
}

interface Trial {
  /** Boots that it has seen. */
  readonly boots: number;
  readonly counter: number;
  readonly body: string;
}

/** @rare */
function readTrial(records: Records): Trial | null {
  const text = readRecord(records, TRIAL_RECORD) || '';
  const at = text.indexOf('|');
  if (at < 0) return null;
  const told = text.substr(0, at).split(',');
  return { boots: Number(told[0]), counter: Number(told[1]), body: text.substr(at + 1) };
}

/** @rare */
function keepTrial(records: Records, boots: number, counter: number, body: string): boolean {
  return writeRecord(records, TRIAL_RECORD, boots + ',' + counter + '|' + body);
}
