/** What two buttons say: every stage against every gesture, two jobs at once, sensors, and time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { HOLD_MS, STUCK_MS } from '../../../firmware/crew/buttons.js';
import {
  CHOICE_MS,
  CrewEvent,
  LOCK_SPEED_KMH,
  MAX_OTHER_JOBS,
  REASON_MS,
  WELFARE_MS,
  controlHas,
  endJob,
  isLocked,
  offerJob,
  restoreCrew,
  saveCrew,
  sentAs,
  suggest,
} from '../../../firmware/crew/crew.js';
import { Stage, menuOf } from '../../../firmware/crew/menu.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { Answer, CrewStatus, DeclineReason } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';
import { CrewRig, PATHS } from './crew-rig.js';

const { accept, decline } = Input;
const DECLINED = ['answer 7 decline notStated', 'tone sent'];

/** Every stage of a job: what can be said next, in its order, and what holding Decline says. */
const stages: [stage: string, options: string[], refusal: string | null][] = [
  ['accept', ['enRoute', 'onScene', 'alreadyOnScene'], 'decline otherEmergency'],
  ['enRoute', ['onScene'], 'decline otherEmergency'],
  ['onScene', ['aedTaken', 'aedUsed', 'handedOver', 'notAnArrest', 'clear'], 'notAnArrest'],
  ['alreadyOnScene', ['aedTaken', 'aedUsed', 'handedOver', 'notAnArrest', 'clear'], 'notAnArrest'],
  ['aedTaken', ['aedUsed', 'handedOver', 'notAnArrest', 'clear'], 'notAnArrest'],
  ['aedUsed', ['handedOver', 'clear'], null],
  ['handedOver', ['clear'], null],
  ['notAnArrest', ['clear'], null],
];

function stageOf(rig: CrewRig): string {
  return rig.crew.stage > 0 ? nameOf(Answer, rig.crew.stage) : nameOf(Stage, rig.crew.stage);
}

test('L4, L5: every stage offers its options in their order, and each can be confirmed', () => {
  assert.equal(
    stages.map(([stage]) => stage),
    Object.keys(PATHS),
  );
  for (const [stage, options] of stages) {
    options.forEach((option, at) => {
      const rig = new CrewRig().reach(stage);
      for (let i = 0; i < at; i++) {
        assert.is(nameOf(Answer, rig.crew.option), options[i]);
        rig.tap(accept);
        assert.equal(rig.take(), ['tone step'], `${stage}: a short press says nothing`);
      }
      rig.hold(accept);
      assert.equal(rig.take(), [`answer 7 ${option}`, 'tone sent'], `${stage}, option ${at}`);
      assert.is(stageOf(rig), option === 'clear' ? 'idle' : option);
      assert.is(rig.crew.jobId, option === 'clear' ? 0 : 7);
    });
    const rig = new CrewRig().reach(stage).tap(accept, options.length);
    assert.is(nameOf(Answer, rig.crew.option), options[0], 'round and round');
  }
});

test('a stage with one option has nothing to step to', () => {
  for (const stage of ['enRoute', 'handedOver', 'notAnArrest']) {
    const rig = new CrewRig().reach(stage).tap(accept);
    assert.equal(rig.take(), ['tone refused'], stage);
  }
});

test('Y2: held before the scene, Decline says that they are called away; on scene, no arrest', () => {
  for (const [stage, , refusal] of stages) {
    const rig = new CrewRig().reach(stage).hold(decline);
    assert.equal(
      rig.take(),
      refusal === null ? ['tone refused'] : [`answer 7 ${refusal}`, 'tone sent'],
      stage,
    );
    const isOver = refusal !== null && refusal.startsWith('decline');
    assert.is(stageOf(rig), isOver ? 'idle' : (refusal ?? stage));
  }
});

test('a short press of Decline says nothing at any stage of a job', () => {
  for (const [stage] of stages) {
    const rig = new CrewRig().reach(stage).tap(decline);
    assert.equal(rig.take(), ['tone refused'], stage);
    assert.is(stageOf(rig), stage);
  }
});

test('any job can be cleared, also at a stage that this version does not know', () => {
  assert.equal(menuOf(77), [Answer.clear]);
  const rig = new CrewRig();
  restoreCrew(rig.crew, '1,0,7,77', rig.nowMs);
  rig.hold(accept);
  assert.equal(rig.take(), ['answer 7 clear', 'tone sent']);
});

test('L3, Y2: without a job the status is chosen by short presses and said by a hold', () => {
  const statuses = ['available', 'unavailable', 'committedElsewhere'];
  for (const from of statuses) {
    statuses.forEach((to, at) => {
      const rig = new CrewRig();
      rig.tap(accept, statuses.indexOf(from)).hold(accept).take();
      rig.tap(accept, (at + 3 - statuses.indexOf(from)) % 3);
      assert.equal(
        rig.take().filter((event) => event !== 'tone step'),
        [],
        'nothing is said yet',
      );
      assert.is(nameOf(CrewStatus, rig.crew.status), from);
      rig.hold(accept);
      assert.equal(rig.take(), [`status ${to}`, 'tone sent']);
      assert.is(nameOf(CrewStatus, rig.crew.status), to);
    });
  }
});

test('a status that was chosen and not said is forgotten with the next job', () => {
  const rig = new CrewRig().tap(accept).offer(7).end(7);
  rig.take();
  rig.hold(accept);
  assert.equal(rig.take(), ['status available', 'tone sent']);
});

test('a dispatch: any touch is seen, once, and each answer takes one hold', () => {
  for (const input of [accept, decline]) {
    for (const touched of [false, true]) {
      const rig = new CrewRig().offer(7);
      const seen = ['seen 7'];
      if (touched) {
        rig.press(input);
        assert.equal(rig.take(), ['seen 7'], 'at the touch, not at its end');
        rig.wait(100).release(input);
        assert.equal(rig.take(), [], 'a short press answers nothing');
        seen.pop();
      }
      rig.press(input).wait(HOLD_MS - 1);
      assert.equal(rig.take(), seen);
      rig.wait(1);
      assert.equal(
        rig.take(),
        input === accept ? ['answer 7 accept', 'tone sent'] : DECLINED,
        'at HOLD_MS, while the button is still down',
      );
      rig.wait(60000);
      assert.equal(rig.take(), [`stuck ${nameOf(Input, input)}`], 'and once');
      rig.release(input).wait(10000);
      assert.equal(rig.take(), []);
      assert.is(stageOf(rig), input === accept ? 'accept' : 'idle');
    }
  }
});

test('after a decline its reason can follow: chosen by short presses, sent after 5 s or a hold', () => {
  const reasons = ['otherEmergency', 'aedNotReady', 'tooFar', 'other', 'otherEmergency'];
  reasons.forEach((reason, at) => {
    for (const ending of ['silence', 'hold accept', 'hold decline']) {
      const rig = new CrewRig().offer(7).hold(decline);
      rig.take();
      for (let i = 0; i <= at; i++) rig.wait(3000).tap(decline);
      assert.equal(rig.take(), Array(at + 1).fill('tone step'));
      if (ending === 'silence') {
        rig.wait(REASON_MS - 301);
        assert.equal(rig.take(), [], 'from the last touch on');
        rig.wait(1);
      } else rig.hold(ending === 'hold accept' ? accept : decline);
      assert.equal(rig.take(), [`answer 7 decline ${reason}`, 'tone sent'], ending);
      rig.wait(20000);
      assert.equal(rig.take(), [], 'once');
    }
  });
});

test('a decline without a reason stays one, and after 5 s the buttons are for the menu again', () => {
  const rig = new CrewRig().offer(7).press(decline).wait(HOLD_MS);
  rig.release(decline).take();
  rig.wait(REASON_MS - 1);
  assert.is.not(rig.crew.declinedJob, 0);
  rig.wait(1);
  assert.is(rig.crew.declinedJob, 0);
  rig.tap(decline);
  assert.equal(rig.take(), ['tone refused']);
});

test('Decline held again after a decline says nothing of another job, Accept does', () => {
  const rig = new CrewRig().reach('onScene').offer(8).hold(decline).hold(decline);
  assert.equal(rig.take(), ['seen 8', 'answer 8 decline notStated', 'tone sent', 'tone refused']);
  rig.hold(accept);
  assert.equal(rig.take(), ['answer 7 aedTaken', 'tone sent']);
});

test('N8: for 10 minutes after a job, Decline held without one asks for welfare, once', () => {
  const endings: Record<string, (rig: CrewRig) => void> = {
    cleared: (rig) => rig.confirm('clear'),
    'stood down': (rig) => rig.end(7),
  };
  for (const end of Object.values(endings)) {
    for (const [ms, answer] of [
      [WELFARE_MS - HOLD_MS, ['answer 7 welfare', 'tone sent']],
      [WELFARE_MS - HOLD_MS + 1, ['tone refused']],
    ] as const) {
      const rig = new CrewRig().reach('handedOver');
      // The clear itself is the end of a hold.
      const endMs = rig.nowMs + HOLD_MS;
      if (end === endings['cleared']) end(rig);
      else (rig.wait(HOLD_MS), end(rig));
      rig.take();
      rig.wait(endMs + ms - rig.nowMs).hold(decline);
      assert.equal(rig.take(), answer);
      rig.hold(decline);
      assert.equal(rig.take(), ['tone refused'], 'once');
    }
  }
});

test('N8: asked once for each job', () => {
  const rig = new CrewRig().reach('handedOver').confirm('clear').hold(decline).take();
  assert.equal(rig.slice(-2), ['answer 7 welfare', 'tone sent']);
  const again = new CrewRig().reach('handedOver').confirm('clear').hold(decline).hold(decline);
  assert.equal(again.take().slice(-1), ['tone refused']);
});

test('N8: no welfare for a dispatch that nobody went to', () => {
  const rig = new CrewRig().offer(7).end(7).hold(decline);
  assert.equal(rig.take(), ['tone refused']);
  rig.offer(8).hold(decline).wait(REASON_MS).take();
  rig.hold(decline);
  assert.equal(rig.take(), ['tone refused']);
});

test('two dispatches: a short press of either button chooses, and the hold is for the chosen', () => {
  for (const chooser of [accept, decline]) {
    for (const answerer of [accept, decline]) {
      const rig = new CrewRig().offer(7, 8, 9);
      assert.is(rig.crew.jobId, 7, 'the first one first');
      rig.tap(chooser);
      assert.equal(rig.take(), ['seen 7', 'choose 8', 'tone step']);
      rig.tap(chooser, 2);
      assert.equal(
        rig.take().filter((event) => event.startsWith('choose')),
        ['choose 9', 'choose 7'],
      );
      rig.tap(chooser).take();
      rig.hold(answerer);
      assert.equal(
        rig.take(),
        answerer === accept
          ? ['answer 8 accept', 'tone sent']
          : ['answer 8 decline notStated', 'tone sent'],
        'seen once only',
      );
      assert.ok(rig.crew.stage < 0, 'the others are still to be answered');
    }
  }
});

test('a dispatch comes before the menu, and the job goes on where it was', () => {
  const rig = new CrewRig().reach('aedTaken').offer(8);
  assert.is(stageOf(rig), 'offered');
  rig.tap(accept).hold(decline).wait(REASON_MS).take();
  assert.is(stageOf(rig), 'aedTaken');
  rig.offer(9).hold(accept).take();
  assert.is(rig.crew.jobId, 9);
  rig.tap(decline);
  assert.equal(rig.take(), ['choose 7', 'tone step'], 'two accepted jobs');
  assert.is(stageOf(rig), 'aedTaken');
  rig.confirm('clear').confirm('alreadyOnScene').take();
  assert.is(rig.crew.jobId, 9);
  assert.is(stageOf(rig), 'alreadyOnScene');
});

test('no hold counts for what was not there when it began', () => {
  for (const input of [accept, decline]) {
    const table: Record<string, [(rig: CrewRig) => void, (rig: CrewRig) => void]> = {
      'a dispatch comes': [() => {}, (rig) => rig.offer(7)],
      'another job comes': [(rig) => rig.reach('accept'), (rig) => rig.offer(8)],
      'the job is stood down': [(rig) => rig.reach('accept'), (rig) => rig.end(7)],
      'the first of two is stood down': [(rig) => rig.offer(7, 8), (rig) => rig.end(7)],
    };
    for (const [name, [before, during]] of Object.entries(table)) {
      const rig = new CrewRig();
      before(rig);
      rig.press(input).wait(900);
      rig.take();
      during(rig);
      rig.wait(5000).release(input);
      assert.equal(rig.take(), [], name);
    }
  }
});

test('a hold goes on for its dispatch while others come and go', () => {
  const rig = new CrewRig().offer(7).press(accept).wait(500);
  rig.offer(8, 9).end(9).wait(500);
  assert.equal(rig.take(), ['seen 7', 'answer 7 accept', 'tone sent']);
});

test('held on after an answer, a button says nothing of the next dispatch', () => {
  const rig = new CrewRig().offer(7, 8).press(accept).wait(20000);
  assert.equal(rig.take(), ['seen 7', 'answer 7 accept', 'tone sent']);
  rig.release(accept).hold(accept);
  assert.equal(rig.take(), ['seen 8', 'answer 8 accept', 'tone sent']);
});

test('a stand-down of another job changes nothing, of no job neither', () => {
  const rig = new CrewRig().reach('onScene').offer(8).tap(accept);
  rig.end(99).end(0).end(7);
  assert.is(rig.crew.jobId, 8);
  assert.equal(rig.crew.otherJobs, []);
  rig.offer(8, 8).end(8);
  assert.is(rig.crew.jobId, 0);
  assert.is(stageOf(rig), 'idle');
});

test('a job that is known is not offered again', () => {
  const rig = new CrewRig().reach('enRoute').offer(7);
  assert.is(stageOf(rig), 'enRoute');
  rig.offer(8).tap(accept).offer(8, 7);
  assert.is(stageOf(rig), 'seen');
  assert.equal(rig.crew.otherJobs, [7]);
});

test('MAX_OTHER_JOBS: one more, and the job that was accepted longest ago is forgotten', () => {
  const rig = new CrewRig();
  for (let id = 1; id <= MAX_OTHER_JOBS + 1; id++) rig.offer(id).hold(accept);
  assert.is(rig.crew.otherJobs.length, MAX_OTHER_JOBS);
  rig.offer(50);
  assert.is(rig.crew.jobId, 50);
  assert.equal(rig.crew.otherJobs, [2, 3, 4, 5, 6]);
});

test('section 6: moving faster than 8 km/h locks; slower, and unknown, does not', () => {
  assert.is(LOCK_SPEED_KMH, 8);
  for (const [speed, isSo] of [
    [null, false],
    [0, false],
    [8, false],
    [8.1, true],
    [120, true],
  ] as const) {
    const rig = new CrewRig();
    rig.crew.speedKmH = speed;
    assert.is(isLocked(rig.crew), isSo);
    rig.crew.lockSpeedKmH = 200;
    assert.not.ok(isLocked(rig.crew));
  }
});

test('section 6: while moving, every stage of a job and the status are locked', () => {
  for (const stage of ['idle', 'after a job', ...Object.keys(PATHS)]) {
    for (const act of ['tap', 'hold'] as const) {
      for (const input of [accept, decline]) {
        const rig = new CrewRig();
        if (stage === 'after a job') rig.reach('notAnArrest').confirm('clear').take();
        else if (stage !== 'idle') rig.reach(stage);
        const before = saveCrew(rig.crew);
        rig.crew.speedKmH = 9;
        rig[act](input);
        assert.equal(rig.take(), ['tone refused'], `${stage}: ${act} ${nameOf(Input, input)}`);
        assert.is(saveCrew(rig.crew), before);
        rig.crew.speedKmH = 0;
        if (stage === 'accept') assert.is(nameOf(Answer, rig.crew.option), 'enRoute');
      }
    }
  }
});

test('section 6: while moving, a dispatch is seen, accepted or declined, and nothing else', () => {
  const rig = new CrewRig();
  rig.crew.speedKmH = 90;
  rig.offer(7, 8).tap(accept).tap(decline);
  assert.equal(rig.take(), ['seen 7'], 'no other job is chosen');
  rig.hold(decline);
  assert.equal(rig.take(), DECLINED);
  rig.tap(decline).wait(10000);
  assert.equal(rig.take(), ['seen 8'], 'no reason is asked for');
  rig.hold(accept);
  assert.equal(rig.take(), ['answer 8 accept', 'tone sent']);
});

test('section 6: stopped within 5 s after a decline, nothing is asked either', () => {
  const rig = new CrewRig().offer(7);
  rig.crew.speedKmH = 90;
  rig.hold(decline).take();
  rig.crew.speedKmH = 0;
  rig.tap(decline).wait(10000);
  assert.equal(rig.take(), ['tone refused']);
});

test('section 6: a reason that was chosen before moving off is sent, a choice after it is not', () => {
  const rig = new CrewRig().offer(7).hold(decline).tap(decline);
  rig.take();
  rig.crew.speedKmH = 30;
  rig.tap(decline);
  assert.equal(rig.take(), ['tone refused']);
  rig.wait(REASON_MS);
  assert.equal(rig.take(), ['answer 7 decline otherEmergency', 'tone sent']);
});

test('each decline begins without a reason', () => {
  const rig = new CrewRig().offer(7).hold(decline).tap(decline, 3).wait(REASON_MS);
  rig.offer(8).hold(decline).take();
  rig.wait(REASON_MS * 2);
  assert.equal(rig.take(), []);
});

test('a reason that is still to be sent does not hold up the next dispatch', () => {
  const rig = new CrewRig().offer(7).hold(decline).tap(decline, 2).offer(8);
  rig.take();
  rig.tap(decline);
  assert.equal(rig.take(), ['seen 8']);
  rig.hold(decline);
  assert.equal(rig.take(), [
    'answer 7 decline aedNotReady',
    'tone sent',
    'answer 8 decline notStated',
    'tone sent',
  ]);
});

test('a sensor suggests: the option moves, it is told once, and nothing is said', () => {
  for (const [stage, answer] of [
    ['accept', 'onScene'],
    ['enRoute', 'onScene'],
    ['onScene', 'aedTaken'],
    ['alreadyOnScene', 'aedTaken'],
  ] as const) {
    const rig = new CrewRig().reach(stage);
    for (let i = 0; i < 5; i++) suggest(rig.crew, Answer[answer], rig.nowMs);
    assert.equal(rig.take(), [`suggested 7 ${answer}`, 'tone suggested']);
    assert.is(nameOf(Answer, rig.crew.option), answer);
    rig.wait(100000);
    assert.equal(rig.take(), [], 'never by itself');
    rig.hold(accept);
    assert.equal(rig.take(), [`answer 7 ${answer}`, 'tone sent']);
  }
});

test('what is not on the menu is not suggested', () => {
  for (const [stage, options] of stages) {
    for (const [name, answer] of Object.entries(Answer)) {
      const rig = new CrewRig().reach(stage);
      suggest(rig.crew, answer, rig.nowMs);
      assert.is(rig.take().length > 0, options.includes(name), `${name} at ${stage}`);
    }
  }
  for (const answer of Object.values(Answer)) {
    const rig = new CrewRig();
    suggest(rig.crew, answer, rig.nowMs);
    rig.offer(7);
    suggest(rig.crew, answer, rig.nowMs);
    assert.equal(rig.take(), [], 'nor without a job, nor before it is accepted');
  }
});

test('a suggestion waits for 10 s after the crew chose another option', () => {
  const rig = new CrewRig().reach('accept').tap(accept, 2);
  const chosenAtMs = rig.nowMs - 100;
  rig.take();
  suggest(rig.crew, Answer.onScene, chosenAtMs + CHOICE_MS - 1);
  assert.equal(rig.take(), []);
  assert.is(rig.crew.option, Answer.alreadyOnScene);
  suggest(rig.crew, Answer.onScene, chosenAtMs + CHOICE_MS);
  assert.equal(rig.take(), ['suggested 7 onScene', 'tone suggested']);
  rig.tap(accept).take();
  suggest(rig.crew, Answer.onScene, rig.nowMs + CHOICE_MS);
  assert.is(rig.crew.option, Answer.alreadyOnScene, 'chosen against the suggestion');
  const other = new CrewRig().reach('accept').tap(accept);
  other.take();
  suggest(other.crew, Answer.onScene, other.nowMs);
  assert.equal(other.take(), ['suggested 7 onScene', 'tone suggested'], 'the same option');
});

test('what was chosen or suggested says nothing at another stage or of another job', () => {
  const rig = new CrewRig().offer(7, 8).hold(accept).hold(accept);
  for (const jobId of [8, 7]) {
    rig.take();
    suggest(rig.crew, Answer.onScene, rig.nowMs);
    assert.equal(rig.take(), [`suggested ${jobId} onScene`, 'tone suggested']);
    rig.tap(decline);
  }
  const quick = new CrewRig().reach('accept').tap(accept).hold(accept);
  quick.take();
  suggest(quick.crew, Answer.aedUsed, quick.nowMs);
  assert.equal(quick.take(), ['suggested 7 aedUsed', 'tone suggested']);
});

test('a suggestion never moves the option under a thumb, nor while moving', () => {
  const rig = new CrewRig().reach('accept').press(accept).wait(900);
  suggest(rig.crew, Answer.onScene, rig.nowMs);
  rig.wait(100);
  assert.equal(rig.take(), ['answer 7 enRoute', 'tone sent']);
  rig.release(accept);
  rig.crew.speedKmH = 50;
  suggest(rig.crew, Answer.onScene, rig.nowMs);
  assert.equal(rig.take(), []);
  rig.crew.speedKmH = 0;
  suggest(rig.crew, Answer.onScene, rig.nowMs);
  assert.equal(rig.take(), ['suggested 7 onScene', 'tone suggested'], 'and then it does');
});

test('the tone says that the control room has the last answer, once, and not an earlier one', () => {
  const rig = new CrewRig();
  controlHas(rig.crew, 1000);
  sentAs(rig.crew, 500);
  controlHas(rig.crew, 499);
  assert.equal(rig.take(), []);
  controlHas(rig.crew, 500);
  controlHas(rig.crew, 501);
  assert.equal(rig.take(), ['tone taken']);
  sentAs(rig.crew, 600);
  sentAs(rig.crew, 601);
  controlHas(rig.crew, 600);
  assert.equal(rig.take(), []);
  controlHas(rig.crew, 700);
  assert.equal(rig.take(), ['tone taken']);
});

test('both buttons held for 5 s ask for a self-test, but not with a job and not while moving', () => {
  const table: [(rig: CrewRig) => void, string[]][] = [
    [() => {}, ['selfTest']],
    [(rig) => rig.offer(7).tap(accept), ['tone refused']],
    [(rig) => rig.reach('enRoute'), ['tone refused']],
    [(rig) => (rig.crew.speedKmH = 20), ['tone refused']],
  ];
  for (const [before, told] of table) {
    const rig = new CrewRig();
    before(rig);
    rig.take();
    rig.press(accept).wait(400).press(decline).wait(4999);
    assert.equal(rig.take(), [], 'neither is a hold');
    rig.wait(1);
    assert.equal(rig.take(), told);
    rig.wait(3000).release(decline).release(accept).wait(1000);
    assert.equal(rig.take(), []);
  }
});

test('a button that is stuck is told, and the other one still answers', () => {
  const rig = new CrewRig().press(accept).wait(STUCK_MS + 1000);
  assert.equal(rig.take(), ['status available', 'tone sent', 'stuck accept']);
  rig.offer(7).wait(60000);
  assert.equal(rig.take(), []);
  rig.hold(decline);
  assert.equal(rig.take(), ['seen 7', ...DECLINED]);
});

test('what the unit did not hear while it was blocked is no hold', () => {
  for (const input of [accept, decline]) {
    const rig = new CrewRig().offer(7).press(input);
    rig.take();
    // Pressed again when the unit comes back: the contact is closed, and the release comes late.
    rig.nowMs += 5000;
    rig.run();
    rig.wait(50).release(input).wait(5000);
    assert.equal(rig.take(), []);
    // Its listener was abandoned, and the release is never told.
    rig.press(input).wait(300);
    rig.closed[input] = false;
    rig.wait(5000);
    assert.equal(rig.take(), []);
    rig.hold(input);
    assert.equal(rig.take(), input === accept ? ['answer 7 accept', 'tone sent'] : DECLINED);
  }
});

test('an answer whose telling was abandoned can be given again', () => {
  for (const input of [accept, decline]) {
    const rig = new CrewRig().offer(7).tap(accept);
    rig.onEvent = () => {
      throw new Error('memory');
    };
    rig.press(input);
    assert.throws(() => rig.wait(HOLD_MS), /memory/);
    rig.onEvent = () => {};
    rig.wait(2000).release(input);
    rig.take();
    rig.hold(input);
    assert.equal(rig.take(), input === accept ? ['answer 7 accept', 'tone sent'] : DECLINED);
  }
});

test('an answer may end its job before it is noted', () => {
  for (const kind of [CrewEvent.seen, CrewEvent.answer]) {
    for (const input of [accept, decline]) {
      const rig = new CrewRig().offer(7);
      rig.onEvent = (what, jobId) => {
        if (what === kind) endJob(rig.crew, jobId, rig.nowMs);
      };
      rig.hold(input);
      assert.is(rig.crew.jobId, 0);
      assert.is(stageOf(rig), 'idle');
      assert.is(rig.crew.option, CrewStatus.available);
    }
  }
});

test('nothing is asked for while nothing is due', () => {
  const rig = new CrewRig();
  rig.run();
  assert.is(rig.dueMs - rig.nowMs, REST_MS);
  rig.press(accept);
  assert.is(rig.dueMs - rig.nowMs, HOLD_MS);
  rig.wait(400);
  rig.run();
  assert.is(rig.dueMs - rig.nowMs, HOLD_MS - 400);
});

test('a power cut keeps status, jobs and the last job, and gives the same options', () => {
  for (const [stage, options] of stages) {
    const rig = new CrewRig().tap(accept).hold(accept).reach(stage);
    const text = saveCrew(rig.crew);
    const after = new CrewRig(300);
    restoreCrew(after.crew, text, after.nowMs);
    assert.is(after.crew.jobId, 7);
    assert.is(stageOf(after), stage);
    assert.is(nameOf(Answer, after.crew.option), options[0]);
    assert.is(saveCrew(after.crew), text);
    after.confirm('clear');
    if (stageOf(after) === 'idle') assert.is(nameOf(CrewStatus, after.crew.option), 'unavailable');
  }
  const rig = new CrewRig()
    .reach('handedOver')
    .confirm('clear')
    .wait(WELFARE_MS * 2);
  const after = new CrewRig(300);
  restoreCrew(after.crew, saveCrew(rig.crew), after.nowMs);
  after.hold(decline);
  assert.equal(after.take(), ['answer 7 welfare', 'tone sent'], 'nobody knows how long it was off');
  const late = new CrewRig(WELFARE_MS * 3);
  restoreCrew(late.crew, saveCrew(rig.crew), late.nowMs);
  late.hold(decline);
  assert.equal(late.take(), ['answer 7 welfare', 'tone sent'], 'the 10 minutes begin anew');
  const waiting = new CrewRig();
  restoreCrew(waiting.crew, '2,0', waiting.nowMs);
  waiting.hold(accept);
  assert.equal(waiting.take(), ['status unavailable', 'tone sent'], 'the status is the option');
});

test('a power cut: what is not answered the desk offers again, and it comes first', () => {
  const rig = new CrewRig().reach('onScene').offer(8).hold(accept).offer(9).tap(accept);
  const text = saveCrew(rig.crew);
  assert.is(text, '1,0,7,4,8,1');
  const after = new CrewRig(300);
  restoreCrew(after.crew, text, after.nowMs);
  assert.is(after.crew.jobId, 8);
  offerJob(after.crew, 9);
  assert.is(stageOf(after), 'offered');
  after.hold(accept);
  assert.equal(after.take(), ['seen 9', 'answer 9 accept', 'tone sent']);
  assert.equal(after.crew.otherJobs, [7, 8]);
});

test('a fresh unit has nothing to restore', () => {
  const rig = new CrewRig();
  const before = JSON.stringify(rig.crew);
  restoreCrew(rig.crew, '', 1000);
  assert.is(JSON.stringify(rig.crew), before);
  assert.is(rig.crew.reason, DeclineReason.none);
});

test.run();
