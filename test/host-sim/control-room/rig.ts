/** A small scheme, and a coordinator with its lines at hand: what the tests of the control room use. */
import * as assert from 'uvu/assert';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type {
  AlertStep,
  Call,
  Effect,
  Input,
  Line,
  Place,
  UnitReport,
} from '../../../host-sim/control-room/events.js';
import type { KnownLine, LineOf, What } from '../../../host-sim/control-room/lines.js';
import { REASONS } from '../../../host-sim/control-room/reasons.js';
import { loadScheme, type Scheme } from '../../../host-sim/schemes/schema.js';

/** 10:00 in London on a Monday in summer, both areas live. */
export const MORNING_MS = Date.UTC(2017, 6, 10, 9);

export const NORTH: Place = { latitude: 51.6, longitude: -0.1 };
export const SOUTH: Place = { latitude: 51.4, longitude: -0.1 };

/** So many metres to the north of a place. */
export function northOf(place: Place, metres: number): Place {
  return { ...place, latitude: place.latitude + metres / 111_250 };
}

/** Out of reach of North's centre. */
export const STATION = northOf(NORTH, 9000);

const LONDON = loadScheme('london');

/**
 * Two areas, 22 km apart: North (a station and three vehicles) since 1 July 2017, South (two
 * vehicles) since 10 July.
 */
export function smallScheme(change: Partial<Scheme> = {}): Scheme {
  const { latitude, longitude } = STATION;
  const circle = { radiusM: 10_000, population: 1000 };
  const fleet = { capabilities: ['response'], aedMount: 'bracket' } as const;
  return {
    ...LONDON,
    startsOn: '2017-07-01',
    waves: 1,
    criteria: LONDON.criteria.map((each) => ({ ...each, from: '2017-07-01' })),
    areas: [
      {
        id: 'north',
        code: 'NO',
        name: 'North',
        ...NORTH,
        ...circle,
        goesLiveOn: '2017-07-01',
        wave: 0,
      },
      {
        id: 'south',
        code: 'SO',
        name: 'South',
        ...SOUTH,
        ...circle,
        goesLiveOn: '2017-07-10',
        wave: 1,
      },
    ],
    stations: [{ id: 'NO-STATION', name: 'North station', area: 'north', latitude, longitude }],
    fleet: [
      { area: 'north', vehicles: 3, ...fleet, capabilities: ['response'] },
      { area: 'south', vehicles: 2, ...fleet, capabilities: ['response'] },
    ],
    published: [],
    publicAeds: [],
    publicAedsFrom: '2017-07-01',
    ...change,
  };
}

export class Rig {
  readonly coordinator;
  readonly lines: Line[] = [];
  atMs: number;

  constructor(
    readonly scheme: Scheme = smallScheme(),
    startMs = MORNING_MS,
  ) {
    this.atMs = startMs;
    this.coordinator = createCoordinator(scheme);
  }

  take(input: Input): readonly Line[] {
    const lines = this.coordinator.take(input, this.atMs);
    this.lines.push(...lines);
    for (const line of lines) if (line.what !== 'step') requireKnownReasons(line);
    return lines;
  }

  /** Lets time pass, with all that is due in it. */
  pass(seconds: number): void {
    const endMs = this.atMs + seconds * 1000;
    for (;;) {
      const dueMs = this.coordinator.nextDueMs();
      if (dueMs === null || dueMs > endMs) break;
      this.atMs = Math.max(this.atMs, dueMs);
      this.take({ do: 'time' });
    }
    this.atMs = endMs;
  }

  report(unit: string, report: UnitReport): readonly Line[] {
    return this.take({ do: 'unit', unit, report });
  }

  at(unit: string, place: Place, speedKmh = 0, fixAtMs = this.atMs): void {
    this.report(unit, { kind: 'position', place, fixAtMs, speedKmh });
  }

  /** Alive, available, with an AED that is ready, at a place. */
  ready(unit: string, place: Place): void {
    this.report(unit, { kind: 'alive', alive: true });
    this.report(unit, { kind: 'crew', state: 'available' });
    this.report(unit, { kind: 'aed', presence: 'present', readiness: 'ready' });
    this.at(unit, place);
  }

  call(change: Partial<Call> = {}): readonly Line[] {
    return this.take({ do: 'call', call: aCall(change) });
  }

  step(alertId: number, step: AlertStep, reason = ''): readonly Line[] {
    return this.take({ do: 'step', alertId, step, reason, stepAtMs: this.atMs });
  }

  capacity(area: string, open: boolean, role = 'partner'): readonly Line[] {
    const partner = this.scheme.partner.id;
    const why = { reason: open ? 'back to normal' : 'public order', by: 'duty officer' };
    return this.take({ do: 'capacity', partner, area, open, ...why, role });
  }

  all<W extends What>(what: W): LineOf<W>[] {
    return this.lines.filter((line): line is LineOf<W> => (line as KnownLine).what === what);
  }

  /** The units that were alerted, in their order. */
  alerted(): string[] {
    return this.all('alert').map(({ unit }) => unit);
  }

  /** The alert of a unit that was made last. */
  alertOf(unit: string): number {
    const alert = this.all('alert').findLast((line) => line.unit === unit);
    if (!alert) throw new Error(`${unit} was not alerted`);
    return alert.alertId;
  }

  effects(): Effect[] {
    return this.lines.flatMap((line) => this.coordinator.effects(line));
  }

  /** The codes of the last line of a kind. */
  reasons(what: 'noAlert' | 'standDown' | 'failed' | 'over' | 'stray'): readonly string[] {
    return this.all(what).at(-1)?.reasons ?? [];
  }
}

/** Every reason that the control room itself gives stands in its table. */
function requireKnownReasons({ reasons = [], considered = [], more = {} }: Line): void {
  const passed = considered as readonly { readonly reasons: readonly string[] }[];
  const all = [
    ...reasons,
    ...passed.flatMap((each) => each.reasons),
    ...Object.keys(more as object),
  ];
  for (const code of all) assert.ok(code in REASONS, `${code} is no reason that is explained`);
}

export function aCall(change: Partial<Call> = {}): Call {
  return {
    callId: 'C1',
    place: NORTH,
    address: '1 High Street',
    determinant: '09E01',
    text: 'Not breathing.',
    ambulanceReference: 'A100',
    ...change,
  };
}
