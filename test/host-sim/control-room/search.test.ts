/**
 * Random schemes, units, gates, days and calls, against an oracle of a few lines: no call alerts a
 * unit without an ambulance, before its area's day, through a closed gate, or with an AED that is not
 * ready, unless the scheme has the crew told. And a unit that can go is alerted.
 *
 * ALERT_RUNS sets how many cases there are, ALERT_SEED where they begin.
 */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Effect, Place, UnitReport } from '../../../host-sim/control-room/events.js';
import { rosterOf } from '../../../host-sim/schemes/roster.js';
import type { Scheme } from '../../../host-sim/schemes/schema.js';
import { aCall, smallScheme } from './rig.js';

const test = suite('search for an alert that must not be');
const RUNS = Number(process.env['ALERT_RUNS'] ?? 3000);
const SEED = Number(process.env['ALERT_SEED'] ?? 20170710);

/** Days around the change of the clocks, and of the roll-out. */
const anyDay = fc.integer({ min: 20, max: 31 }).map((each) => `2017-10-${each}`);
const day = fc.oneof({ weight: 4, arbitrary: fc.constant('2017-10-20') }, anyDay);
const atMs = fc
  .integer({ min: -20, max: 12 * 24 + 20 })
  .map((hours) => Date.UTC(2017, 9, 20) + hours * 3_600_000);
/** On a line from south to north, so that the sooner is seen at a glance. */
const place = fc
  .oneof(
    { weight: 3, arbitrary: fc.integer({ min: 20, max: 60 }) },
    { weight: 3, arbitrary: fc.integer({ min: 140, max: 180 }) },
    fc.integer({ min: 0, max: 200 }),
  )
  .map((step): Place => ({ latitude: 51.5 + step / 1000, longitude: -0.1 }));
const orTold = fc.constantFrom('refuse', 'tellCrew');

const scheme = fc
  .record({
    days: fc.tuple(day, day, day),
    units: fc.integer({ min: 1, max: 3 }),
    aedAbsent: orTold,
    aedNotReady: orTold,
    aedUnknown: orTold,
    crewUnknown: fc.constantFrom('refuse', 'alert'),
    openAtStart: fc.constantFrom(true, true, true, false),
    endsOn: fc.option(anyDay, { nil: undefined, freq: 1 }),
    determinants: fc.subarray(['09E', '31E01', '06D'], { minLength: 1 }),
  })
  .map(({ days, units, openAtStart, endsOn, determinants, ...eligibility }): Scheme => {
    const small = smallScheme();
    const [north, south] = small.areas as [Scheme['areas'][0], Scheme['areas'][0]];
    const [goesLiveOn, later, startsOn] = days;
    const rule = { code: 'r', category: 'cardiacArrest', determinants, meaning: 'm' } as const;
    return {
      ...small,
      startsOn,
      ...(endsOn === undefined ? {} : { endsOn }),
      criteria: [{ version: 1, from: startsOn, rules: [rule] }],
      areas: [
        { ...north, latitude: 51.6605, radiusM: 8000, goesLiveOn },
        { ...south, latitude: 51.54, radiusM: 8000, goesLiveOn: later },
      ],
      stations: [],
      eligibility: { ...small.eligibility, ...eligibility },
      gates: { openAtStart },
      alerting: { ...small.alerting, units },
    };
  });

const report = fc.oneof(
  fc.record({ kind: fc.constant('alive' as const), alive: fc.boolean() }),
  fc.record({
    kind: fc.constant('crew' as const),
    state: fc.constantFrom('unknown', 'available', 'unavailable', 'committed'),
  }),
  fc.record({
    kind: fc.constant('aed' as const),
    presence: fc.constantFrom('present', 'absent', 'unknown'),
    readiness: fc.constantFrom('ready', 'attention', 'fault', 'unknown'),
  }),
) as fc.Arbitrary<UnitReport>;

const unit = fc.constantFrom('NO-V001', 'NO-V002', 'NO-V003', 'SO-V001', 'SO-V002');
/** Most units are fit to go, or no case would alert any. */
const fleet = fc.array(
  fc.record({
    place: fc.option(place, { nil: undefined, freq: 8 }),
    flaw: fc.option(report, { freq: 2, nil: undefined }),
  }),
  { minLength: 5, maxLength: 5 },
);
const gate = fc.record({
  area: fc.constantFrom('north', 'south', '*'),
  open: fc.boolean(),
  role: fc.constantFrom('partner', 'ambulance', 'reader'),
});
const call = fc.record({
  place,
  determinant: fc.constantFrom('09E01', '09E02', '31E01', '06D01', '26A01'),
  ambulanceReference: fc.constantFrom('A1', 'A2', 'A3', 'A4', ''),
});
const happening = fc.oneof(
  fc.record({ gate }),
  fc.record({ call }),
  fc.record({ unit, report }),
  fc.record({ unit, place }),
);

/** What the oracle knows: what was told, and no more. */
interface Told {
  alive: boolean;
  crew: string;
  presence: string;
  readiness: string;
  place?: Place | undefined;
  isBusy: boolean;
}

/** The day in London, by another way than the control room's: its hour's offset. */
function dayInLondon(ms: number): string {
  // Summer time ended on 29 October 2017, at 01:00 UTC.
  const offsetMs = ms < Date.UTC(2017, 9, 29, 1) ? 3_600_000 : 0;
  return new Date(ms + offsetMs).toISOString().slice(0, 10);
}

/** Metres along the line on which all of it is. */
function metres(a: Place, b: Place): number {
  return Math.abs(a.latitude - b.latitude) * 111_260;
}

function mayGo(s: Scheme, told: Told, area: string, gates: Map<string, boolean>, date: string) {
  const { eligibility: rule } = s;
  const isLive = s.areas.some(({ id, goesLiveOn }) => id === area && goesLiveOn <= date);
  const isThere =
    told.crew === 'available' || (told.crew === 'unknown' && rule.crewUnknown === 'alert');
  const flaw =
    told.presence === 'absent'
      ? rule.aedAbsent
      : ['attention', 'fault'].includes(told.readiness)
        ? rule.aedNotReady
        : told.presence === 'present' && told.readiness === 'ready'
          ? 'none'
          : rule.aedUnknown;
  return told.alive && isLive && isThere && gates.get(area) && flaw !== 'refuse' && !told.isBusy;
}

test(`${RUNS} random cases (Shows 3: L3, L8, L9, L10)`, () => {
  let alerts = 0;
  fc.assert(
    fc.property(
      scheme,
      fleet,
      fc.array(happening, { maxLength: 6 }),
      call,
      atMs,
      (s, fleetOf, happenings, lastCall, now) => {
        const coordinator = createCoordinator(s);
        const known = new Map<string, Told>();
        const areaOf = new Map(rosterOf(s).map(({ id, area }) => [id, area]));
        const gates = new Map(s.areas.map(({ id }) => [id, s.gates.openAtStart]));
        const tell = (id: string, each: UnitReport) => {
          coordinator.take({ do: 'unit', unit: id, report: each }, now);
          const told = known.get(id) as Told;
          if (each.kind === 'alive') told.alive = each.alive;
          if (each.kind === 'crew') told.crew = each.state;
          if (each.kind === 'aed') Object.assign(told, each);
          if (each.kind === 'position') told.place = each.place;
          // Called away, it is released, and free for the next call when it is available again.
          if (each.kind === 'crew' && each.state === 'committed') told.isBusy = false;
        };
        [...areaOf.keys()].forEach((id, i) => {
          const nothing = { alive: false, crew: 'unknown', presence: 'unknown' };
          known.set(id, { ...nothing, readiness: 'unknown', isBusy: false });
          const { place: at, flaw } = fleetOf[i] ?? {};
          tell(id, { kind: 'alive', alive: true });
          tell(id, { kind: 'crew', state: 'available' });
          tell(id, { kind: 'aed', presence: 'present', readiness: 'ready' });
          if (flaw) tell(id, flaw);
          if (at) tell(id, { kind: 'position', place: at, fixAtMs: now, speedKmh: 0 });
        });
        const date = dayInLondon(now);

        const give = (made: typeof lastCall, callId: string) => {
          const lines = coordinator.take({ do: 'call', call: aCall({ ...made, callId }) }, now);
          const effects = lines.flatMap((line) => coordinator.effects(line));
          const got = effects.filter(
            (each): each is Effect & { do: 'alert' } => each.do === 'alert',
          );
          // What must hold of each alert, whatever else is true.
          for (const each of got) {
            assert.not.equal(each.call.ambulanceReference.trim(), '');
            const at = (what: string) => lines.findIndex((line) => line.what === what);
            assert.ok(at('ambulance') >= 0 && at('ambulance') < at('alert'));
          }
          const units = got.map((each) => each.unit);
          assert.equal(units, expected(made), JSON.stringify(lines, null, 1));
          for (const id of units) (known.get(id) as Told).isBusy = true;
          alerts += units.length;
        };

        /** Who goes, by the words of the requirements. */
        const expected = (made: typeof lastCall): string[] => {
          const [north, south] = s.areas as [Scheme['areas'][0], Scheme['areas'][0]];
          const near = metres(made.place, north) < metres(made.place, south) ? north : south;
          const isWithin = metres(made.place, near) <= near.radiusM;
          const { determinants } = s.criteria[0]!.rules[0]!;
          const isFor = determinants.some((each) => made.determinant.startsWith(each));
          const isOn = s.startsOn <= date && date <= (s.endsOn ?? '9999');
          const isLive = near.goesLiveOn <= date;
          if (made.ambulanceReference === '' || !isFor || !isOn || !isWithin || !isLive) return [];
          if (!gates.get(near.id)) return [];
          const seconds = (told: Told) =>
            30 + ((metres(told.place as Place, made.place) + 15) * 1.3) / (40 / 3.6);
          return [...known]
            .filter(([id, told]) => told.place && mayGo(s, told, areaOf.get(id)!, gates, date))
            .filter(([, told]) => seconds(told) <= 600)
            .sort(([a, x], [b, y]) => {
              const later = seconds(x) - seconds(y);
              return Math.abs(later) >= 1 ? later : a < b ? -1 : 1;
            })
            .slice(0, s.alerting.units)
            .map(([id]) => id);
        };

        happenings.forEach((each, i) => {
          if ('gate' in each) {
            const { area, open, role } = each.gate;
            const partner = s.partner.id;
            const change = { partner, area, open, role, by: 'x', reason: 'because' };
            const lines = coordinator.take({ do: 'capacity', ...change }, now);
            if (role === 'partner') {
              for (const id of gates.keys()) if (area === '*' || area === id) gates.set(id, open);
            }
            // Calls that waited for the gate are looked at again: their units are busy then.
            for (const line of lines.filter(({ what }) => what === 'alert')) {
              assert.ok(role === 'partner' && open);
              const told = known.get(line.unit as string) as Told;
              assert.ok(mayGo(s, told, areaOf.get(line.unit as string)!, gates, date));
              told.isBusy = true;
            }
          } else if ('call' in each) {
            give(each.call, `C${i}`);
          } else if ('report' in each) {
            tell(each.unit, each.report);
            resync(coordinator, known);
          } else {
            const report: UnitReport = {
              kind: 'position',
              place: each.place,
              fixAtMs: now,
              speedKmh: 0,
            };
            tell(each.unit, report);
          }
        });
        give(lastCall, 'LAST');
      },
    ),
    { numRuns: RUNS, seed: SEED },
  );
  // The search is none if hardly anybody is ever alerted.
  assert.ok(alerts > RUNS / 4, `${alerts} alerts`);
});

/** A report that ends an alert frees its unit, and may send another: what it did is taken over. */
function resync(coordinator: ReturnType<typeof createCoordinator>, known: Map<string, Told>): void {
  for (const [id, told] of known) {
    told.isBusy = coordinator.state.units.get(id)?.alertId !== null;
  }
}

test.run();
