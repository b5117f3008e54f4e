/**
 * Compares fixes with gpsd's answers to the same logs of real receivers: each `x.log` of the
 * folder has an `x.log.chk` with gpsd's reports. What is known to differ, and why, is data in
 * `gpsd-differences.ts`. A difference without a reason is an error, and so is a reason for a
 * difference that is no longer found.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gpsdDifferences } from './gpsd-differences.js';

const GPSD_FOLDER = fileURLToPath(new URL('../../../shared/data/gps', import.meta.url));

/** A fix in plain units. What is absent or null is not compared. */
export interface PlainFix {
  /** ISO 8601 with milliseconds, or null if there was no date yet. */
  readonly time: string | null;
  readonly lat: number;
  readonly lon: number;
  readonly speedMPerS?: number | null;
  readonly courseDeg?: number | null;
  readonly altitudeM?: number | null;
}

/**
 * `extra`: gpsd has no fix of that time; `absent`: only gpsd has one; `repeated`: a second fix of
 * one time; `clock`: gpsd's whole log is at another date; `unfounded`: a reason to strike out.
 */
export type DifferenceKind =
  | 'extra'
  | 'absent'
  | 'repeated'
  | 'position'
  | 'speed'
  | 'course'
  | 'altitude'
  | 'clock'
  | 'unfounded';

export interface Difference {
  /** Null for what gpsd reported before it knew the date, and for the log as a whole. */
  readonly time: string | null;
  readonly kind: DifferenceKind;
  /** Present if it is known. */
  readonly why?: string;
}

export interface Comparison {
  /** Fixes that agree with gpsd in all that is compared. */
  readonly matched: number;
  readonly differences: Difference[];
}

/** Names of the logs, or null where the folder is not there. */
export function gpsdLogNames(): string[] | null {
  if (!existsSync(GPSD_FOLDER)) return null;
  const names = readdirSync(GPSD_FOLDER).filter((name) => name.endsWith('.log'));
  return names.map((name) => name.slice(0, -'.log'.length)).sort();
}

/** What the receiver sent, one character a byte. */
export function readGpsdLog(logName: string): string {
  return readFileSync(join(GPSD_FOLDER, `${logName}.log`), 'latin1');
}

export function compareWithGpsd(logName: string, fixes: readonly PlainFix[]): Comparison {
  const known = gpsdDifferences[logName] ?? {};
  const aheadMs = known.clockAhead?.days === undefined ? 0 : known.clockAhead.days * 86400000;
  const reports = readReports(logName, aheadMs);
  const found: Difference[] = [];
  let matched = 0;
  const seen = new Set<string>();
  for (const fix of fixes) {
    const kinds = compareFix(fix, reports, seen);
    if (kinds.length === 0) matched++;
    for (const kind of kinds) found.push({ time: fix.time, kind });
    if (fix.time !== null) seen.add(fix.time);
  }
  for (const time of reports.dated.keys()) {
    if (!seen.has(time)) found.push({ time, kind: 'absent' });
  }
  for (const report of reports.undated) {
    if (!fixes.some((fix) => isNear(fix, report))) found.push({ time: null, kind: 'absent' });
  }
  if (known.clockAhead) found.push({ time: null, kind: 'clock' });
  return { matched, differences: explain(found, known) };
}

interface Report {
  readonly time?: string;
  readonly lat: number;
  readonly lon: number;
  readonly speed?: number;
  readonly track?: number;
  readonly altMSL?: number;
}

interface Reports {
  /** The last one of each time: gpsd adds to it with every sentence of an epoch. */
  readonly dated: ReadonlyMap<string, Report>;
  readonly undated: readonly Report[];
}

function readReports(logName: string, aheadMs: number): Reports {
  const dated = new Map<string, Report>();
  const undated: Report[] = [];
  const lines = readFileSync(join(GPSD_FOLDER, `${logName}.log.chk`), 'latin1').split('\n');
  for (const line of lines) {
    if (!line.startsWith('{"class":"TPV"')) continue;
    const report = JSON.parse(line) as Report;
    if (report.lat === undefined || report.lon === undefined) continue;
    if (report.time === undefined) undated.push(report);
    else dated.set(new Date(Date.parse(report.time) - aheadMs).toISOString(), report);
  }
  return { dated, undated };
}

function compareFix(fix: PlainFix, reports: Reports, seen: ReadonlySet<string>): DifferenceKind[] {
  if (fix.time === null) {
    return reports.undated.some((report) => isNear(fix, report)) ? [] : ['extra'];
  }
  if (seen.has(fix.time)) return ['repeated'];
  const report = reports.dated.get(fix.time);
  if (report === undefined) return ['extra'];
  const kinds: DifferenceKind[] = [];
  if (!isNear(fix, report)) kinds.push('position');
  // Half of the units that fixes are rounded to, and gpsd's own rounding.
  if (differs(fix.speedMPerS, report.speed, 0.0056)) kinds.push('speed');
  if (differs(fix.courseDeg, report.track, 0.0051)) kinds.push('course');
  if (differs(fix.altitudeM, report.altMSL, 0.0501)) kinds.push('altitude');
  return kinds;
}

function isNear(fix: PlainFix, report: Report): boolean {
  return Math.abs(fix.lat - report.lat) < 1e-6 && Math.abs(fix.lon - report.lon) < 1e-6;
}

function differs(ours: number | null | undefined, theirs: number | undefined, by: number): boolean {
  if (ours === null || ours === undefined) return false;
  return theirs === undefined || Math.abs(ours - theirs) > by;
}

/** Gives each difference its reason, and reports the reasons that none was found for. */
function explain(found: readonly Difference[], known: (typeof gpsdDifferences)[string]) {
  const reasons = [...(known.differences ?? [])];
  if (known.clockAhead) reasons.push({ time: null, kind: 'clock', why: known.clockAhead.why });
  const differences: Difference[] = [];
  for (const difference of found) {
    const at = reasons.findIndex(
      (reason) => reason.time === difference.time && reason.kind === difference.kind,
    );
    if (at < 0) differences.push(difference);
    else differences.push({ ...difference, why: reasons.splice(at, 1)[0]!.why });
  }
  for (const reason of reasons) differences.push({ time: reason.time, kind: 'unfounded' });
  return differences;
}
