/** Two buttons on the whole unit: what the crew says, what they hear, and what is told. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BOTH_MS, HOLD_MS } from '../../../firmware/crew/buttons.js';
import { CHOICE_MS, LOCK_SPEED_KMH } from '../../../firmware/crew/crew.js';
import { Pattern } from '../../../firmware/dispatch/patterns.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { AedReason, Answer, CrewStatus, PositionReason } from '../../../protocol/codes.js';
import { inWords } from '../../../protocol/host/index.js';
import { obliging } from '../../support/fake-ports.js';
import { gga, rmc } from '../../support/nmea-sentences.js';
import { Bench, DISPATCH, UTC } from '../../support/sealed.js';
import { notesOf } from '../dispatch/notes.js';

const { accept, decline, bracket } = Input;
/** At the incident. */
const HERE = { latitudeE7: 515000000, longitudeE7: -1250000 };
const KNOTS_PER_KMH = 1 / 1.852;

/** A crew with its AED, and nothing to do. */
function ready(files?: Map<string, string>): Bench {
  const bench = new Bench(files, undefined, (ports) => ports.inputs.set(bracket, true)).opened();
  bench.ports.clock.advance(1000);
  bench.sent();
  return bench;
}

/** A crew that has accepted dispatch 7. */
function atWork(): Bench {
  const bench = ready();
  bench.say('dispatch', { ...DISPATCH, ...HERE }, 100);
  hold(bench);
  said(bench);
  return bench;
}

function hold(bench: Bench, input: number = accept): void {
  bench.ports.inputs.hold(input);
  bench.ports.clock.advance(2000);
}

/** What the unit told of its crew since the last call. */
function said(bench: Bench): string[] {
  return bench.sent().flatMap(({ name, message }) => {
    const { step, dispatchId, answer, reason, status } = inWords(name, message);
    if (name === 'receipt') return [`${step} ${dispatchId}`];
    if (name === 'status') return [`${status}`];
    return name === 'response' ? [`${answer} ${dispatchId} ${reason}`] : [];
  });
}

/** What begins to sound while something happens, in Hz. */
function heard(bench: Bench, happen: () => void): number[] {
  const { changes } = bench.ports.outputs;
  const from = changes.length;
  happen();
  return changes
    .slice(from)
    .flatMap(({ what, value }) => (what === 'sound' && value !== 0 ? [value as number] : []));
}

function tonesOf(code: number): number[] {
  return notesOf(code).flatMap(([hz]) => (hz > 0 ? [hz] : []));
}

/** The receiver says for some seconds where the vehicle is, and how fast. */
function drive(bench: Bench, kmH: number, seconds = 3, latitude = '5130.0000'): void {
  const at = { latitude, longitude: '00007.5000', knots: (kmH * KNOTS_PER_KMH).toFixed(3) };
  for (let i = 0; i < seconds; i++) {
    const time = `2214${String(i).padStart(2, '0')}.00`;
    bench.ports.gps.feed(rmc({ ...at, time, date: '141123' }) + gga({ ...at, time }));
    bench.ports.clock.advance(1000);
  }
}

test('CR-143: a touch tells `seen` once, and leaves a reminder and an open dispatch', () => {
  for (const input of [accept, decline]) {
    const bench = ready();
    bench.dispatch();
    bench.ports.clock.advance(3000);
    said(bench);
    const { outputs, inputs, clock } = bench.ports;
    const tones = heard(bench, () => {
      inputs.press(input);
      inputs.press(input);
      clock.advance(35000);
    });
    assert.equal(said(bench), ['seen 7'], 'and nothing was answered');
    assert.equal([...new Set(tones)], [440], 'the tick alone');
    assert.ok(bench.unit.alarm.on);
    assert.ok(outputs.changes.some((each) => each.what === 'red' && each.atMs > 20000));
    hold(bench);
    assert.equal(said(bench), ['accept 7 none', 'acknowledged 7']);
  }
});

test('CR-143: a press that is all but a hold answers nothing', () => {
  const bench = ready();
  bench.dispatch();
  for (const [forMs, isAnswer] of [
    [HOLD_MS - 1, false],
    [HOLD_MS, true],
  ] as const) {
    bench.ports.inputs.set(accept, true);
    bench.ports.clock.advance(forMs);
    bench.ports.inputs.set(accept, false);
    bench.ports.clock.advance(2000);
    assert.is(said(bench).includes('accept 7 none'), isAnswer, `${forMs} ms`);
  }
});

test('CR-049, CR-146: held, it is sent; `taken` is heard when the control room has it, once', () => {
  const bench = ready();
  bench.dispatch();
  bench.ports.clock.advance(1000);
  bench.sent();
  bench.ports.inputs.set(accept, true);
  const sent = heard(bench, () => bench.ports.clock.advance(HOLD_MS + 500));
  assert.equal(sent.slice(-1), tonesOf(Pattern.sent), 'while it is still held');
  bench.ports.inputs.set(accept, false);
  const response = bench.sent().find((each) => each.name === 'response');
  assert.is(response?.message['answer'], Answer.accept);
  const counter = response?.counter as number;
  const hello = (heardCounter: number) => (): void => {
    bench.hello(UTC, { heardCounter });
    bench.ports.clock.advance(1000);
  };
  assert.equal(heard(bench, hello(counter - 1)), []);
  assert.equal(heard(bench, hello(counter)), tonesOf(Pattern.taken));
  assert.equal(heard(bench, hello(counter + 1)), []);
});

test('CR-146: of a status that the crew said they hear it too', () => {
  const bench = ready();
  bench.ports.inputs.press(accept);
  hold(bench);
  const status = bench.sent().find((each) => each.name === 'status');
  const tones = heard(bench, () => {
    bench.hello(UTC, { heardCounter: status?.counter as number });
    bench.ports.clock.advance(1000);
  });
  assert.equal(tones, tonesOf(Pattern.taken));
});

test('CR-146: what has not left is never `taken`, whatever the control room has', () => {
  const bench = ready();
  bench.ports.net.onPacket = (far, packet) => {
    if (packet.cmd !== 'publish') obliging(far, packet);
  };
  // As many as may be in flight: what the crew says has to wait.
  for (let i = 0; i < 4; i++) bench.standDown(20 + i, 70 + i);
  bench.ports.clock.advance(1000);
  bench.sent();
  bench.dispatch();
  bench.ports.inputs.hold(accept);
  bench.ports.clock.advance(1000);
  assert.equal(said(bench), []);
  const tones = heard(bench, () => {
    bench.hello(UTC, { heardCounter: 4294967295 });
    bench.ports.clock.advance(1000);
  });
  assert.equal(tones, []);
});

test('CR-145: a status of a birth is not the word of the crew: no tone for it', () => {
  const bench = ready();
  for (let births = 0; births < 3; births++) {
    bench.ports.net.far.drop();
    bench.ports.clock.advance(3000);
    const status = bench.sent().find((each) => each.name === 'status');
    const tones = heard(bench, () => {
      bench.hello(UTC, { heardCounter: status?.counter as number });
      bench.ports.clock.advance(1000);
    });
    assert.equal(tones, []);
  }
});

test('CR-144, L5: a whole job by holding one button, to the handover and its end', () => {
  const bench = atWork();
  const steps: string[] = [];
  for (let i = 0; i < 6; i++) {
    hold(bench);
    steps.push(...said(bench));
    assert.is(bench.unit.desk.jobs.length, i < 5 ? 1 : 0);
  }
  const words = ['enRoute', 'onScene', 'aedTaken', 'aedUsed', 'handedOver', 'clear'];
  assert.equal(
    steps,
    words.map((word) => `${word} 7 none`),
  );
  assert.equal(bench.unit.desk.closed, [7]);
  assert.ok(bench.unit.bay.reasons & AedReason.usedNotRestocked, 'the AED is not as it was');
  hold(bench);
  assert.equal(said(bench), ['available']);
  assert.not.ok(bench.unit.bay.reasons & AedReason.usedNotRestocked, 'restocked, they say');
});

test('CR-144: the times of the answers count from the arrival', () => {
  const bench = atWork();
  bench.ports.clock.advance(60000);
  bench.ports.inputs.hold(accept);
  bench.ports.clock.advance(1000);
  const elapsedMs = bench.newest('response')['elapsedMs'] as number;
  assert.ok(elapsedMs >= 64000 && elapsedMs < 66000, `${elapsedMs}`);
});

test('L4: they were there already, and say so with two presses and a hold', () => {
  const bench = atWork();
  assert.equal(
    heard(bench, () => {
      bench.ports.inputs.press(accept);
      bench.ports.clock.advance(500);
      bench.ports.inputs.press(accept);
      bench.ports.clock.advance(500);
    }),
    [...tonesOf(Pattern.step), ...tonesOf(Pattern.step)],
  );
  assert.equal(said(bench), [], 'a press says nothing');
  hold(bench);
  assert.equal(said(bench), ['alreadyOnScene 7 none']);
});

test('CR-049: declined at once; why may follow, once, while somebody touches a button', () => {
  const bench = ready();
  bench.dispatch();
  bench.ports.clock.advance(1000);
  said(bench);
  hold(bench, decline);
  assert.equal(said(bench), ['seen 7', 'decline 7 notStated', 'acknowledged 7']);
  for (let i = 0; i < 3; i++) bench.ports.inputs.press(decline);
  hold(bench, decline);
  assert.equal(said(bench), ['decline 7 tooFar']);
  bench.ports.clock.advance(60000);
  assert.equal(said(bench), []);
  assert.equal(bench.unit.desk.closed, [7]);
});

test('Y2: called away from a job, they hold decline, and the job is over for them', () => {
  for (const steps of [0, 1]) {
    const bench = atWork();
    for (let i = 0; i < steps; i++) hold(bench);
    said(bench);
    hold(bench, decline);
    assert.equal(said(bench), ['decline 7 otherEmergency']);
    assert.equal([bench.unit.desk.jobs, bench.unit.desk.closed], [[], [7]]);
    assert.not.ok(bench.unit.tracker.isEnRoute);
  }
});

test('N8: after a job somebody asks to be asked, also after the end, and once', () => {
  const bench = atWork();
  hold(bench, decline);
  said(bench);
  hold(bench, decline);
  assert.equal(said(bench), ['welfare 7 none']);
  hold(bench, decline);
  assert.equal(said(bench), []);
});

test('CR-144: at the incident the unit proposes `onScene`, and tells nothing of it', () => {
  const bench = atWork();
  const near = heard(bench, () => drive(bench, 0, 5));
  assert.equal(near, tonesOf(Pattern.suggested), 'once');
  assert.is(bench.unit.crew.option, Answer.onScene);
  assert.equal(said(bench), []);
  hold(bench);
  assert.equal(said(bench), ['onScene 7 none']);
});

test('CR-144: not far from it, nor while moving, nor over the choice of the crew', () => {
  const far = atWork();
  // A thousandth of a minute is 1.85 m.
  drive(far, 0, 5, '5130.0450');
  assert.is(far.unit.crew.option, Answer.enRoute, '83 m');
  drive(far, 0, 5, '5130.0390');
  assert.is(far.unit.crew.option, Answer.onScene, '72 m');
  const moving = atWork();
  drive(moving, 7, 5);
  assert.is(moving.unit.crew.option, Answer.enRoute);
  const choosing = atWork();
  choosing.ports.inputs.press(accept);
  choosing.ports.inputs.press(accept);
  drive(choosing, 0, 5);
  assert.is(choosing.unit.crew.option, Answer.alreadyOnScene, 'for CHOICE_MS');
  drive(choosing, 0, CHOICE_MS / 1000);
  assert.is(choosing.unit.crew.option, Answer.onScene);
});

test('CR-144: an AED that is lifted on scene is proposed as taken, and is no fault', () => {
  const bench = atWork();
  hold(bench);
  hold(bench);
  bench.ports.inputs.press(accept);
  bench.ports.clock.advance(CHOICE_MS);
  said(bench);
  assert.is(bench.unit.crew.option, Answer.aedUsed);
  const tones = heard(bench, () => {
    bench.ports.inputs.set(bracket, false);
    bench.ports.clock.advance(300000);
  });
  assert.equal(tones, tonesOf(Pattern.suggested));
  assert.is(bench.unit.crew.option, Answer.aedTaken);
  assert.equal(said(bench), []);
});

test('above LOCK_SPEED_KMH a dispatch can be answered, and nothing else is said', () => {
  for (const [kmH, isLocked] of [
    [LOCK_SPEED_KMH - 0.2, false],
    [LOCK_SPEED_KMH + 0.2, true],
    [90, true],
  ] as const) {
    const bench = ready();
    bench.dispatch();
    drive(bench, kmH);
    hold(bench);
    assert.ok(said(bench).includes('accept 7 none'), `${kmH} km/h`);
    drive(bench, kmH);
    const tones = heard(bench, () => hold(bench));
    assert.equal(said(bench), isLocked ? [] : ['enRoute 7 none'], `${kmH} km/h`);
    assert.equal(tones, tonesOf(isLocked ? Pattern.refused : Pattern.sent));
  }
});

test('CR-080: on the way to a job the position is told more often, until it is clear', () => {
  const bench = atWork();
  const periodS = (): number => {
    bench.sent();
    bench.ports.clock.advance(120000);
    const positions = bench.sent().filter((each) => each.name === 'position');
    for (const { message } of positions) assert.is(message['reason'], PositionReason.periodic);
    return 120 / positions.length;
  };
  assert.is(periodS(), 5);
  hold(bench);
  assert.is(periodS(), 5);
  hold(bench);
  assert.is(periodS(), 60, 'on scene');
});

test('CR-145, L3: the status is told when it is said, after every birth and after a restart', () => {
  const bench = ready();
  bench.ports.inputs.press(accept);
  bench.ports.clock.advance(1000);
  assert.equal(said(bench), []);
  hold(bench);
  assert.equal(said(bench), ['unavailable']);
  bench.ports.net.far.drop();
  bench.ports.clock.advance(3000);
  assert.equal(said(bench), ['unavailable']);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.equal(said(after), ['unavailable']);
  after.dispatch();
  assert.ok(after.isSounding, 'whom to send is for the control room to decide');
});

test('Y2: committed elsewhere is said with two presses and a hold, and available with one', () => {
  const bench = ready();
  for (const word of ['committedElsewhere', 'available', 'unavailable']) {
    while (bench.unit.crew.option !== CrewStatus[word as keyof typeof CrewStatus]) {
      bench.ports.inputs.press(accept);
      bench.ports.clock.advance(500);
    }
    hold(bench);
    assert.equal(said(bench), [word]);
  }
});

test('CR-093, CR-145: births without end do not crowd out what the crew answered', () => {
  const bench = ready();
  bench.dispatch();
  bench.ports.clock.advance(1000);
  bench.sent();
  bench.ports.net.onPacket = (far, packet) => {
    if (packet.cmd !== 'publish') obliging(far, packet);
  };
  hold(bench);
  for (let births = 0; births < 30; births++) {
    bench.ports.net.far.drop();
    bench.ports.clock.advance(31000);
    assert.ok(said(bench).includes('available'), 'after every birth');
  }
  assert.is(bench.unit.outbox.dropped, 0);
  bench.ports.net.onPacket = obliging;
  bench.ports.net.far.drop();
  bench.ports.clock.advance(31000);
  const words = said(bench);
  for (const word of ['accept 7 none', 'acknowledged 7', 'available']) {
    assert.is(words.filter((each) => each === word).length, 1, word);
  }
});

test('both buttons for BOTH_MS: each pattern and each lamp, but not while there is a job', () => {
  const both = (bench: Bench): number[] =>
    heard(bench, () => {
      for (const input of [accept, decline]) bench.ports.inputs.set(input, true);
      bench.ports.clock.advance(BOTH_MS + 100);
      for (const input of [accept, decline]) bench.ports.inputs.set(input, false);
      bench.ports.clock.advance(3000);
    });
  const idle = ready();
  assert.ok(both(idle).length > 3);
  assert.ok([Lamp.red, Lamp.amber, Lamp.green].every((lamp) => idle.ports.outputs.lit[lamp]));
  assert.equal(said(idle), []);
  const busy = atWork();
  assert.equal(both(busy), tonesOf(Pattern.refused));
  assert.equal(said(busy), []);
});

test.run();
