/**
 * The emergency calls of a city: a Poisson process whose rate follows the population of each area,
 * the hour and the day of the week. Rule: what is true of a patient is drawn here, once, and never
 * shown to the control room, which sees a determinant.
 */
import type { Place } from '../control-room/events.js';
import { UserError } from '../exit-codes.js';
import type { Random } from '../world/random.js';
import { ambulanceS } from './ambulances.js';
import type { Assumptions } from './assumptions.js';
import { exponential, personS, weighted } from './draws.js';
import { localHour } from './local-time.js';
import { isWithinM, placeAt } from './travel.js';

/** What the crew finds: an arrest that is treated, breathing stopped with a pulse, or neither. */
export type Finding = 'arrest' | 'respiratoryArrest' | 'other';

export interface CityCall {
  readonly callId: string;
  readonly pickedUpAtMs: number;
  /** When the call-taker has the determinant, and the control room the call. */
  readonly codedAtMs: number;
  readonly areaId: string;
  readonly place: Place;
  readonly determinant: string;
  readonly text: string;
  readonly finding: Finding;
  readonly ambulanceAtMs: number;
  readonly bystanderCpr: boolean;
}

/** What of a scheme's area matters here. */
export interface CallArea extends Place {
  readonly id: string;
  readonly radiusM: number;
  readonly population?: number | undefined;
}

const WEEK_H = 7 * 24;
const YEAR_H = 365.25 * 24;
const HOUR_MS = 3_600_000;
/** No ambulance is there before anybody knows what has happened. */
const LEAST_AMBULANCE_AFTER_CODING_MS = 30_000;

/** Calls per hour and million people of each kind, at mean hour and weekday. */
function ratesPerHour(assumptions: Assumptions, population: number) {
  const { calls } = assumptions;
  const arrests = (calls.treatedArrestsPer100kYear.value * population) / 100_000 / YEAR_H;
  const recognised = arrests * calls.recognisedShare.value;
  const matches = recognised / calls.arrestShareOfMatches.value;
  return {
    recognised,
    unrecognised: arrests - recognised,
    mistaken: matches - recognised,
    respiratory: matches * calls.respiratoryArrestsPerMatch.value,
    other: matches * calls.otherCallsPerMatch.value,
  };
}

type Kind = keyof ReturnType<typeof ratesPerHour>;

const FINDING: Record<Kind, Finding> = {
  recognised: 'arrest',
  unrecognised: 'arrest',
  mistaken: 'other',
  respiratory: 'respiratoryArrest',
  other: 'other',
};

const SHOWS: Record<Kind, Finding> = {
  recognised: 'arrest',
  unrecognised: 'other',
  mistaken: 'arrest',
  respiratory: 'respiratoryArrest',
  other: 'other',
};

/** All calls picked up from `fromMs` up to `toMs`, in order of time. */
export function drawCalls(
  areas: readonly CallArea[],
  fromMs: number,
  toMs: number,
  assumptions: Assumptions,
  random: Random,
): CityCall[] {
  const populations = areas.map(peopleOf);
  const rates = ratesPerHour(
    assumptions,
    populations.reduce((sum, people) => sum + people, 0),
  );
  const kinds = Object.keys(rates) as Kind[];
  const weights = Object.values(rates);
  const pattern = weeklyPattern(assumptions);
  const busiest = Math.max(...pattern);
  const meanGapMs = HOUR_MS / (weights.reduce((sum, rate) => sum + rate, 0) * busiest);
  const times = random.fork('times');
  const calls: CityCall[] = [];
  for (let atMs = fromMs; ;) {
    atMs += exponential(meanGapMs, times);
    if (atMs >= toMs) return calls;
    // Thinning: drawn at the busiest hour's rate, kept in proportion to this hour's.
    const { weekday, hour } = localHour(atMs);
    if (times.unit() * busiest >= (pattern[weekday * 24 + hour] as number)) continue;
    const number = calls.length + 1;
    const own = random.fork(`call-${number}`);
    const kind = kinds[weighted(weights, own)] as Kind;
    const area = areas[weighted(populations, own)] as CallArea;
    calls.push(drawCall(number, Math.round(atMs), kind, area, areas, assumptions, own));
  }
}

function drawCall(
  number: number,
  pickedUpAtMs: number,
  kind: Kind,
  area: CallArea,
  areas: readonly CallArea[],
  assumptions: Assumptions,
  random: Random,
): CityCall {
  const { determinants, codingS } = assumptions.calls;
  const shown = determinants.value[SHOWS[kind]];
  const weights = shown.map(({ weight }) => weight);
  const { code, text } = shown[weighted(weights, random)] as (typeof shown)[number];
  const codedAtMs = Math.round(pickedUpAtMs + personS(codingS.value, random) * 1000);
  const ambulanceAtMs = Math.round(pickedUpAtMs + ambulanceS(assumptions, random) * 1000);
  return {
    callId: `C${String(number).padStart(6, '0')}`,
    pickedUpAtMs,
    codedAtMs,
    areaId: area.id,
    place: placeIn(area, areas, random),
    determinant: code,
    text,
    finding: FINDING[kind],
    ambulanceAtMs: Math.max(ambulanceAtMs, codedAtMs + LEAST_AMBULANCE_AFTER_CODING_MS),
    bystanderCpr: random.unit() < assumptions.survival.bystanderCprShare.value,
  };
}

/** Hour by hour from Monday 00, with mean 1. */
function weeklyPattern({ calls }: Assumptions): number[] {
  const raw = Array.from({ length: WEEK_H }, (_, hour) => {
    const block = calls.sixHourWeights.value[Math.floor((hour % 24) / 6)] as number;
    return block * (calls.weekdayWeights.value[Math.floor(hour / 24)] as number);
  });
  const mean = raw.reduce((sum, weight) => sum + weight, 0) / WEEK_H;
  return raw.map((weight) => weight / mean);
}

const MOST_TRIES = 10_000;

/** Evenly over what belongs to the area: within its radius, and nearer to no other centre. */
export function placeIn(area: CallArea, areas: readonly CallArea[], random: Random): Place {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const fromCentreM = area.radiusM * Math.sqrt(random.unit());
    const place = placeAt(area, fromCentreM, random.between(0, 360));
    const isOthers = areas.some((other) => other !== area && isWithinM(other, place, fromCentreM));
    if (!isOthers) return place;
  }
  throw new UserError(
    'badFile',
    `area ${area.id}: no place in its radius is nearest to its centre`,
  );
}

/** @throws UserError where there are none: by them all that lives in an area is drawn */
export function peopleOf({ id, population }: CallArea): number {
  if (population !== undefined && population > 0) return population;
  throw new UserError(
    'badFile',
    `area ${id}: expected a population above 0, found ${population}; calls are drawn by population`,
  );
}
