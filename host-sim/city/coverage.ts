/**
 * Where and when a vehicle has no link to the control room: places without coverage, which are the same
 * all the time, and losses for a while wherever it is. A station has a line of its own.
 * Rule: a function of the place, the time and the seed, so that a vehicle costs nothing while nobody
 * asks.
 */
import type { Place } from '../control-room/events.js';
import type { Area, Scheme } from '../schemes/schema.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { placeIn } from './calls.js';
import { exponential } from './draws.js';
import { isWithinM } from './travel.js';

const DAY_MS = 86_400_000;
/** A loss is drawn for each stretch of so long, and is at most as long. */
const STRETCH_MS = 3_600_000;
/** How finely a vehicle's way is looked at for where its coverage ends and begins. */
const LOOK_MS = 5000;

/** The places without coverage of all areas: none at a station, or where people of an area are most. */
export class Coverage {
  readonly #holes: readonly Place[];
  readonly #radiusM: number;

  constructor({ areas, stations }: Scheme, assumptions: Assumptions, random: Random) {
    const { withoutCoverageShare, holeRadiusM } = assumptions.coverage;
    this.#radiusM = holeRadiusM.value;
    const holes = areas.flatMap((area) => {
      const own = random.fork(`coverage-${area.id}`);
      const count = holesIn(area, withoutCoverageShare.value, holeRadiusM.value, own);
      return Array.from({ length: count }, () => placeIn(area, areas, own));
    });
    const covered = [...areas, ...stations];
    this.#holes = holes.filter(
      (hole) => !covered.some((place) => isWithinM(hole, place, holeRadiusM.value)),
    );
  }

  reaches(place: Place): boolean {
    return !this.#holes.some((hole) => isWithinM(hole, place, this.#radiusM));
  }
}

/** As many discs as make up the share of the area's own; a part of one by chance. */
function holesIn({ radiusM }: Area, share: number, holeRadiusM: number, own: Random): number {
  return Math.floor((share * radiusM ** 2) / holeRadiusM ** 2 + own.unit());
}

/** The link of one vehicle. */
export class Link {
  #stretch = { number: NaN, fromMs: 0, toMs: 0 };

  /** @param placeAt where the vehicle is; null for a station, which is never without a link */
  constructor(
    private readonly placeAt: ((atMs: number) => Place) | null,
    private readonly coverage: Coverage,
    private readonly assumptions: Assumptions,
    private readonly random: Random,
  ) {}

  isUp(atMs: number): boolean {
    if (!this.placeAt) return true;
    const { fromMs, toMs } = this.#lossAround(atMs);
    if (atMs >= fromMs && atMs < toMs) return false;
    return this.coverage.reaches(this.placeAt(atMs));
  }

  /** As the control room has it: a loss is noticed after a while, an end at once. */
  isHeardUp(atMs: number): boolean {
    const noticedAfterMs = this.assumptions.coverage.noticedAfterS.value * 1000;
    for (let backMs = 0; backMs <= noticedAfterMs; backMs += LOOK_MS) {
      if (this.isUp(atMs - backMs)) return true;
    }
    return false;
  }

  /** When it was up last; null if not for so long. */
  lastUpMs(atMs: number, withinMs: number): number | null {
    for (let backMs = 0; backMs <= withinMs; backMs += LOOK_MS) {
      if (this.isUp(atMs - backMs)) return atMs - backMs;
    }
    return null;
  }

  /** One loss at most in each stretch, at a time of its own. */
  #lossAround(atMs: number) {
    const number = Math.floor(atMs / STRETCH_MS);
    if (number === this.#stretch.number) return this.#stretch;
    const { dropsPerUnitDay, dropMinutes } = this.assumptions.coverage;
    const own = this.random.fork(`link-${number}`);
    const isLost = own.unit() < (dropsPerUnitDay.value * STRETCH_MS) / DAY_MS;
    const lastMs = exponential(dropMinutes.value * 60_000, own);
    const fromMs = number * STRETCH_MS + own.unit() * STRETCH_MS;
    const endMs = Math.min(fromMs + lastMs, (number + 1) * STRETCH_MS);
    this.#stretch = { number, fromMs, toMs: isLost ? endMs : fromMs };
    return this.#stretch;
  }
}
