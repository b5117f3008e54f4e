/** Whether the control room is there, and what time it is: a `hello` of this connection says so. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONTROL_PATIENCE_MS,
  createControl,
  hearControl,
  isOnDuty,
} from '../../../firmware/link/control.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { Lamp } from '../../../firmware/ports/outputs.js';
import { ClockQuality, ControlState } from '../../../protocol/codes.js';
import { Bench, UTC, sealDown } from '../../support/sealed.js';

test('CR-074: on duty by the last word, and not heard is not on duty', () => {
  const control = createControl();
  assert.is(isOnDuty(control, 0), false);
  for (const [state, onDuty] of [
    [ControlState.onDuty, true],
    [ControlState.away, false],
    [ControlState.onDuty, true],
    [77, false],
  ] as const) {
    hearControl(control, { birthCounter: 1, heardCounter: 0, issuedAt: UTC, state }, 1000);
    assert.is(isOnDuty(control, 1000), onDuty, `state ${state}`);
  }
});

test('CR-074: away after 150 s of silence: limit - 1, 0, + 1', () => {
  assert.is(CONTROL_PATIENCE_MS, 150000);
  const control = createControl();
  hearControl(control, { birthCounter: 1, heardCounter: 0, issuedAt: UTC, state: 1 }, 5000);
  assert.is(isOnDuty(control, 5000 + CONTROL_PATIENCE_MS - 1), true);
  assert.is(isOnDuty(control, 5000 + CONTROL_PATIENCE_MS), false);
  assert.is(isOnDuty(control, 5000 + CONTROL_PATIENCE_MS + 1), false);
});

test('CR-074, CR-096: green only with the link, the control room, the AED and a time', () => {
  const bench = new Bench();
  const { outputs, inputs, clock } = bench.ports;
  const steps: [string, () => void, boolean][] = [
    ['the link', () => clock.advance(2000), false],
    ['the AED', () => inputs.set(Input.bracket, true), false],
    ['the control room and its time', () => bench.hello(), true],
    ['no AED', () => inputs.set(Input.bracket, false), false],
    ['the AED again', () => inputs.set(Input.bracket, true), true],
    ['it goes', () => bench.hello(UTC, { state: ControlState.away }), false],
    ['it is back', () => bench.hello(), true],
    ['not silent for long', () => clock.advance(CONTROL_PATIENCE_MS - 2001), true],
    ['silent for long', () => clock.advance(1001), false],
    ['heard again', () => bench.hello(), true],
    ['no link', () => bench.ports.net.far.drop(), false],
  ];
  for (const [name, happen, armed] of steps) {
    happen();
    if (name === 'no link') bench.ports.net.manner = 'refuses';
    clock.advance(1000);
    assert.is(outputs.lit[Lamp.green], armed, name);
    // It blinks where the link is up and the control room away.
    if (!outputs.lit[Lamp.amber] && !armed) clock.advance(1000);
    assert.is(outputs.lit[Lamp.amber], !armed, name);
  }
});

test('CR-075, CR-076, CR-078: the time comes from a hello that answers this birth alone', () => {
  const bench = new Bench().opened();
  bench.ports.clock.advance(60000);
  assert.is(bench.newest('position')['at'], null);
  for (const ahead of [1, 2, 1000]) {
    bench.hello(UTC, { birthCounter: bench.unit.birthCounter + ahead });
    assert.is(bench.unit.clock.quality, ClockQuality.unknown);
    assert.is(bench.unit.control.onDuty, false);
  }
  bench.hello(UTC + 5000);
  bench.sent();
  bench.ports.clock.advance(60000);
  const position = bench.newest('position');
  assert.is(position['clock'], ClockQuality.network);
  assert.ok((position['at'] as number) > UTC + 5000 && (position['at'] as number) < UTC + 66000);
});

test('CR-075, CR-076: a hello to the connection before, or kept back, sets no time', () => {
  const bench = new Bench().opened();
  const early = bench.peer.seal('hello', helloTo(bench, UTC)).payload.toString('latin1');
  const late = bench.hello(UTC + 60000);
  const { clock, control } = bench.unit;
  const before = JSON.stringify([clock, control]);
  bench.ports.clock.advance(1000);
  bench.deliver(early, 0);
  assert.is(JSON.stringify([clock, control]), before, 'overtaken by a newer one');
  bench.deliver(late, 0);
  assert.is(JSON.stringify([clock, control]), before, 'a replay');
  bench.ports.net.far.drop();
  bench.ports.clock.advance(2000);
  assert.is(bench.ports.net.ends.length, 2);
  bench.say('hello', { ...helloTo(bench, UTC + 3600000), birthCounter: 1 }, 0);
  assert.is(JSON.stringify([clock, control]), before, 'of the birth before');
  bench.hello(UTC + 70000);
  assert.is.not(JSON.stringify([clock, control]), before);
});

test('CR-075, CR-112: after a restart no hello from before sets a time', () => {
  const bench = new Bench().opened();
  const hellos = [bench.hello(UTC), bench.hello(UTC + 60000)];
  const after = bench.restarted().opened();
  for (const payload of hellos) after.deliver(payload, 0);
  assert.is(after.unit.clock.quality, ClockQuality.unknown);
  assert.is(after.unit.control.onDuty, false);
});

test('CR-112: a hello moves the window, and is not written to flash', () => {
  const bench = new Bench().opened();
  bench.ports.trace.length = 0;
  bench.hello();
  bench.ports.clock.advance(2000);
  assert.is(bench.unit.inbox.window.newest, bench.peer.state.counter);
  assert.not.ok(bench.ports.trace.some((what) => what.startsWith('write')));
});

test('CR-113: a known clock refuses a counter of the future, a drifting one does not', () => {
  const bench = new Bench().opened();
  bench.hello();
  const stop = { dispatchId: 7, issuedAt: UTC, reason: 1 };
  const far = sealDown('stand-down', stop, UTC / 1000 + 3 * 86400);
  bench.deliver(far);
  assert.equal(bench.unit.desk.closed, []);
  // Nothing tells the time for hours: it is no longer known well enough to refuse by it.
  bench.ports.clock.block(7 * 3600000);
  bench.deliver(far);
  assert.is(bench.unit.desk.closed.length, 1);
});

function helloTo(bench: Bench, issuedAt: number): object {
  return { birthCounter: bench.unit.birthCounter, heardCounter: 0, issuedAt, state: 1 };
}

test.run();
