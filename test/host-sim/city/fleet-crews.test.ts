/**
 * Crews who answer by the buttons of a real bundle: each step of a job is taken, wherever in its epoch
 * the receiver of a unit is.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import type { CityCall, Finding } from '../../../host-sim/city/calls.js';
import { FleetUnits } from '../../../host-sim/city/fleet-units.js';
import { createTravel, placeAt } from '../../../host-sim/city/travel.js';
import { UnitModels } from '../../../host-sim/city/unit-models.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { rosterOf, withUnits } from '../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';

const SEED = 1;
const START_MS = Date.UTC(2017, 6, 10, 10);
const MINUTE_MS = 60_000;
const bundle = loadBundle();

const UNITS = 8;

/** Some units of a scheme have each a call of their own, so far away; the steps that arrive. */
async function jobs(schemeName: string, units: number, finding: Finding, distanceM: number) {
  const assumptions = readAssumptions();
  assumptions.crews.acceptShare.value = 1;
  assumptions.units.aedNotReadyShare.value = 0;
  assumptions.crews.clearAfterS.value = 120;
  const scheme = withUnits(loadScheme(schemeName), units);
  const clock = new SimulatedClock(START_MS);
  const truths = new Map<string, CityCall>();
  const world = {
    ...{ scheme, roster: rosterOf(scheme), assumptions, clock },
    random: new Random(SEED).fork('units'),
    travel: createTravel(assumptions),
    truthOf: (callId: string) => truths.get(callId) as CityCall,
  };
  const fleet = await FleetUnits.create({ world, bundle, awake: 'near' });
  const steps = new Map<number, string[]>();
  fleet.onInput((input) => {
    if (input.do !== 'step' || input.step === 'sent') return;
    const { alertId, step } = input;
    steps.set(alertId, [...(steps.get(alertId) ?? []), step]);
  });
  const models = new UnitModels(world).all.slice(-UNITS);
  models.forEach(({ unit, movement }, index) => {
    const place = placeAt(movement.at(START_MS).place, distanceM, index * 40);
    const callId = `C${index}`;
    const told = { callId, place, determinant: '09E01', text: '' };
    truths.set(callId, {
      ...told,
      ...{ finding, areaId: unit.area, bystanderCpr: false },
      pickedUpAtMs: START_MS,
      codedAtMs: START_MS,
      ambulanceAtMs: START_MS + 12 * MINUTE_MS,
    });
    fleet.alert({
      do: 'alert',
      ...{ unit: unit.id, alertId: index + 1 },
      issuedAtMs: START_MS,
      expiresAtMs: START_MS + 10 * MINUTE_MS,
      call: { ...told, address: 'High Street', ambulanceReference: 'A1', ambulanceEtaS: 720 },
    } as never);
  });
  await clock.runUntil(START_MS + 30 * MINUTE_MS);
  const closed = fleet.close();
  await clock.runUntil(clock.nowMs() + 1000);
  await closed;
  const shown = new Set(['accepted', 'onScene', 'alreadyOnScene', 'aedTaken', 'aedUsed']);
  for (const step of ['handedOver', 'notAnArrest', 'clear']) shown.add(step);
  return [...steps.values()].map((taken) => taken.filter((step) => shown.has(step)).join(' '));
}

for (const [scheme, units] of [
  ['norfolk', 18],
  ['london', 31 + UNITS],
] as const) {
  test(`no hold of a crew is lost (${scheme}, seed ${SEED})`, async () => {
    const expected = 'accepted onScene aedTaken aedUsed handedOver clear';
    assert.equal(await jobs(scheme, units, 'arrest', 400), Array(UNITS).fill(expected));
  });
}

test(`L4: a crew that is there already says so (seed ${SEED})`, async () => {
  const expected = 'accepted alreadyOnScene aedTaken notAnArrest clear';
  assert.equal(await jobs('norfolk', 18, 'other', 20), Array(UNITS).fill(expected));
});

test.run();
