/**
 * Who is on board, and when each was last trained (L6, Y7, N6). The scheme's responders are shared out
 * among its units; of a unit's people some are on a shift. Each is trained again and again, from a day
 * of their own on, a little later than a skill runs out.
 */
import type { Input } from '../control-room/events.js';
import type { RosterUnit } from '../schemes/roster.js';
import type { Scheme } from '../schemes/schema.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { addDays, localDate } from './local-time.js';

export type TrainingInput = Extract<Input, { do: 'training' }>;

/** Those who belong to each unit: an id says the unit, and no name. */
export function respondersOf(
  { responders }: Scheme,
  roster: readonly RosterUnit[],
): ReadonlyMap<string, readonly string[]> {
  const each = responders / Math.max(roster.length, 1);
  return new Map(
    roster.map(({ id }, i) => {
      const count = Math.round((i + 1) * each) - Math.round(i * each);
      return [id, Array.from({ length: count }, (_, k) => `${id}-${k + 1}`)];
    }),
  );
}

/** So many of a unit's people, at random: who is trained and on duty this shift. */
export function onBoard(all: readonly string[], crewSize: number, own: Random): string[] {
  const left = [...all];
  const chosen: string[] = [];
  while (left.length > 0 && chosen.length < crewSize) {
    chosen.push(...left.splice(own.integer(0, left.length - 1), 1));
  }
  return chosen.sort();
}

/** The last training before `fromMs` of every responder in every skill, and those up to `toMs`. */
export function drawTrainings(
  scheme: Scheme,
  responders: Iterable<string>,
  fromMs: number,
  toMs: number,
  assumptions: Assumptions,
  random: Random,
): { readonly atMs: number; readonly input: TrainingInput }[] {
  const { lapsedTrainingShare } = assumptions.units;
  const trainings: { atMs: number; input: TrainingInput }[] = [];
  for (const responder of responders) {
    for (const { id: skill, validForDays } of scheme.skills) {
      const own = random.fork(`${responder}-${skill}`);
      // So much later that the stated share is overdue at any time.
      const gapDays = Math.round(validForDays / (1 - lapsedTrainingShare.value));
      for (let dayMs = addDays(fromMs, -own.integer(1, gapDays)); dayMs < toMs;) {
        const input = { do: 'training', responder, skill, trainedOn: localDate(dayMs) } as const;
        trainings.push({ atMs: Math.max(dayMs, fromMs), input });
        dayMs = addDays(dayMs, gapDays);
      }
    }
  }
  return trainings.sort((a, b) => a.atMs - b.atMs);
}
