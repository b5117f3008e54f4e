/** Every scenario of the project, on the bench in simulated time; `day.test.ts` has the longest. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { runScenario } from '../../host-sim/scenarios/runner.js';
import { readScenario } from '../../host-sim/scenarios/schema.js';
import { ROOT } from '../support/cli.js';

const test = suite('scenarios (L2, L3, L4, CR-044)');
const folder = join(ROOT, 'host-sim/scenarios');
const names = readdirSync(folder).filter((name) => /\.json$/.test(name) && name !== 'day.json');
const bundle = loadBundle();

for (const name of names) {
  const scenario = readScenario(join(folder, name));
  for (const seed of [scenario.seed, 2, 3, 20260302]) {
    test(`${scenario.name}, seed ${seed}: every check passes`, async () => {
      const result = await runScenario(scenario, { bundle, seed });
      const failed = result.checks.filter((check) => !check.ok);
      assert.equal(failed, [], `sim run ${scenario.name} --seed ${seed}`);
      assert.ok(result.checks.length > 0);
    });
  }

  test(`${scenario.name}: two runs with one seed print the same JSON`, async () => {
    const first = JSON.stringify(await runScenario(scenario, { bundle, seed: 5 }));
    const second = JSON.stringify(await runScenario(scenario, { bundle, seed: 5 }));
    assert.is(first, second);
  });
}

test('another seed is another run', async () => {
  const scenario = readScenario(join(folder, 'spine.json'));
  const [one, two] = [
    await runScenario(scenario, { bundle, seed: 1 }),
    await runScenario(scenario, { bundle, seed: 2 }),
  ];
  assert.not.equal(one.dispatches, two.dispatches);
});

test('the steps of a dispatch come in their order, and the pin follows the broker', async () => {
  const result = await runScenario(readScenario(join(folder, 'spine.json')), { bundle });
  const [dispatch] = result.dispatches;
  const steps = Object.entries(dispatch?.steps ?? {});
  assert.equal(
    steps.map(([step]) => step).filter((step) => step !== 'accepted'),
    ['sent', 'queued', 'verified', 'sounding', 'seen', 'acknowledged'],
  );
  // The crew's word and the unit's receipt for it come in either order.
  assert.ok(Number(dispatch?.steps['accepted']) >= Number(dispatch?.steps['seen']));
  const times = steps.map(([, ms]) => ms);
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
  // One way through the radio is 30 to 120 ms, and the unit takes no simulated time.
  const ms = dispatch?.brokerToSounderMs ?? -1;
  assert.ok(ms >= 30 && ms <= 120, String(ms));
});

/** A scenario of one parked unit with these events, as it is read. */
function read(...events: object[]) {
  const at = { pattern: 'parked', latitude: 51.5, longitude: 0 };
  const units = [{ id: 'a', callSign: 'A', track: at, crew: { answer: 'none', afterS: 0 } }];
  const scenario = { name: 'one', about: '', startAt: '2026-01-15T18:00:00Z', durationS: 90 };
  const path = mkdtempSync(join(tmpdir(), 'scenario-'));
  try {
    const file = join(path, 'one.json');
    writeFileSync(file, JSON.stringify({ ...scenario, units, events, checks: [] }));
    return readScenario(file);
  } finally {
    rmSync(path, { recursive: true });
  }
}

test('when something happens is told in seconds from the start, or by the clock', () => {
  const sky = { do: 'sky', unit: 'a', visible: false };
  const { events } = read(
    { ...sky, atS: 5 },
    { ...sky, at: '18:00:00' },
    { ...sky, at: '18:01:02' },
    { ...sky, at: '17:59:59' },
  );
  assert.equal(
    events.map(({ atS }) => atS),
    [5, 0, 62, 86_399],
  );
  assert.throws(() => read({ ...sky, at: 'noon' }), /events\.0/);
  assert.throws(() => read(sky), /events\.0\.atS/);
});

test('what cannot be done is refused when the scenario is read', () => {
  const of = (does: string, rest: object) => ({ do: does, unit: 'a', atS: 1, ...rest });
  const refused: readonly [object, RegExp][] = [
    [of('config', { settings: { volumePercent: 29 } }), /volumePercent/],
    [of('config', { settings: { version: 2 } }), /version/],
    [of('config', { settings: { loudness: 50 } }), /loudness/],
    [of('command', { command: 'rotateKeys' }), /command/],
    [of('press', { button: 'red' }), /button/],
    [of('drive', { pattern: 'parked', to: { latitude: 91, longitude: 0 } }), /latitude/],
    [{ do: 'update', atS: 1, dispatch: 0, note: '' }, /there are 0/],
  ];
  for (const [event, why] of refused) assert.throws(() => read(event), why);
});

test('settings and presses do what they say', async () => {
  const scenario = read(
    { do: 'config', unit: 'a', atS: 5, settings: { aedProfile: 2, patrolPeriodS: 30 } },
    { do: 'press', unit: 'a', atS: 10, button: 'accept' },
    { do: 'press', unit: 'a', atS: 12, button: 'accept', forS: 1.3 },
    { do: 'press', unit: 'a', atS: 20, button: 'both', forS: 5.5 },
    { do: 'aed', unit: 'a', atS: 35, seated: false },
  );
  const { units, ledger } = await runScenario(
    {
      ...scenario,
      checks: [
        { kind: 'status', id: 'status', unit: 'a', status: 'unavailable' },
        { kind: 'self-tests', id: 'self-tests', unit: 'a', count: 1 },
        { kind: 'outcomes', id: 'outcomes', are: ['none'] },
        { kind: 'readiness', id: 'readiness', unit: 'a', readiness: 'unknown', reasons: [] },
      ],
    },
    { bundle },
  );
  assert.is(units[0]?.alarms, 0);
  assert.ok(ledger.some((line) => line.endsWith('sent config 1: patrolPeriodS 30, aedProfile 2')));
});

test.run();
