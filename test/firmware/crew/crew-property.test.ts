/**
 * Whatever is pressed, dispatched, stood down, lost or cut off: nothing is said without a hold, a
 * dispatch can always be answered, and a job always ends.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import fc from 'fast-check';
import { HOLD_MS } from '../../../firmware/crew/buttons.js';
import {
  CrewEvent,
  REASON_MS,
  WELFARE_MS,
  controlHas,
  isLocked,
  restoreCrew,
  saveCrew,
  sentAs,
  suggest,
} from '../../../firmware/crew/crew.js';
import { Stage, menuOf } from '../../../firmware/crew/menu.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Answer, DeclineReason } from '../../../protocol/codes.js';
import { CrewRig, answerWords } from './crew-rig.js';

type Act = (world: World) => void;

/** As many as the desk lets be open. */
const MAX_OPEN = 4;

/** A crew and its desk, which watches what is said. */
class World extends CrewRig {
  /** Dispatches that are to be answered. */
  readonly open: number[] = [];
  /** When a contact closed that is closed still; what it was for then; null if it is open. */
  private readonly since: ({ ms: number; context: string; option: number } | null)[] = [null, null];
  /** The decline that a reason may follow. */
  private declined = { jobId: 0, ms: -Infinity };
  private ended: { jobId: number; ms: number } | null = null;
  private lastId = 100;
  private counter = 0;

  get context(): string {
    const { jobId, stage } = this.crew;
    return `${jobId} ${stage < 0 ? 'offer' : stage}`;
  }
  get jobs(): number[] {
    const { jobId, otherJobs } = this.crew;
    return jobId === 0 ? [...otherJobs] : [jobId, ...otherJobs];
  }

  override press(input: number): this {
    this.since[input] = { ms: this.nowMs, context: this.context, option: this.crew.option };
    return super.press(input);
  }
  override release(input: number): this {
    this.since[input] = null;
    return super.release(input);
  }
  /** Let go of, and nobody was told. */
  open_(input: number): void {
    this.since[input] = null;
    this.closed[input] = false;
  }
  /** Nothing runs; a press before it was a short one, which is told after it. */
  block(ms: number): void {
    const down = [0, 1].filter((input) => this.closed[input]);
    for (const input of down) this.open_(input);
    this.nowMs += ms;
    this.run();
    this.nowMs += 20;
    for (const input of down) this.release(input);
  }
  dispatch(): void {
    if (this.open.length >= MAX_OPEN) return;
    this.lastId++;
    this.open.push(this.lastId);
    this.offer(this.lastId);
  }
  standDown(choice: number): void {
    const jobId = this.jobs[choice % Math.max(1, this.jobs.length)];
    if (jobId === undefined) return;
    this.close(jobId);
    this.end(jobId);
  }
  close(jobId: number): void {
    const at = this.open.indexOf(jobId);
    if (at >= 0) this.open.splice(at, 1);
    else this.ended = { jobId, ms: this.nowMs };
  }
  suggest(answer: number): void {
    suggest(this.crew, answer, this.nowMs);
  }
  /** The control room has the last answer, or not yet. */
  hear(hasIt: boolean): void {
    controlHas(this.crew, hasIt ? this.counter : this.counter - 1);
  }
  cutPower(): void {
    const text = saveCrew(this.crew);
    const { jobId, stage, status, option } = this.crew;
    const jobs = this.jobs;
    this.crew = this.newCrew();
    restoreCrew(this.crew, text, this.nowMs);
    for (const dispatch of this.open) this.offer(dispatch);
    this.closed.fill(false);
    this.since.fill(null);
    this.declined.ms = -Infinity;
    if (this.ended) this.ended.ms = this.nowMs;
    assert.equal([...this.jobs].sort(), jobs.sort(), 'the same jobs');
    assert.is(this.crew.status, status);
    assert.is(saveCrew(this.crew), text);
    if (stage >= 0) {
      assert.is(this.crew.jobId, jobId);
      assert.equal(menuOf(this.crew.stage), menuOf(stage), 'the same options');
      assert.ok(menuOf(stage).includes(option));
    } else assert.ok(this.crew.stage < 0);
    this.run();
  }

  override onEvent(kind: number, a: number, b: number, c: number): void {
    if (isLocked(this.crew)) {
      const { seen, answer, tone, stuck } = CrewEvent;
      assert.ok([seen, answer, tone, stuck].includes(kind as never), `event ${kind} while locked`);
    }
    if (kind === CrewEvent.seen) assert.ok(this.open.includes(a));
    if (kind === CrewEvent.status) this.checkHold(Input.accept, a);
    if (kind === CrewEvent.answer) this.checkAnswer(a, b, c);
  }

  /** A button has been closed for long enough, and was pressed for what it is taken for. */
  private checkHold(input: number, option: number | null): void {
    const since = this.since[input];
    assert.ok(since && this.nowMs - since.ms >= HOLD_MS, 'held');
    assert.is(since?.context, this.context, 'for the same job at the same stage');
    if (option !== null) assert.is(since?.option, option, 'and for that option');
  }

  private checkAnswer(jobId: number, answer: number, reason: number): void {
    const what = `${jobId} ${answerWords(answer, reason)}`;
    const isOpen = this.open.includes(jobId);
    if (jobId === this.declined.jobId && !isOpen && answer === Answer.decline) {
      assert.ok(menuOf(Stage.declined).includes(reason), what);
      this.declined.jobId = 0;
      return;
    }
    if (answer === Answer.welfare) {
      this.checkHold(Input.decline, null);
      assert.is(jobId, this.ended?.jobId, what);
      assert.ok(this.nowMs - (this.ended?.ms ?? 0) <= WELFARE_MS);
      assert.is(this.crew.jobId, 0);
      this.ended = null;
      return;
    }
    assert.is(jobId, this.crew.jobId, what);
    if (isOpen) {
      assert.ok(answer === Answer.accept || answer === Answer.decline, what);
      this.checkHold(answer === Answer.accept ? Input.accept : Input.decline, null);
      const expected = answer === Answer.accept ? DeclineReason.none : DeclineReason.notStated;
      assert.is(reason, expected, what);
      this.close(jobId);
      if (answer === Answer.decline) this.declined = { jobId, ms: this.nowMs };
    } else {
      assert.not.ok(isLocked(this.crew), what);
      const byAccept = this.since[Input.accept];
      if (byAccept && this.nowMs - byAccept.ms >= HOLD_MS && answer === this.crew.option) {
        this.checkHold(Input.accept, answer);
      } else {
        this.checkHold(Input.decline, null);
        assert.ok(answer === Answer.notAnArrest || answer === Answer.decline, what);
      }
      if (answer === Answer.clear || answer === Answer.decline) {
        this.close(jobId);
        this.cleared = jobId;
      }
    }
    this.counter += 3;
    sentAs(this.crew, this.counter);
  }
  private cleared = 0;

  /** After every act. */
  check(): void {
    const { crew } = this;
    assert.is(new Set(this.jobs).size, this.jobs.length, 'each job once');
    for (const dispatch of this.open) assert.ok(this.jobs.includes(dispatch), 'none is lost');
    assert.is(crew.stage < 0, this.open.length > 0, 'a dispatch comes first');
    assert.is(crew.jobId === 0, crew.stage === Stage.idle);
    assert.is(crew.jobId === 0 && crew.otherJobs.length > 0, false);
    if (this.cleared !== 0) {
      assert.not.ok(this.jobs.includes(this.cleared), 'cleared is over');
      this.cleared = 0;
    }
    if (crew.stage >= 0)
      assert.ok(menuOf(crew.stage).includes(crew.option), 'an option of its own');
  }

  /** Hands off; then one hold answers each dispatch, and each job can be cleared. */
  finish(): void {
    for (const input of [0, 1]) if (this.closed[input]) this.release(input);
    // A release that was not told is found out when its hold is due.
    this.wait(HOLD_MS);
    while (this.open.length > 0) {
      const { jobId } = this.crew;
      this.take();
      this.hold(Input.accept);
      assert.ok(this.take().includes(`answer ${jobId} accept`), 'one hold answers');
      this.check();
    }
    this.crew.speedKmH = null;
    this.wait(REASON_MS * 2);
    for (let jobs = this.jobs.length; jobs > 0; jobs--) {
      for (let i = 0; i < 8 && this.jobs.length === jobs; i++) this.confirm('clear');
      assert.is(this.jobs.length, jobs - 1, 'a job can always be ended');
    }
    assert.is(this.crew.jobId, 0);
  }
}

const input = fc.constantFrom(Input.accept, Input.decline);
const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 6,
    arbitrary: input.map(
      (i): Act =>
        (world) =>
          world.press(i),
    ),
  },
  {
    weight: 5,
    arbitrary: input.map(
      (i): Act =>
        (world) =>
          world.release(i),
    ),
  },
  {
    weight: 5,
    arbitrary: input.map(
      (i): Act =>
        (world) =>
          world.tap(i),
    ),
  },
  {
    weight: 6,
    arbitrary: input.map(
      (i): Act =>
        (world) =>
          world.hold(i),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.integer({ min: 0, max: 1300 }).map(
      (ms): Act =>
        (w) =>
          w.wait(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1300, max: 700000 }).map(
      (ms): Act =>
        (world) =>
          world.wait(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.integer({ min: 1, max: 9000 }).map(
      (ms): Act =>
        (w) =>
          w.block(ms),
    ),
  },
  {
    weight: 1,
    arbitrary: input.map(
      (i): Act =>
        (world) =>
          world.open_(i),
    ),
  },
  { weight: 5, arbitrary: fc.constant<Act>((world) => world.dispatch()) },
  {
    weight: 1,
    arbitrary: fc.nat(8).map(
      (n): Act =>
        (world) =>
          world.standDown(n),
    ),
  },
  {
    weight: 3,
    arbitrary: fc.constantFrom(Answer.onScene, Answer.aedTaken).map(
      (answer): Act =>
        (world) =>
          world.suggest(answer),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(null, 0, 8, 8.5, 100).map(
      (speed): Act =>
        (world) =>
          void (world.crew.speedKmH = speed),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.boolean().map(
      (hasIt): Act =>
        (world) =>
          world.hear(hasIt),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Act>((world) => world.cutPower()) },
);

test('L4, L5, L8, Y2, N8: no answer without a hold for it, and none that cannot be given', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      const world = new World();
      for (const each of acts) {
        each(world);
        world.check();
      }
      world.finish();
    }),
    { numRuns: 1500 },
  );
});

test.run();
