/**
 * What is known of each unit of a fleet from what it says, and how old that is. It knows no socket
 * and no clock: times are given to it, in milliseconds since 1970.
 */
import { PositionReason, Refusal } from '../../protocol/codes.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import type { Received } from '../../protocol/host/unit-peer.js';
import type { FleetUnit } from './schema.js';

/** `never`: the broker has no word of it. */
export type Link = 'up' | 'down' | 'never';

/** A message, with when it came here. */
export interface Heard {
  readonly fields: Fields;
  readonly atMs: number;
}

export interface WatchedUnit {
  readonly unit: FleetUnit;
  link: Link;
  /** When the link was last seen to change; null before it was seen. */
  linkSinceMs: number | null;
  /** The newest message of each name, by the order in which the unit made them (CR-079). */
  readonly latest: Partial<Record<string, Heard>>;
  /** Their counters. */
  readonly order: Partial<Record<string, number>>;
  /** Messages taken here, by name. */
  readonly counts: Record<string, number>;
  /** What came in this unit's name and was refused here, by the name of the code. */
  readonly refused: Record<string, number>;
  /** How many it had refused itself before it was listened to here; absent before it told. */
  refusedBefore?: number;
}

export class WatchModel {
  readonly units = new Map<string, WatchedUnit>();
  /** What came in the name of no unit that is watched. */
  strangers = 0;
  /** Since when the broker is away, and nothing is known but what was; null while it is there. */
  brokerAwaySinceMs: number | null = null;

  constructor(units: readonly FleetUnit[]) {
    for (const unit of units) {
      const none = { latest: {}, order: {}, counts: {}, refused: {} };
      this.units.set(unit.unitId, { unit, link: 'never', linkSinceMs: null, ...none });
    }
  }

  take(unitId: string, { name, message, counter }: Received, atMs: number): void {
    const unit = this.units.get(unitId);
    if (!unit) return;
    unit.counts[name] = (unit.counts[name] ?? 0) + 1;
    if (name === 'birth' || name === 'death') {
      const link = name === 'birth' ? 'up' : 'down';
      if (link !== unit.link) unit.linkSinceMs = atMs;
      unit.link = link;
    }
    // Where it was while nobody could be told is not where it is (CR-088).
    const isPast = name === 'position' && message['reason'] === PositionReason.missed;
    if (isPast || counter < (unit.order[name] ?? 0)) return;
    unit.order[name] = counter;
    unit.latest[name] = { fields: message, atMs };
    if (name !== 'health') return;
    // With a restart it counts from 0 again.
    const refused = totalOf(refusedByUnit(unit));
    unit.refusedBefore = Math.min(unit.refusedBefore ?? refused, refused);
  }

  refuse(unitId: string, code: number): void {
    const unit = this.units.get(unitId);
    if (!unit) {
      this.strangers++;
      return;
    }
    const name = nameOf(Refusal, code);
    unit.refused[name] = (unit.refused[name] ?? 0) + 1;
  }
}

/**
 * Milliseconds since something that a message tells the age of.
 * @param ageField the field with its age when the message was made
 * @returns null if the unit does not know
 */
export function ageMs(
  heard: Heard | undefined,
  ageField: string | null,
  nowMs: number,
): number | null {
  if (!heard) return null;
  const then = ageField === null ? 0 : heard.fields[ageField];
  return typeof then === 'number' ? then + nowMs - heard.atMs : null;
}

/** What the unit itself has refused since power-on, by the name of its count, without zeros. */
export function refusedByUnit({ latest }: WatchedUnit): Record<string, number> {
  const fields = Object.entries(latest['health']?.fields ?? {});
  const counts = fields.filter(([name, count]) => name.startsWith('refused') && count !== 0);
  return Object.fromEntries(counts) as Record<string, number>;
}

export function totalOf(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0);
}

/** Quality of the unit's clock, a ClockQuality, by the newest message that tells it. */
export function newestClock({ latest, order }: WatchedUnit): number | null {
  const names = Object.keys(latest).filter((name) => latest[name]?.fields['clock'] !== undefined);
  const [newest] = names.toSorted((a, b) => (order[b] ?? 0) - (order[a] ?? 0));
  return newest === undefined ? null : (latest[newest]?.fields['clock'] as number);
}
