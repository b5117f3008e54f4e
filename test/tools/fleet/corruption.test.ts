/** Seeded corruptions of lists, fleet folders and captures. FLEET_RUNS asks for more of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { searchCorruptions } from '../../support/fleet-corruption.js';

const RUNS = Number(process.env['FLEET_RUNS'] ?? 150);
const SEED = Number(process.env['FLEET_SEED'] ?? 1);

const test = suite('fleet corruption');

test(`${RUNS} corruptions from seed ${SEED}: taken whole, or a clear error`, () => {
  const tally = searchCorruptions(SEED, RUNS);
  if (process.env['FLEET_RUNS']) console.log(tally);
  const refused = Object.entries(tally).filter(([outcome]) => !outcome.endsWith('taken'));
  const count = refused.reduce((sum, [, times]) => sum + times, 0);
  // A search whose corruptions do no harm would find nothing.
  assert.ok(count > RUNS / 3, JSON.stringify(tally));
});

test.run();
