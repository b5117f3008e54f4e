/** Green is armed, amber is not, and there is never both or neither. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createLamps, showArmed } from '../../../firmware/crew/lamps.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { FakeClock, FakeOutputs } from '../../support/fake-ports.js';

test('the first look decides, whatever the lamps showed at boot', () => {
  for (const armed of [true, false]) {
    const outputs = new FakeOutputs(new FakeClock());
    outputs.light(Lamp.amber, true);
    showArmed(createLamps(outputs), armed);
    assert.is(outputs.lit[Lamp.green], armed);
    assert.is(outputs.lit[Lamp.amber], !armed);
  }
});

test('exactly one of green and amber is lit after every change', () => {
  const outputs = new FakeOutputs(new FakeClock());
  const lamps = createLamps(outputs);
  for (const armed of [false, true, true, false, false, true]) {
    showArmed(lamps, armed);
    assert.is(outputs.lit[Lamp.green], armed);
    assert.is(outputs.lit[Lamp.amber], !armed);
  }
});

test('the lamps are not written while nothing changes, and red is left alone', () => {
  let writes = 0;
  const lamps = createLamps({
    sound: () => assert.unreachable('no sound'),
    light: (lamp) => {
      assert.is.not(lamp, Lamp.red);
      writes++;
    },
  });
  for (let i = 0; i < 10; i++) showArmed(lamps, true);
  assert.is(writes, 2);
});

test.run();
