/** Every scenario of the project, on the bench in simulated time. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { runScenario } from '../../host-sim/scenarios/runner.js';
import { readScenario } from '../../host-sim/scenarios/schema.js';
import { ROOT } from '../support/cli.js';

const test = suite('scenarios (L2, L3, L4, CR-044)');
const folder = join(ROOT, 'host-sim/scenarios');
const names = readdirSync(folder).filter((name) => name.endsWith('.json'));
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
    steps.map(([step]) => step),
    ['sent', 'queued', 'verified', 'sounding', 'seen', 'acknowledged', 'accepted'],
  );
  const times = steps.map(([, ms]) => ms);
  assert.equal(
    times,
    [...times].sort((a, b) => a - b),
  );
  // One way through the radio is 30 to 120 ms, and the unit takes no simulated time.
  const ms = dispatch?.brokerToSounderMs ?? -1;
  assert.ok(ms >= 30 && ms <= 120, String(ms));
});

test.run();
