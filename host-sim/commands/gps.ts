/**
 * `sim gps FILE`: a whole unit is powered on, the log is fed to its serial line, and after each
 * line the unit is asked, as over its console, what it made of it.
 */
import { readFileSync } from 'node:fs';
import { loadBundle } from '../espruino/bundle.js';
import { UserError } from '../exit-codes.js';
import { requireInterpreter } from '../interpreter/interpreter.js';
import { createLoneUnit, type LoneUnit } from '../bench/lone-unit.js';

export interface PrintedFix {
  /** ISO 8601, UTC. */
  readonly time: string | null;
  /** Degrees, WGS 84. */
  readonly lat: number;
  readonly lon: number;
  /** m/s over ground. */
  readonly speed: number | null;
  /** Degrees from true north. */
  readonly course: number | null;
  /** Metres above mean sea level. */
  readonly altitude: number | null;
  readonly satellites: number | null;
  readonly hdop: number | null;
}

export interface GpsSummary {
  readonly sentences: number;
  readonly fixes: number;
  readonly rejected: { readonly checksum: number; readonly malformed: number };
  readonly skipped: number;
}

/** The unit's own fix, as it is read here. */
interface UnitFix {
  readonly utcMs: number | null;
  readonly latitudeE7: number;
  readonly longitudeE7: number;
  readonly speedCmPerS: number | null;
  readonly courseCentiDeg: number | null;
  readonly altitudeDm: number | null;
  readonly satellites: number | null;
  readonly hdopCenti: number | null;
}

/** Longer than a unit rests that has nothing in hand. */
const LAST_LOOK_MS = 5000;

/** Feeds a log to a unit; every fix that the unit made of it, and its counts. */
export async function fixesOfLog(
  log: Buffer,
  onFix: (fix: PrintedFix) => void,
  bundlePath?: string,
  interpreter?: string,
): Promise<GpsSummary> {
  const unit = await createLoneUnit(loadBundle(bundlePath), interpreter);
  try {
    return await fixesOf(unit, log, onFix);
  } finally {
    await unit.close();
  }
}

async function fixesOf(
  { host, advance, feed }: LoneUnit,
  log: Buffer,
  onFix: (fix: PrintedFix) => void,
): Promise<GpsSummary> {
  const count = async (name: string) => (await host.inspect(`receiver.${name}`)) as number;
  let seen = 0;
  const look = async () => {
    const fixes = await count('fixes');
    if (fixes === seen) return;
    seen = fixes;
    onFix(printed((await host.inspect('tracker.newest')) as UnitFix));
  };
  // A sentence at a time: no more than one fix can come of it before the unit is asked.
  for (let at = 0; at < log.length;) {
    const end = log.indexOf(10, at);
    const next = end === -1 ? log.length : end + 1;
    await feed(log.subarray(at, next).toString('latin1'));
    await look();
    at = next;
  }
  // The silence after the last line ends the last epoch, once the unit looks.
  await advance(LAST_LOOK_MS);
  await look();
  const rejected = {
    checksum: await count('badChecksums'),
    malformed: await count('badSentences'),
  };
  const skipped = await count('skipped');
  return {
    sentences: (await count('used')) + rejected.checksum + rejected.malformed + skipped,
    fixes: await count('fixes'),
    rejected,
    skipped,
  };
}

export async function gps(
  file: string,
  options: { json?: boolean; bundle?: string; interpreter?: string },
): Promise<void> {
  let log: Buffer;
  try {
    log = readFileSync(file);
  } catch {
    throw new UserError('fileMissing', `${file}: no such log`);
  }
  if (options.interpreter) requireInterpreter(options.interpreter);
  const line = options.json ? (value: object) => JSON.stringify(value) : inWords;
  const { bundle, interpreter } = options;
  const onFix = (fix: PrintedFix) => console.log(line(fix));
  const summary = await fixesOfLog(log, onFix, bundle, interpreter);
  console.log(options.json ? JSON.stringify(summary) : summaryInWords(summary));
}

function printed(fix: UnitFix): PrintedFix {
  const scaled = (value: number | null, scale: number) => (value === null ? null : value / scale);
  return {
    time: fix.utcMs === null ? null : new Date(fix.utcMs).toISOString(),
    lat: fix.latitudeE7 / 1e7,
    lon: fix.longitudeE7 / 1e7,
    speed: scaled(fix.speedCmPerS, 100),
    course: scaled(fix.courseCentiDeg, 100),
    altitude: scaled(fix.altitudeDm, 10),
    satellites: fix.satellites,
    hdop: scaled(fix.hdopCenti, 100),
  };
}

function inWords(value: object): string {
  const fix = value as PrintedFix;
  const or = (number: number | null, unit: string) => (number === null ? '-' : `${number}${unit}`);
  return [
    (fix.time ?? 'time unknown').padEnd(24),
    `${fix.lat.toFixed(7)} ${fix.lon.toFixed(7)}`.padEnd(26),
    or(fix.speed, ' m/s').padEnd(10),
    or(fix.course, '°').padEnd(9),
    or(fix.altitude, ' m').padEnd(10),
    `${or(fix.satellites, ' sat')}, hdop ${or(fix.hdop, '')}`,
  ].join('  ');
}

function summaryInWords({ sentences, fixes, rejected, skipped }: GpsSummary): string {
  return (
    `${sentences} sentences, ${fixes} fixes, rejected ${rejected.checksum} by checksum and ` +
    `${rejected.malformed} as malformed, skipped ${skipped}`
  );
}
