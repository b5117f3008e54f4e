/** Every state of a dispatch against everything that can happen to it, and expiry by both clocks. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { answerOldest, type AlertSettings } from '../../../firmware/dispatch/desk.js';
import { saveDesk } from '../../../firmware/dispatch/keep.js';
import { DeskBench, EXPIRES, ISSUED, LIFETIME_MS } from './desk-bench.js';

const LOUDER_MS = 20000;

const states: Record<string, (bench: DeskBench) => void> = {
  unknown: () => {},
  sounding: (bench) => bench.dispatch(),
  resumed: (bench) => (bench.dispatch(), bench.restart()),
  seen: (bench) => (bench.dispatch(), bench.seen()),
  seenAndResumed: (bench) => (bench.dispatch(), bench.seen(), bench.restart()),
  answered: (bench) => (bench.dispatch(), bench.answer()),
  seenAndAnswered: (bench) => (bench.dispatch(), bench.seen(), bench.answer()),
  answeredAndResumed: (bench) => (bench.dispatch(), bench.answer(), bench.restart()),
  closed: (bench) => (bench.dispatch(), bench.answer(), bench.close()),
  expired: (bench) => (bench.dispatch(), bench.wait(LIFETIME_MS), bench.run()),
  stoodDown: (bench) => (bench.dispatch(), bench.standDown()),
  stoodDownFirst: (bench) => bench.standDown(),
  awaited: (bench) => bench.update(),
};

const events: Record<string, (bench: DeskBench) => void> = {
  dispatch: (bench) => bench.dispatch(),
  update: (bench) => bench.update(7, 2),
  oldUpdate: (bench) => bench.update(7, 0),
  standDown: (bench) => bench.standDown(),
  seen: (bench) => bench.seen(),
  answer: (bench) => bench.answer(),
  close: (bench) => bench.close(),
  expiry: (bench) => ((bench.utcMs = EXPIRES), bench.run()),
  lifetime: (bench) => ((bench.utcMs = null), bench.wait(LIFETIME_MS - 40), bench.run()),
  untouched: (bench) => (bench.wait(LOUDER_MS), bench.run()),
  nothing: (bench) => bench.run(),
  restart: (bench) => bench.restart(),
};

const NEW = ['alarm', 'saved', 'verified 7 after 0', 'sounding 7 after 0'];
const AGAIN = ['duplicate 7 after 40'];
const ENDED = (step: string): string[] => [step, 'quiet', 'saved'];

/** What is told, 40 ms after the state came about, and the state then; nothing where none is given. */
type Told = Record<string, [string[], string]>;

const waiting: Told = {
  dispatch: [AGAIN, ''],
  update: [['updated 7 after 40', 'saved'], ''],
  oldUpdate: [AGAIN, ''],
  standDown: [['stoodDown 7 after 40', 'quiet', 'cancel', 'saved'], 'stoodDown'],
  answer: [ENDED('acknowledged 7 after 40'), 'answered'],
  expiry: [ENDED('expired 7 after 40'), 'closed'],
  lifetime: [ENDED('expired 7 after ' + LIFETIME_MS), 'closed'],
  restart: [['alarm', 'resumed 7 after 0'], 'sounding'],
};
const sounding: Told = {
  ...waiting,
  seen: [['seen 7 after 40', 'reminder'], 'seen'],
  untouched: [['louder 7 after 20040', 'louder', 'saved'], ''],
};
const answered: Told = {
  dispatch: [AGAIN, ''],
  update: [['updated 7 after 40', 'saved'], ''],
  oldUpdate: [AGAIN, ''],
  standDown: [['stoodDown 7 after 40', 'cancel', 'saved'], 'stoodDown'],
  close: [['saved'], 'closed'],
};
const told = (what: string): Told => ({
  dispatch: [[what], ''],
  update: [[what], ''],
  oldUpdate: [[what], ''],
});
const table: Record<string, Told> = {
  unknown: {
    dispatch: [NEW, 'sounding'],
    update: [['saved'], 'awaited'],
    oldUpdate: [['saved'], 'awaited'],
    standDown: [['stoodDown 7 after 0', 'saved'], 'stoodDown'],
  },
  sounding,
  resumed: sounding,
  seen: waiting,
  seenAndResumed: sounding,
  answered,
  seenAndAnswered: answered,
  answeredAndResumed: answered,
  closed: told('duplicate 7 after 0'),
  expired: told('duplicate 7 after 0'),
  stoodDown: told('refused 7 stoodDown after 0'),
  stoodDownFirst: told('refused 7 stoodDown after 0'),
  awaited: {
    dispatch: [[...NEW, 'updated 7 after 0'], 'sounding'],
    update: [['saved'], ''],
    oldUpdate: [AGAIN, ''],
    standDown: [['stoodDown 7 after 0', 'saved'], 'stoodDown'],
  },
};

test('CR-042, CR-044, CR-045, CR-049: every state against every event', () => {
  for (const [state, reach] of Object.entries(states)) {
    for (const [event, happen] of Object.entries(events)) {
      const bench = new DeskBench();
      reach(bench);
      bench.wait(40);
      bench.take();
      const before = bench.stateOf();
      happen(bench);
      const [expected, after] = table[state]?.[event] ?? [[], ''];
      assert.equal(bench.take(), expected, `${state}, then ${event}`);
      assert.is(bench.stateOf(), after || before, `${state}, then ${event}`);
    }
  }
});

test('CR-042: every state is the same after a restart, but what was seen sounds', () => {
  for (const [name, reach] of Object.entries(states)) {
    const bench = new DeskBench();
    reach(bench);
    const before = bench.saved;
    if (before !== '') assert.is(saveDesk(bench.desk), before, `${name}: flash has all`);
    const expected = bench.stateOf() === 'seen' ? 'sounding' : bench.stateOf();
    bench.restart();
    assert.is(bench.stateOf(), expected, name);
    if (before !== '') assert.is(saveDesk(bench.desk), before, name);
  }
});

test('CR-046: at the expiry itself a dispatch is too late, 1 ms before it is not', () => {
  const cases: [number, string[]][] = [
    [EXPIRES - 1, NEW],
    [EXPIRES, ['refused 7 expired after 0']],
    [EXPIRES + 1, ['refused 7 expired after 0']],
  ];
  for (const [utcMs, expected] of cases) {
    const bench = new DeskBench();
    bench.utcMs = utcMs;
    bench.dispatch();
    assert.equal(bench.take(), expected, String(utcMs - EXPIRES));
  }
});

test('CR-046: an unknown clock never silences, and the lifetime bounds what it lets through', () => {
  const bench = new DeskBench();
  bench.utcMs = null;
  bench.dispatch(7, 1000, 16000);
  assert.equal(bench.take(), NEW);
  bench.wait(14999);
  bench.run();
  assert.equal(bench.take(), []);
  bench.wait(1);
  bench.run();
  assert.equal(bench.take(), ENDED('expired 7 after 15000'));
});

test('CR-046: a dispatch that sounds ends when the clock turns out to be past its expiry', () => {
  const bench = new DeskBench();
  bench.utcMs = null;
  bench.dispatch();
  bench.take();
  bench.utcMs = EXPIRES + 5;
  bench.run();
  assert.equal(bench.take(), ENDED('expired 7 after 0'));
});

test('a dispatch that expires before it was issued ends at the first look, and breaks nothing', () => {
  const bench = new DeskBench();
  bench.utcMs = null;
  bench.dispatch(7, EXPIRES, ISSUED);
  bench.run();
  assert.is(bench.stateOf(), 'closed');
});

test('an answer goes to the dispatch that has waited longest, and the alarm goes on', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.take();
  assert.is(answerOldest(bench.desk, bench.nowMs)?.dispatchId, 7);
  assert.equal(bench.take(), ['acknowledged 7 after 0', 'saved'], 'not quiet: 8 sounds');
  assert.is(answerOldest(bench.desk, bench.nowMs)?.dispatchId, 8);
  assert.equal(bench.take(), ENDED('acknowledged 8 after 0'));
  assert.is(answerOldest(bench.desk, bench.nowMs), null);
});

test('Y2: of two the crew takes the one that they choose, and the other sounds on', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.take();
  assert.is(bench.answer(9), null);
  assert.is(bench.answer(8), 8);
  assert.is(bench.answer(8), null, 'the first answer counts');
  assert.equal(bench.take(), ['acknowledged 8 after 0', 'saved']);
  assert.is(bench.stateOf(7), 'sounding');
  assert.is(bench.answer(), 7);
  assert.equal(bench.take(), ENDED('acknowledged 7 after 0'));
});

test('seen is one at a time, the one that has sounded longest first, and each once', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.dispatch(9);
  bench.take();
  assert.is(bench.seen(8), 8);
  assert.is(bench.seen(8), null);
  assert.is(bench.seen(77), null);
  assert.is(bench.seen(), 7);
  assert.equal(bench.take(), ['seen 8 after 0', 'seen 7 after 0'], '9 sounds on');
  assert.is(bench.seen(), 9);
  assert.equal(bench.take(), ['seen 9 after 0', 'reminder']);
  assert.is(bench.seen(), null);
  assert.is(bench.answer(), 7, 'an answer goes to the oldest, seen or not');
  bench.dispatch(10);
  assert.equal(bench.take().slice(0, 3), ['acknowledged 7 after 0', 'saved', 'alarm']);
});

test('without a touch: louder at 20 s, unanswered at 40 s, each once, and it sounds on', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.take();
  const at: Record<number, string[]> = {};
  for (let s = 1; s < 300; s++) {
    bench.wait(1000);
    bench.run();
    const words = bench.take();
    if (words.length > 0) at[s] = words;
  }
  assert.equal(at, {
    20: ['louder 7 after 20000', 'louder', 'saved'],
    40: ['unanswered 7 after 40000'],
  });
  assert.is(bench.stateOf(), 'sounding');
  bench.seen();
  assert.equal(bench.take(), ['seen 7 after 299000', 'reminder']);
});

test('seen or answered before, nothing is escalated; of two each has its own time', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.wait(10000);
  bench.dispatch(8);
  bench.wait(9999);
  bench.run();
  bench.seen(7);
  bench.take();
  bench.wait(10000);
  bench.run();
  assert.equal(bench.take(), []);
  bench.wait(1);
  bench.run();
  assert.equal(bench.take(), ['louder 8 after 20000', 'louder', 'saved']);
  bench.answer(8);
  assert.ok(bench.take().includes('reminder'));
  bench.wait(100000);
  bench.run();
  assert.equal(bench.take(), []);
});

test('how the crew is called may be replaced at run time', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.wait(5000);
  bench.take();
  const settings: AlertSettings = { volumePercent: 60, louderAfterS: 5, unansweredAfterS: 6 };
  bench.desk.settings = settings;
  bench.run();
  assert.equal(bench.take()[0], 'louder 7 after 5000');
  bench.wait(999);
  bench.run();
  assert.equal(bench.take(), []);
  bench.wait(1);
  bench.run();
  assert.equal(bench.take().slice(-1), ['unanswered 7 after 6000']);
});

test('a look that comes late tells both in their order', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.take();
  bench.wait(100000);
  bench.run();
  bench.run();
  bench.run();
  const steps = bench.take().filter((word) => word.includes('after'));
  assert.equal(steps, ['louder 7 after 100000', 'unanswered 7 after 100000']);
});

test('a stand-down of one dispatch leaves the other sounding, across a restart too', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.standDown(7);
  bench.restart();
  assert.equal(bench.take().slice(-2), ['alarm', 'resumed 8 after 0']);
});

test('CR-048: elapsed time counts from the restart after a restart', () => {
  const bench = new DeskBench();
  bench.dispatch();
  bench.wait(15000);
  bench.restart();
  bench.wait(1500);
  bench.take();
  bench.answer();
  assert.equal(bench.take(), ENDED('acknowledged 7 after 1500'));
});

test.run();
