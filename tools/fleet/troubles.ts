/**
 * What an operations desk has to look at: the units that could not be told of a job, could not go
 * to it, or would come without a working AED. Pure.
 */
import { AedReason, ClockQuality, Fix, Presence, Readiness } from '../../protocol/codes.js';
import {
  ageMs,
  newestClock,
  refusedByUnit,
  totalOf,
  type WatchModel,
  type WatchedUnit,
} from './watch-model.js';

/** A unit that stands still reports less often than one that drives. */
export const MAX_FIX_AGE_MS = 15 * 60_000;
/** Of the AED: longer ago than any patience of the unit with its sensors. */
export const MAX_AED_AGE_MS = 15 * 60_000;

export const TROUBLES = ['link', 'aed', 'fix', 'clock', 'refused', 'unheard', 'unsensed'] as const;
export type Trouble = (typeof TROUBLES)[number];

type Sign = (unit: WatchedUnit, nowMs: number) => boolean;

/** Signs of trouble, the most urgent first. */
const SIGNS: readonly (readonly [Trouble, Sign])[] = [
  ['link', ({ link }) => link === 'down'],
  ['link', ({ link }) => link === 'never'],
  ['aed', (unit) => isAed(unit, 'presence', Presence.absent)],
  ['aed', (unit) => isAed(unit, 'readiness', Readiness.fault)],
  ['aed', (unit) => isAed(unit, 'readiness', Readiness.attention)],
  ['fix', (unit, nowMs) => unit.latest['position'] !== undefined && !hasFix(unit, nowMs)],
  ['aed', (unit, nowMs) => isUncertain(unit, nowMs)],
  [
    'clock',
    (unit) => {
      const clock = newestClock(unit);
      return clock === ClockQuality.unknown || clock === ClockQuality.drifting;
    },
  ],
  ['refused', (unit) => totalOf(unit.refused) > 0 || hasRefusedSince(unit)],
  ['unheard', ({ latest }) => !latest['aed'] || !latest['position']],
  // As it was fitted: that is no news, and would hide all that is.
  ['unsensed', isUnsensed],
];

/** Of an AED that is in its bracket with a sensor on it. */
function isUncertain(unit: WatchedUnit, nowMs: number): boolean {
  return unit.latest['aed'] !== undefined && !isReady(unit, nowMs) && !isUnsensed(unit);
}

/** It is in its bracket, and no sensor could tell whether it is ready. */
function isUnsensed(unit: WatchedUnit): boolean {
  return isAed(unit, 'presence', Presence.present) && isAed(unit, 'reasons', AedReason.notSensed);
}

/** That it was seen to be, not long ago, and is where it belongs. Unknown is not ready. */
export function isReady(unit: WatchedUnit, nowMs: number): boolean {
  const age = ageMs(unit.latest['aed'], 'seenMsAgo', nowMs);
  return (
    isAed(unit, 'readiness', Readiness.ready) &&
    isAed(unit, 'presence', Presence.present) &&
    (age === null || age <= MAX_AED_AGE_MS)
  );
}

export function hasFix({ latest }: WatchedUnit, nowMs: number): boolean {
  const position = latest['position'];
  const fix = position?.fields['fix'] ?? Fix.none;
  if (fix === Fix.none || fix === Fix.surveyed) return fix === Fix.surveyed;
  const age = ageMs(position, 'fixAgeMs', nowMs);
  return age !== null && age <= MAX_FIX_AGE_MS;
}

function isAed({ latest }: WatchedUnit, field: string, value: number): boolean {
  return latest['aed']?.fields[field] === value;
}

/** What it refused before it was listened to may be long ago. */
function hasRefusedSince(unit: WatchedUnit): boolean {
  return unit.refusedBefore !== undefined && totalOf(refusedByUnit(unit)) > unit.refusedBefore;
}

export interface Looked {
  readonly unit: WatchedUnit;
  /** The most urgent first. Of a unit that is not connected only that: the rest is of before. */
  readonly troubles: readonly Trouble[];
  /** Place of its most urgent sign among all; after them for none. */
  readonly urgency: number;
}

/** Every unit, trouble first, and then by call sign. */
export function look(model: WatchModel, nowMs: number): Looked[] {
  return [...model.units.values()]
    .map((unit) => lookAt(unit, nowMs))
    .toSorted((a, b) => a.urgency - b.urgency || byCallSign(a.unit, b.unit));
}

function lookAt(unit: WatchedUnit, nowMs: number): Looked {
  const first = SIGNS.findIndex(([, isSo]) => isSo(unit, nowMs));
  if (first < 0) return { unit, troubles: [], urgency: SIGNS.length };
  const seen = unit.link === 'up' ? SIGNS.filter(([, isSo]) => isSo(unit, nowMs)) : [SIGNS[first]];
  const troubles = [...new Set(seen.map((sign) => (sign as (typeof SIGNS)[number])[0]))];
  return { unit, troubles, urgency: first };
}

const byCallSign = ({ unit: a }: WatchedUnit, { unit: b }: WatchedUnit) =>
  a.callSign < b.callSign ? -1 : 1;
