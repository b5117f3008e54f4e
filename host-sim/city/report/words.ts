/** How figures and codes are written, in the table and in the page alike. */
import { DateTime } from 'luxon';
import { ZONE } from '../local-time.js';
import type { Estimate, Spread } from '../statistics/spread.js';
import type { TimeName } from '../statistics.js';

export const TIME_WORDS: Record<TimeName, string> = {
  callToAlertS: 'Call picked up → first unit alerted',
  codedToAlertS: 'Control room has the call → first unit alerted',
  alertToSoundingS: 'Alert → first tone in the vehicle, as learnt',
  soundingToAcceptanceS: 'First tone → crew accepts',
  callToAedS: 'Call picked up → unit’s AED at the patient',
  callToAmbulanceS: 'Call picked up → ambulance at the patient',
  callToFirstS: 'Call picked up → first defibrillator at the patient',
};

/** Where a figure is not known: never a zero. */
export const UNKNOWN = '–';

/** Seconds as 7:37, below a minute as 8.1 s. */
export function duration(seconds: number): string {
  if (Math.abs(seconds) < 59.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(Math.abs(seconds));
  const sign = seconds < 0 ? '−' : '';
  return `${sign}${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

export function withInterval({ value, low, high }: Estimate, write: (n: number) => string): string {
  return `${write(value)} (${write(low)} to ${write(high)})`;
}

export function median(spread: Spread | null): string {
  return spread ? duration(spread.median.value) : UNKNOWN;
}

export function percentile90(spread: Spread | null): string {
  return spread ? duration(spread.percentile90.value) : UNKNOWN;
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return UNKNOWN;
  const share = (100 * part) / whole;
  return part > 0 && share < 1 ? '< 1 %' : `${share.toFixed(0)} %`;
}

export function count(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 0 });
}

export function oneDecimal(value: number): string {
  return value.toFixed(1);
}

/** 10 July 2017 */
export function longDate(atMs: number): string {
  return DateTime.fromMillis(atMs, { zone: ZONE }).setLocale('en-GB').toFormat('d MMMM yyyy');
}

export function waveName(wave: number): string {
  return wave === 0 ? 'Pilot' : `Wave ${wave}`;
}
