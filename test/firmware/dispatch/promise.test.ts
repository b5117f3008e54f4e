/**
 * A dispatch on the whole unit, from the broker to the sounder and back: an alert is a promise,
 * whatever breaks meanwhile.
 */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_NEWS } from '../../../firmware/fitting/news.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { Exhausted, PowerCut, obliging } from '../../support/fake-ports.js';
import { Bench, DISPATCH, UTC } from '../../support/sealed.js';

test('CR-040, CR-041: it sounds, then it is in flash, and only then PUBACK goes', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  assert.equal(bench.traced(), ['sound 880', 'red true', 'write desk.0', 'puback']);
  const startMs = bench.ports.clock.nowMs();
  bench.ports.clock.advance(1000);
  assert.equal(bench.told(), ['verified 7', 'sounding 7'], 'told once that is done');
  const { changes } = bench.ports.outputs;
  const beats = changes.filter((each) => each.what === 'sound').map((each) => each.atMs - startMs);
  assert.equal(
    beats.slice(0, 5),
    [0, 150, 250, 400, 500],
    'the pattern plays from the first pulse',
  );
});

test('CR-049: accepted by the one button, declined by the other, and silent at once', () => {
  for (const [input, word] of [
    [Input.accept, 'accept 7'],
    [Input.decline, 'decline 7'],
  ] as const) {
    const bench = new Bench().opened();
    bench.dispatch();
    bench.ports.clock.advance(4000);
    bench.told();
    bench.ports.inputs.hold(input);
    assert.is(bench.ports.outputs.lit[Lamp.red], false);
    bench.ports.clock.advance(1000);
    assert.is(bench.ports.outputs.frequencyHz, 0);
    assert.equal(bench.told().sort(), ['acknowledged 7', 'seen 7', word].sort());
    bench.ports.inputs.hold(input === Input.accept ? Input.decline : Input.accept);
    bench.ports.clock.advance(1000);
    assert.not.ok(bench.told().includes('acknowledged 7'), 'it was answered once');
  }
});

test('CR-049: each hold answers one dispatch, the one that sounded first', () => {
  const bench = new Bench().opened();
  bench.dispatch(7, 100);
  bench.dispatch(8, 101);
  bench.ports.inputs.hold(Input.decline);
  assert.ok(bench.unit.alarm.on, 'the other sounds on');
  bench.ports.inputs.hold(Input.accept);
  assert.not.ok(bench.unit.alarm.on);
  bench.ports.clock.advance(1000);
  const answers = bench.told().filter((word) => /accept|decline/.test(word));
  assert.equal(answers, ['decline 7', 'accept 8']);
});

test('CR-044: sent five times, it sounds once, and each is acknowledged', () => {
  const bench = new Bench().opened();
  for (let i = 0; i < 5; i++) {
    bench.dispatch(7, 100 + i);
    bench.ports.clock.advance(20);
  }
  const acknowledged = bench.traced();
  assert.is(acknowledged.filter((what) => what === 'puback').length, 5);
  assert.is(acknowledged.filter((what) => what === 'sound 880').length, 1);
  bench.ports.inputs.hold(Input.accept);
  bench.ports.clock.advance(1000);
  bench.traced();
  bench.dispatch(7, 110);
  bench.ports.clock.advance(20000);
  const isWrite = (what: string): boolean => what.startsWith('write');
  assert.equal(
    bench.traced().filter((what) => !isWrite(what)),
    ['puback'],
    'and it does not sound after the answer',
  );
  assert.equal(bench.told().slice(-1), ['duplicate 7']);
});

test('CR-112: delivered five times, it sounds once, and each is acknowledged', () => {
  const bench = new Bench().opened();
  const payload = bench.dispatch();
  for (let i = 0; i < 4; i++) {
    bench.deliver(payload, 101 + i);
    bench.ports.clock.advance(20);
  }
  const traced = bench.traced();
  assert.is(traced.filter((what) => what === 'puback').length, 5);
  assert.is(traced.filter((what) => what.startsWith('write')).length, 1);
  assert.is(traced.filter((what) => what === 'sound 880').length, 1);
  bench.ports.inputs.hold(Input.accept);
  bench.ports.clock.advance(1000);
  bench.traced();
  bench.deliver(payload, 110);
  bench.ports.clock.advance(20000);
  assert.equal(bench.traced(), ['puback'], 'and it does not sound after the answer');
  const told = ['verified 7', 'sounding 7', 'seen 7', 'accept 7', 'acknowledged 7'];
  assert.equal(bench.told().sort(), told.sort());
});

test('steps that wait to be told are bounded by MAX_NEWS; one more is dropped and counted', () => {
  const bench = new Bench().opened();
  // The dispatch itself gives two, each delivery after it one.
  bench.dispatch();
  for (let i = 3; i < MAX_NEWS; i++) bench.dispatch();
  assert.is(bench.unit.news.length, MAX_NEWS - 1);
  bench.dispatch();
  assert.is(bench.unit.news.length, MAX_NEWS);
  assert.is(bench.unit.outbox.dropped, 0);
  bench.dispatch();
  assert.is(bench.unit.news.length, MAX_NEWS);
  assert.is(bench.unit.outbox.dropped, 1);
  bench.ports.clock.advance(1000);
  assert.equal(bench.told().slice(0, 3), ['verified 7', 'sounding 7', 'duplicate 7']);
});

test('CR-042: it sounds again after a restart, before there is any link', () => {
  const before = new Bench().opened();
  before.dispatch();
  const after = before.restarted((ports) => (ports.network.up = false));
  assert.ok(after.isSounding);
  assert.is(after.ports.outputs.lit[Lamp.red], true);
  after.ports.clock.advance(60000);
  assert.ok(after.isSounding);
  after.ports.network.up = true;
  after.ports.clock.advance(3000);
  assert.equal(after.told(), ['resumed 7', 'louder 7', 'unanswered 7']);
  after.dispatch();
  after.ports.clock.advance(50);
  assert.equal(after.told(), ['duplicate 7'], 'the broker delivers it again');
});

test('CR-040: power fails at any byte of the write: delivered again, it sounds', () => {
  const whole = new Bench().opened();
  whole.dispatch();
  const length = (whole.ports.store.files.get('desk.0') as string).length;
  for (const cut of ['before' as const, ...Array.from({ length: length + 1 }, (_, i) => i)]) {
    const before = new Bench().opened();
    before.ports.store.onWrite = () => cut;
    const payload = sealed(before);
    assert.throws(
      () => before.deliver(payload),
      (error: unknown) => error instanceof PowerCut,
    );
    assert.not.ok(before.traced().includes('puback'), 'the broker still has it');
    const after = before.restarted().opened();
    assert.is(after.isSounding, cut === length);
    after.deliver(payload);
    assert.ok(after.isSounding, `cut at ${cut}`);
  }
});

test('CR-041: flash without room: no PUBACK until the dispatch is in flash after all', () => {
  const bench = new Bench().opened();
  bench.ports.store.isFull = true;
  const payload = bench.dispatch();
  bench.ports.clock.advance(5000);
  assert.ok(bench.isSounding);
  bench.deliver(payload);
  assert.not.ok(bench.traced().includes('puback'), 'nor when it comes again');
  bench.ports.store.isFull = false;
  bench.ports.clock.advance(1000);
  assert.ok(bench.traced().includes('write desk.0'), 'tried again');
  bench.deliver(payload);
  assert.equal(
    bench.traced().filter((what) => !/^(sound|red)/.test(what)),
    ['puback'],
    'and then it is',
  );
  bench.ports.clock.advance(1000);
  assert.equal(bench.told(), ['verified 7', 'sounding 7']);
});

test('a dispatch whose taking was abandoned comes again, and an alarm without one ends', () => {
  const bench = new Bench().opened();
  const jobs = bench.unit.desk.jobs;
  jobs.push = () => {
    throw new Exhausted();
  };
  const payload = bench.dispatch();
  assert.ok(bench.unit.alarm.on, 'it sounded before memory ran out');
  assert.not.ok(bench.traced().includes('puback'));
  bench.ports.clock.advance(3000);
  assert.is(bench.ports.net.ends.length, 2, 'a new connection, so that it comes again');
  assert.not.ok(bench.unit.alarm.on, 'nobody could have answered it');
  jobs.push = Array.prototype.push;
  bench.deliver(payload);
  assert.ok(bench.unit.alarm.on);
  bench.ports.clock.advance(10);
  assert.equal(bench.told().slice(-2), ['verified 7', 'sounding 7']);
});

test('CR-042: a call that blocks for a minute leaves the alarm sounding and the lamp lit', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.ports.net.manner = 'refuses';
  bench.ports.net.blocksMs = 60000;
  const { outputs } = bench.ports;
  bench.ports.net.trace = (what) => {
    if (what.startsWith('call')) assert.ok(outputs.frequencyHz === 880 && outputs.lit[Lamp.red]);
    bench.ports.trace.push(what);
  };
  bench.ports.net.far.drop();
  bench.ports.clock.advance(300000);
  assert.ok(bench.ports.trace.filter((what) => what.startsWith('call')).length >= 3);
  assert.ok(bench.isSounding);
});

test('CR-042: link or no link, it sounds until its lifetime is over, and says so later', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.ports.clock.advance(1000);
  bench.told();
  bench.ports.net.far.drop();
  bench.ports.network.up = false;
  bench.ports.clock.advance(598000);
  assert.ok(bench.isSounding);
  bench.ports.clock.advance(2000);
  assert.not.ok(bench.isSounding);
  bench.ports.network.up = true;
  bench.ports.clock.advance(5000);
  assert.equal(bench.told(), ['louder 7', 'unanswered 7', 'expired 7']);
});

test('CR-045: stood down, before or after it came, and CR-046: too late', () => {
  const bench = new Bench().opened();
  bench.dispatch(7, 100);
  bench.standDown(7, 101);
  assert.not.ok(bench.isSounding);
  bench.standDown(8, 102);
  bench.hello(UTC + 600000);
  bench.traced();
  bench.dispatch(8, 104);
  bench.dispatch(9, 105, UTC + 600000);
  assert.equal(bench.traced(), ['write desk.1', 'puback', 'write desk.0', 'puback'], 'no sound');
  bench.ports.clock.advance(1000);
  const told = ['verified 7', 'sounding 7', 'stoodDown 7', 'stoodDown 8'];
  assert.equal(bench.told(), [...told, 'refused 8 stoodDown', 'refused 9 expired']);
});

test('CR-041: it may come between CONNACK and SUBACK', () => {
  const bench = new Bench(undefined, undefined, (ports) => {
    ports.net.onPacket = (far, packet) => {
      if (packet.cmd === 'subscribe') bench.dispatch();
      obliging(far, packet);
    };
  });
  bench.ports.clock.advance(2000);
  assert.ok(bench.isSounding);
  assert.equal(bench.told(), ['verified 7', 'sounding 7']);
  assert.ok(bench.ports.trace.includes('puback'));
});

test('a receipt of a dispatch that came 50 days ago can be sent still', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.ports.net.far.drop();
  bench.ports.clock.block(50 * 24 * 3600 * 1000);
  bench.ports.clock.advance(5000);
  bench.told();
  bench.dispatch();
  bench.ports.clock.advance(1000);
  assert.equal(bench.told(), ['duplicate 7']);
});

/** The control room seals a dispatch that is not delivered yet. */
function sealed(bench: Bench): string {
  return bench.peer.seal('dispatch', DISPATCH).payload.toString('latin1');
}

test.run();
