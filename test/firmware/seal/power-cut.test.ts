/**
 * The power fails before, in and after every write to flash that the unit makes. However it was:
 * no counter seals two messages, no dispatch is lost, and nothing that was taken is taken again.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { JobPhase } from '../../../firmware/dispatch/job.js';
import { saveDesk } from '../../../firmware/dispatch/keep.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { createCounter, takeNext } from '../../../firmware/seal/counter.js';
import { createKeyring } from '../../../firmware/seal/keyring.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { deriveKeyBytes, nodeCiphers } from '../../../protocol/host/index.js';
import { FakeStore, FakeSystem } from '../../support/fake-ports.js';
import { World, cutAt, cutsOf, untilPowerCut, type OnWrite } from '../../support/power-world.js';
import {
  DISPATCH,
  SECRET,
  UNIT_ID,
  UP,
  UTC,
  everythingSent,
  provisioned,
} from '../../support/sealed.js';

/** What happens while the power may fail: a message and what it leads to, an answer, a boot. */
interface Step {
  readonly kind: 'message' | 'answer' | 'boot';
  readonly happen: (world: World) => void;
}

const message = (name: string, fields: object): Step => ({
  kind: 'message',
  happen: (world) => {
    world.publish(name, fields);
    world.run();
  },
});
const dispatch = (dispatchId: number): Step => message('dispatch', { ...DISPATCH, dispatchId });
const standDown = (dispatchId: number): Step =>
  message('stand-down', { dispatchId, issuedAt: UTC, reason: 1 });
const rotation: Step = {
  kind: 'message',
  happen: (world) => {
    world.rotate();
    world.run();
  },
};
const answer: Step = {
  kind: 'answer',
  happen: (world) => {
    world.live.ports.inputs.hold(Input.accept);
    world.run();
  },
};
const boot: Step = { kind: 'boot', happen: (world) => void world.start().run() };

/** No counter of a key was given to two payloads, in all lives together. */
function noCounterTwice(world: World): void {
  const all = new Map<string, string>();
  for (const life of world.lives) {
    for (const { keyId, counter, topic, payload } of everythingSent(life.ports)) {
      const number = `${keyId}:${counter}`;
      assert.is(all.get(number) ?? topic + payload, topic + payload, `counter ${number}`);
      all.set(number, topic + payload);
    }
  }
  assert.ok(all.size > 0);
}

/** Who recorded all that came down plays it again. */
function nothingIsTakenAgain(world: World): void {
  const { live } = world;
  // A `hello` from before moves the window in memory, and nothing else (CR-112).
  const changeable = (): string => JSON.stringify([live.unit.clock, live.unit.control]);
  const before = [live.state(), changeable()];
  for (const { payload, id } of world.published) if (id !== 0) live.deliver(payload, 60000);
  assert.is(live.state(), before[0]);
  for (const { payload, id } of world.published) if (id === 0) live.deliver(payload, 0);
  assert.is(changeable(), before[1]);
  const jobs = saveDesk(live.unit.desk);
  live.ports.clock.advance(2000);
  assert.equal(live.told(), []);
  assert.is(saveDesk(live.unit.desk), jobs);
}

function isSoundAsItsDesk({ live }: World): void {
  const isOpen = live.unit.desk.jobs.some((job) => job.phase === JobPhase.sounding);
  assert.is(live.isSounding, isOpen);
}

/** Runs the steps once for each write and each way in which it can fail; gives how many runs. */
function cutEverywhere(prepare: (world: World) => void, steps: readonly Step[]): number {
  const writes: { step: number; length: number }[] = [];
  const desks: string[] = [];
  const whole = new World();
  prepare(whole);
  const first = whole.lives.length === 0 ? '' : saveDesk(whole.live.unit.desk);
  steps.forEach((step, index) => {
    whole.onWrite = (_name, bytes) => (writes.push({ step: index, length: bytes.length }), null);
    step.happen(whole);
    desks.push(saveDesk(whole.live.unit.desk));
  });
  let runs = 0;
  writes.forEach(({ step, length }, index) => {
    for (const cut of cutsOf(length)) {
      const world = new World();
      prepare(world);
      cutAt(world, index, cut);
      untilPowerCut(() => steps.forEach((each) => each.happen(world)));
      world.onWrite = () => null;
      world.start().run().run();
      // What a message asked for is done in the end; an answer counts if flash has it, and once it
      // has, what is written after it changes nothing.
      const isFirst = writes.findIndex((each) => each.step === step) === index;
      const isDone = steps[step]?.kind !== 'answer' || cut === length || !isFirst;
      const expected = isDone ? desks[step] : (desks[step - 1] ?? first);
      const about = `write ${index} of step ${step}, cut at ${cut} of ${length}`;
      assert.is(saveDesk(world.live.unit.desk), expected, about);
      isSoundAsItsDesk(world);
      assert.is(world.generation, whole.generation, about);
      nothingIsTakenAgain(world);
      world.start().run();
      assert.is(saveDesk(world.live.unit.desk), expected, 'and after another restart');
      isSoundAsItsDesk(world);
      nothingIsTakenAgain(world);
      noCounterTwice(world);
      runs++;
    }
  });
  return runs;
}

test("CR-068, CR-110: the power fails in a board's first boot, and in its first dispatch", () => {
  const runs = cutEverywhere(() => {}, [boot, dispatch(7)]);
  assert.ok(runs >= 2 * 9);
});

test('CR-042, CR-110: the power fails in a boot with an open dispatch', () => {
  const runs = cutEverywhere(
    (world) => {
      world.start().run();
      dispatch(7).happen(world);
    },
    [boot],
  );
  assert.ok(runs >= 9);
});

test('CR-040, CR-042, CR-112: the power fails in a dispatch, its answer, a stand-down', () => {
  const steps = [dispatch(7), answer, dispatch(8), dispatch(9), standDown(8), standDown(10)];
  const runs = cutEverywhere((world) => {
    world.start().run();
    world.hello(UTC);
    world.run();
  }, steps);
  assert.ok(runs >= 6 * 9);
});

test('CR-125: the power fails while a unit gets new keys, with a dispatch open', () => {
  for (const before of [0, 1]) {
    const runs = cutEverywhere(
      (world) => {
        world.start().run();
        for (let i = 0; i < before; i++) rotation.happen(world);
        world.hello(UTC);
        dispatch(7).happen(world);
      },
      [rotation, dispatch(8)],
    );
    assert.ok(runs >= 3 * 9, 'keys, desk, desk');
  }
});

test('CR-046: the power fails as an expired dispatch is refused: in flash, it is silent', () => {
  const prepared = (): World => {
    const world = new World().start().run();
    world.hello(DISPATCH.expiresAt + 1);
    return world.run();
  };
  let length = 0;
  const whole = prepared();
  whole.onWrite = (_name, bytes) => ((length = bytes.length), null);
  dispatch(7).happen(whole);
  assert.ok(length > 16);
  for (const cut of cutsOf(length)) {
    const world = prepared();
    cutAt(world, 0, cut);
    untilPowerCut(() => dispatch(7).happen(world));
    world.onWrite = () => null;
    world.start().run();
    // Not noted, it comes again, and a clock that is unknown never silences a dispatch.
    assert.is(world.live.isSounding, cut !== length, `cut at ${cut}`);
    nothingIsTakenAgain(world);
    noCounterTwice(world);
  }
});

test('CR-068, CR-110: the power fails in a thousand messages, over the end of a block', () => {
  const crc32 = new FakeSystem().crc32;
  const SENT = 1000;
  const BEFORE_THE_END = 400;

  /** One life: seals messages of its own until the power fails, or all are sealed. */
  function live(
    files: Map<string, string>,
    life: string,
    sent: Map<string, string>,
    store: OnWrite,
  ) {
    const fake = new FakeStore(files);
    fake.onWrite = store;
    const records = { store: fake, crc32 };
    const keyring = createKeyring(hostBytes, nodeCiphers, records);
    if (keyring === null) throw new Error('no keys');
    const counter = createCounter(records);
    for (let i = 0; i < SENT; i++) {
      // New keys in the middle: counters go on.
      if (i === SENT / 2 && life === 'first') keyring.rotate(2, deriveKeyBytes(SECRET, UNIT_ID, 2));
      const number = takeNext(counter);
      assert.ok(number > 0);
      const payload = keyring.seal(UP, number, `${life} ${i}`);
      const used = payload.charCodeAt(5) + ':' + number;
      assert.not.ok(sent.has(used), `${used} was used for ${sent.get(used)}`);
      sent.set(used, `${life} ${i}`);
      if (i === 0) counter.next = Math.max(counter.next, counter.end - BEFORE_THE_END);
    }
  }

  const lengths: number[] = [];
  live(provisioned(), 'first', new Map(), (_name, bytes) => (lengths.push(bytes.length), null));
  assert.is(lengths.length, 3, 'two blocks, and the keys');
  lengths.forEach((length, index) => {
    for (const cut of cutsOf(length)) {
      const files = provisioned();
      const sent = new Map<string, string>();
      let writes = 0;
      untilPowerCut(() => live(files, 'first', sent, () => (writes++ === index ? cut : null)));
      for (const life of ['second', 'third']) live(files, life, sent, () => null);
      assert.ok(sent.size >= 2 * SENT);
    }
  });
});

test.run();
