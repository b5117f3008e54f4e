/** What is heard and seen of a dispatch on the whole unit, second by second. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LEAST_PERCENT, Urgency } from '../../../firmware/dispatch/alarm.js';
import { answerJob, closeJob, seenJob } from '../../../firmware/dispatch/desk.js';
import { JobPhase } from '../../../firmware/dispatch/job.js';
import { DISPATCH_HZ, Pattern } from '../../../firmware/dispatch/patterns.js';
import { play, selfTest, setAlert } from '../../../firmware/fitting/alarm-and-desk.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { Exhausted } from '../../support/fake-ports.js';
import { Bench } from '../../support/sealed.js';
import { notesOf } from './notes.js';

const SETTINGS = { volumePercent: 50, louderAfterS: 20, unansweredAfterS: 40 };

/** A unit that is armed, and has nothing else to sound for. */
function armed(): Bench {
  const bench = new Bench(undefined, undefined, (ports) => ports.inputs.set(Input.bracket, true));
  bench.opened().hello();
  bench.ports.clock.advance(1500);
  assert.equal(bench.ports.outputs.lit, [false, false, true]);
  bench.told();
  return bench;
}

/** The frequencies that begin to sound in the next milliseconds. */
function tones(bench: Bench, ms: number): number[] {
  const { outputs, clock } = bench.ports;
  const from = outputs.changes.length;
  clock.advance(ms);
  return outputs.changes
    .slice(from)
    .flatMap(({ what, value }) => (what === 'sound' && value !== 0 ? [value as number] : []));
}

function tonesOf(code: number): number[] {
  return notesOf(code).flatMap(([hz]) => (hz > 0 ? [hz] : []));
}

function now(bench: Bench): number {
  return bench.ports.clock.nowMs();
}

test('unseen alert escalates at 20 s and 40 s: louder, then the control room is told', () => {
  const bench = armed();
  setAlert(bench.unit, SETTINGS);
  bench.dispatch();
  bench.ports.clock.advance(19500);
  assert.is(bench.ports.outputs.volumePercent, SETTINGS.volumePercent);
  assert.equal(bench.told(), ['verified 7', 'sounding 7']);
  bench.ports.clock.advance(2000);
  assert.is(bench.ports.outputs.volumePercent, 100);
  assert.equal(bench.told(), ['louder 7']);
  bench.ports.clock.advance(18000);
  assert.equal(bench.told(), []);
  bench.ports.clock.advance(2000);
  assert.equal(bench.told(), ['unanswered 7']);
  assert.ok(
    tones(bench, 10000).every((hz) => hz === DISPATCH_HZ),
    'it sounds on',
  );
  assert.is(bench.ports.outputs.volumePercent, 100);
});

test('seen: quiet at once, a tick every 30 s, the lamp flashes on; open until its end', () => {
  const bench = armed();
  bench.dispatch();
  bench.ports.clock.advance(3000);
  seenJob(bench.unit.desk, 0, now(bench));
  assert.is(bench.ports.outputs.frequencyHz, 0);
  assert.ok(bench.unit.alarm.on);
  assert.equal(tones(bench, 90500), [...tonesOf(Pattern.tick), 440, 440]);
  const flashes = bench.ports.outputs.changes.filter((each) => each.what === 'red').length;
  assert.ok(flashes > 300);
  assert.equal(bench.told(), ['verified 7', 'sounding 7', 'seen 7']);
  bench.ports.clock.advance(600000);
  assert.equal(bench.told(), ['expired 7']);
  assert.not.ok(bench.unit.alarm.on);
  assert.is(bench.ports.outputs.lit[Lamp.red], false);
});

test('CR-042: power fails after it was seen: it sounds again, at once', () => {
  const bench = armed();
  bench.dispatch();
  seenJob(bench.unit.desk, 0, now(bench));
  bench.ports.clock.advance(5000);
  const after = bench.restarted();
  assert.is(after.ports.outputs.frequencyHz, DISPATCH_HZ);
  after.opened();
  seenJob(after.unit.desk, 7, now(after));
  assert.is(after.ports.outputs.frequencyHz, 0);
});

test('CR-042: power fails after it was answered: it is silent, and open until the crew is done', () => {
  const bench = armed();
  bench.dispatch();
  answerJob(bench.unit.desk, 7, now(bench));
  bench.ports.clock.advance(2000);
  const after = bench.restarted();
  assert.equal(tones(after, 40000), []);
  assert.equal(
    after.unit.desk.jobs.map((job) => [job.dispatchId, job.phase]),
    [[7, JobPhase.answered]],
  );
  closeJob(after.unit.desk, 7);
  after.ports.clock.advance(2000);
  const last = after.restarted();
  assert.equal([last.unit.desk.jobs, last.unit.desk.closed], [[], [7]]);
  last.opened().dispatch();
  assert.equal(tones(last, 20000), []);
  assert.equal(last.told(), ['duplicate 7']);
});

test('CR-045: a withdrawal is heard once, also by a crew that has answered', () => {
  for (const isAnswered of [false, true]) {
    const bench = armed();
    bench.dispatch();
    if (isAnswered) answerJob(bench.unit.desk, 7, now(bench));
    bench.ports.clock.advance(60000);
    const { changes } = bench.ports.outputs;
    const from = changes.length;
    bench.standDown();
    assert.is(changes.slice(from).at(-1)?.value, tonesOf(Pattern.cancel)[0], 'at once');
    assert.equal(tones(bench, 60000), tonesOf(Pattern.cancel).slice(1));
    bench.standDown();
    assert.equal(tones(bench, 60000), []);
    assert.is(bench.ports.outputs.lit[Lamp.red], false);
  }
});

test('CR-045: a withdrawal is not heard of a dispatch that has not come, nor over another one', () => {
  const bench = armed();
  bench.standDown(7);
  assert.equal(tones(bench, 60000), []);
  bench.dispatch(8);
  bench.dispatch(9);
  bench.standDown(8);
  assert.equal([...new Set(tones(bench, 60000))], [DISPATCH_HZ]);
});

test('the crew gets feedback while a dispatch is only reminded of, in time', () => {
  const bench = armed();
  assert.ok(play(bench.unit, Pattern.taken));
  assert.equal(tones(bench, 500), tonesOf(Pattern.taken).slice(1));
  assert.is(bench.ports.outputs.frequencyHz, 0);
  bench.dispatch();
  assert.not.ok(play(bench.unit, Pattern.taken));
  seenJob(bench.unit.desk, 0, now(bench));
  assert.ok(play(bench.unit, Pattern.taken));
  const [, [, secondMs]] = notesOf(Pattern.taken) as [[number, number], [number, number]];
  assert.equal(tones(bench, 50 + secondMs + 10), tonesOf(Pattern.taken).slice(1));
  assert.is(bench.ports.outputs.frequencyHz, 0);
});

test('the self-test lights all lamps, and afterwards they are as they were', () => {
  const bench = armed();
  const { outputs, clock } = bench.ports;
  assert.ok(selfTest(bench.unit));
  clock.advance(1100);
  assert.equal(outputs.lit, [true, true, true]);
  assert.ok(tones(bench, 60000).includes(DISPATCH_HZ));
  assert.equal(outputs.lit, [false, false, true]);
  assert.is(bench.unit.alarm.code, Pattern.none);
  assert.equal(bench.told(), [], 'and no dispatch is told of');
});

test('a dispatch cuts the self-test short, and is told and flashed as any', () => {
  const bench = armed();
  const { outputs, clock } = bench.ports;
  selfTest(bench.unit);
  clock.advance(5000);
  bench.dispatch();
  assert.is(outputs.frequencyHz, DISPATCH_HZ);
  clock.advance(1100);
  assert.equal(outputs.lit.slice(1), [false, true]);
  assert.not.ok(selfTest(bench.unit));
  assert.equal([...new Set(tones(bench, 20000))], [DISPATCH_HZ]);
  assert.equal(bench.told().slice(0, 2), ['verified 7', 'sounding 7']);
});

test('a unit that is looked for chirps, and blinks green and amber together', () => {
  const bench = armed();
  const { outputs, clock } = bench.ports;
  play(bench.unit, Pattern.locate);
  const shown = new Set<string>();
  for (let i = 0; i < 10; i++) {
    clock.advance(1000);
    shown.add(outputs.lit.join());
  }
  assert.equal([...shown].sort(), ['false,false,false', 'false,true,true']);
  assert.ok(tones(bench, 10000).length > 30);
  clock.advance(60000);
  assert.equal(outputs.lit, [false, false, true]);
});

test('settings at run time: no volume silences a dispatch, and it is louder when they say', () => {
  const bench = armed();
  setAlert(bench.unit, { volumePercent: 0, louderAfterS: 5, unansweredAfterS: 10 });
  bench.dispatch();
  assert.is(bench.ports.outputs.volumePercent, LEAST_PERCENT);
  bench.ports.clock.advance(11500);
  assert.is(bench.ports.outputs.volumePercent, 100);
  assert.equal(bench.told(), ['verified 7', 'sounding 7', 'louder 7', 'unanswered 7']);
});

test('a touch whose taking was abandoned is told all the same, and the sounder is mended', () => {
  const bench = armed();
  const { outputs, clock } = bench.ports;
  bench.dispatch();
  clock.advance(500);
  const sound = outputs.sound.bind(outputs);
  outputs.sound = () => {
    throw new Exhausted();
  };
  clock.guard(() => seenJob(bench.unit.desk, 0, now(bench)));
  outputs.sound = sound;
  clock.advance(1000);
  assert.is(bench.unit.alarm.urgency, Urgency.reminder);
  assert.is(outputs.frequencyHz, 0);
  assert.ok(tones(bench, 32000).every((hz) => hz === tonesOf(Pattern.tick)[0]));
  assert.equal(bench.told(), ['verified 7', 'sounding 7', 'seen 7']);
});

test.run();
