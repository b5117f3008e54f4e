/**
 * Memory runs out at every point of what a unit does: the whole bundle on the stand-in, which
 * abandons its code at the n-th call to the device. Afterwards the alarm sounds and all tasks beat.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Exhaustion, RestartCause } from '../../../protocol/codes.js';
import { Bench } from '../../../host-sim/bench/bench.js';
import { simulatedNetwork } from '../../../host-sim/bench/networks.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import type { ScenarioUnit } from '../../../host-sim/scenarios/schema.js';
import { demoUnits } from '../../../host-sim/scenarios/demo.js';

const test = suite('exhaustion (CR-042, CR-086)');
const bundle = loadBundle();
const JOB = { ambulanceReference: 'LAS-1', latitude: 51.5, longitude: 0, address: '1 High Street' };
const START_MS = Date.UTC(2026, 2, 2, 10);
const SEED = 4;
/** A second sentence closes the epoch of the first. */
const SENTENCE = '$GPRMC,100010.00,A,5130.00,N,00007.50,W,0.0,,020326,,,A*62\r\n';

type Rig = Awaited<ReturnType<typeof rig>>;

async function rig() {
  const clock = new SimulatedClock(START_MS);
  const network = await simulatedNetwork(clock);
  const units: ScenarioUnit[] = [
    { ...(demoUnits(1)[0] as ScenarioUnit), id: 'u1', crew: { answer: 'none', afterS: 1 } },
  ];
  const bench = new Bench({ clock, random: new Random(SEED), network, bundle, units });
  const run = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  const vehicle = bench.vehicle('u1');
  const restarts: string[] = [];
  vehicle.host.onEvent(({ kind }) => {
    if (kind === 'reboot' || kind === 'watchdog') restarts.push(kind);
  });
  await run(0);
  // Without its receiver, so that only what the test does makes calls.
  vehicle.host.powerOn();
  await run(10_000);
  assert.is(bench.controlRoom.units.get('u1')?.alive, true, 'connected');
  return { bench, clock, network, vehicle, restarts, run };
}

async function close({ bench, run }: Rig): Promise<void> {
  const stopped = bench.stop();
  await run(1000);
  await stopped;
}

/** Tasks that have not finished a run in time. */
function lateTasks({ vehicle }: Rig): number {
  const late = `function (lateMs) { return !(getTime() * 1000 <= lateMs); }`;
  const lateMs = bundle.names.shorten('tasks.lateMs');
  return vehicle.host.evaluate(`unit.${lateMs}.filter(${late}).length`) as number;
}

/** Exhaustion at every call, up to more than it takes. */
async function atEveryCall(
  mostCalls: number,
  happen: (rig: Rig, calls: number) => Promise<void>,
  after: (rig: Rig, shown: string) => Promise<void>,
): Promise<void> {
  for (let calls = 0; calls <= mostCalls; calls++) {
    const unit = await rig();
    await happen(unit, calls);
    await after(unit, `call ${calls}`);
    await close(unit);
  }
}

test('in the taking of a dispatch: it sounds, and every task beats', () =>
  atEveryCall(
    80,
    async (unit, calls) => {
      let isFirst = true;
      unit.network.onPublishSent((topic) => {
        if (isFirst && topic.endsWith('/down')) unit.vehicle.host.exhaust(calls);
        isFirst = false;
      });
      unit.bench.controlRoom.dispatch('u1', JOB);
      await unit.run(60_000);
    },
    async (unit, shown) => {
      assert.ok(unit.vehicle.alarms.sounding, `${shown}: silent`);
      await unit.run(120_000);
      assert.ok(unit.vehicle.alarms.sounding, `${shown}: silent in the end`);
      assert.is(lateTasks(unit), 0, shown);
    },
  ));

test('in the callback of the GPS line: a dispatch sounds, the line is heard again', () =>
  atEveryCall(
    25,
    async (unit, calls) => {
      unit.vehicle.host.feedSerial(SENTENCE);
      unit.vehicle.host.exhaust(calls);
      unit.vehicle.host.feedSerial(SENTENCE);
      await unit.run(30_000);
      const heard = () => unit.vehicle.host.inspect('receiver.used') as number;
      const before = heard();
      unit.vehicle.host.feedSerial(SENTENCE);
      await unit.run(100);
      assert.is(heard(), before + 1, `call ${calls}: deaf`);
      unit.bench.controlRoom.dispatch('u1', JOB);
      await unit.run(30_000);
    },
    async (unit, shown) => {
      assert.ok(unit.vehicle.alarms.sounding, `${shown}: silent`);
      assert.is(lateTasks(unit), 0, shown);
    },
  ));

// The contact counts when it has been still for 50 ms, and the hold a second later.
for (const [what, afterMs] of [
  ['in the callback of a button', 49],
  ['as a hold is taken', 1049],
] as const) {
  test(`CR-049: ${what}: the crew can still answer, and it is told`, () =>
    atEveryCall(
      100,
      async (unit, calls) => {
        unit.bench.controlRoom.dispatch('u1', JOB);
        await unit.run(3000);
        assert.ok(unit.vehicle.alarms.sounding);
        unit.vehicle.hold('accept');
        await unit.run(afterMs);
        unit.vehicle.host.exhaust(calls);
        await unit.run(20_000);
        if (unit.vehicle.alarms.sounding) unit.vehicle.hold('accept');
        // What was given to the socket in vain goes again with the next connection.
        await unit.run(45_000);
      },
      async (unit, shown) => {
        assert.not.ok(unit.vehicle.alarms.sounding, `${shown}: sounds on`);
        const steps = unit.bench.controlRoom.ledger.entries[0]?.steps ?? {};
        assert.ok('acknowledged' in steps && 'accepted' in steps, `${shown}: not told`);
      },
    ));
}

test('in the heartbeat: the next that comes, or the watchdog, brings it back', () =>
  atEveryCall(
    40,
    async (unit, calls) => {
      unit.vehicle.host.exhaust(calls);
      await unit.run(20_000);
      unit.bench.controlRoom.dispatch('u1', JOB);
      await unit.run(200_000);
    },
    async (unit, shown) => {
      assert.ok(unit.vehicle.alarms.sounding, `${shown}: silent`);
      assert.is(lateTasks(unit), 0, shown);
    },
  ));

test('what ran out is told, and still after a power cut (CR-086)', async () => {
  const unit = await rig();
  unit.vehicle.host.exhaust(3);
  await unit.run(320_000);
  const told = () => unit.bench.controlRoom.units.get('u1')?.latest['health'];
  assert.is((told()?.['ranOut'] as number) & Exhaustion.memory, Exhaustion.memory);
  assert.is(told()?.['restartCause'], RestartCause.powerOn);
  unit.vehicle.host.cutPower();
  unit.vehicle.host.powerOn();
  await unit.run(60_000);
  assert.is((told()?.['ranOut'] as number) & Exhaustion.memory, Exhaustion.memory);
  assert.is(told()?.['exhaustions'], 0);
  await close(unit);
});

test.run();
