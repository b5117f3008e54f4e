/** Whether those on board are trained, on the day of the alert (L6, Y7, N6). */
import type { Scheme } from '../../schemes/schema.js';

const DAY_MS = 86_400_000;

/** By responder, then skill: the day of the training. */
export type Training = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** Training counts on its day and for `validForDays` days after it. */
export function isCurrent(trainedOn: string, validForDays: number, date: string): boolean {
  const days = (Date.parse(date) - Date.parse(trainedOn)) / DAY_MS;
  return days >= 0 && days <= validForDays;
}

/** `unknown` where nobody told who is on board, or what they learnt. */
export function crewTraining(
  { skills, eligibility }: Scheme,
  training: Training,
  responders: readonly string[],
  date: string,
): 'current' | 'lapsed' | 'unknown' {
  if (skills.length === 0) return 'current';
  if (responders.length === 0) return 'unknown';
  const each = responders.map((responder) => {
    const days = skills.map(({ id }) => training.get(responder)?.get(id));
    if (days.includes(undefined)) return 'unknown';
    const isTrained = skills.every(({ validForDays }, i) =>
      isCurrent(days[i] as string, validForDays, date),
    );
    return isTrained ? 'current' : 'lapsed';
  });
  const order =
    eligibility.skillHolders === 'one'
      ? (['current', 'unknown', 'lapsed'] as const)
      : (['lapsed', 'unknown', 'current'] as const);
  return order.find((standing) => each.includes(standing)) ?? 'unknown';
}
