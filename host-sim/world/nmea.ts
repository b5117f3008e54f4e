/** NMEA 0183 sentences as a receiver writes them. Rule: text only; nothing here waits or draws lots. */

export interface FixReport {
  readonly utcMs: number;
  readonly latitude: number;
  readonly longitude: number;
  readonly altitudeM: number;
  readonly speedMPerS: number;
  /** Null below walking pace, where receivers leave it out. */
  readonly courseDeg: number | null;
  readonly satellites: number;
  readonly hdop: number;
}

const KNOT_M_PER_S = 1852 / 3600;
/** Height of the geoid over the ellipsoid, as in the south of England. */
const GEOID_M = 46.9;
/** Satellites in the sky of every receiver here: number, elevation, azimuth. */
const SKY = [
  [2, 41, 283],
  [5, 22, 198],
  [7, 66, 62],
  [9, 35, 105],
  [13, 17, 248],
  [16, 52, 301],
  [20, 28, 54],
  [26, 11, 317],
  [29, 73, 171],
  [30, 48, 88],
] as const;

/** With checksum and line end. */
export function sentence(body: string): string {
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum ^= body.charCodeAt(i);
  return `$${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}\r\n`;
}

/** What a receiver writes in a second in which it knows where it is. */
export function fixSentences(fix: FixReport): string {
  const course = fix.courseDeg === null ? '' : fix.courseDeg.toFixed(2);
  const kmh = (fix.speedMPerS * 3.6).toFixed(3);
  const hdop = fix.hdop.toFixed(2);
  return [
    rmc(fix),
    `GNVTG,${course},T,,M,${knotsOf(fix)},N,${kmh},K,A`,
    gga(fix),
    `GNGSA,A,3,${usedSatellites(fix.satellites)},${(fix.hdop * 1.7).toFixed(2)},${hdop},${(fix.hdop * 1.4).toFixed(2)}`,
    ...satellitesInView(fix.satellites),
  ]
    .map(sentence)
    .join('');
}

/**
 * The same from a receiver that is set to write only RMC and GGA.
 * @param place as `placeOf` gives it
 */
export function briefFixSentences(fix: FixReport, place: string): string {
  return sentence(rmc(fix, place)) + sentence(gga(fix, place));
}

function rmc(fix: FixReport, place = placeOf(fix)): string {
  const course = fix.courseDeg === null ? '' : fix.courseDeg.toFixed(2);
  return `GNRMC,${timeOfDay(fix.utcMs)},A,${place},${knotsOf(fix)},${course},${date(fix.utcMs)},,,A`;
}

function gga(fix: FixReport, place = placeOf(fix)): string {
  const count = String(fix.satellites).padStart(2, '0');
  const height = `${fix.altitudeM.toFixed(1)},M,${GEOID_M},M`;
  return `GNGGA,${timeOfDay(fix.utcMs)},${place},1,${count},${fix.hdop.toFixed(2)},${height},,`;
}

/** Latitude and longitude as both sentences have them. */
export function placeOf({
  latitude,
  longitude,
}: Pick<FixReport, 'latitude' | 'longitude'>): string {
  return `${coordinate(latitude, 2, 'NS')},${coordinate(longitude, 3, 'EW')}`;
}

function knotsOf(fix: FixReport): string {
  return (fix.speedMPerS / KNOT_M_PER_S).toFixed(3);
}

/** What a receiver writes that has no fix. `utcMs` is null while it does not even know the time. */
export function noFixSentences(utcMs: number | null): string {
  const time = utcMs === null ? '' : timeOfDay(utcMs);
  const day = utcMs === null ? '' : date(utcMs);
  return [
    `GNRMC,${time},V,,,,,,,${day},,,N`,
    'GNVTG,,,,,,,,,N',
    `GNGGA,${time},,,,,0,00,99.99,,,,,,`,
    'GNGSA,A,1,,,,,,,,,,,,,99.99,99.99,99.99',
    'GPGSV,1,1,00',
  ]
    .map(sentence)
    .join('');
}

function coordinate(degrees: number, width: number, letters: string): string {
  // In units of the last digit, or 59.999996 minutes would round to 60.
  const total = Math.round(Math.abs(degrees) * 60 * 1e5);
  const whole = Math.floor(total / (60 * 1e5));
  const minutes = ((total % (60 * 1e5)) / 1e5).toFixed(5).padStart(8, '0');
  return `${String(whole).padStart(width, '0')}${minutes},${degrees < 0 ? letters[1] : letters[0]}`;
}

const DAY_MS = 86_400_000;

/** The time that was asked for last: both sentences of an epoch have it. */
let lastTime = { utcMs: NaN, text: '' };

function timeOfDay(utcMs: number): string {
  if (utcMs !== lastTime.utcMs) {
    const centis = Math.floor((((utcMs % DAY_MS) + DAY_MS) % DAY_MS) / 10);
    const seconds = Math.floor(centis / 100);
    const hours = twoDigits(Math.floor(seconds / 3600));
    const minutes = twoDigits(Math.floor(seconds / 60) % 60);
    const text = `${hours}${minutes}${twoDigits(seconds % 60)}.${twoDigits(centis % 100)}`;
    lastTime = { utcMs, text };
  }
  return lastTime.text;
}

/** The day that was asked for last: of many receivers it is the same. */
let lastDay = { number: NaN, text: '' };

function date(utcMs: number): string {
  const number = Math.floor(utcMs / DAY_MS);
  if (number !== lastDay.number) {
    const [year = '', month = '', day = ''] = new Date(utcMs).toISOString().slice(0, 10).split('-');
    lastDay = { number, text: day + month + year.slice(2) };
  }
  return lastDay.text;
}

function twoDigits(number: number): string {
  return number < 10 ? `0${number}` : `${number}`;
}

function usedSatellites(count: number): string {
  return Array.from({ length: 12 }, (_, i) => {
    const satellite = i < count ? SKY[i] : undefined;
    return satellite ? String(satellite[0]).padStart(2, '0') : '';
  }).join(',');
}

function satellitesInView(count: number): string[] {
  const seen = SKY.slice(0, count);
  const messages = Math.ceil(seen.length / 4);
  return Array.from({ length: messages }, (_, i) => {
    const blocks = seen.slice(i * 4, i * 4 + 4).map(([number, elevation, azimuth]) => {
      const signal = 25 + Math.round(elevation / 4);
      const parts = [number, elevation, azimuth].map((n, at) =>
        String(n).padStart(at < 2 ? 2 : 3, '0'),
      );
      return [...parts, String(signal)].join(',');
    });
    const total = String(seen.length).padStart(2, '0');
    return [`GPGSV,${messages},${i + 1},${total}`, ...blocks].join(',');
  });
}
