/** A forecast of activations that does not hold is warned of, and stops nothing (Y4). */
import type { State } from '../state.js';
import { EVERY_AREA } from './capacity.js';

export const WEEK_MS = 7 * 86_400_000;

export interface OverForecast {
  readonly area: string;
  readonly activations: number;
  readonly expectedPerWeek: number;
}

/** Where seven days had more activations than were forecast; told of each at most once a week. */
export function overForecast(state: State, atMs: number): OverForecast[] {
  const { scheme, activations, warnedAtMs } = state;
  const recent = activations.filter((each) => each.atMs > atMs - WEEK_MS);
  const forecasts = [
    { area: EVERY_AREA, expectedPerWeek: scheme.expectedPerWeek, activations: recent.length },
    ...scheme.areas.map(({ id, expectedPerWeek }) => ({
      area: id,
      expectedPerWeek,
      activations: recent.filter(({ area }) => area === id).length,
    })),
  ];
  return forecasts.flatMap(({ area, expectedPerWeek, activations: count }) => {
    if (expectedPerWeek === undefined || count <= expectedPerWeek) return [];
    const isTold = (warnedAtMs.get(area) ?? -Infinity) > atMs - WEEK_MS;
    return isTold ? [] : [{ area, activations: count, expectedPerWeek }];
  });
}
