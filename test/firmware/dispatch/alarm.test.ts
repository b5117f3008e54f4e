/** The alarm sounds at once and until it is stopped, in its pattern, whatever blocks meanwhile. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  createAlarm,
  holdAlarm,
  runAlarm,
  startAlarm,
  stopAlarm,
} from '../../../firmware/dispatch/alarm.js';
import { DISPATCH_PATTERN } from '../../../firmware/dispatch/patterns.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { FakeClock, FakeOutputs } from '../../support/fake-ports.js';

const PERIOD_MS = 10000;

function fitted() {
  const clock = new FakeClock(123456);
  const outputs = new FakeOutputs(clock);
  const alarm = createAlarm(outputs, DISPATCH_PATTERN);
  /** Runs the alarm whenever it wants to, as its task does. */
  const play = (ms: number): void => {
    const untilMs = clock.nowMs() + ms;
    while (clock.nowMs() < untilMs) {
      const delayMs = runAlarm(alarm, clock.nowMs());
      assert.ok(delayMs > 0 && delayMs <= 1000, `asks to run again in ${delayMs} ms`);
      clock.advance(Math.min(delayMs, untilMs - clock.nowMs()));
    }
  };
  const changesOf = (what: string) => outputs.changes.filter((change) => change.what === what);
  return { clock, outputs, alarm, play, changesOf };
}

/** Times between one change and the next. */
function gaps(changes: readonly { atMs: number }[]): number[] {
  return changes.slice(1).map((change, i) => change.atMs - (changes[i]?.atMs as number));
}

test('is silent and dark until it is started', () => {
  const { alarm, outputs, play } = fitted();
  play(5000);
  holdAlarm(alarm, 128456);
  assert.equal(outputs.changes, []);
});

test('sounds and lights at once, within the call that starts it', () => {
  const { alarm, clock, outputs } = fitted();
  startAlarm(alarm, clock.nowMs());
  assert.is(outputs.frequencyHz, DISPATCH_PATTERN.frequencyHz);
  assert.is(outputs.lit[Lamp.red], true);
});

test('plays two bursts of 3 + 2 pulses, and again every 10 s, for as long as it is on', () => {
  const { alarm, clock, play, changesOf } = fitted();
  assert.is(
    DISPATCH_PATTERN.stepsMs.reduce((sum, ms) => sum + ms, 0),
    PERIOD_MS,
  );
  startAlarm(alarm, clock.nowMs());
  play(3600 * 1000);
  const sounds = changesOf('sound');
  assert.is(sounds.length, 360 * DISPATCH_PATTERN.stepsMs.length);
  sounds.forEach((sound, i) => assert.is(sound.value, i % 2 === 0 ? 880 : 0));
  const steps = DISPATCH_PATTERN.stepsMs;
  gaps(sounds).forEach((gap, i) => assert.is(gap, steps[i % steps.length], `step ${i}`));
});

test('the red lamp flashes at 2 Hz, below the 2.8 Hz of strobes', () => {
  const { alarm, clock, play, changesOf } = fitted();
  startAlarm(alarm, clock.nowMs());
  play(60000);
  const flashes = changesOf('red').filter((change) => change.value === true);
  assert.is(flashes.length, 120);
  for (const gap of gaps(flashes)) assert.is(gap, 500);
});

test('a second dispatch does not disturb an alarm that is on', () => {
  const once = fitted();
  startAlarm(once.alarm, once.clock.nowMs());
  once.play(20000);
  const twice = fitted();
  startAlarm(twice.alarm, twice.clock.nowMs());
  for (let i = 0; i < 20; i++) {
    twice.play(730);
    startAlarm(twice.alarm, twice.clock.nowMs());
  }
  twice.play(20000 - 20 * 730);
  assert.equal(twice.outputs.changes, once.outputs.changes);
});

test('stops at once, in tone and in silence, and can start again', () => {
  for (const afterMs of [50, 200, 3000]) {
    const { alarm, clock, outputs, play } = fitted();
    startAlarm(alarm, clock.nowMs());
    play(afterMs);
    stopAlarm(alarm);
    assert.is(outputs.frequencyHz, 0);
    assert.is(outputs.lit[Lamp.red], false);
    const changes = outputs.changes.length;
    play(20000);
    assert.is(outputs.changes.length, changes, 'nothing moves while it is off');
    startAlarm(alarm, clock.nowMs());
    assert.is(outputs.frequencyHz, 880);
    assert.is(outputs.lit[Lamp.red], true);
  }
});

test('held before something that blocks, it sounds and is lit, whatever it was doing', () => {
  for (const afterMs of [0, 100, 200, 260, 3000, 9999]) {
    const { alarm, clock, outputs, play } = fitted();
    startAlarm(alarm, clock.nowMs());
    play(afterMs);
    holdAlarm(alarm, clock.nowMs());
    clock.block(40000);
    assert.is(outputs.frequencyHz, 880);
    assert.is(outputs.lit[Lamp.red], true);
    play(100);
    assert.is(alarm.on, true);
  }
});

test('held in the pause where nothing blocks after all, the pattern begins anew', () => {
  const { alarm, clock, play, changesOf } = fitted();
  startAlarm(alarm, clock.nowMs());
  play(5000);
  const heldMs = clock.nowMs();
  holdAlarm(alarm, heldMs);
  play(20000);
  const sounds = changesOf('sound').filter((change) => change.atMs >= heldMs);
  const steps = DISPATCH_PATTERN.stepsMs;
  assert.is(sounds[0]?.atMs, heldMs);
  gaps(sounds).forEach((gap, i) => assert.is(gap, steps[i % steps.length], `step ${i}`));
});

test('run late, it goes on with the next step and does not catch up', () => {
  const { alarm, clock, outputs, play } = fitted();
  startAlarm(alarm, clock.nowMs());
  clock.block(47000);
  const before = outputs.changes.length;
  play(1);
  assert.ok(outputs.changes.length <= before + 2, 'one step and one flash');
  const changes = outputs.changes.length;
  play(10000);
  assert.ok(outputs.changes.length > changes + 40);
});

test.run();
