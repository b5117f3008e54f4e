/** Dates and hours of the schemes are those of a clock on a wall in London. */
import { DateTime } from 'luxon';

export const ZONE = 'Europe/London';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Midnight at which that date begins there; throws a RangeError for what is not a date. */
export function startOfDateMs(date: string): number {
  const start = DateTime.fromISO(date, { zone: ZONE }).startOf('day');
  if (!start.isValid) throw new RangeError(`expected a date such as 2017-07-10, found ${date}`);
  return start.toMillis();
}

/** The date there at that time, as 2017-07-10. */
export function localDate(atMs: number): string {
  return DateTime.fromMillis(atMs, { zone: ZONE }).toISODate() as string;
}

/** That many calendar days later at the same time of the day. */
export function addDays(atMs: number, days: number): number {
  return DateTime.fromMillis(atMs, { zone: ZONE }).plus({ days }).toMillis();
}

/** What epoch milliseconds would be if the clock there showed UTC: for hours and weekdays. */
export function wallMs(atMs: number): number {
  return atMs + offsetMs(atMs);
}

/** Monday is 0. */
export function localHour(atMs: number): { readonly weekday: number; readonly hour: number } {
  const wall = wallMs(atMs);
  // The epoch began on a Thursday.
  const weekday = (Math.floor(wall / DAY_MS) + 3) % 7;
  return { weekday, hour: Math.floor((wall % DAY_MS) / HOUR_MS) };
}

/** By hour of UTC, at which alone it changes: it is asked for millions of times. */
const offsets = new Map<number, number>();

function offsetMs(atMs: number): number {
  const hour = Math.floor(atMs / HOUR_MS);
  let offset = offsets.get(hour);
  if (offset === undefined) {
    offset = DateTime.fromMillis(hour * HOUR_MS, { zone: ZONE }).offset * 60_000;
    offsets.set(hour, offset);
  }
  return offset;
}
