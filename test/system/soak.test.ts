/** A small part of `npm run soak`: on the interpreter, with the variables that an ESP32 has. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';
import { cutPowerAtInstants, soakDispatches } from '../support/soak.js';

const test = suite('soak');
const interpreter = findInterpreter();
const SEED = 20_260_819;
/** Jobs that the desk remembers, and garbage of the first minutes. */
const SETTLED = 100;
/** Numbers that are no small integers, and texts of differing lengths. */
const PLAY_VARIABLES = 12;

const constant = 'after 300 dispatches the same variables are in use as after 100';
const cuts = `power cuts in dispatch and boot: armed, and sounding again (seed ${SEED}, CR-040, CR-042)`;

if (interpreter === null) {
  console.log('soak: left out, the environment has no ESPRUINO');
  test.skip(constant, () => {});
  test.skip(cuts, () => {});
} else {
  test(constant, async () => {
    const samples = await soakDispatches({ interpreter, count: 300, every: 50 });
    const used = samples.filter(({ at }) => at >= SETTLED).map(({ inUse }) => inUse);
    const [first = NaN] = used;
    for (const inUse of used) {
      assert.ok(Math.abs(inUse - first) <= PLAY_VARIABLES, used.join(' '));
    }
  });

  test(cuts, async () => {
    const told = await cutPowerAtInstants({ interpreter, cuts: 10, seed: SEED });
    assert.is(told.inDispatch + told.inBoot, 10);
  });
}

test.run();
