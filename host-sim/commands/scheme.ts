/** `sim scheme NAME`: a scheme over days or months in a simulated city, and what came of it. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { SingleBar } from 'cli-progress';
import { assumptionsFor, readAssumptions } from '../city/assumptions.js';
import { runCity, type CityRun } from '../city/city.js';
import { addDays, localDate, startOfDateMs } from '../city/local-time.js';
import { withPublicAeds } from '../city/public-aeds.js';
import { csvOf } from '../city/report/csv.js';
import { pageOf } from '../city/report/page.js';
import { tablesOf } from '../city/report/table.js';
import { FleetUnits, type Awake } from '../city/fleet-units.js';
import { ScriptedUnits } from '../city/scripted-units.js';
import { statisticsOf } from '../city/statistics.js';
import { IncidentReader } from '../city/statistics/incidents.js';
import { createCoordinator } from '../control-room/coordinator.js';
import type { Line } from '../control-room/events.js';
import { loadBundle } from '../espruino/bundle.js';
import { UserError } from '../exit-codes.js';
import { rosterOf, withUnits } from '../schemes/roster.js';
import { loadScheme, type Scheme } from '../schemes/schema.js';
import { Random } from '../world/random.js';

export interface SchemeFlags {
  readonly from?: string;
  readonly to?: string;
  readonly units?: number;
  readonly seed?: number;
  readonly unitsAs?: 'bundle' | 'model';
  readonly awake?: Awake;
  readonly bundle?: string;
  readonly assumptions?: string;
  readonly report?: string;
  readonly csv?: string;
  readonly ledger?: string;
  readonly json?: boolean;
}

/** How the report and the table say what stood behind the units. */
const UNITS_AS = {
  near: 'the real bundle in each, powered while a call is near',
  all: 'the real bundle in each, always powered',
  model: 'models',
} as const;

const DEFAULT_SEED = 1;
/** After the last area's date, where the range is not given. */
const DAYS_AFTER_ROLLOUT = 28;

export async function scheme(nameOrPath: string, flags: SchemeFlags): Promise<void> {
  const loaded = loadScheme(nameOrPath);
  const seed = flags.seed ?? DEFAULT_SEED;
  const assumptions = assumptionsFor(readAssumptions(flags.assumptions), loaded.id);
  const fitted = flags.units === undefined ? loaded : withUnits(loaded, flags.units);
  const scheme = withPublicAeds(fitted, assumptions, new Random(seed).fork('publicAeds'));
  const { fromMs, toMs } = rangeOf(scheme, flags);
  const roster = rosterOf(scheme);
  const { unitsAs = 'bundle', awake = 'near' } = flags;
  const bundle = unitsAs === 'bundle' ? loadBundle(flags.bundle) : null;
  // Whoever waits hours for a report wants to hear at once that it has no place.
  for (const path of [flags.report, flags.csv]) if (path !== undefined) save(path, '');
  const ledger = new LedgerSink(flags.ledger);
  // The truths are known only once the calls are drawn, and the reader needs them at its end.
  const lines: Line[] = [];
  const bar = progressBar(fromMs, toMs);
  const startedAtMs = performance.now();
  const run = await runCity({
    ...{ scheme, roster, assumptions, fromMs, toMs, seed },
    coordinator: createCoordinator(scheme),
    createUnits: (world) =>
      bundle ? FleetUnits.create({ world, bundle, awake }) : new ScriptedUnits(world),
    onLine: (line) => {
      ledger.write(line);
      if (line.incident !== undefined || line.what === 'warning') lines.push(line);
    },
    onTime: bar.tell,
  });
  bar.stop();
  const timesRealTime = (run.endedAtMs - fromMs) / (performance.now() - startedAtMs);
  const { sha256, count } = ledger.close();
  const incidents = readIncidents(run, lines);
  const statistics = statisticsOf({
    ...{ scheme, fromMs, toMs, assumptions, ...incidents },
    random: new Random(seed).fork('statistics'),
  });
  const about = {
    units: roster.length,
    unitsAs: UNITS_AS[bundle ? awake : 'model'],
    seed,
    lines: count,
    ledgerSha256: sha256,
  };
  if (flags.csv) {
    save(flags.csv, csvOf(incidents.incidents, assumptions.crews.vehicleToPatientS.value));
  }
  if (flags.report) {
    save(flags.report, pageOf({ scheme, assumptions, statistics, ...incidents, about }));
  }
  if (flags.json) {
    console.log(JSON.stringify({ ...about, timesRealTime, statistics }, null, 2));
    return;
  }
  console.log(`${scheme.name}\n`);
  console.log(tablesOf(statistics));
  console.log(
    `\n${roster.length} units (${about.unitsAs}), seed ${seed}, ${localDate(fromMs)} to ${localDate(toMs - 1)}, ` +
      `${Math.round(timesRealTime).toLocaleString('en-GB')} times real time`,
  );
  console.log(`ledger: ${count} lines, SHA-256 ${sha256}`);
}

/** From the first wave's date, or the first area's, to four weeks after the last one's. */
function rangeOf({ areas }: Scheme, flags: SchemeFlags): { fromMs: number; toMs: number } {
  const dates = areas.map(({ goesLiveOn }) => goesLiveOn).sort();
  const waves = areas.filter(({ wave }) => wave > 0).map(({ goesLiveOn }) => goesLiveOn);
  const from = flags.from ?? waves.sort()[0] ?? (dates[0] as string);
  const fromMs = startOfDateMs(from);
  const lastMs = flags.to
    ? startOfDateMs(flags.to)
    : addDays(Math.max(fromMs, startOfDateMs(dates.at(-1) as string)), DAYS_AFTER_ROLLOUT - 1);
  const toMs = addDays(lastMs, 1);
  if (toMs <= fromMs) {
    throw new UserError('usage', `--to: expected ${from} or later, found ${flags.to}`);
  }
  return { fromMs, toMs };
}

function readIncidents({ calls }: CityRun, lines: readonly Line[]) {
  const reader = new IncidentReader(new Map(calls.map((call) => [call.callId, call])));
  for (const line of lines) reader.take(line);
  return { incidents: reader.incidents, forecastWarnings: reader.warnings };
}

/** The ledger as it is written, with the hash of its bytes: one seed, one hash. */
class LedgerSink {
  readonly #hash = createHash('sha256');
  readonly #file: number | null;
  #count = 0;

  constructor(path: string | undefined) {
    this.#file = path === undefined ? null : opened(path);
  }

  write(line: Line): void {
    const text = `${JSON.stringify(line)}\n`;
    this.#hash.update(text);
    this.#count++;
    if (this.#file !== null) writeSync(this.#file, text);
  }

  close(): { sha256: string; count: number } {
    if (this.#file !== null) closeSync(this.#file);
    return { sha256: this.#hash.digest('hex'), count: this.#count };
  }
}

function opened(path: string): number {
  try {
    return openSync(path, 'w');
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function save(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, error: unknown): UserError {
  return new UserError('fileMissing', `${path}: cannot be written: ${(error as Error).message}`);
}

/** On a terminal only; it goes to standard error, so that what is piped stays clean. */
function progressBar(fromMs: number, toMs: number) {
  const bar = new SingleBar({
    format: '{bar} {percentage} %  {day}  {rate} times real time  {eta_formatted} left',
    stream: process.stderr,
    noTTYOutput: false,
    hideCursor: true,
    clearOnComplete: true,
    etaBuffer: 100,
  });
  const startedAtMs = performance.now();
  if (process.stderr.isTTY) bar.start(toMs - fromMs, 0, { day: localDate(fromMs), rate: UNKNOWN });
  return {
    tell: (atMs: number) => {
      const rate = Math.round((atMs - fromMs) / (performance.now() - startedAtMs));
      const day = localDate(atMs);
      bar.update(Math.min(atMs, toMs) - fromMs, { day, rate: rate.toLocaleString('en-GB') });
    },
    stop: () => bar.stop(),
  };
}

const UNKNOWN = '–';
