/**
 * The GPS receiver's line: sentences out of a stream of chunks, and the RMC and GGA of one epoch
 * joined into one fix. An epoch is a time of day; it is handed on when both were seen, when
 * another time comes, or when the caller says that the line has gone silent.
 */
import type { Bytes } from '../../protocol/bytes.js';
import { Fix } from '../../protocol/codes.js';
import { REFUSED, readGga, readRmc, type Reading } from './nmea.js';

/**
 * Longest sentence without `$` and line end. The standard says 79, and receivers with eight
 * decimals of a minute and an RTK station exceed it; no RMC or GGA that was seen reaches 100.
 */
export const MAX_SENTENCE_CHARS = 120;

/** Where the vehicle is. What the receiver did not say is null. */
export interface GpsFix {
  /** Fix.gps, Fix.differential or Fix.estimated. */
  kind: number;
  /** Milliseconds since 1970; null while no date was seen. */
  utcMs: number | null;
  latitudeE7: number;
  longitudeE7: number;
  speedCmPerS: number | null;
  courseCentiDeg: number | null;
  altitudeDm: number | null;
  satellites: number | null;
  hdopCenti: number | null;
}

/** What of the line is in it: each `$` begins a sentence, and each is counted once. */
export interface Receiver extends Reading {
  /** A sentence from its `$` on that may be an RMC or a GGA, and whose line has not ended. */
  tail: string;
  /** Of kinds that are not used, or cut off by the next `$`. Their checksum is not looked at. */
  skipped: number;
  /** RMC and GGA that were good. */
  used: number;
  badChecksums: number;
  badSentences: number;
  /** Epochs with a fix that were handed on. */
  fixes: number;

  bytes: Bytes;
  onEpoch: (fix: GpsFix | null) => void;

  /** The newest epoch's time of day. */
  epochMs: number | null;
  /** What is known of it: RMC, GGA, CLOSED, DENIED. */
  seen: number;
  fix: GpsFix | null;
  /** The fix before, if it had a date. */
  lastUtcMs: number | null;
}

const DAY_MS = 86400000;
/** Sentences that an epoch may have. */
const RMC = 1;
const GGA = 2;
const BOTH = 3;
/** It was handed on. */
const CLOSED = 4;
/** A sentence of it says that there is no fix. */
const DENIED = 8;

/**
 * `onEpoch` gets null for an epoch that says it has no fix.
 * @rare
 */
export function createReceiver(bytes: Bytes, onEpoch: (fix: GpsFix | null) => void): Receiver {
  return {
    tail: '',
    skipped: 0,
    used: 0,
    timeText: '',
    todMs: null,
    placeText: '',
    qualityText: '',
    qualityKind: Fix.none,
    latitudeE7: 0,
    longitudeE7: 0,
    epochMs: null,
    seen: CLOSED,
    fix: null,
    dateText: '',
    dayMs: null,
    speedCmPerS: null,
    courseCentiDeg: null,
    altitudeDm: null,
    satellites: null,
    hdopCenti: null,
    bytes: bytes,
    onEpoch: onEpoch,
    lastUtcMs: null,
    fixes: 0,
    badChecksums: 0,
    badSentences: 0,
  };
}

/**
 * Takes what came from the line, cut anywhere. Sentences begin with `$`, wherever it is: one within
 * a line starts afresh, noise before it falls away, and any kind of line end will do. The fifth
 * letter tells nearly all that are neither RMC nor GGA, and nothing else of them is looked at.
 * @resident
 */
export function feedReceiver(receiver: Receiver, chunk: string): void {
  let from = chunk.indexOf('$');
  let text = receiver.tail;
  if (text !== '') {
    receiver.tail = '';
    if (text[4] === undefined) {
      // It was cut before it told what it is.
      feedReceiver(receiver, text + chunk);
      return;
    }
    text += from < 0 ? chunk : chunk.substr(0, from);
    if (from >= 0 || hasEnded(receiver, text)) takeSentence(receiver, text);
  }
  while (from >= 0) {
    const to = chunk.indexOf('$', from + 1);
    const letter = chunk[from + 4];
    if (letter !== 'M' && letter !== 'G' && letter !== undefined) receiver.skipped++;
    else {
      text = to < 0 ? chunk.substr(from) : chunk.substr(from, to - from);
      if (to >= 0 || hasEnded(receiver, text)) takeSentence(receiver, text);
    }
    from = to;
  }
}

/**
 * Whether the line of the last sentence has ended; what has not is kept.
 * @resident
 */
function hasEnded(receiver: Receiver, text: string): boolean {
  if (text.substr(-1) === '\n') return true;
  receiver.tail = text;
  return text[MAX_TAIL_CHARS] !== undefined && hasEndedWithin(receiver);
}
/** One character over the limit is enough to know that a line is too long when it ends. */
const MAX_TAIL_CHARS = MAX_SENTENCE_CHARS + 2;

/**
 * The same of what is kept: a line end may have anything behind it, and a line may have none.
 * @rare
 */
function hasEndedWithin(receiver: Receiver): boolean {
  const text = receiver.tail;
  const ended = text.indexOf('\n') >= 0 || text.indexOf('\r') >= 0;
  receiver.tail = ended ? '' : text.substr(0, MAX_TAIL_CHARS);
  return ended;
}

/** Four characters each. Behind the sentence there are none, which changes no sum. */
type Words = readonly [
  ...[number, number, number, number, number, number, number, number, number, number],
  ...[number, number, number, number, number, number, number, number, number, number],
];

/**
 * Nearly all RMC and GGA have 50 to 80 characters and end with `*hh`, carriage return, line feed.
 * What follows from a sentence is done here, and not where it is read: that keeps the calls shallow.
 * @resident
 */
function takeSentence(receiver: Receiver, text: string): void {
  const tag = text.substr(3, 4);
  const star = text.indexOf('*', 50);
  let body = '';
  if (
    (tag === 'RMC,' || tag === 'GGA,') &&
    text[star + 3] === '\r' &&
    text[1] !== 'P' &&
    star <= 81
  ) {
    body = text.substr(1, star - 1);
    const buffer = receiver.bytes.toBuffer(body + '\0\0\0');
    const w = new Uint32Array(buffer, 0, (star + 2) >> 2) as unknown as Words;
    // prettier-ignore
    let sum =
      w[0] ^ w[1] ^ w[2] ^ w[3] ^ w[4] ^ w[5] ^ w[6] ^ w[7] ^ w[8] ^ w[9] ^
      w[10] ^ w[11] ^ w[12] ^ w[13] ^ w[14] ^ w[15] ^ w[16] ^ w[17] ^ w[18] ^ w[19];
    sum ^= sum >> 16;
    // The 1 before the two digits: else `5G` would pass for 05.
    const stated = parseInt('1' + text.substr(star + 1, 2), 16);
    if (((sum ^ (sum >> 8)) & 0xff) + 256 !== stated) body = '';
  }
  if (body === '') body = bodyOf(receiver, tag, text);
  if (body === '') return;
  const fields = body.split(',');
  let kind = REFUSED;
  // A number of 31 characters or more is an error to the device.
  try {
    kind = tag === 'RMC,' ? readRmc(receiver, fields) : readGga(receiver, fields);
  } catch (e) {}
  if (kind === REFUSED) receiver.badSentences++;
  else join(receiver, tag === 'RMC,' ? RMC : GGA, kind);
}

/**
 * What is between the `$` and the checksum of any RMC or GGA, with any line end and anything behind
 * that; '' if the sentence is none or not good, and is counted.
 * @rare
 */
function bodyOf(receiver: Receiver, tag: string, text: string): string {
  const lineFeed = text.indexOf('\n');
  let end = text.indexOf('\r');
  if (end < 0 || (lineFeed >= 0 && lineFeed < end)) end = lineFeed;
  // P begins makers' own sentences: $PGRMC sets up a Garmin. And a line may end before the tag.
  if ((tag !== 'RMC,' && tag !== 'GGA,') || text[1] === 'P' || end < 7) receiver.skipped++;
  else if (end > MAX_SENTENCE_CHARS + 1) receiver.badSentences++;
  else {
    const body = text.substring(1, end - 3);
    let sum = 256;
    for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i);
    if (text[end - 3] === '*' && sum === parseInt('1' + text.substring(end - 2, end), 16)) {
      return body;
    }
    receiver.badChecksums++;
  }
  return '';
}

/**
 * Adds the sentence that was just read to the epoch of its time. One that denies the fix wins over
 * one that claims it: a receiver that contradicts itself has lost it, or has not got it yet, and no
 * position is better than a wrong one.
 * @resident
 */
function join(receiver: Receiver, what: number, kind: number): void {
  const todMs = receiver.todMs;
  let seen = receiver.seen;
  receiver.used++;
  // Without a time, what was seen already tells that another epoch has begun.
  if (todMs !== receiver.epochMs || (todMs === null && (seen & (what | CLOSED)) !== 0)) {
    if ((seen & CLOSED) === 0) handOn(receiver);
    receiver.epochMs = todMs;
    seen = 0;
  } else if ((seen & what) !== 0) {
    // A receiver of several systems may send a GGA for each: the first counts.
    return;
  }
  seen |= what;
  if (kind === Fix.none) seen |= DENIED;
  receiver.seen = seen;
  if (seen > BOTH) receiver.fix = null;
  else {
    const fix = receiver.fix === null ? createFix(receiver, kind) : receiver.fix;
    if (kind !== fix.kind) weigh(fix, what, kind);
    if (what === RMC) {
      fix.speedCmPerS = receiver.speedCmPerS;
      fix.courseCentiDeg = receiver.courseCentiDeg;
      if (receiver.dayMs !== null && todMs !== null) fix.utcMs = receiver.dayMs + todMs;
    } else {
      fix.altitudeDm = receiver.altitudeDm;
      fix.satellites = receiver.satellites;
      fix.hdopCenti = receiver.hdopCenti;
    }
  }
  if ((seen & (BOTH | CLOSED)) === BOTH) handOn(receiver);
}

/**
 * Of the epoch's first sentence.
 * @resident
 */
function createFix(receiver: Receiver, kind: number): GpsFix {
  const fix = {
    kind: kind,
    utcMs: null,
    latitudeE7: receiver.latitudeE7,
    longitudeE7: receiver.longitudeE7,
    speedCmPerS: null,
    courseCentiDeg: null,
    altitudeDm: null,
    satellites: null,
    hdopCenti: null,
  };
  receiver.fix = fix;
  return fix;
}

/**
 * Estimated if either says so; otherwise GGA knows best: RMC's mode is often absent.
 * @rare
 */
function weigh(fix: GpsFix, what: number, kind: number): void {
  if (kind === Fix.estimated || (what === GGA && fix.kind !== Fix.estimated)) fix.kind = kind;
}

/**
 * Hands on the epoch that is open. For a timer, after the line was silent, and for the end. A line
 * that did not end with a line feed is taken first.
 * @rare
 */
export function closeEpoch(receiver: Receiver): void {
  const text = receiver.tail;
  if (hasEndedWithin(receiver)) takeSentence(receiver, text);
  if ((receiver.seen & CLOSED) === 0) handOn(receiver);
}

/**
 * True if the newest epoch had both of its sentences, and so needed no silence to be over.
 * @rare
 */
export function isWhole(receiver: Receiver): boolean {
  return (receiver.seen & (BOTH | CLOSED)) === (BOTH | CLOSED);
}

/** @resident */
function handOn(receiver: Receiver): void {
  const fix = receiver.fix;
  receiver.seen |= CLOSED;
  receiver.fix = null;
  if (fix === null) {
    // How long there is no fix nobody knows: a date is carried on only from fix to fix.
    receiver.lastUtcMs = null;
  } else {
    if (fix.utcMs === null) fix.utcMs = utcOf(receiver);
    receiver.lastUtcMs = fix.utcMs;
    receiver.fixes++;
  }
  receiver.onEpoch(fix);
}

/**
 * The time of an epoch without a date: on the day that brings it nearest to the last.
 * @rare
 */
function utcOf(receiver: Receiver): number | null {
  const todMs = receiver.epochMs;
  const lastMs = receiver.lastUtcMs;
  if (todMs === null || lastMs === null) return null;
  const utcMs = lastMs - (lastMs % DAY_MS) + todMs;
  if (utcMs < lastMs - DAY_MS / 2) return utcMs + DAY_MS;
  return utcMs > lastMs + DAY_MS / 2 ? utcMs - DAY_MS : utcMs;
}
