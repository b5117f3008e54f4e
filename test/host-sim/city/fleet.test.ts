/** A fleet of real bundles: the same for a seed, and each unit as one on the bench. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Bench, BENCH_SECRET } from '../../../host-sim/bench/bench.js';
import { simulatedNetwork } from '../../../host-sim/bench/networks.js';
import {
  ATTENDED_SLOT_MS,
  Fleet,
  LONGEST_SLOT_MS,
  type FleetMember,
  type FleetOptions,
} from '../../../host-sim/city/fleet.js';
import { ControlRoom, type Job } from '../../../host-sim/control-room/control-room.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { UserError } from '../../../host-sim/exit-codes.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { LONGEST_EPOCH_MS, STANDING_EPOCHS } from '../../../host-sim/world/placed-receiver.js';
import { Random } from '../../../host-sim/world/random.js';
import { Fix, PositionReason, Presence } from '../../../protocol/codes.js';
import { ROOT } from '../../support/cli.js';

const test = suite('fleet (L1, L2, L3)');
const START_MS = Date.UTC(2026, 2, 2, 10);
const PLACE = { latitude: 51.5, longitude: -0.1 };
const JOB: Job = { ambulanceReference: 'LAS-1', address: '1 High Street', ...PLACE };
const bundle = loadBundle();

const member = (index: number): FleetMember => ({
  id: `u${index}`,
  callSign: `U${index}`,
  kind: 'vehicle',
  place: { latitude: 51.5 + index / 1000, longitude: -0.1 },
});

async function city(units: number, seed: number, options: Partial<FleetOptions> = {}) {
  const clock = new SimulatedClock(START_MS, 'each-instant');
  const network = await simulatedNetwork(clock);
  const members = Array.from({ length: units }, (_, index) => member(index));
  const log = createHash('sha256');
  const seen: string[] = [];
  const alarms: [unit: string, atMs: number][] = [];
  network.onPublishSent((topic, payload, atMs) => log.update(`${atMs} ${topic} `).update(payload));
  const controlRoom = new ControlRoom({
    clock,
    secret: BENCH_SECRET,
    units: members.map(({ id }) => id),
    connect: () => network.connect('cr-control'),
    watch: ({ unit, name }) => seen.push(`${unit} ${name}`),
  });
  const fleet = new Fleet({
    clock,
    network,
    bundle,
    members,
    random: new Random(seed),
    onAlarm: (unit, atMs) => alarms.push([unit, atMs]),
    onUnit: (unit, event) => seen.push(`${unit} ${event.kind} ${event.detail}`),
    ...options,
  });
  const pass = (seconds: number) => clock.runUntil(clock.nowMs() + seconds * 1000);
  const close = async () => {
    fleet.stop();
    const closed = controlRoom.close().then(() => network.close());
    await pass(1);
    await closed;
  };
  const hash = () => log.digest('hex');
  return { clock, controlRoom, fleet, pass, alarms, seen, hash, close };
}

/** A quarter of an hour: a start, a dispatch, an answer, a link that is lost and found. */
async function story(seed: number): Promise<{ hash: string; seen: string[] }> {
  const { controlRoom, fleet, pass, hash, seen, close } = await city(20, seed, {
    slotMs: 4000,
  });
  fleet.powerOn(30_000);
  await pass(90);
  const entry = controlRoom.dispatch('u3', JOB);
  await pass(4);
  fleet.unit('u3').hold('accept');
  fleet.unit('u4').setLink(false);
  fleet.unit('u5').powerOff();
  fleet.unit('u6').aed.seat(false);
  await pass(200);
  fleet.unit('u4').setLink(true);
  fleet.unit('u5').powerOn();
  await pass(600);
  assert.ok('accepted' in entry.steps, JSON.stringify(entry.steps));
  assert.is(controlRoom.units.get('u6')?.latest['aed']?.['presence'], Presence.absent);
  assert.is(controlRoom.units.get('u4')?.alive, true);
  assert.ok(seen.includes('u5 death'), 'the will of the unit without power');
  const told = { hash: hash(), seen: [...seen] };
  await close();
  return told;
}

test('two runs of one seed publish the same to the last byte and instant; another does not', async () => {
  const [first, second, other] = [await story(1), await story(1), await story(2)];
  assert.equal(first, second);
  assert.is.not(first.hash, other.hash);
});

test('every unit has the bytes of firmware/dist/unit.js in its flash; units differ by records', async () => {
  const { fleet, pass, close } = await city(3, 1);
  fleet.powerOn(1000);
  await pass(60);
  const bytes = readFileSync(join(ROOT, 'firmware/dist/unit.js'));
  const loader = readFileSync(join(ROOT, 'firmware/dist/loader.js'));
  for (const { host } of fleet.units.values()) {
    assert.ok(Buffer.from(host.flash.read('app.a') as string, 'latin1').equals(bytes));
    assert.ok(Buffer.from(host.flash.read('.bootcde') as string, 'latin1').equals(loader));
  }
  const [one, two] = [fleet.unit('u0').host.flash, fleet.unit('u1').host.flash];
  const differ = one.names().filter((name) => one.read(name) !== two.read(name));
  assert.ok(differ.includes('keys.0') && differ.includes('unit.0'), differ.join());
  assert.equal(
    differ.filter((name) => !/\.[01]$/.test(name)),
    [],
  );
  await close();
});

/** From the dispatch to each step, of one unit on the bench whose crew accepts after 3 s. */
async function onBench(): Promise<Record<string, number>> {
  const clock = new SimulatedClock(START_MS);
  const network = await simulatedNetwork(clock);
  const { id, callSign, kind, place } = member(0);
  const bench = new Bench({
    clock,
    network,
    bundle,
    random: new Random(1),
    units: [
      {
        id,
        callSign,
        kind,
        track: { pattern: 'parked', ...place },
        aed: 'present',
        crew: { answer: 'accept', afterS: 3 },
      },
    ],
  });
  bench.start();
  await clock.runUntil(START_MS + 60_000);
  const entry = bench.controlRoom.dispatch(id, JOB);
  await clock.runUntil(START_MS + 120_000);
  const stopped = bench.stop();
  await clock.runUntil(START_MS + 121_000);
  await stopped;
  return entry.steps;
}

test('a unit sounds and answers as one on the bench does, at the same times', async () => {
  const expected = await onBench();
  const { clock, controlRoom, fleet, pass, alarms, close } = await city(1, 1, { slotMs: 4000 });
  const unit = fleet.unit('u0');
  unit.onAlarm((atMs) => {
    clock.after(atMs + 3000 - clock.nowMs(), () => unit.hold('accept'));
  });
  fleet.powerOn(0);
  await pass(60);
  const sentAtMs = clock.nowMs();
  unit.attend();
  const { steps } = controlRoom.dispatch('u0', JOB);
  await pass(30);
  assert.equal(Object.keys(steps).sort(), Object.keys(expected).sort());
  for (const [step, ms] of Object.entries(expected)) {
    // Two ways through the air of up to 120 ms, and a slot.
    const apartMs = Math.abs((steps[step] as number) - ms);
    assert.ok(apartMs <= 200 + ATTENDED_SLOT_MS, `${step}: ${steps[step]} ms, on the bench ${ms}`);
  }
  const [alarm] = alarms;
  const airMs = (alarm?.[1] as number) - sentAtMs;
  assert.ok(airMs >= 30 && airMs <= 120, `sounds after ${airMs} ms`);
  assert.is(unit.alarms.sounding, false);
  await close();
});

test('what comes to an idle unit comes to the millisecond, though it is run behind the world', async () => {
  const { clock, controlRoom, fleet, pass, alarms, close } = await city(5, 1, {
    slotMs: LONGEST_SLOT_MS,
  });
  fleet.powerOn(0);
  await pass(61.234);
  const sentAtMs = clock.nowMs();
  for (const id of fleet.units.keys()) controlRoom.dispatch(id, JOB);
  await pass(LONGEST_SLOT_MS / 1000);
  assert.is(alarms.length, 5);
  for (const [unit, atMs] of alarms) {
    const airMs = atMs - sentAtMs;
    assert.ok(airMs >= 30 && airMs <= 120, `${unit} sounds after ${airMs} ms`);
  }
  await close();
});

test('in slots of the longest kind neither a unit nor its broker takes the other for dead', async () => {
  const { controlRoom, fleet, pass, seen, close } = await city(60, 2, { slotMs: LONGEST_SLOT_MS });
  // Each begins elsewhere in a slot.
  fleet.powerOn(LONGEST_SLOT_MS);
  await pass(1200);
  const count = (name: string) => seen.filter((what) => what.endsWith(name)).length;
  assert.is(count(' birth'), 60);
  assert.is(count(' death'), 0);
  const health = controlRoom.units.get('u1')?.latest['health'];
  assert.is(health?.['connections'], 1);
  // One that is dead is told of all the same.
  fleet.unit('u7').powerOff();
  await pass(120);
  assert.is(count(' death'), 1);
  assert.is(controlRoom.units.get('u7')?.alive, false);
  await close();
});

test('a receiver that saves power: seldom while it stands, and no fix is lost', async () => {
  const { controlRoom, fleet, pass, close } = await city(1, 3, {
    members: [{ ...member(0), fixPeriodS: 20 }],
  });
  const unit = fleet.unit('u0');
  let epochs = 0;
  const receiver = unit.receiver as unknown as { line: (bytes: string) => void };
  const { line } = receiver;
  receiver.line = (bytes) => (epochs++, line(bytes));
  const epochsIn = async (seconds: number) => {
    epochs = 0;
    await pass(seconds);
    return epochs;
  };
  fleet.powerOn(0);
  await pass(120);
  assert.is(await epochsIn(600), 30);
  unit.attend();
  const stirred = await epochsIn(60);
  assert.ok(stirred >= STANDING_EPOCHS && stirred <= 9, `${stirred} epochs after it was stirred`);
  unit.place({ latitude: 51.6, longitude: 0.2 });
  await pass(600);
  const position = controlRoom.units.get('u0')?.latest['position'];
  assert.is(position?.['latitudeE7'], 516_000_000);
  assert.is(position?.['fix'], Fix.gps);
  assert.is.not(position?.['reason'], PositionReason.fixGained, 'it was never lost');
  await close();
});

test('it tells where it is; at the longest period of its receiver no fix is lost', async () => {
  const { controlRoom, fleet, pass, close } = await city(2, 1);
  const reasons: unknown[] = [];
  fleet.powerOn(0);
  await pass(60);
  fleet.unit('u1').place({ latitude: 51.6, longitude: 0.2 });
  for (let minute = 0; minute < 10; minute++) {
    await pass(60);
    reasons.push(controlRoom.units.get('u1')?.latest['position']?.['reason']);
  }
  const position = controlRoom.units.get('u1')?.latest['position'];
  assert.is(position?.['fix'], Fix.gps);
  assert.is(position?.['latitudeE7'], 516_000_000);
  assert.is(position?.['longitudeE7'], 2_000_000);
  assert.not.ok(reasons.includes(PositionReason.fixLost));
  await close();
});

test('limits of slot and receiver, at each and one beyond', async () => {
  const clock = new SimulatedClock(START_MS);
  const network = await simulatedNetwork(clock);
  const options = { clock, network, bundle, random: new Random(1) };
  const make = (some: Partial<FleetMember>, slotMs: number) =>
    new Fleet({ ...options, members: [{ ...member(0), ...some }], slotMs }).stop();
  const { length } = [
    ...[20, 21, LONGEST_SLOT_MS - 1, LONGEST_SLOT_MS].map((slotMs) => make({}, slotMs)),
    ...[100, 101, LONGEST_EPOCH_MS - 1, LONGEST_EPOCH_MS, null].map((epochMs) =>
      make({ epochMs }, 1000),
    ),
  ];
  assert.is(length, 9);
  assert.is(ATTENDED_SLOT_MS, 20);
  const refused = (making: () => unknown, message: string) =>
    assert.throws(making, (error: Error) => {
      return error instanceof UserError && error.message.includes(message);
    });
  refused(() => make({}, 19), 'slotMs: expected 20 to 40000, found 19');
  refused(() => make({}, LONGEST_SLOT_MS + 1), 'slotMs: expected 20 to 40000, found 40001');
  refused(() => make({ epochMs: 99 }, 1000), 'u0: epochMs: expected 100 to 4000, found 99');
  refused(() => make({ epochMs: 4001 }, 1000), 'u0: epochMs: expected 100 to 4000, found 4001');
  refused(() => new Fleet({ ...options, members: [member(0), member(0)] }), 'have the id u0');
  await network.close();
});

test.run();
