/** The alarm sounds at once and until it is stopped, in its pattern, whatever blocks meanwhile. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AED_FAULT_PERIOD_MS,
  LEAST_PERCENT,
  Urgency,
  createAlarm,
  holdAlarm,
  playOnce,
  runAlarm,
  setUrgency,
  setVolume,
  startAlarm,
  stopAlarm,
  testAlarm,
  warnOfAed,
} from '../../../firmware/dispatch/alarm.js';
import { DISPATCH_HZ, Pattern } from '../../../firmware/dispatch/patterns.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { FakeClock, FakeOutputs } from '../../support/fake-ports.js';
import { FEEDBACK, WARNINGS, lengthMs, notesOf } from './notes.js';

const PERIOD_MS = 10000;
const VOLUME = 60;

function fitted(volumePercent = VOLUME) {
  const clock = new FakeClock(123456);
  const outputs = new FakeOutputs(clock);
  const alarm = createAlarm(outputs, volumePercent);
  /** Runs the alarm whenever it wants to, as its task does. */
  const play = (ms: number): void => {
    const untilMs = clock.nowMs() + ms;
    while (clock.nowMs() < untilMs) {
      const delayMs = runAlarm(alarm, clock.nowMs());
      assert.ok(delayMs > 0 && delayMs <= REST_MS, `asks to run again in ${delayMs} ms`);
      clock.advance(Math.min(delayMs, untilMs - clock.nowMs()));
    }
  };
  const start = (): void => startAlarm(alarm, clock.nowMs());
  const become = (urgency: number): void => setUrgency(alarm, urgency, clock.nowMs());
  const once = (code: number): boolean => playOnce(alarm, code, clock.nowMs());
  const changesOf = (what: string) => outputs.changes.filter((change) => change.what === what);
  /** The tones and silences since `fromMs`, and the end of the last. */
  const heard = (fromMs = 0): [number, number][] => {
    const sounds = changesOf('sound').filter((each) => each.atMs >= fromMs);
    return sounds.map(({ atMs, value }, i) => [
      value as number,
      (sounds[i + 1]?.atMs ?? clock.nowMs()) - atMs,
    ]);
  };
  return { clock, outputs, alarm, play, start, become, once, changesOf, heard };
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

test('CR-040: sounds and lights at once, within the call that starts it', () => {
  const { outputs, start } = fitted();
  start();
  assert.is(outputs.frequencyHz, DISPATCH_HZ);
  assert.is(outputs.volumePercent, VOLUME);
  assert.is(outputs.lit[Lamp.red], true);
});

test('plays two bursts of 3 + 2 pulses, and again every 10 s, for as long as it is on', () => {
  const { play, start, heard } = fitted();
  const notes = notesOf(Pattern.dispatch);
  assert.is(lengthMs(notes), PERIOD_MS);
  start();
  play(3600 * 1000);
  const all = heard();
  assert.is(all.length, 360 * notes.length);
  all.forEach((note, i) => assert.equal(note, notes[i % notes.length], `step ${i}`));
});

test('the red lamp flashes at 2 Hz, below the 2.8 Hz of strobes', () => {
  for (const urgency of [Urgency.sounding, Urgency.louder, Urgency.reminder]) {
    const { play, become, start, changesOf } = fitted();
    start();
    become(urgency);
    play(60000);
    const flashes = changesOf('red').filter((change) => change.value === true);
    assert.is(flashes.length, 120);
    for (const gap of gaps(flashes)) assert.is(gap, 500);
  }
});

test('red is for a live dispatch alone: not for other patterns, but for the self-test', () => {
  for (const code of [...FEEDBACK, ...WARNINGS, Pattern.cancel]) {
    const { play, once, changesOf } = fitted();
    assert.ok(once(code));
    play(60000);
    assert.equal(changesOf('red'), []);
  }
});

test('a second dispatch does not disturb an alarm that is on', () => {
  const once = fitted();
  once.start();
  once.play(20000);
  const twice = fitted();
  twice.start();
  for (let i = 0; i < 20; i++) {
    twice.play(730);
    twice.start();
  }
  twice.play(20000 - 20 * 730);
  assert.equal(twice.outputs.changes, once.outputs.changes);
});

test('stops at once, in tone and in silence, and can start again', () => {
  for (const afterMs of [50, 200, 3000]) {
    const { alarm, outputs, play, start } = fitted();
    start();
    play(afterMs);
    stopAlarm(alarm);
    assert.is(alarm.on, false);
    assert.is(outputs.frequencyHz, 0);
    assert.is(outputs.lit[Lamp.red], false);
    const changes = outputs.changes.length;
    play(20000);
    assert.is(outputs.changes.length, changes, 'nothing moves while it is off');
    start();
    assert.is(alarm.on, true);
    assert.is(outputs.frequencyHz, DISPATCH_HZ);
    assert.is(outputs.lit[Lamp.red], true);
  }
});

test('CR-042: held before something that blocks, it sounds and is lit, whatever it was doing', () => {
  for (const afterMs of [0, 100, 200, 260, 3000, 9999]) {
    const { alarm, clock, outputs, play, start } = fitted();
    start();
    play(afterMs);
    holdAlarm(alarm, clock.nowMs());
    clock.block(40000);
    assert.is(outputs.frequencyHz, DISPATCH_HZ);
    assert.is(outputs.lit[Lamp.red], true);
    play(100);
    assert.is(alarm.on, true);
  }
});

test('held while something else plays, it is silent and plays on', () => {
  for (const prepare of ['reminder', 'feedback', 'test'] as const) {
    const { alarm, clock, outputs, play, start, become, once } = fitted();
    if (prepare === 'test') testAlarm(alarm, clock.nowMs());
    else if (prepare === 'reminder') {
      start();
      become(Urgency.reminder);
      play(29950);
      assert.ok(runAlarm(alarm, clock.nowMs()) > 0);
    } else once(Pattern.aedFault);
    assert.ok(outputs.frequencyHz > 0, prepare);
    holdAlarm(alarm, clock.nowMs());
    assert.is(outputs.frequencyHz, 0);
    const changes = outputs.changes.length;
    play(31000);
    assert.ok(outputs.changes.length > changes, prepare);
  }
});

test('held in the pause where nothing blocks after all, the pattern begins anew', () => {
  const { alarm, clock, play, start, heard } = fitted();
  start();
  play(5000);
  const heldMs = clock.nowMs();
  holdAlarm(alarm, heldMs);
  play(20000);
  const notes = notesOf(Pattern.dispatch);
  heard(heldMs).forEach((note, i) => assert.equal(note, notes[i % notes.length], `step ${i}`));
});

test('run late, it goes on with the next step and does not catch up', () => {
  const { clock, outputs, play, start } = fitted();
  start();
  clock.block(47000);
  const before = outputs.changes.length;
  play(1);
  assert.ok(outputs.changes.length <= before + 2, 'one step and one flash');
  const changes = outputs.changes.length;
  play(10000);
  assert.ok(outputs.changes.length > changes + 40);
});

test('the volume of a dispatch has a floor that nobody can go below; the others may be silent', () => {
  const cases: [number, number, number][] = [
    [LEAST_PERCENT - 1, LEAST_PERCENT, LEAST_PERCENT - 1],
    [LEAST_PERCENT, LEAST_PERCENT, LEAST_PERCENT],
    [LEAST_PERCENT + 1, LEAST_PERCENT + 1, LEAST_PERCENT + 1],
    [0, LEAST_PERCENT, 0],
    [-5, LEAST_PERCENT, 0],
    [100, 100, 100],
    [250, 100, 100],
  ];
  for (const [percent, dispatch, other] of cases) {
    const { alarm, outputs, start, once } = fitted();
    setVolume(alarm, percent);
    once(Pattern.sent);
    assert.is(outputs.volumePercent, other, `${percent}`);
    start();
    assert.is(outputs.volumePercent, dispatch, `${percent}`);
  }
  const { outputs, start } = fitted(NaN);
  start();
  assert.is(outputs.volumePercent, LEAST_PERCENT);
});

test('a volume that is set while it sounds holds from the next round', () => {
  const { alarm, outputs, play, start } = fitted();
  start();
  play(3000);
  setVolume(alarm, 80);
  play(8000);
  assert.is(outputs.volumePercent, 80);
});

test('louder is more than a volume: where that is full already, its long silence goes', () => {
  const { play, start, become, heard } = fitted(100);
  start();
  become(Urgency.louder);
  play(60000);
  const silences = heard().filter(([frequencyHz]) => frequencyHz === 0);
  for (const [, ms] of silences) assert.ok(ms <= 600, `silent for ${ms} ms`);
  assert.is(silences.length, 150);
});

test('louder is as loud as can be, from a first pulse at once; and not any more when seen', () => {
  const { outputs, play, start, become } = fitted(10);
  start();
  play(4000);
  assert.is(outputs.frequencyHz, 0, 'in the pause');
  become(Urgency.louder);
  assert.is(outputs.frequencyHz, DISPATCH_HZ);
  assert.is(outputs.volumePercent, 100);
  play(60000);
  assert.is(outputs.volumePercent, 100);
  start();
  play(60000);
  assert.is(outputs.volumePercent, 100, 'another one does not make it quiet');
  become(Urgency.sounding);
  assert.is(outputs.volumePercent, LEAST_PERCENT);
  become(Urgency.reminder);
  play(29950);
  play(1);
  assert.is(outputs.volumePercent, LEAST_PERCENT / 2);
});

test('seen, it is silent at once and ticks quietly every 30 s, for as long as it is open', () => {
  for (const afterMs of [50, 200, 4000]) {
    const { alarm, clock, outputs, play, start, become, heard } = fitted();
    start();
    play(afterMs);
    become(Urgency.reminder);
    assert.is(outputs.frequencyHz, 0);
    assert.is(alarm.on, true);
    const seenMs = clock.nowMs();
    play(3600 * 1000);
    const ticks = heard(seenMs).filter(([frequencyHz]) => frequencyHz > 0);
    assert.is(ticks.length, 120);
    for (const tick of ticks) assert.equal(tick, notesOf(Pattern.tick)[1]);
    assert.is(outputs.volumePercent, VOLUME / 2);
  }
});

test('a new dispatch ends the reminder at once, from its first pulse', () => {
  for (const afterMs of [10, 29960]) {
    const { clock, outputs, play, start, become, heard } = fitted();
    start();
    become(Urgency.reminder);
    play(afterMs);
    const atMs = clock.nowMs();
    start();
    assert.is(outputs.frequencyHz, DISPATCH_HZ);
    play(PERIOD_MS);
    assert.equal(heard(atMs), notesOf(Pattern.dispatch));
  }
});

test('while a dispatch sounds that nobody has seen, nothing else does', () => {
  for (const urgency of [Urgency.sounding, Urgency.louder]) {
    const { alarm, clock, play, start, become, once, heard } = fitted();
    start();
    become(urgency);
    for (const code of [...FEEDBACK, ...WARNINGS, Pattern.cancel]) assert.not.ok(once(code));
    assert.not.ok(testAlarm(alarm, clock.nowMs()));
    play(PERIOD_MS);
    const tones = heard().filter(([frequencyHz]) => frequencyHz > 0);
    // Two bursts of five in 10 s, louder one of them every 2 s.
    assert.is(tones.length, urgency === Urgency.louder ? 25 : 10);
    for (const [frequencyHz] of tones) assert.is(frequencyHz, DISPATCH_HZ);
  }
});

test('while it is only reminded of: feedback and what is withdrawn, and no warnings', () => {
  for (const code of [...FEEDBACK, Pattern.cancel]) {
    const { clock, play, start, become, once, heard } = fitted();
    start();
    become(Urgency.reminder);
    play(3000);
    const atMs = clock.nowMs();
    assert.ok(once(code));
    play(lengthMs(notesOf(code)) + 30000);
    const tones = heard(atMs).filter(([frequencyHz]) => frequencyHz > 0);
    const own = notesOf(code).filter(([frequencyHz]) => frequencyHz > 0);
    assert.equal(tones.slice(0, own.length), own);
    assert.equal(tones.slice(own.length), [notesOf(Pattern.tick)[1]], 'and the ticks go on');
  }
  const { alarm, clock, start, become, once } = fitted();
  start();
  become(Urgency.reminder);
  for (const code of WARNINGS) assert.not.ok(once(code));
  assert.not.ok(testAlarm(alarm, clock.nowMs()));
});

test('a dispatch cuts everything short, from its first pulse', () => {
  for (const code of [...FEEDBACK, ...WARNINGS, Pattern.cancel, Pattern.none]) {
    const { alarm, clock, outputs, play, start, once, heard } = fitted();
    if (code === Pattern.none) testAlarm(alarm, clock.nowMs());
    else once(code);
    play(30);
    const atMs = clock.nowMs();
    start();
    assert.is(outputs.frequencyHz, DISPATCH_HZ);
    play(3 * PERIOD_MS);
    const notes = notesOf(Pattern.dispatch);
    heard(atMs).forEach((note, i) => assert.equal(note, notes[i % notes.length], `step ${i}`));
  }
});

test('every other pattern plays once, as it is written, and ends', () => {
  for (const code of [...FEEDBACK, Pattern.linkLost, Pattern.aedFault, Pattern.cancel]) {
    const { alarm, play, once, heard } = fitted();
    assert.ok(once(code));
    play(lengthMs(notesOf(code)));
    assert.equal(heard(), notesOf(code));
    play(60000);
    assert.is(heard().length, notesOf(code).length + 1, 'silence after it');
    assert.is(alarm.code, Pattern.none);
    assert.is(alarm.steps, '', 'and it keeps no memory');
  }
});

test('the chirp by which a unit is found goes on for half a minute', () => {
  const { play, once, heard } = fitted();
  once(Pattern.locate);
  play(60000);
  const notes = notesOf(Pattern.locate);
  const all = heard();
  const sum = lengthMs(all.slice(0, -1));
  assert.ok(sum >= 20000 && sum <= 40000, `${sum}`);
  all.slice(0, -1).forEach((note, i) => assert.equal(note, notes[i % notes.length]));
});

test('a withdrawal comes before warnings, these before feedback, and feedback replaces feedback', () => {
  const ranks = [FEEDBACK, [Pattern.locate], [Pattern.linkLost], [Pattern.aedFault]];
  ranks.push([Pattern.cancel]);
  ranks.forEach((lower, rank) => {
    for (const [higherRank, higher] of ranks.entries()) {
      for (const first of lower) {
        for (const second of higher) {
          const { alarm, once } = fitted();
          once(first);
          const isTaken = higherRank >= rank;
          assert.is(once(second), isTaken, `${first}, then ${second}`);
          assert.is(alarm.code, isTaken ? second : first);
        }
      }
    }
  });
});

test("an AED's fault is told at once, then every 10 min, and not while a dispatch is open", () => {
  const { alarm, clock, play, start, become, heard } = fitted();
  const [[pulseHz]] = notesOf(Pattern.aedFault) as [[number, number]];
  const beginnings = (): number => heard().filter(([hz]) => hz === pulseHz).length / 3;
  const warn = (seconds: number): void => {
    for (let i = 0; i < seconds; i++) {
      warnOfAed(alarm, clock.nowMs());
      play(1000);
    }
  };
  warn(AED_FAULT_PERIOD_MS / 1000);
  assert.is(beginnings(), 1);
  warn(1);
  assert.is(beginnings(), 2);
  play(AED_FAULT_PERIOD_MS);
  start();
  become(Urgency.reminder);
  play(1);
  const atMs = clock.nowMs();
  warn(20);
  assert.is(heard(atMs).filter(([hz]) => hz > 0).length, 0);
  stopAlarm(alarm);
  warn(1);
  assert.is(beginnings(), 3, 'it waited until then');
});

test('the self-test plays each pattern once, in turn, with the red lamp lit, and ends', () => {
  const { alarm, clock, outputs, play, changesOf, heard } = fitted();
  assert.ok(testAlarm(alarm, clock.nowMs()));
  assert.is(outputs.lit[Lamp.red], true);
  const codes: number[] = [];
  const percents = new Map<number, number>();
  for (let i = 0; i < 60000 && alarm.isTest; i += 10) {
    if (codes.at(-1) !== alarm.code) codes.push(alarm.code);
    percents.set(alarm.code, outputs.volumePercent);
    assert.is(outputs.lit[Lamp.red], true);
    play(10);
  }
  assert.equal(
    codes,
    Object.values(Pattern).filter((code) => code !== Pattern.none),
  );
  const tones = heard().filter(([hz]) => hz > 0);
  const written = codes.flatMap((code) => notesOf(code).filter(([hz]) => hz > 0));
  assert.equal(tones, written);
  assert.is(percents.get(Pattern.dispatch), VOLUME);
  assert.is(percents.get(Pattern.tick), VOLUME / 2);
  assert.ok(lengthMs(heard()) < 40000);
  assert.equal(
    changesOf('red').map((each) => each.value),
    [true, false],
    'it does not flash',
  );
  assert.is(alarm.code, Pattern.none);
  assert.is(outputs.frequencyHz, 0);
});

test('the self-test gives way to a dispatch and to a withdrawal, and to nothing else', () => {
  const one = fitted();
  testAlarm(one.alarm, one.clock.nowMs());
  one.play(1500);
  for (const code of [...FEEDBACK, ...WARNINGS]) assert.not.ok(one.once(code));
  assert.ok(one.once(Pattern.cancel));
  assert.is(one.alarm.isTest, false);
  assert.is(one.outputs.lit[Lamp.red], false);
  one.play(60000);
  assert.is(one.alarm.code, Pattern.none);
  const other = fitted();
  testAlarm(other.alarm, other.clock.nowMs());
  other.play(1500);
  other.start();
  assert.is(other.alarm.on, true);
  other.play(60000);
  stopAlarm(other.alarm);
  assert.is(other.alarm.isTest, false);
  other.play(20000);
  assert.is(other.outputs.frequencyHz, 0);
});

test('a start that was abandoned after any of its calls is mended by the next run', () => {
  for (const broken of ['sound', 'light'] as const) {
    const { alarm, clock, outputs, play, start } = fitted();
    const work = outputs[broken].bind(outputs);
    Object.assign(outputs, {
      [broken]: () => {
        throw new Error('abandoned');
      },
    });
    assert.throws(start, 'abandoned');
    Object.assign(outputs, { [broken]: work });
    clock.block(5000);
    play(100);
    assert.is(outputs.frequencyHz, DISPATCH_HZ, broken);
    assert.is(outputs.lit[Lamp.red], true);
    assert.is(alarm.on, true);
  }
});

test.run();
