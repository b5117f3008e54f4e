/**
 * Numbers that may never repeat: the epoch of the unit's envelopes and the counter that pairs a
 * birth with its will. One write to flash a boot; connections within a boot are counted in memory.
 */
import { readRecord, writeRecord, type Records } from './store/records.js';

/** Connections within one epoch; then a new epoch begins. */
export const BIRTHS_PER_EPOCH = 4096;

const EPOCH_RECORD = 'epoch';

export interface Epoch {
  readonly records: Records;
  number: number;
  births: number;
  /** Messages sent in this epoch. */
  sequence: number;
}

/** Begins the epoch of this boot. */
export function beginEpoch(records: Records): Epoch {
  const epoch = { records: records, number: 0, births: 0, sequence: 0 };
  nextEpoch(epoch);
  return epoch;
}

function nextEpoch(epoch: Epoch): void {
  const last = readRecord(epoch.records, EPOCH_RECORD);
  epoch.number = (last === null ? 0 : parseInt(last, 10)) + 1;
  epoch.births = 0;
  epoch.sequence = 0;
  writeRecord(epoch.records, EPOCH_RECORD, String(epoch.number));
}

/** The birth counter of the next connection. */
export function nextBirth(epoch: Epoch): number {
  if (epoch.births + 1 >= BIRTHS_PER_EPOCH) nextEpoch(epoch);
  epoch.births++;
  return epoch.number * BIRTHS_PER_EPOCH + epoch.births;
}
