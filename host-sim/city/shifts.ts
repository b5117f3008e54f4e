/**
 * Who is on duty: three shifts a day by the clock on the wall. Rule: a function of the unit's own
 * chance and the time, so that a unit costs nothing while nobody asks.
 */
import type { RosterUnit } from '../schemes/roster.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { wallMs } from './local-time.js';
import { onBoard } from './training.js';

export interface Duty {
  /** Somebody is in the vehicle, or in the station. */
  readonly crewed: boolean;
  /** On a call of its own service (Y2). */
  readonly committed: boolean;
  readonly aedReady: boolean;
  /** Those of the scheme's responders who are on board; nobody where it is not crewed. */
  readonly responders: readonly string[];
}

const HOUR_MS = 3_600_000;
const SHIFT_MS = 8 * HOUR_MS;
/** The early shift's, on the wall. */
const FIRST_SHIFT_MS = 6 * HOUR_MS;
/** How long a call of its own service keeps a crew, and how often that is drawn anew. */
const COMMITMENT_MS = HOUR_MS / 2;

/** When the next shift begins. */
export function nextShiftMs(atMs: number): number {
  const intoShiftMs = (wallMs(atMs) - FIRST_SHIFT_MS) % SHIFT_MS;
  return atMs - intoShiftMs + SHIFT_MS;
}

export class Roster {
  #shift = { number: NaN, crewed: false, aedReady: false, responders: [] as string[] };
  #commitment = { number: NaN, committed: false };

  constructor(
    private readonly unit: RosterUnit,
    private readonly assumptions: Assumptions,
    private readonly random: Random,
    /** Who belongs to it. */
    private readonly responders: readonly string[],
  ) {}

  at(atMs: number): Duty {
    const { crewed, aedReady, responders } = this.#shiftAt(atMs);
    return { crewed, aedReady, responders, committed: crewed && this.#committedAt(atMs) };
  }

  #shiftAt(atMs: number) {
    const number = Math.floor((wallMs(atMs) - FIRST_SHIFT_MS) / SHIFT_MS);
    if (number === this.#shift.number) return this.#shift;
    const { onDutyShare, aedNotReadyShare, crewSize } = this.assumptions.units;
    const own = this.random.fork(`shift-${number}`);
    // The data has the night first: the early shift is the second.
    const share = onDutyShare.value[(number + 1) % 3] as number;
    const drawn = own.unit();
    const crewed = this.unit.kind === 'station' || drawn < share;
    const aedReady = own.unit() >= aedNotReadyShare.value;
    const responders = crewed ? onBoard(this.responders, crewSize.value, own) : [];
    this.#shift = { number, crewed, aedReady, responders };
    return this.#shift;
  }

  #committedAt(atMs: number): boolean {
    const number = Math.floor(atMs / COMMITMENT_MS);
    if (number !== this.#commitment.number) {
      const drawn = this.random.fork(`commitment-${number}`).unit();
      const committed = drawn < this.assumptions.units.committedShare.value;
      this.#commitment = { number, committed };
    }
    return this.#commitment.committed;
  }
}
