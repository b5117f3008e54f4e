/**
 * The real bundle out of coverage, by the radio that a fleet takes away and gives back: the control
 * room knows within 45 s, an alert sounds within 10 s of the link being back, and never once it expired.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BENCH_SECRET } from '../../../host-sim/bench/bench.js';
import { simulatedNetwork } from '../../../host-sim/bench/networks.js';
import { Fleet, type FleetMember } from '../../../host-sim/city/fleet.js';
import { ControlRoom, type Job } from '../../../host-sim/control-room/control-room.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';

const SEED = 1;
const START_MS = Date.UTC(2026, 2, 2, 10);
const PLACE = { latitude: 51.5, longitude: -0.1 };
const JOB: Job = { ambulanceReference: 'LAS-1', address: '1 High Street', ...PLACE };
const KNOWN_WITHIN_S = 45;
const AGAIN_WITHIN_MS = 10_000;
const UNITS = 6;

/** A fleet on duty; `deaths` are when the control room learnt that a unit's link was gone. */
async function onDuty() {
  const clock = new SimulatedClock(START_MS, 'each-instant');
  const network = await simulatedNetwork(clock);
  const members = Array.from({ length: UNITS }, (_, i): FleetMember => ({
    id: `u${i}`,
    callSign: `U${i}`,
    kind: 'vehicle',
    place: PLACE,
  }));
  const deaths = new Map<string, number>();
  const alarms = new Map<string, number[]>();
  const controlRoom = new ControlRoom({
    clock,
    secret: BENCH_SECRET,
    units: members.map(({ id }) => id),
    connect: () => network.connect('cr-control'),
    watch: ({ unit, name, atMs }) => {
      if (name === 'death') deaths.set(unit, atMs);
    },
  });
  const fleet = new Fleet({
    ...{ clock, network, members, bundle: loadBundle(), random: new Random(SEED) },
    onAlarm: (unit, atMs) => alarms.set(unit, [...(alarms.get(unit) ?? []), atMs]),
  });
  const pass = (seconds: number) => clock.runUntil(clock.nowMs() + seconds * 1000);
  fleet.powerOn(5000);
  await pass(90);
  const close = async () => {
    fleet.stop();
    const closed = controlRoom.close().then(() => network.close());
    await pass(1);
    await closed;
  };
  return { clock, controlRoom, fleet, deaths, alarms, pass, close };
}

test(`a link that is gone is known within 45 s, by the bundle’s own keep-alive (seed ${SEED})`, async () => {
  const { clock, controlRoom, fleet, deaths, pass, close } = await onDuty();
  const lostAtMs = clock.nowMs();
  for (const unit of fleet.units.values()) unit.setLink(false);
  await pass(KNOWN_WITHIN_S + 1);
  assert.is(deaths.size, UNITS);
  for (const [unit, atMs] of deaths) {
    assert.ok(atMs - lostAtMs <= KNOWN_WITHIN_S * 1000, `${unit}: ${atMs - lostAtMs} ms`);
    assert.is(controlRoom.units.get(unit)?.alive, false);
  }
  await close();
});

test(`an alert into a gap of a minute sounds once, within 10 s of the link being back (seed ${SEED})`, async () => {
  const { clock, controlRoom, fleet, alarms, pass, close } = await onDuty();
  for (const unit of fleet.units.values()) unit.setLink(false);
  await pass(20);
  for (const id of fleet.units.keys()) controlRoom.dispatch(id, { ...JOB, expiresInS: 300 });
  await pass(60);
  assert.is(alarms.size, 0);
  const backAtMs = clock.nowMs();
  for (const unit of fleet.units.values()) unit.setLink(true);
  await pass(60);
  for (const id of fleet.units.keys()) {
    const [soundedAtMs = Infinity, ...again] = alarms.get(id) ?? [];
    assert.ok(soundedAtMs - backAtMs <= AGAIN_WITHIN_MS, `${id}: ${soundedAtMs - backAtMs} ms`);
    assert.equal(again, []);
  }
  await close();
});

test(`an alert that expired in the gap does not sound (seed ${SEED})`, async () => {
  const { controlRoom, fleet, alarms, pass, close } = await onDuty();
  for (const unit of fleet.units.values()) unit.setLink(false);
  await pass(5);
  for (const id of fleet.units.keys()) controlRoom.dispatch(id, { ...JOB, expiresInS: 30 });
  await pass(60);
  for (const unit of fleet.units.values()) unit.setLink(true);
  await pass(90);
  assert.is(alarms.size, 0);
  await close();
});

test.run();
