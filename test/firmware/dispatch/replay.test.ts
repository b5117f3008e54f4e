/** What was taken once is not taken again, and what is late does not sound as new. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Input } from '../../../firmware/ports/inputs.js';
import { DRIFT_AFTER_MS } from '../../../firmware/time/unit-clock.js';
import { ClockQuality } from '../../../protocol/codes.js';
import { DRIFT_MARGIN_MS, WINDOW } from '../../../protocol/limits.js';
import { Bench, DISPATCH, UTC, sealDown } from '../../support/sealed.js';

const EXPIRES = DISPATCH.expiresAt;

/** The tones since the last call of `traced`. */
function sounds(bench: Bench): string[] {
  return bench.traced().filter((what) => /^sound [1-9]/.test(what));
}

test('CR-046, CR-112: refused as expired it is noted in flash, and never sounds after', () => {
  const bench = new Bench().opened();
  bench.hello(EXPIRES + 1);
  bench.traced();
  const payload = bench.dispatch();
  assert.equal(bench.traced(), ['write desk.0', 'puback']);
  bench.ports.clock.advance(1000);
  assert.equal(bench.told(), ['refused 7 expired']);
  // The power fails; the unit does not know the time, and somebody plays the dispatch again.
  const after = bench.restarted().opened();
  assert.is(after.unit.clock.quality, ClockQuality.unknown);
  after.deliver(payload);
  after.ports.clock.advance(3000);
  assert.equal(sounds(after), []);
  assert.equal(after.unit.desk.jobs, []);
  assert.equal(after.told(), []);
});

test('CR-112: after a restart each kind of message is refused if it was acknowledged', () => {
  const bench = new Bench().opened();
  const payloads = [bench.dispatch(1), bench.dispatch(2), bench.standDown(2), bench.standDown(3)];
  bench.ports.inputs.hold(Input.accept);
  payloads.push(bench.say('command', { command: 99, generation: 0, issuedAt: UTC, keys: '' }));
  bench.ports.clock.advance(2000);
  const after = bench.restarted().opened();
  const before = after.state();
  for (const payload of payloads) after.deliver(payload);
  assert.is(after.state(), before);
  assert.equal(
    after.traced(),
    payloads.map(() => 'puback'),
  );
});

test('CR-069, CR-112: the window in flash is that of memory, also with its highest bit', () => {
  const bench = new Bench().opened();
  const first = UTC / 1000;
  for (let i = 0; i < WINDOW; i += 1 + (i % 3)) {
    bench.deliver(sealDown('stand-down', { dispatchId: 1, issuedAt: UTC, reason: 1 }, first + i));
    const after = bench.restarted();
    assert.equal(after.unit.inbox.window, bench.unit.inbox.window, `${i}`);
  }
  assert.ok(bench.unit.inbox.window.seen < 0, 'a number of 32 bits with its sign');
});

test('CR-041, CR-112: not in flash, a replay is not acknowledged; once it is, it is', () => {
  const bench = new Bench().opened();
  bench.ports.store.isFull = true;
  const payload = bench.dispatch();
  bench.deliver(payload, 101);
  bench.ports.clock.advance(5000);
  bench.deliver(payload, 102);
  assert.not.ok(bench.ports.trace.includes('puback'));
  assert.ok(bench.isSounding);
  bench.ports.store.isFull = false;
  bench.ports.clock.advance(2000);
  bench.deliver(payload, 103);
  assert.is(bench.traced().filter((what) => what === 'puback').length, 1);
  assert.equal(bench.told(), ['verified 7', 'sounding 7'], 'and it sounded once');
});

test('CR-041, CR-112: a replay is a chance to write: room again, written, acknowledged', () => {
  const bench = new Bench().opened();
  bench.ports.store.isFull = true;
  const payload = bench.dispatch();
  bench.ports.store.isFull = false;
  bench.traced();
  bench.deliver(payload, 101);
  assert.equal(bench.traced(), ['write desk.0', 'puback']);
});

test('CR-042, CR-046: one that expired is expired after a restart too', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.ports.clock.advance(601000);
  assert.not.ok(bench.isSounding);
  const after = bench.restarted().opened();
  assert.not.ok(after.isSounding);
});

test('CR-041: flash has no room: what is refused is acknowledged all the same', () => {
  const bench = new Bench().opened();
  bench.ports.store.isFull = true;
  bench.dispatch();
  bench.traced();
  bench.deliver('not sealed at all', 102);
  assert.equal(bench.traced(), ['puback']);
});

test('CR-046, CR-096: without a time the oldest dispatch sounds, and its receipts say so', () => {
  const bench = new Bench().opened();
  bench.say('dispatch', { ...DISPATCH, issuedAt: 1000, expiresAt: 601000 }, 100);
  assert.ok(bench.isSounding);
  bench.ports.clock.advance(1000);
  const receipts = bench.sent().filter((each) => each.name === 'receipt');
  assert.is(receipts.length, 2);
  for (const { message } of receipts) {
    assert.equal([message['clock'], message['at']], [ClockQuality.unknown, null]);
  }
  bench.ports.clock.advance(597000);
  assert.ok(bench.isSounding);
  bench.ports.clock.advance(3000);
  assert.not.ok(bench.isSounding, 'it ends with its lifetime');
});

test('CR-046: with a time, a dispatch is taken until its expiry: limit - 1, limit, + 1', () => {
  for (const late of [-1, 0, 1]) {
    const bench = new Bench().opened();
    bench.hello(EXPIRES + late);
    bench.dispatch();
    assert.is(bench.isSounding, late < 0, `${late} ms`);
  }
});

test('CR-046: where the clock drifts, DRIFT_MARGIN_MS later: limit - 1, limit, + 1', () => {
  for (const late of [-1, 0, 1]) {
    const bench = new Bench().opened();
    bench.hello(EXPIRES + DRIFT_MARGIN_MS + late - DRIFT_AFTER_MS - 1000);
    bench.ports.clock.block(DRIFT_AFTER_MS + 1000);
    bench.dispatch();
    assert.is(bench.isSounding, late < 0, `${late} ms`);
    bench.ports.clock.advance(1);
    assert.is(bench.told()[0], late < 0 ? 'verified 7' : 'refused 7 expired');
  }
});

test('CR-046: one that sounds ends at its expiry, with the margin where the clock drifts', () => {
  for (const [driftMs, margin] of [
    [0, 0],
    [DRIFT_AFTER_MS + 1000, DRIFT_MARGIN_MS],
  ] as const) {
    const bench = new Bench().opened();
    bench.hello(EXPIRES - 20000 - driftMs);
    bench.ports.clock.block(driftMs);
    bench.dispatch();
    bench.ports.clock.advance(20000 + margin - 1000);
    assert.ok(bench.isSounding);
    bench.ports.clock.advance(2000);
    assert.not.ok(bench.isSounding);
    assert.is(bench.told().at(-1), 'expired 7');
  }
});

test.run();
