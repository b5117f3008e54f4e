/** When a partner has no capacity in an area, and says so through its own gate (L9). */
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { exponential } from './draws.js';

export interface GateChange {
  readonly atMs: number;
  readonly area: string;
  readonly open: boolean;
}

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

/** Closings and openings from `fromMs` up to `toMs`, by area and in order within each. */
export function drawGateChanges(
  areas: readonly { readonly id: string }[],
  fromMs: number,
  toMs: number,
  assumptions: Assumptions,
  random: Random,
): GateChange[] {
  const { gateClosuresPerAreaWeek, gateClosureH } = assumptions.units;
  if (gateClosuresPerAreaWeek.value === 0) return [];
  return areas.flatMap(({ id: area }) => {
    const own = random.fork(`gate-${area}`);
    const changes: GateChange[] = [];
    const gapMs = () => Math.ceil(exponential(WEEK_MS / gateClosuresPerAreaWeek.value, own));
    for (let atMs = fromMs + gapMs(); atMs < toMs; atMs += gapMs()) {
      changes.push({ atMs, area, open: false });
      atMs += Math.ceil(exponential(gateClosureH.value * HOUR_MS, own));
      changes.push({ atMs, area, open: true });
    }
    return changes;
  });
}
