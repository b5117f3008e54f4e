/** The city with the real bundle in each unit: it does as the models do, and repeats. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions, type Assumptions } from '../../../host-sim/city/assumptions.js';
import { runCity } from '../../../host-sim/city/city.js';
import { LONGEST_SLOT_MS } from '../../../host-sim/city/fleet.js';
import { FleetUnits } from '../../../host-sim/city/fleet-units.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { IncidentReader } from '../../../host-sim/city/statistics/incidents.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { rosterOf, withUnits } from '../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { createTravel } from '../../../host-sim/city/travel.js';
import { UnitModels } from '../../../host-sim/city/unit-models.js';
import { tinyScheme } from './tiny-scheme.js';

const HOUR_MS = 3_600_000;
const bundle = loadBundle();

async function runNorfolk(seed: number) {
  const scheme = loadScheme('norfolk');
  const assumptions = readAssumptions();
  assumptions.crews.acceptShare.value = 0.95;
  const lines: Line[] = [];
  const { calls } = await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions, seed },
    fromMs: startOfDateMs('2016-07-18'),
    toMs: startOfDateMs('2016-07-20'),
    coordinator: createCoordinator(scheme),
    createUnits: (world) => FleetUnits.create({ world, bundle, awake: 'near' }),
    onLine: (line) => lines.push(line),
  });
  const reader = new IncidentReader(new Map(calls.map((call) => [call.callId, call])));
  for (const line of lines) reader.take(line);
  return { lines, incidents: reader.incidents };
}

const norfolk = await runNorfolk(1);

test('the same seed gives the same ledger with the real bundle too', async () => {
  assert.equal((await runNorfolk(1)).lines, norfolk.lines);
});

test('an accepted alert goes its whole way by buttons, to clear', () => {
  const accepted = norfolk.incidents
    .flatMap(({ alerts }) => alerts)
    .filter(({ steps, stoodDown }) => steps.accepted !== undefined && !stoodDown);
  assert.ok(accepted.length > 0);
  const way = ['verified', 'sounding', 'acknowledged', 'enRoute', 'onScene', 'clear'] as const;
  for (const { steps } of accepted) {
    for (const step of way) assert.ok(steps[step] !== undefined, step);
    const times = way.map((step) => steps[step] as number);
    assert.equal(
      times,
      [...times].sort((a, b) => a - b),
    );
  }
});

test('an alert sounds within 3 s of being made', () => {
  const alerts = norfolk.incidents.flatMap((incident) => incident.alerts);
  for (const { atMs, heard } of alerts) {
    assert.ok(
      heard.sounding !== undefined && heard.sounding - atMs <= 3000,
      String(heard.sounding),
    );
  }
});

/** Units that are always on, and no calls; from five in the morning, an hour before a shift. */
async function quietCity(count: number, assume: (assumptions: Assumptions) => void) {
  const scheme = withUnits(tinyScheme(), count);
  const assumptions = readAssumptions();
  assumptions.units.onDutyShare.value = [1, 1, 1];
  assumptions.coverage.withoutCoverageShare.value = 0;
  assume(assumptions);
  const clock = new SimulatedClock(startOfDateMs('2017-07-10') + 5 * HOUR_MS, 'each-instant');
  const world = {
    ...{ scheme, assumptions, clock, roster: rosterOf(scheme), random: new Random(1) },
    travel: createTravel(assumptions),
    truthOf: () => {
      throw new Error('no call');
    },
  };
  return { clock, world, units: await FleetUnits.create({ world, bundle, awake: 'all' }) };
}

test('with every unit always on, each crew says that its AED is ready: at a stop, and for each shift', async () => {
  const { clock, world, units } = await quietCity(6, ({ units, coverage }) => {
    units.aedNotReadyShare.value = 0.3;
    coverage.dropsPerUnitDay.value = 0;
  });
  const atMs = clock.nowMs();
  const readiness = new Map<string, string>();
  units.onInput((input) => {
    if (input.do !== 'unit' || input.report.kind !== 'aed') return;
    const { presence, readiness: told } = input.report;
    readiness.set(input.unit, presence === 'present' ? told : presence);
  });
  const expected = (shiftAtMs: number) =>
    new UnitModels(world).all.map(({ duty }) => (duty.at(shiftAtMs).aedReady ? 'ready' : 'absent'));
  const told = () => world.roster.map(({ id }) => readiness.get(id));
  await clock.runUntil(atMs + HOUR_MS / 2);
  assert.equal(told(), expected(atMs));
  await clock.runUntil(atMs + HOUR_MS * 1.01);
  assert.equal(told(), expected(atMs + HOUR_MS));
  assert.is.not(expected(atMs).join(), expected(atMs + HOUR_MS).join());
  const closed = units.close();
  await clock.runUntil(clock.nowMs() + 1000);
  await closed;
});

test('a unit out of coverage is not heard by its radio, and is heard again behind it', async () => {
  const { clock, world, units } = await quietCity(4, ({ coverage }) => {
    coverage.dropsPerUnitDay.value = 24;
    coverage.dropMinutes.value = 15;
  });
  const fromMs = clock.nowMs();
  const heard = new Map(world.roster.map(({ id }) => [id, [] as number[]]));
  units.onInput((input) => {
    if (input.do === 'unit') heard.get(input.unit)?.push(clock.nowMs());
  });
  await clock.runUntil(fromMs + 4 * HOUR_MS);
  await units.close();
  let losses = 0;
  let returns = 0;
  for (const { unit, link } of new UnitModels(world).all) {
    const atMs = heard.get(unit.id) as number[];
    // What was said before the loss is heard at the end of its slot, and the loss seen at the next look.
    const lateMs = LONGEST_SLOT_MS + 6000;
    for (const ms of atMs)
      assert.ok(link.isUp(ms) || link.isUp(ms - lateMs), `${unit.id} at ${ms}`);
    let upBefore = true;
    for (let ms = fromMs + HOUR_MS / 2; ms < fromMs + 3.5 * HOUR_MS; ms += 5000) {
      const isUp = link.isUp(ms);
      if (upBefore && !isUp) losses++;
      // Positions come each minute or five; after a loss the unit connects anew and tells.
      const isBack = isUp && !upBefore;
      if (isBack && atMs.some((each) => each >= ms && each < ms + 360_000)) returns++;
      upBefore = isUp;
    }
  }
  assert.ok(losses >= 4 && returns >= losses - 2, `${losses} losses, ${returns} returns`);
});

test.run();
