/**
 * Vehicles out of coverage: as often and as long as assumed; known within 45 s; what was sent meanwhile
 * comes when the link is back, or never where it has expired; and no ambulance is touched.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assumptionsFor,
  readAssumptions,
  type Assumptions,
} from '../../../host-sim/city/assumptions.js';
import { placeIn, type CityCall } from '../../../host-sim/city/calls.js';
import { runCity } from '../../../host-sim/city/city.js';
import { Coverage, Link } from '../../../host-sim/city/coverage.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { ScriptedUnits } from '../../../host-sim/city/scripted-units.js';
import { createTravel } from '../../../host-sim/city/travel.js';
import { UnitModels, type UnitModel } from '../../../host-sim/city/unit-models.js';
import type { UnitInput } from '../../../host-sim/city/units.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import type { KnownLine } from '../../../host-sim/control-room/lines.js';
import { rosterOf, withUnits } from '../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { tinyScheme } from './tiny-scheme.js';

const test = suite('coverage');
const SEED = 20170710;
const START_MS = startOfDateMs('2017-07-20');
const DAY_MS = 86_400_000;
const KNOWN_WITHIN_MS = 45_000;
const AGAIN_WITHIN_MS = 10_000;

/** Losses so often and so long, and no places without coverage. */
function losing(dropsPerUnitDay: number, dropMinutes: number): Assumptions {
  const assumptions = structuredClone(readAssumptions());
  assumptions.coverage.withoutCoverageShare.value = 0;
  assumptions.coverage.dropsPerUnitDay.value = dropsPerUnitDay;
  assumptions.coverage.dropMinutes.value = dropMinutes;
  assumptions.units.onDutyShare.value = [1, 1, 1];
  assumptions.crews.acceptShare.value = 1;
  assumptions.crews.silentShare.value = 0;
  return assumptions;
}

test('places without coverage are the assumed share of an area; a station is never one', () => {
  const scheme = loadScheme('norfolk');
  const assumptions = assumptionsFor(readAssumptions(), 'norfolk');
  const coverage = new Coverage(scheme, assumptions, new Random(SEED));
  const draws = new Random(SEED);
  const tries = 20_000;
  let without = 0;
  for (let i = 0; i < tries; i++) {
    const area = scheme.areas[i % scheme.areas.length] as (typeof scheme.areas)[number];
    if (!coverage.reaches(placeIn(area, scheme.areas, draws))) without++;
  }
  // (Discs that overlap or hang over the edge make it less.)
  const { value } = assumptions.coverage.withoutCoverageShare;
  assert.ok(without / tries > value * 0.7 && without / tries < value * 1.15, `${without / tries}`);
  for (const station of scheme.stations) assert.ok(coverage.reaches(station), station.name);
});

test('losses are as many and as long as assumed, and the same for a seed', () => {
  const assumptions = losing(6, 4);
  const coverage = new Coverage(tinyScheme(), assumptions, new Random(1));
  const linkOf = (seed: number) =>
    new Link(() => ({ latitude: 51.4, longitude: -0.1 }), coverage, assumptions, new Random(seed));
  let lost = 0;
  let looks = 0;
  for (let unit = 0; unit < 40; unit++) {
    const link = linkOf(unit);
    for (let atMs = START_MS; atMs < START_MS + 5 * DAY_MS; atMs += 30_000) {
      looks++;
      if (!link.isUp(atMs)) lost++;
    }
  }
  const expected = (6 * 4) / (24 * 60);
  assert.ok(Math.abs(lost / looks / expected - 1) < 0.15, `${lost / looks}, expected ${expected}`);
  const times = (seed: number) => {
    const link = linkOf(seed);
    return Array.from({ length: 2880 }, (_, i) => link.isUp(START_MS + i * 30_000));
  };
  assert.equal(times(7), times(7));
  assert.not.equal(times(7), times(8));
});

test('a station has a line of its own', () => {
  const assumptions = losing(24, 30);
  const coverage = new Coverage(tinyScheme(), assumptions, new Random(1));
  const link = new Link(null, coverage, assumptions, new Random(1));
  for (let i = 0; i < 1000; i++) assert.ok(link.isUp(START_MS + i * 60_000));
});

/** A crewed vehicle that loses its link at `lostAtMs` for two minutes or more, and what it tells. */
async function losingVehicle() {
  const scheme = withUnits(tinyScheme(), 12);
  const assumptions = losing(24, 4);
  const clock = new SimulatedClock(START_MS, 'each-instant');
  const truths = new Map<string, CityCall>();
  const world = {
    ...{ scheme, assumptions, clock, roster: rosterOf(scheme), random: new Random(SEED) },
    travel: createTravel(assumptions),
    truthOf: (callId: string) => truths.get(callId) as CityCall,
  };
  const { model, lostAtMs, backAtMs } = firstLoss(new UnitModels(world).all);
  const units = new ScriptedUnits(world);
  const heard: { input: UnitInput; atMs: number }[] = [];
  units.onInput((input) => heard.push({ input, atMs: clock.nowMs() }));
  const { place } = model.movement.at(lostAtMs);
  const told = { callId: 'C1', place, determinant: '09E01', text: '' };
  const times = { pickedUpAtMs: lostAtMs, codedAtMs: lostAtMs, ambulanceAtMs: backAtMs + DAY_MS };
  truths.set('C1', {
    ...told,
    ...times,
    finding: 'arrest',
    areaId: 'croydon',
    bystanderCpr: false,
  });
  const unit = model.unit.id;
  await clock.runUntil(lostAtMs - 1000);
  units.attend(place);
  await clock.runUntil(lostAtMs + 1000);
  const alert = (expiresAtMs: number) => {
    const call = { ...told, address: '', ambulanceReference: 'A1' };
    const at = { alertId: 1, unit, issuedAtMs: clock.nowMs(), expiresAtMs };
    units.alert({ do: 'alert', ...at, call, category: 'cardiacArrest' });
  };
  const stepsOf = (name: string) =>
    heard.filter(({ input }) => input.do === 'step' && input.step === name);
  const links = () =>
    heard.flatMap(({ input, atMs }) =>
      input.do === 'unit' && input.unit === unit && input.report.kind === 'alive'
        ? [{ alive: input.report.alive, atMs }]
        : [],
    );
  return { clock, units, model, lostAtMs, backAtMs, alert, stepsOf, links };
}

function firstLoss(all: readonly UnitModel[]) {
  for (const model of all.filter(({ unit }) => unit.kind === 'vehicle')) {
    for (let atMs = START_MS + 60_000; atMs < START_MS + DAY_MS; atMs += 1000) {
      if (model.link.isUp(atMs) || !model.link.isUp(atMs - 1000)) continue;
      const lostAtMs = atMs;
      while (!model.link.isUp(atMs)) atMs += 1000;
      if (atMs - lostAtMs >= 120_000 && atMs - lostAtMs < 400_000) {
        return { model, lostAtMs, backAtMs: atMs };
      }
    }
  }
  throw new Error('no vehicle loses its link for long enough');
}

test('a link that is gone is known within 45 s, its return at once', async () => {
  const { clock, model, lostAtMs, backAtMs, alert, links } = await losingVehicle();
  assert.ok(model.link.isHeardUp(lostAtMs + KNOWN_WITHIN_MS - 6000));
  assert.not.ok(model.link.isHeardUp(lostAtMs + KNOWN_WITHIN_MS));
  assert.ok(model.link.isHeardUp(backAtMs));
  alert(backAtMs + 600_000);
  await clock.runUntil(backAtMs + AGAIN_WITHIN_MS);
  const [, dead, alive] = links();
  assert.ok(dead && !dead.alive && dead.atMs <= lostAtMs + KNOWN_WITHIN_MS + 5000);
  assert.ok(alive?.alive && alive.atMs <= backAtMs + 5000);
});

test('an alert into a gap sounds within 10 s of the link being back, with the unit’s own times', async () => {
  const { clock, lostAtMs, backAtMs, alert, stepsOf } = await losingVehicle();
  alert(backAtMs + 600_000);
  await clock.runUntil(backAtMs - 1);
  assert.is(stepsOf('sent').length, 1, 'the broker has it');
  assert.is(stepsOf('sent')[0]?.atMs, lostAtMs + 1000);
  assert.is(stepsOf('sounding').length, 0);
  await clock.runUntil(backAtMs + AGAIN_WITHIN_MS);
  const [sounding] = stepsOf('sounding');
  assert.ok(sounding && sounding.atMs <= backAtMs + AGAIN_WITHIN_MS);
  assert.ok(sounding.input.do === 'step' && sounding.input.stepAtMs <= sounding.atMs);
});

test('one that has expired by then never sounds', async () => {
  const { clock, backAtMs, alert, stepsOf } = await losingVehicle();
  alert(backAtMs - 1);
  await clock.runUntil(backAtMs + 600_000);
  assert.is(stepsOf('sounding').length, 0);
});

test('one that is stood down in the gap ends when the link is back', async () => {
  const { clock, units, model, backAtMs, alert, stepsOf } = await losingVehicle();
  alert(backAtMs + 600_000);
  units.standDown(model.unit.id, 1);
  await clock.runUntil(backAtMs + AGAIN_WITHIN_MS);
  assert.is(stepsOf('stoodDown').length, 1);
  await clock.runUntil(backAtMs + 600_000);
  assert.is(stepsOf('accepted').length, 0);
});

test('of a vehicle without a link the place is where it had one last, with that time', async () => {
  const { model, lostAtMs } = await losingVehicle();
  const reports = model.reportsAt(lostAtMs + 60_000);
  const position = reports.find(({ kind }) => kind === 'position');
  assert.ok(position?.kind === 'position' && position.fixAtMs < lostAtMs);
});

interface Ran {
  readonly lines: readonly KnownLine[];
}

async function london(assumptions: Assumptions): Promise<Ran> {
  const scheme = loadScheme('london');
  const lines: Line[] = [];
  await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions, seed: SEED },
    fromMs: startOfDateMs('2017-11-10'),
    toMs: startOfDateMs('2017-11-13'),
    coordinator: createCoordinator(scheme),
    createUnits: (world) => new ScriptedUnits(world),
    onLine: (line) => lines.push(line),
  });
  return { lines: lines as KnownLine[] };
}

const covered = await london(losing(0, 1));
const gaps = await london(losing(24, 20));

test('L8: no gap in coverage touches an ambulance', () => {
  const ambulances = ({ lines }: Ran) =>
    lines.flatMap((line) =>
      line.what === 'ambulance' ? [[line.incident, line.atMs, line.state]] : [],
    );
  assert.equal(ambulances(gaps), ambulances(covered));
});

test('who has no link is passed over or replaced by the next; nothing sounds after it has expired', () => {
  const failed = (ran: Ran, code: string) =>
    ran.lines.filter((line) => line.what === 'failed' && line.reasons.includes(code)).length;
  const passedOver = gaps.lines.filter(
    (line) =>
      (line.what === 'passedOver' || line.what === 'noAlert') &&
      line.considered.some(({ reasons }) => reasons.includes('unitDead')),
  );
  assert.ok(passedOver.length > 10, String(passedOver.length));
  assert.ok(failed(gaps, 'unitDead') + failed(gaps, 'silent') > 0);
  assert.is(failed(covered, 'unitDead'), 0);
  const expires = new Map<number, number>();
  for (const line of gaps.lines) {
    if (line.what === 'alert') expires.set(line.alertId, line.expiresAtMs);
    if (line.what === 'step' && line.step === 'sounding') {
      assert.ok(line.stepAtMs <= (expires.get(line.alertId) as number));
    }
  }
});

test('an alert that never sounds for want of a link is given up within the time that a silent one has', () => {
  const { nextAfterS } = loadScheme('london').alerting;
  const alerts = new Map<number, number>();
  const sounded = new Set<number>();
  let lost = 0;
  for (const line of gaps.lines) {
    if (line.what === 'alert') alerts.set(line.alertId, line.atMs);
    if (line.what === 'step' && line.step === 'sounding') sounded.add(line.alertId);
    if (line.what !== 'failed' || sounded.has(line.alertId)) continue;
    const afterMs = line.atMs - (alerts.get(line.alertId) as number);
    assert.ok(afterMs <= nextAfterS * 1000 + 5000, `${line.reasons.join()} after ${afterMs} ms`);
    lost++;
  }
  assert.ok(lost > 0);
});

test.run();
