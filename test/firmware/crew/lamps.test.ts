/** Green is armed, amber is not, and there is never both or neither, but for a show or a blink. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LampShow, createLamps, runLamps, showArmed } from '../../../firmware/crew/lamps.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { FakeClock, FakeOutputs } from '../../support/fake-ports.js';

function fitted() {
  const clock = new FakeClock();
  const outputs = new FakeOutputs(clock);
  const lamps = createLamps(outputs);
  /** What is lit in each of these seconds: green, amber. */
  const watch = (seconds: number, show: number = LampShow.none): string => {
    let seen = '';
    for (let i = 0; i < seconds; i++) {
      runLamps(lamps, show, clock.nowMs());
      const [, amber, green] = outputs.lit;
      seen += amber && green ? 'b' : green ? 'g' : amber ? 'a' : '-';
      clock.advance(1000);
    }
    return seen;
  };
  return { clock, outputs, lamps, watch };
}

test('the first look decides, whatever the lamps showed at boot', () => {
  for (const armed of [true, false]) {
    const { outputs, lamps, watch } = fitted();
    outputs.light(Lamp.amber, true);
    assert.is(watch(2), 'aa', 'nothing is known yet');
    showArmed(lamps, armed);
    assert.is(outputs.lit[Lamp.green], armed);
    assert.is(outputs.lit[Lamp.amber], !armed);
  }
});

test('exactly one of green and amber is lit after every change', () => {
  const { outputs, lamps } = fitted();
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
  for (let i = 0; i < 10; i++) {
    showArmed(lamps, true);
    runLamps(lamps, LampShow.none, i * 1000);
  }
  assert.is(writes, 2);
});

test('CR-074: the control room is away: amber blinks at 0.5 Hz, and is lit at once', () => {
  const { clock, outputs, lamps, watch } = fitted();
  clock.advance(1000);
  showArmed(lamps, true);
  showArmed(lamps, false, true);
  assert.is(outputs.lit[Lamp.amber], true);
  assert.match(watch(10), /^(a-|-a){5}$/);
  showArmed(lamps, false, false);
  assert.is(watch(4), 'aaaa');
  showArmed(lamps, true, false);
  assert.is(watch(4), 'gggg');
});

test('the link is lost while amber is dark: it is lit in that call', () => {
  const { clock, outputs, lamps, watch } = fitted();
  showArmed(lamps, false, true);
  while (outputs.lit[Lamp.amber]) watch(1);
  showArmed(lamps, false);
  assert.is(outputs.lit[Lamp.amber], true);
  clock.block(60000);
  assert.is(outputs.lit[Lamp.amber], true);
});

test('a self-test lights both, a unit that is looked for blinks with both, and then all is as it was', () => {
  for (const armed of [true, false]) {
    const { lamps, watch } = fitted();
    showArmed(lamps, armed);
    assert.is(watch(3, LampShow.test), 'bbb');
    assert.match(watch(6, LampShow.locate), /^(b-|-b){3}$/);
    assert.is(watch(2), armed ? 'gg' : 'aa');
  }
});

test.run();
