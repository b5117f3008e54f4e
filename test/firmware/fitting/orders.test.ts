/** What the control room asks of the unit itself, on the whole unit (CR-156, CR-157). */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Pattern } from '../../../firmware/dispatch/patterns.js';
import { LOOK_PERIOD_MS } from '../../../firmware/fitting/health.js';
import { REBOOT_AFTER_MS } from '../../../firmware/fitting/orders.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Command, RestartCause } from '../../../protocol/codes.js';
import { inWords } from '../../../protocol/host/index.js';
import { obliging } from '../../support/fake-ports.js';
import { World, cutAt, cutsOf, untilPowerCut } from '../../support/power-world.js';
import { Bench, UTC, everythingSent } from '../../support/sealed.js';
import { notesOf } from '../dispatch/notes.js';

const ORDER = { generation: 0, issuedAt: UTC, keys: '' };
/** Long enough for a restart that is due. */
const REBOOT_MS = REBOOT_AFTER_MS + LOOK_PERIOD_MS + 1000;

function ready(): Bench {
  const bench = new Bench(undefined, undefined, (ports) => ports.inputs.set(Input.bracket, true));
  bench.opened().hello();
  bench.ports.clock.advance(1000);
  bench.sent();
  bench.ports.trace.length = 0;
  return bench;
}

/** What the unit tells of an order within a second. */
function outcomeOf(bench: Bench, command: number): string {
  const counter = bench.order(command);
  bench.ports.clock.advance(1000);
  const outcomes = bench.outcomes();
  assert.is(outcomes.length, 1, 'one outcome');
  assert.ok(outcomes[0]?.endsWith(' ' + counter));
  return outcomes[0]?.split(' ')[0] as string;
}

/** All that it ever told of orders. */
function outcomesIn(bench: Bench): string[] {
  return everythingSent(bench.ports).flatMap(({ name, message }) => {
    const { refusal, counter } = inWords(name, message);
    return name === 'outcome' ? [`${refusal} ${counter}`] : [];
  });
}

function tones(bench: Bench): number[] {
  return bench.ports.outputs.changes.flatMap(({ what, value }) =>
    what === 'sound' && value !== 0 ? [value as number] : [],
  );
}

test('CR-156: a report gives position, AED, status and health at once, also while a dispatch sounds', () => {
  for (const isBusy of [false, true]) {
    const bench = ready();
    if (isBusy) bench.dispatch();
    bench.ports.clock.advance(1000);
    bench.sent();
    const counter = bench.order(Command.report);
    bench.ports.clock.advance(1000);
    const sent = bench.sent();
    assert.equal(sent.map((each) => each.name).sort(), [
      'aed',
      'health',
      'outcome',
      'position',
      'status',
    ]);
    const outcome = sent.find((each) => each.name === 'outcome');
    assert.equal([outcome?.message['counter'], outcome?.message['refusal']], [counter, 0]);
    assert.is(bench.unit.alarm.on, isBusy);
  }
});

test('CR-156: the self-test plays each pattern; a unit that is looked for chirps', () => {
  const tested = ready();
  assert.is(outcomeOf(tested, Command.selfTest), 'none');
  tested.ports.clock.advance(60000);
  for (const code of [Pattern.sent, Pattern.cancel, Pattern.dispatch]) {
    for (const [hz] of notesOf(code)) assert.ok(hz === 0 || tones(tested).includes(hz));
  }
  const sought = ready();
  assert.is(outcomeOf(sought, Command.locate), 'none');
  sought.ports.clock.advance(20000);
  assert.ok(tones(sought).length > 30);
});

test('CR-156: what could not be done is not said to be done', () => {
  const bench = ready();
  bench.order(Command.selfTest);
  bench.ports.clock.advance(500);
  bench.sent();
  assert.is(outcomeOf(bench, Command.locate), 'notSupported', 'while it tests itself');
});

test('CR-157: while a dispatch is open, answered or not, what is heard is refused', () => {
  for (const isAnswered of [false, true]) {
    for (const command of [Command.selfTest, Command.locate, Command.reboot]) {
      const bench = ready();
      bench.dispatch();
      if (isAnswered) bench.ports.inputs.hold(Input.accept);
      bench.ports.clock.advance(2000);
      bench.sent();
      const before = tones(bench).length;
      assert.is(outcomeOf(bench, command), 'jobOpen');
      bench.ports.clock.advance(REBOOT_MS);
      assert.is(bench.unit.alarm.on, !isAnswered);
      assert.is(tones(bench).length > before, !isAnswered, 'it sounds on, or is silent');
      assert.is(bench.ports.system.restarts, 0);
    }
  }
});

test('CR-157: a command without a name, and new keys that are none', () => {
  const bench = ready();
  for (const command of [6, 99, 255]) assert.is(outcomeOf(bench, command), 'notSupported');
  assert.is(bench.ports.net.ends.length, 1);
});

test('CR-086, CR-157: it restarts, after the outcome was told, and says why', () => {
  const bench = ready();
  assert.is(outcomeOf(bench, Command.reboot), 'none');
  assert.is(bench.ports.system.restarts, 0);
  bench.ports.clock.advance(REBOOT_MS);
  assert.ok(bench.ports.system.restarts > 0);
  const after = bench.restarted();
  after.ports.clock.advance(3000);
  assert.is(after.newest('health')['restartCause'], RestartCause.command);
  assert.equal(after.outcomes(), []);
});

test('CR-157: no restart before the broker has the outcome, and none with a dispatch open', () => {
  const bench = ready();
  bench.ports.net.onPacket = (far, packet) => {
    if (packet.cmd !== 'publish') obliging(far, packet);
  };
  const counter = bench.order(Command.reboot);
  bench.ports.clock.advance(120000);
  assert.is(bench.ports.system.restarts, 0, 'it was not told');
  bench.ports.net.onPacket = obliging;
  bench.dispatch();
  bench.ports.clock.advance(60000);
  assert.ok(bench.outcomes().includes(`none ${counter}`));
  assert.is(bench.ports.system.restarts, 0, 'a dispatch came meanwhile');
  assert.ok(bench.isSounding);
  bench.standDown();
  bench.ports.clock.advance(REBOOT_MS);
  assert.ok(bench.ports.system.restarts > 0);
});

test('CR-156: replayed it is not answered again', () => {
  const bench = ready();
  const payload = bench.say('command', { ...ORDER, command: Command.report }, 60);
  bench.ports.clock.advance(1000);
  assert.is(bench.outcomes().length, 1);
  bench.deliver(payload, 61);
  const after = bench.restarted().opened();
  after.deliver(payload, 61);
  after.ports.clock.advance(3000);
  assert.equal([bench.outcomes(), after.outcomes()], [[], []]);
});

test('CR-112, CR-156: the power fails at any write of an order: it is answered all the same', () => {
  const prepared = (): World => {
    const world = new World().start().run();
    world.hello(UTC);
    return world.run();
  };
  const give = (world: World): void => {
    world.publish('command', { ...ORDER, command: Command.report });
    world.run();
  };
  const lengths: number[] = [];
  const whole = prepared();
  whole.onWrite = (_name, bytes) => (lengths.push(bytes.length), null);
  give(whole);
  assert.is(lengths.length, 2, 'with the outcome, and without it');
  for (const [index, length] of lengths.entries()) {
    for (const cut of cutsOf(length)) {
      const world = prepared();
      cutAt(world, index, cut);
      untilPowerCut(() => give(world));
      world.onWrite = () => null;
      const counter = world.live.peer.state.counter;
      world.start().run().run();
      const told = world.lives.flatMap(outcomesIn);
      assert.ok(told.length > 0, `write ${index}, cut at ${cut} of ${length}`);
      for (const each of told) assert.is(each, `none ${counter}`);
      assert.equal(outcomesIn(world.start().run().live), [], 'and then never again');
    }
  }
});

test.run();
