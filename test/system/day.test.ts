/**
 * A day on a vehicle: what the control room learnt in it is, to the letter, the file that a person
 * has read. Where the unit has changed for good, the new one is made by
 * `npm run -s sim -- run day --ledger > test/fixtures/day/expected.txt`, and read before it is kept.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { runScenario, type RunResult } from '../../host-sim/scenarios/runner.js';
import { readScenario } from '../../host-sim/scenarios/schema.js';
import { Random } from '../../host-sim/world/random.js';
import { createTrack } from '../../host-sim/world/track.js';
import { ROOT } from '../support/cli.js';

const test = suite('a day on a vehicle (L3, L5, N8)');
const scenario = readScenario(join(ROOT, 'host-sim/scenarios/day.json'));
const bundle = loadBundle();

function allPass({ checks, seed }: RunResult): void {
  const failed = checks.filter((check) => !check.ok);
  assert.equal(failed, [], `sim run day --seed ${seed}`);
}

test('the ledger is the expected one, and every check passes', async () => {
  const result = await runScenario(scenario, { bundle });
  const expected = readFileSync(join(ROOT, 'test/fixtures/day/expected.txt'), 'utf8');
  assert.fixture(result.ledger.join('\n') + '\n', expected);
  allPass(result);
});

test('with another seed every check passes too', async () => {
  allPass(await runScenario(scenario, { bundle, seed: 20260115 }));
});

const HOME = { latitude: 51.4571, longitude: 0.1459 };
const PLACE = { latitude: 51.4639, longitude: 0.1372 };

test('a vehicle that is sent to a place arrives there, without a jump, and stays', () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const track = createTrack({ ...HOME, pattern: 'patrol' }, new Random(seed));
    track.drive(600_500, { pattern: 'parked', to: PLACE, speedKmh: 60 });
    for (let ms = 590_000; ms < 900_000; ms += 100) {
      const [a, b] = [track.at(ms), track.at(ms + 100)];
      assert.ok(metres(a, b) < 1.7, `jump of ${metres(a, b)} m at ${ms} ms`);
      assert.ok(a.speedMPerS < 60 / 3.6 + 0.001);
    }
    assert.ok(metres(track.at(900_000), PLACE) < 1);
    assert.equal(track.at(1e9), track.at(900_000));
  }
});

test('sent on patrol it stays near to where it was sent, and parked where it is it brakes', () => {
  const track = createTrack({ ...HOME, pattern: 'parked' }, new Random(1));
  track.drive(60_000, { pattern: 'patrol', to: PLACE });
  const far = [300, 600, 1200, 2400].map((s) => metres(track.at(s * 1000), PLACE));
  assert.ok(far.every((m) => m < 4000) && far.some((m) => m > 100), String(far));
  const late = track.at(2_500_000);
  track.drive(2_500_000, { pattern: 'parked' });
  assert.ok(metres(track.at(2_600_000), late) < 50);
  assert.not(track.at(2_600_000).moving);
});

test('a drive is the same whatever was asked before it', () => {
  const [a, b] = [1, 2].map(() => createTrack({ ...HOME, pattern: 'patrol' }, new Random(7)));
  a!.at(5_000_000);
  for (const track of [a!, b!]) track.drive(600_000, { pattern: 'patrol', to: PLACE });
  for (let ms = 0; ms < 2_000_000; ms += 50_000) assert.equal(a!.at(ms), b!.at(ms));
});

interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

function metres(a: Point, b: Point): number {
  const east = (b.longitude - a.longitude) * Math.cos((a.latitude * Math.PI) / 180);
  return Math.hypot(east, b.latitude - a.latitude) * 111_320;
}

test.run();
