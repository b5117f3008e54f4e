/**
 * Sentences out of a stream of chunks, and the RMC and GGA of one epoch joined into one fix, as
 * plainly as it can be written: what the unit's own receiver is held against.
 */
import type { Bytes } from '../../protocol/bytes.js';
import { Fix } from '../../protocol/codes.js';
import type { GpsFix } from '../../firmware/position/receiver.js';
import type { Reading } from './plain-nmea.js';
import {
  MAX_SENTENCE_CHARS,
  Verdict,
  createReading,
  openSentence,
  readGga,
  readRmc,
} from './plain-nmea.js';

/** sentences = skipped + badChecksums + badSentences + the RMC and GGA that were used. */
export interface PlainReceiver {
  /** Lines with a `$`: the sentence is what follows the last one. */
  sentences: number;
  /** Of kinds that are not used; their checksum is not looked at. */
  skipped: number;
  badChecksums: number;
  badSentences: number;
  /** Epochs with a fix that were handed on. */
  fixes: number;

  readonly bytes: Bytes;
  readonly onEpoch: (fix: GpsFix | null) => void;
  /** A sentence whose line has not ended yet, with its `$`. */
  tail: string;
  readonly reading: Reading;

  /** The newest epoch's time of day. */
  todMs: number | null;
  /** True until it is handed on. */
  isOpen: boolean;
  /** Verdict.rmc and Verdict.gga as bits: what was seen of it. */
  seen: number;
  /** A sentence of it says that there is no fix. */
  isDenied: boolean;
  fix: GpsFix | null;
  dayMs: number | null;
  /** The fix before, if it had a date. */
  lastUtcMs: number | null;
}

const DAY_MS = 86400000;
const BOTH = Verdict.rmc | Verdict.gga;

/** `onEpoch` gets null for an epoch that says it has no fix. */
export function createPlainReceiver(
  bytes: Bytes,
  onEpoch: (fix: GpsFix | null) => void,
): PlainReceiver {
  return {
    sentences: 0,
    skipped: 0,
    badChecksums: 0,
    badSentences: 0,
    fixes: 0,
    bytes: bytes,
    onEpoch: onEpoch,
    tail: '',
    reading: createReading(),
    todMs: null,
    isOpen: false,
    seen: 0,
    isDenied: false,
    fix: null,
    dayMs: null,
    lastUtcMs: null,
  };
}

/**
 * Takes what came from the line, cut anywhere. Split at `$`, not at line ends: a `$` within a
 * line starts afresh, noise before it falls away, and any kind of line end will do.
 */
export function feedPlainReceiver(receiver: PlainReceiver, chunk: string): void {
  const pieces = (receiver.tail + chunk).split('$');
  const last = pieces.length - 1;
  receiver.tail = '';
  for (let i = 1; i <= last; i++) {
    const piece = pieces[i] as string;
    if (piece.indexOf('\n') >= 0 || piece.indexOf('\r') >= 0) {
      let verdict = openSentence(receiver.bytes, receiver.reading, piece);
      if (verdict === Verdict.rmc) verdict = readRmc(receiver.reading);
      else if (verdict === Verdict.gga) verdict = readGga(receiver.reading);
      receiver.sentences++;
      if (verdict === Verdict.skipped) receiver.skipped++;
      else if (verdict === Verdict.badChecksum) receiver.badChecksums++;
      else if (verdict === Verdict.badSentence) receiver.badSentences++;
      else join(receiver, verdict);
    } else if (i === last) {
      // One character over the limit is enough to know that it is too long when it ends.
      receiver.tail = '$' + piece.substr(0, MAX_SENTENCE_CHARS + 1);
    }
  }
}

/** Hands on the epoch that is open. For a timer, after the line was silent, and for the end. */
export function closePlainEpoch(receiver: PlainReceiver): void {
  if (!receiver.isOpen) return;
  const fix = receiver.fix;
  receiver.isOpen = false;
  receiver.fix = null;
  if (fix === null) {
    // How long there is no fix nobody knows: a date is carried on only from fix to fix.
    receiver.lastUtcMs = null;
  } else {
    fix.utcMs = utcOf(receiver);
    receiver.lastUtcMs = fix.utcMs;
    receiver.fixes++;
  }
  receiver.onEpoch(fix);
}

/** Adds the sentence that was just read, an RMC or a GGA, to the epoch of its time. */
function join(receiver: PlainReceiver, kind: number): void {
  const todMs = receiver.reading.todMs;
  const isNew = (receiver.seen & kind) === 0;
  // Without a time, what was seen already tells that another epoch has begun.
  if (todMs !== receiver.todMs || (todMs === null && !(receiver.isOpen && isNew))) {
    closePlainEpoch(receiver);
    receiver.todMs = todMs;
    receiver.isOpen = true;
    receiver.seen = 0;
    receiver.isDenied = false;
    receiver.dayMs = null;
  } else if (!isNew) {
    // A receiver of several systems may send a GGA for each: the first counts.
    return;
  }
  receiver.seen |= kind;
  if (!receiver.isOpen) return;
  merge(receiver, kind);
  if (receiver.seen === BOTH) closePlainEpoch(receiver);
}

/**
 * A sentence that denies the fix wins over one that claims it: a receiver that contradicts
 * itself has lost it, or has not got it yet, and no position is better than a wrong one.
 */
function merge(receiver: PlainReceiver, kind: number): void {
  const reading = receiver.reading;
  if (receiver.isDenied || reading.kind === Fix.none) {
    receiver.isDenied = true;
    receiver.fix = null;
    return;
  }
  let fix = receiver.fix;
  if (fix === null) {
    fix = {
      kind: reading.kind,
      utcMs: null,
      latitudeE7: reading.latitudeE7,
      longitudeE7: reading.longitudeE7,
      speedCmPerS: null,
      courseCentiDeg: null,
      altitudeDm: null,
      satellites: null,
      hdopCenti: null,
    };
    receiver.fix = fix;
  }
  // Estimated if either says so; otherwise GGA knows best: RMC's mode is often absent.
  if (reading.kind === Fix.estimated) fix.kind = Fix.estimated;
  else if (kind === Verdict.gga && fix.kind !== Fix.estimated) fix.kind = reading.kind;
  if (kind === Verdict.rmc) {
    fix.speedCmPerS = reading.speedCmPerS;
    fix.courseCentiDeg = reading.courseCentiDeg;
    receiver.dayMs = reading.dayMs;
  } else {
    fix.altitudeDm = reading.altitudeDm;
    fix.satellites = reading.satellites;
    fix.hdopCenti = reading.hdopCenti;
  }
}

/** The epoch's time; without a date of its own, on the day that brings it nearest to the last. */
function utcOf(receiver: PlainReceiver): number | null {
  const todMs = receiver.todMs;
  const lastMs = receiver.lastUtcMs;
  if (todMs === null) return null;
  if (receiver.dayMs !== null) return receiver.dayMs + todMs;
  if (lastMs === null) return null;
  const utcMs = lastMs - (lastMs % DAY_MS) + todMs;
  if (utcMs < lastMs - DAY_MS / 2) return utcMs + DAY_MS;
  return utcMs > lastMs + DAY_MS / 2 ? utcMs - DAY_MS : utcMs;
}
