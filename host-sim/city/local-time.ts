/** Dates and hours of the schemes are those of a clock on a wall in London. */
import { DateTime } from 'luxon';

export const ZONE = 'Europe/London';

/** Midnight at which that date begins there; throws a RangeError for what is not a date. */
export function startOfDateMs(date: string): number {
  const start = DateTime.fromISO(date, { zone: ZONE }).startOf('day');
  if (!start.isValid) throw new RangeError(`expected a date such as 2017-07-10, found ${date}`);
  return start.toMillis();
}

/** The date there at that time, as 2017-07-10. */
export function localDate(atMs: number): string {
  return at(atMs).toISODate() as string;
}

/** Monday is 0. */
export function localHour(atMs: number): { readonly weekday: number; readonly hour: number } {
  const local = at(atMs);
  return { weekday: local.weekday - 1, hour: local.hour };
}

export function addDays(atMs: number, days: number): number {
  return at(atMs).plus({ days }).toMillis();
}

function at(atMs: number): DateTime {
  return DateTime.fromMillis(atMs, { zone: ZONE });
}
