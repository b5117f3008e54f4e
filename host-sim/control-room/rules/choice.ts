/**
 * Which units are alerted: of those that can be, the ones that are there soonest.
 *
 * All units are looked at, one by one: 10,000 take about a millisecond. An index of places would have
 * to follow every report of every unit, some hundreds a second, to save that for a call in minutes.
 */
import type { Area } from '../../schemes/schema.js';
import type { Place } from '../events.js';
import { MAX_CONSIDERED, type Considered } from '../lines.js';
import type { State, UnitState } from '../state.js';
import { standingOf } from './eligibility.js';
import { distancesFrom, errorRadiusM, reachM, travelTimeS } from './travel.js';

export interface Chosen {
  readonly unit: string;
  readonly travelS: number;
  readonly errorM: number;
  /** For the crew to be told, and to be warned of. */
  readonly told: readonly string[];
  readonly warned: readonly string[];
}

export interface Choice {
  readonly chosen: readonly Chosen[];
  /** Nearer than the last that was chosen, or all where too few could be. */
  readonly considered: readonly Considered[];
  readonly more: Readonly<Record<string, number>>;
}

interface Candidate {
  readonly unit: UnitState;
  readonly travelS: number;
  readonly errorM: number;
  readonly isStale: boolean;
}

/**
 * @param wanted how many
 * @param except units that were alerted for this call before: they are not looked at
 */
export function choose(
  state: State,
  place: Place,
  wanted: number,
  except: ReadonlySet<string>,
  date: string,
  atMs: number,
): Choice {
  const { candidates, lost } = inReach(state, place, except, atMs);
  const areas = new Map<string, Area>(state.scheme.areas.map((area) => [area.id, area]));
  const chosen: Chosen[] = [];
  const considered: Considered[] = [];
  const more: Record<string, number> = lost > 0 ? { positionUnknown: lost } : {};
  for (const { unit, travelS, errorM, isStale } of candidates) {
    if (chosen.length === wanted) break;
    const { refusals, told, warned } = standingOf(state, unit, areas, date);
    if (isStale) refusals.push('positionStale');
    const named = { unit: unit.id, travelS, errorM };
    if (refusals.length === 0) chosen.push({ ...named, told, warned });
    else if (considered.length < MAX_CONSIDERED) considered.push({ ...named, reasons: refusals });
    else for (const code of refusals) more[code] = (more[code] ?? 0) + 1;
  }
  return { chosen, considered, more };
}

/** Degrees of latitude are never shorter than this. */
const METRES_PER_DEGREE = 110_500;

/** Units that may come in time, the soonest first; `lost` counts those of which nobody knows where. */
function inReach(state: State, place: Place, except: ReadonlySet<string>, atMs: number) {
  const { scheme, units, stations, heard } = state;
  const { travel, alerting } = scheme;
  const reachDegrees = reachM(travel, alerting.maxTravelS) / METRES_PER_DEGREE;
  const awayM = distancesFrom(place);
  const candidates: Candidate[] = [];
  const consider = (unit: UnitState, at: Place, errorM: number, isStale: boolean) => {
    const seconds = travelTimeS(travel, awayM(at), errorM);
    if (seconds > alerting.maxTravelS || except.has(unit.id)) return;
    candidates.push({ unit, travelS: Math.round(seconds), errorM: Math.round(errorM), isStale });
  };
  for (const unit of stations) consider(unit, unit.place, 0, false);
  for (const [id, position] of heard.positions) {
    // Most of a city is ruled out by this alone.
    if (Math.abs(position.place.latitude - place.latitude) > reachDegrees) continue;
    const isStale = atMs - position.fixAtMs > travel.maxPositionAgeS * 1000;
    const errorM = errorRadiusM(travel, position, atMs);
    consider(units.get(id) as UnitState, position.place, errorM, isStale);
  }
  // Two that need as long, to the second: by id, so that a run repeats.
  candidates.sort((a, b) => a.travelS - b.travelS || (a.unit.id < b.unit.id ? -1 : 1));
  return { candidates, lost: units.size - stations.length - heard.positions.size };
}
