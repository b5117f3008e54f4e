/** The fleet as a table for a person at a terminal: a line for each unit. */
import Table from 'cli-table3';
import { AedReason, ClockQuality, Fix, Presence, Readiness } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import { ageMs, refusedByUnit, type WatchModel, type WatchedUnit } from './watch-model.js';

const HEAD = [
  'call sign',
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
const UNKNOWN = '–';

export function watchTable(model: WatchModel, nowMs: number): string {
  const table = new Table({ head: HEAD, ...COMPACT });
  const units = [...model.units.values()];
  for (const unit of units) table.push(row(unit, nowMs));
  const up = units.filter(({ link }) => link === 'up').length;
  const strange = model.strangers > 0 ? `, ${model.strangers} messages of no unit here` : '';
  return `${table.toString()}\n${up} of ${units.length} units connected${strange}`;
}

function row(unit: WatchedUnit, nowMs: number): string[] {
  const { latest } = unit;
  const position = latest['position'];
  return [
    unit.unit.callSign,
    unit.linkSinceMs === null ? unit.link : `${unit.link} ${duration(nowMs - unit.linkSinceMs)}`,
    aedInWords(unit),
    duration(ageMs(latest['aed'], 'seenMsAgo', nowMs)),
    position ? nameOf(Fix, position.fields['fix'] as number) : UNKNOWN,
    duration(ageMs(position, 'fixAgeMs', nowMs)),
    clockInWords(unit),
    String(latest['birth']?.fields['firmware'] ?? UNKNOWN),
    refusals(unit),
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

/** Of the newest message that tells it. */
function clockInWords({ latest, order }: WatchedUnit): string {
  const names = Object.keys(latest).filter((name) => latest[name]?.fields['clock'] !== undefined);
  const [newest] = names.sort((a, b) => (order[b] ?? 0) - (order[a] ?? 0));
  if (newest === undefined) return UNKNOWN;
  return nameOf(ClockQuality, latest[newest]?.fields['clock'] as number);
}

/** By the unit, and here. */
function refusals(unit: WatchedUnit): string {
  const sum = (counts: Record<string, number>) =>
    Object.values(counts).reduce((total, count) => total + count, 0);
  return `${sum(refusedByUnit(unit))} / ${sum(unit.refused)}`;
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
