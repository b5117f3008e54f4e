/**
 * What was published about a scheme beside what this run has: the one place where a simulation can be
 * seen to be wrong. Rule: a figure to which an assumption was fitted, or that is an assumption itself,
 * is shown beside the others and called what it is; only what was predicted can agree or not.
 */
import type { Published, Scheme } from '../../schemes/schema.js';
import { addDays, startOfDateMs } from '../local-time.js';
import type { Measured } from './groups.js';
import type { Estimate } from './spread.js';

export interface Check extends Published {
  /** With its 95 % interval by chance alone; null where the run has nothing to count. */
  readonly simulated: Estimate | null;
  /** Of the run, over which it was counted. */
  readonly weeks: number;
  /** Whether the published range meets the interval; null for what was not predicted. */
  readonly agrees: boolean | null;
}

const WEEK_MS = 7 * 86_400_000;
/** Of fewer the busiest says nothing. */
const LEAST_WEEKS = 8;
const YEAR_WEEKS = 365.25 / 7;
/** Of the standard normal distribution, for 95 %. */
const Z = 1.96;

interface Run {
  readonly scheme: Scheme;
  readonly fromMs: number;
  readonly toMs: number;
  readonly all: readonly Measured[];
}

export function validationOf(run: Run): Check[] {
  return run.scheme.published.map((published) => {
    const { fromMs, toMs } = periodOf(run, published);
    const weeks = (toMs - fromMs) / WEEK_MS;
    const counted = run.all.filter(
      ({ incident, areaId }) =>
        incident.codedAtMs >= fromMs &&
        incident.codedAtMs < toMs &&
        (published.area === undefined || areaId === published.area),
    );
    const simulated = weeks > 0 ? MEASURES[published.measure](counted, weeks, fromMs) : null;
    const agrees = published.use === 'predicted' ? doAgree(published, simulated) : null;
    return { ...published, simulated, weeks, agrees };
  });
}

/** The published days where the run has them all, else all of the run in which the area was live. */
function periodOf({ scheme, fromMs, toMs }: Run, { area, from, to }: Published) {
  const publishedFromMs = startOfDateMs(from);
  const publishedToMs = addDays(startOfDateMs(to), 1);
  if (publishedFromMs >= fromMs && publishedToMs <= toMs) {
    return { fromMs: publishedFromMs, toMs: publishedToMs };
  }
  const goesLiveOn = scheme.areas.find(({ id }) => id === area)?.goesLiveOn;
  const liveMs = goesLiveOn === undefined ? fromMs : startOfDateMs(goesLiveOn);
  return { fromMs: Math.max(fromMs, liveMs), toMs };
}

type Measure = (all: readonly Measured[], weeks: number, fromMs: number) => Estimate | null;

const isActivation = ({ incident }: Measured) => incident.alerts.length > 0;
const isResponse = ({ incident }: Measured) =>
  incident.alerts.some(({ steps }) => steps.accepted !== undefined);
const isArrest = ({ incident }: Measured) => incident.truth?.finding === 'arrest';

const MEASURES: Readonly<Record<Published['measure'], Measure>> = {
  activationsPerWeek: (all, weeks) => rate(all.filter(isActivation).length, weeks),
  busiestWeek: (all, weeks, fromMs) => {
    if (weeks < LEAST_WEEKS) return null;
    const counts = new Array<number>(Math.ceil(weeks)).fill(0);
    for (const { incident } of all.filter(isActivation)) {
      const week = Math.floor((incident.codedAtMs - fromMs) / WEEK_MS);
      counts[week] = (counts[week] ?? 0) + 1;
    }
    return rate(Math.max(...counts), 1);
  },
  responsesPerWeek: (all, weeks) => rate(all.filter(isResponse).length, weeks),
  unitFirstShare: (all) => {
    const responses = all.filter(isResponse);
    const first = responses.filter(({ measures }) => measures.unitFirst === true);
    return share(first.length, responses.length);
  },
  resuscitatedShare: (all) => {
    const activated = all.filter(isActivation);
    const saved = activated.reduce(
      (sum, { incident }) => sum + (incident.closed?.resuscitatedAndTransported ?? 0),
      0,
    );
    return share(saved, activated.length);
  },
  volunteerAcceptedShare: (all) => {
    const arrests = all.filter(isArrest);
    const accepted = arrests.filter(({ incident }) =>
      incident.volunteers.some(({ steps }) => steps.accepted !== undefined),
    );
    return share(accepted.length, arrests.length);
  },
  treatedArrestsPerYear: (all, weeks) => rate(all.filter(isArrest).length, weeks / YEAR_WEEKS),
  ambulanceMeanS: (all) => {
    const seconds = all.flatMap(({ incident: { truth } }) =>
      truth ? [(truth.ambulanceAtMs - truth.pickedUpAtMs) / 1000] : [],
    );
    return meanOf(seconds);
  },
};

/** Of events that come independently of each other. */
function rate(count: number, per: number): Estimate {
  const about = Z * Math.sqrt(count);
  return { value: count / per, low: Math.max(0, count - about) / per, high: (count + about) / per };
}

/** Wilson's interval: it stays between 0 and 1, with few of many too. */
function share(part: number, whole: number): Estimate | null {
  if (whole === 0) return null;
  const p = part / whole;
  const weight = 1 + Z ** 2 / whole;
  const middle = (p + Z ** 2 / (2 * whole)) / weight;
  const about = (Z / weight) * Math.sqrt((p * (1 - p)) / whole + Z ** 2 / (4 * whole ** 2));
  return { value: p, low: middle - about, high: middle + about };
}

function meanOf(values: readonly number[]): Estimate | null {
  if (values.length < 2) return null;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance =
    values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  const about = Z * Math.sqrt(variance / values.length);
  return { value: mean, low: mean - about, high: mean + about };
}

function doAgree({ value, low, high }: Published, simulated: Estimate | null): boolean | null {
  if (!simulated) return null;
  return (low ?? value) <= simulated.high && (high ?? value) >= simulated.low;
}
