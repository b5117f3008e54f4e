/**
 * Where the vehicle was while nobody could be told: a bounded track, that is thinned when it is
 * full, so that it covers the whole time however long that was. It is told after everything else,
 * and never as where the vehicle is now.
 *
 * A point is 12 bytes of one string: seconds since power-on, latitude and longitude as 32 bits.
 * Records would take ten times the memory.
 */

/** Most points that are kept. Full, every second one goes. */
export const MAX_POINTS = 16;
const POINT_CHARS = 12;

export interface Backlog {
  points: string;
  /** One in so many positions is kept: doubled with each thinning. */
  every: number;
  /** Positions since the last that was kept. */
  since: number;
  /** Positions that were not kept: they are counted as lost (law 4). */
  thinned: number;
}

export interface Point {
  readonly atS: number;
  readonly latitudeE7: number;
  readonly longitudeE7: number;
}

export function createBacklog(): Backlog {
  return { points: '', every: 1, since: 0, thinned: 0 };
}

/**
 * Keeps where the vehicle is.
 * @rare
 */
export function missPosition(
  backlog: Backlog,
  atS: number,
  latitudeE7: number,
  longitudeE7: number,
): void {
  backlog.since++;
  if (backlog.since < backlog.every) {
    backlog.thinned++;
    return;
  }
  backlog.since = 0;
  backlog.points += word(Math.floor(atS)) + word(latitudeE7) + word(longitudeE7);
  if (backlog.points.length > MAX_POINTS * POINT_CHARS) thin(backlog);
}

/**
 * Takes the oldest point out; null if there is none.
 * @rare
 */
export function takePoint(backlog: Backlog): Point | null {
  const points = backlog.points;
  if (points === '') return null;
  backlog.points = points.substr(POINT_CHARS);
  if (backlog.points === '') backlog.every = 1;
  return { atS: wordAt(points, 0), latitudeE7: wordAt(points, 4), longitudeE7: wordAt(points, 8) };
}

/** @rare */
function thin(backlog: Backlog): void {
  let kept = '';
  for (let at = 0; at < backlog.points.length; at += 2 * POINT_CHARS) {
    kept += backlog.points.substr(at, POINT_CHARS);
  }
  backlog.thinned += (backlog.points.length - kept.length) / POINT_CHARS;
  backlog.points = kept;
  backlog.every *= 2;
}

/** @rare */
function word(value: number): string {
  return String.fromCharCode(
    (value >> 24) & 255,
    (value >> 16) & 255,
    (value >> 8) & 255,
    value & 255,
  );
}

/** @rare */
function wordAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) << 24) |
    (text.charCodeAt(at + 1) << 16) |
    (text.charCodeAt(at + 2) << 8) |
    text.charCodeAt(at + 3)
  );
}
