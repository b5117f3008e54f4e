/**
 * The statistics of a scheme: what was activated, who was first, how long it took, beside the
 * ambulance alone; patients and responses apart (N1), resuscitated and transported (Y3), by area, by
 * wave, before and after each went live (L12), and by week beside the forecast (Y4).
 */
import type { Scheme } from '../schemes/schema.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { addDays, startOfDateMs } from './local-time.js';
import { livesOf, type Lives } from './statistics/lives.js';
import type { IncidentRecord } from './statistics/incidents.js';
import { measuresOf, type Measures } from './statistics/measures.js';
import { spreadOf, type Spread } from './statistics/spread.js';
import { countsOf, groupOf, type Counts, type Group, type Measured } from './statistics/groups.js';
import { validationOf, type Check } from './statistics/validation.js';
import { volunteerStatisticsOf, type VolunteerStatistics } from './statistics/volunteers.js';
import type { Help } from './survival.js';

export const TIMES = [
  'callToAlertS',
  'codedToAlertS',
  'alertToSoundingS',
  'soundingToAcceptanceS',
  'callToAedS',
  'callToAmbulanceS',
  'callToFirstS',
] as const satisfies readonly (keyof Measures)[];
export type TimeName = (typeof TIMES)[number];

export interface AreaStatistics {
  readonly id: string;
  readonly name: string;
  readonly wave: number;
  readonly goesLiveOn: string;
  readonly before: Group;
  readonly after: Group;
}

export interface WaveStatistics {
  /** 0 is the pilot. */
  readonly wave: number;
  readonly goesLiveOn: string;
  readonly areas: readonly string[];
  readonly before: Group;
  readonly after: Group;
}

export interface WeekStatistics {
  readonly startAtMs: number;
  readonly matched: number;
  readonly activations: number;
  readonly unitFirst: number;
  /** Areas that were live when it began. */
  readonly liveAreas: number;
}

export interface Statistics {
  readonly scheme: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly counts: Counts;
  /** Of incidents for which a unit was alerted. */
  readonly times: Readonly<Record<TimeName, Spread | null>>;
  /** Calls that met the criteria with a public AED near enough to be told of (L13). */
  readonly publicAedsTold: number;
  /** Null where the scheme has none. */
  readonly volunteers: VolunteerStatistics | null;
  /** Why units that were nearer were not alerted: units passed over, by code, each once a call. */
  readonly passedOver: Readonly<Record<string, number>>;
  /** Units that were alerted all the same, with what their crews were told or was warned of. */
  readonly alertedWith: Readonly<Record<string, number>>;
  /** Published figures beside those of this run. */
  readonly validation: readonly Check[];
  /** Why no unit was alerted for a call that met the criteria: incidents by code. */
  readonly noAlertReasons: Readonly<Record<string, number>>;
  readonly byArea: readonly AreaStatistics[];
  readonly byWave: readonly WaveStatistics[];
  /** Areas of the pilot, and all others once they were live (L12). */
  readonly pilot: Group;
  readonly rollout: Group;
  readonly byWeek: readonly WeekStatistics[];
  /** Activations a week that the scheme forecast, and times that more were warned of (Y4). */
  readonly expectedPerWeek: number | null;
  readonly forecastWarnings: number;
  readonly lives: Lives | null;
}

export interface StatisticsInput {
  readonly scheme: Scheme;
  readonly fromMs: number;
  readonly toMs: number;
  readonly incidents: readonly IncidentRecord[];
  readonly forecastWarnings: number;
  readonly assumptions: Assumptions;
  readonly random: Random;
}

export function statisticsOf(input: StatisticsInput): Statistics {
  const { scheme, fromMs, toMs, assumptions, random } = input;
  const goesLive = new Map(scheme.areas.map((a) => [a.id, startOfDateMs(a.goesLiveOn)]));
  const all = input.incidents.map((incident): Measured => {
    const areaId = incident.area ?? incident.truth?.areaId ?? null;
    const liveAtMs = areaId === null ? Infinity : (goesLive.get(areaId) ?? Infinity);
    const measures = measuresOf(incident, assumptions.crews.vehicleToPatientS.value);
    return { incident, measures, areaId, live: incident.codedAtMs >= liveAtMs };
  });
  const group = (of: (each: Measured) => boolean) => groupOf(all.filter(of), random);
  const waves = [...new Set(scheme.areas.map(({ wave }) => wave))].sort((a, b) => a - b);
  const waveOf = new Map(scheme.areas.map(({ id, wave }) => [id, wave]));
  const ofWave = ({ areaId }: Measured) => (areaId === null ? -1 : waveOf.get(areaId));
  return {
    scheme: scheme.id,
    fromMs,
    toMs,
    counts: countsOf(all),
    times: timesOf(all, random),
    publicAedsTold: all.filter(({ incident }) => incident.publicAedM !== null).length,
    volunteers: scheme.volunteers ? volunteerStatisticsOf(all, random.fork('volunteers')) : null,
    passedOver: tally(
      all.flatMap(({ incident }) =>
        [...incident.passedOver].map((each) => each.split(' ')[1] ?? ''),
      ),
    ),
    alertedWith: tally(all.flatMap(({ incident }) => incident.alerts.flatMap(({ told }) => told))),
    validation: validationOf({ scheme, fromMs, toMs, all }),
    noAlertReasons: noAlertReasonsOf(all),
    byArea: scheme.areas.map(({ id, name, wave, goesLiveOn }) => ({
      ...{ id, name, wave, goesLiveOn },
      before: group(({ areaId, live }) => areaId === id && !live),
      after: group(({ areaId, live }) => areaId === id && live),
    })),
    byWave: waves.map((wave) => {
      const areas = scheme.areas.filter((area) => area.wave === wave);
      return {
        wave,
        goesLiveOn: areas[0]?.goesLiveOn ?? '',
        areas: areas.map(({ name }) => name),
        before: group((each) => ofWave(each) === wave && !each.live),
        after: group((each) => ofWave(each) === wave && each.live),
      };
    }),
    pilot: group((each) => each.live && ofWave(each) === 0),
    rollout: group((each) => each.live && (ofWave(each) ?? 0) > 0),
    byWeek: weeksOf(all, fromMs, toMs, [...goesLive.values()]),
    expectedPerWeek: scheme.expectedPerWeek ?? null,
    forecastWarnings: input.forecastWarnings,
    lives: livesOf(patientsOf(all), arrestsPerYear(scheme, assumptions), assumptions, random),
  };
}

function timesOf(all: readonly Measured[], random: Random): Statistics['times'] {
  const activated = all.filter(({ incident }) => incident.alerts.length > 0);
  const entries = TIMES.map((name) => [
    name,
    spreadOf(
      activated.flatMap(({ measures }) => measures[name] ?? []),
      random,
    ),
  ]);
  return Object.fromEntries(entries) as Statistics['times'];
}

function noAlertReasonsOf(all: readonly Measured[]): Record<string, number> {
  const without = all.filter(
    ({ incident }) => incident.rule !== null && incident.alerts.length === 0,
  );
  return tally(without.flatMap(({ incident }) => incident.noAlertReasons));
}

/** How often each, the most frequent first. */
function tally(codes: readonly string[]): Record<string, number> {
  const counts = new Map<string, number>();
  for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
  return Object.fromEntries([...counts].sort((a, b) => b[1] - a[1]));
}

function weeksOf(
  all: readonly Measured[],
  fromMs: number,
  toMs: number,
  goLiveMs: readonly number[],
): WeekStatistics[] {
  const weeks: WeekStatistics[] = [];
  for (let startAtMs = fromMs; startAtMs < toMs; startAtMs = addDays(startAtMs, 7)) {
    const endAtMs = addDays(startAtMs, 7);
    const counts = countsOf(
      all.filter(({ incident: { codedAtMs } }) => codedAtMs >= startAtMs && codedAtMs < endAtMs),
    );
    const { matched, activations, unitFirst } = counts;
    const liveAreas = goLiveMs.filter((atMs) => atMs <= startAtMs).length;
    weeks.push({ startAtMs, matched, activations, unitFirst, liveAreas });
  }
  return weeks;
}

/** Everyone in arrest in a live area, found by the call-taker or not. */
function patientsOf(all: readonly Measured[]): Help[] {
  return all.flatMap(({ incident: { truth }, measures, live }) => {
    const { callToAmbulanceS, callToAedS } = measures;
    if (!live || truth?.finding !== 'arrest' || callToAmbulanceS === null) return [];
    const { bystanderCpr } = truth;
    return [{ bystanderCpr, ambulanceAtPatientS: callToAmbulanceS, unitAtPatientS: callToAedS }];
  });
}

function arrestsPerYear({ areas }: Scheme, { calls }: Assumptions): number {
  const people = areas.reduce((sum, { population = 0 }) => sum + population, 0);
  return (people / 100_000) * calls.treatedArrestsPer100kYear.value;
}
