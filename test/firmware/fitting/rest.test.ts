/**
 * A unit at rest looks round every REST_MS, and only in case a wake got lost: so a look at any other
 * time finds nothing to do. Seeded; the seed is printed where it fails.
 */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Pattern } from '../../../firmware/dispatch/patterns.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { Command } from '../../../protocol/codes.js';
import { ggaBody, rmcBody, sentence } from '../../support/nmea-sentences.js';
import { Bench, UTC } from '../../support/sealed.js';

/** What concerns a unit, from all sides. */
const EVENTS: Readonly<Record<string, (bench: Bench, n: number) => unknown>> = {
  accept: ({ ports }) => ports.inputs.press(Input.accept),
  decline: ({ ports }) => ports.inputs.press(Input.decline),
  holdAccept: ({ ports }) => ports.inputs.hold(Input.accept),
  holdDecline: ({ ports }) => ports.inputs.hold(Input.decline),
  lift: ({ ports }) => ports.inputs.set(Input.bracket, false),
  seat: ({ ports }) => ports.inputs.set(Input.bracket, true),
  dispatch: (bench, n) => bench.dispatch(n, 100, UTC + 3_600_000),
  standDown: (bench, n) => bench.standDown(n),
  hello: (bench) => bench.hello(UTC + bench.ports.clock.nowMs()),
  goodbye: (bench) => bench.hello(UTC + bench.ports.clock.nowMs(), { state: 2 }),
  locate: (bench) => bench.order(Command.locate),
  selfTest: (bench) => bench.order(Command.selfTest),
  report: (bench) => bench.order(Command.report),
  configure: (bench, n) => bench.configure({ version: n, aedProfile: n % 3, volumePercent: 50 }),
  drop: ({ ports }) => ports.net.far.drop(),
  drive: (bench) => epoch(bench, '40.0'),
  stand: (bench) => epoch(bench, '0.0'),
};

function epoch({ ports }: Bench, knots: string): void {
  const seconds = Math.floor(ports.clock.nowMs() / 1000);
  const digits = [12 + Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const time = digits.map((each) => String(each).padStart(2, '0')).join('') + '.00';
  const parts = { time, knots, date: '141123' };
  ports.gps.feed(sentence(rmcBody(parts)) + sentence(ggaBody(parts)));
}

/** All that a look could change, but what a lamp that blinks and an open job do by time alone. */
function stateOf({ unit, ports }: Bench, isShow: boolean): object {
  const { crew, bay, tracker, desk, alarm, lamps } = unit;
  const isBlinking = lamps.isAway || alarm.code === Pattern.locate;
  return {
    isCalled: alarm.urgency > 0,
    plays: desk.jobs.length > 0 ? null : [alarm.code, alarm.at],
    lit: isBlinking || desk.jobs.length > 0 || isShow ? null : [...ports.outputs.lit],
    crew: [crew.jobId, crew.stage, crew.option, crew.suggested, crew.declinedJob, crew.status],
    bay: [bay.presence, bay.readiness, bay.reasons, bay.isJobOpen, bay.takenInJob],
    enRoute: tracker.isEnRoute,
    jobs: desk.jobs.map(({ dispatchId, phase }) => [dispatchId, phase]),
    isSaved: unit.deskSaved,
    news: unit.news.length,
    phase: unit.session.phase,
    lamps: [lamps.armed, lamps.isAway],
  };
}

const steps = fc.array(
  fc.record({
    what: fc.constantFrom(...Object.keys(EVENTS)),
    n: fc.integer({ min: 1, max: 6 }),
    thenMs: fc.integer({ min: 0, max: 9000 }),
  }),
  { minLength: 1, maxLength: 12 },
);

test('a second after anything that concerns it, a look round finds nothing to do', () => {
  const property = fc.property(steps, (chosen) => {
    const bench = new Bench(undefined, undefined, (ports) =>
      ports.inputs.set(Input.bracket, true),
    ).opened();
    bench.hello();
    // At rest.
    bench.ports.clock.advance(20_500);
    for (const { what, n, thenMs } of chosen) {
      // Between connections the control room can say nothing.
      if (bench.unit.session.phase === 0) bench.ports.clock.advance(30_000);
      EVENTS[what]?.(bench, n);
      // All lamps are lit in a self-test and to be found, until the desk looks after its end.
      const { isTest, code } = bench.unit.alarm;
      const isShow = isTest || code === Pattern.locate;
      bench.ports.clock.advance(1000);
      const before = stateOf(bench, isShow);
      const { tasks } = bench.unit;
      for (let task = 0; task < tasks.dueMs.length; task++) tasks.dueMs[task] = 0;
      tasks.beat();
      assert.equal(stateOf(bench, isShow), before, `after ${what}`);
      bench.ports.clock.advance(thenMs);
    }
  });
  fc.assert(property, { numRuns: 300, seed: 20261122, includeErrorInReport: true });
});

test('at rest, its heart beats no more often than it must', () => {
  const bench = new Bench().opened();
  bench.hello();
  bench.ports.clock.advance(20_000);
  const { tasks } = bench.unit;
  const { run } = tasks;
  let runs = 0;
  Object.assign(tasks, { run: (task: number, nowMs: number) => (runs++, run(task, nowMs)) });
  const fromMs = bench.ports.clock.nowMs();
  bench.ports.clock.advance(100 * REST_MS);
  const rests = (bench.ports.clock.nowMs() - fromMs) / REST_MS;
  // Every task once a rest; the bay, without an AED in it, every second; lamps that blink so too.
  assert.ok(runs <= rests * (tasks.dueMs.length + 12), `${runs} runs in ${rests} rests`);
});

test.run();
