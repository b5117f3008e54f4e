/** Law 1: the bytes that the bench runs are the bytes that would be flashed. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { esp32DevKit } from '../../firmware/boards/esp32-devkit.js';
import { createLoneUnit } from '../../host-sim/bench/lone-unit.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { wiring } from '../../host-sim/world/wiring.js';
import { ROOT } from '../support/cli.js';

const test = suite('one bundle');

test('the stand-in loads exactly the bytes of firmware/dist/unit.js', () => {
  const bytes = readFileSync(join(ROOT, 'firmware/dist/unit.js'));
  const bundle = loadBundle();
  assert.ok(bundle.bytes.equals(bytes));
  assert.is(bundle.sha256, createHash('sha256').update(bytes).digest('hex'));
});

test('a virtual vehicle is wired as the board says that is in the bundle', async () => {
  const { host } = await createLoneUnit(loadBundle());
  const board = esp32DevKit();
  assert.is(host.inspect('boardName'), board.name);
  assert.is(board.sounder, wiring.sounder);
  assert.equal(board.lamps, [wiring.redLamp, wiring.amberLamp, wiring.greenLamp]);
  const { acceptButton, declineButton, bracketSwitch, indicatorSensor } = wiring;
  assert.equal(board.inputs, [acceptButton, declineButton, bracketSwitch, indicatorSensor]);
  assert.is(board.thermistor, wiring.thermistor);
  host.cutPower();
});

test.run();
