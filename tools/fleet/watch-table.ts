/** The fleet as a table for a person at a terminal: trouble first, a line for each unit. Pure. */
import Table from 'cli-table3';
import { AedReason, ClockQuality, Fix, Presence, Readiness } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import { TROUBLES, hasFix, isReady, look, type Looked, type Trouble } from './troubles.js';
import {
  ageMs,
  newestClock,
  refusedByUnit,
  totalOf,
  type WatchModel,
  type WatchedUnit,
} from './watch-model.js';

const HEAD = [
  'call sign',
  'trouble',
  'link',
  'AED',
  'AED seen',
  'fix',
  'fix age',
  'clock',
  'version',
  'refused',
];
/** No colours, and no line between two rows. */
export const COMPACT = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};
/** Of a table without rows: above, the headings, below. */
const FRAME_LINES = 3;
const UNKNOWN = '–';

/** What the terminal has room for, in characters. */
export interface Room {
  readonly rows: number;
  readonly columns: number;
}

/** Which units: all, those with any trouble, or with one. */
export type Only = 'all' | 'trouble' | Trouble;

/** @param room null for a file, which has room for every unit */
export function watchTable(
  model: WatchModel,
  nowMs: number,
  only: Only = 'all',
  room: Room | null = null,
): string {
  const looked = look(model, nowMs);
  const chosen = looked.filter(
    ({ troubles }) =>
      only === 'all' || (only === 'trouble' ? troubles.length > 0 : troubles.includes(only)),
  );
  const words = summary(model, looked, nowMs);
  if (only !== 'all') words.push(`${chosen.length} of ${looked.length}: ${only}`);
  // One more for what is not shown, and one where the cursor stands.
  const most = room ? Math.max(1, room.rows - FRAME_LINES - words.length - 2) : chosen.length;
  const table = new Table({ head: HEAD, ...COMPACT });
  for (const each of chosen.slice(0, most)) table.push(row(each, nowMs));
  const hidden = chosen.length - Math.min(most, chosen.length);
  const lines = [...table.toString().split('\n'), ...words];
  if (hidden > 0) lines.push(`${hidden} more do not fit here`);
  return lines.map((line) => (room ? line.slice(0, room.columns) : line)).join('\n');
}

/** How many can be told, have what it takes, and what is wrong with the others. */
function summary(model: WatchModel, looked: Looked[], nowMs: number): string[] {
  const { units, strangers, brokerAwaySinceMs } = model;
  const up = looked.filter(({ unit }) => unit.link === 'up');
  const ready = up.filter(({ unit }) => isReady(unit, nowMs));
  const fixed = up.filter(({ unit }) => hasFix(unit, nowMs));
  const both = ready.filter(({ unit }) => hasFix(unit, nowMs));
  const inTrouble = looked.filter(({ troubles }) => troubles.length > 0);
  const counts = TROUBLES.map((name) => ({
    name,
    count: looked.filter(({ troubles }) => troubles.includes(name)).length,
  })).filter(({ count }) => count > 0);
  const strange = strangers > 0 ? `; ${strangers} messages of no unit here` : '';
  const away =
    brokerAwaySinceMs === null
      ? []
      : [`THE BROKER IS AWAY for ${duration(nowMs - brokerAwaySinceMs)}: all this is of before`];
  return [
    ...away,
    `${up.length} of ${units.size} units connected, ${ready.length} with an AED ready, ` +
      `${fixed.length} with a fix, ${both.length} with both${strange}`,
    `trouble on ${inTrouble.length}${inTrouble.length > 0 ? ': ' : ''}` +
      counts.map(({ name, count }) => `${name} ${count}`).join(', '),
  ];
}

function row({ unit, troubles }: Looked, nowMs: number): string[] {
  const { latest } = unit;
  const position = latest['position'];
  const clock = newestClock(unit);
  return [
    unit.unit.callSign,
    troubles.join(' '),
    unit.linkSinceMs === null ? unit.link : `${unit.link} ${duration(nowMs - unit.linkSinceMs)}`,
    aedInWords(unit),
    duration(ageMs(latest['aed'], 'seenMsAgo', nowMs)),
    position ? nameOf(Fix, position.fields['fix'] as number) : UNKNOWN,
    duration(ageMs(position, 'fixAgeMs', nowMs)),
    clock === null ? UNKNOWN : nameOf(ClockQuality, clock),
    String(latest['birth']?.fields['firmware'] ?? UNKNOWN),
    // By the unit, and here.
    `${totalOf(refusedByUnit(unit))} / ${totalOf(unit.refused)}`,
  ];
}

/** `fault: padsExpired`; never "ready" for what was not seen to be. */
function aedInWords({ latest }: WatchedUnit): string {
  const aed = latest['aed'];
  if (!aed) return UNKNOWN;
  const { presence, readiness, reasons } = aed.fields as Record<string, number>;
  const why = Object.entries(AedReason).filter(([, bit]) => ((reasons ?? 0) & bit) !== 0);
  const words =
    presence === Presence.present ? [] : [nameOf(Presence, presence ?? Presence.unknown)];
  words.push(nameOf(Readiness, readiness ?? Readiness.unknown));
  return `${words.join(', ')}${why.length > 0 ? `: ${why.map(([name]) => name).join(', ')}` : ''}`;
}

/** `12 s`, `3 min`, `5 h`, `2 d`; a dash for what is not known. */
export function duration(ms: number | null): string {
  if (ms === null) return UNKNOWN;
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 120) return `${s} s`;
  if (s < 120 * 60) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}
