/** The unit looks after itself: when it says that it runs well, and when it restarts, with its reason. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  CONFIRM_AFTER_MS,
  HEALTH_PERIOD_MS,
  LATE_PATIENCE_MS,
  LOOK_PERIOD_MS,
  MEMORY_PATIENCE_MS,
} from '../../../firmware/fitting/health.js';
import { LISTEN_AGAIN_LOSSES } from '../../../firmware/fitting/position.js';
import { Task } from '../../../firmware/fitting/task.js';
import { REJOIN_AFTER_FAILURES } from '../../../firmware/link/link.js';
import { BEAT_LIMIT_MS } from '../../../firmware/time/tasks.js';
import type { Unit } from '../../../firmware/unit.js';
import { Exhaustion, RestartCause } from '../../../protocol/codes.js';
import { Exhausted } from '../../support/fake-ports.js';
import { GUARD_MS } from '../../../firmware/time/tasks.js';
import { Bench } from '../../support/sealed.js';

const LOW = 100;

/** The bay's task is abandoned for as long as this says so. */
function breakBay(unit: Unit, isBroken: () => boolean): void {
  const { run } = unit.tasks;
  Object.assign(unit.tasks, {
    run: (task: number, nowMs: number) => {
      if (task === Task.bay && isBroken()) throw new Exhausted();
      return run(task, nowMs);
    },
  });
}

test('a boot is confirmed once no task was abandoned for 20 s, and only once', () => {
  const bench = new Bench();
  const { ports } = bench;
  ports.network.up = false;
  ports.store.write('boot', 'b2,7');
  ports.clock.advance(CONFIRM_AFTER_MS - 1000);
  assert.is(ports.store.read('boot'), 'b2,7');
  ports.clock.advance(LOOK_PERIOD_MS + 1000);
  assert.is(ports.store.read('boot'), 'b0,7');
  ports.store.write('boot', 'a1');
  ports.clock.advance(600_000);
  assert.is(ports.store.read('boot'), 'a1');
});

test('a boot is confirmed as soon as it has a session: the next power cut is not its fault', () => {
  const bench = new Bench();
  bench.ports.store.write('boot', 'a2');
  bench.opened();
  bench.ports.clock.advance(1000);
  assert.is(bench.ports.store.read('boot'), 'a0');
});

test('a boot with a task that is abandoned again and again is not confirmed', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.network.up = false;
  ports.store.write('boot', 'a1');
  let broken = true;
  breakBay(unit, () => broken);
  ports.clock.advance(28_000);
  assert.is(ports.store.read('boot'), 'a1');
  broken = false;
  ports.clock.advance(CONFIRM_AFTER_MS + 3 * LOOK_PERIOD_MS);
  assert.is(ports.store.read('boot'), 'a0');
});

test('CR-086: memory that stays short restarts the unit, with its reason, but not while it sounds', () => {
  const bench = new Bench().opened();
  const { ports } = bench;
  ports.system.free = LOW;
  ports.clock.advance(2 * MEMORY_PATIENCE_MS - 2 * LOOK_PERIOD_MS);
  bench.dispatch();
  ports.clock.advance(60_000);
  assert.ok(bench.unit.alarm.on);
  assert.is(ports.system.restarts, 0, 'while it sounds');
  bench.standDown();
  ports.clock.advance(2 * MEMORY_PATIENCE_MS - 2 * LOOK_PERIOD_MS);
  assert.is(ports.system.restarts, 0, 'the patience begins anew');
  ports.clock.advance(4 * LOOK_PERIOD_MS);
  assert.ok(ports.system.restarts > 0);
  const after = bench.restarted();
  after.ports.clock.advance(2000);
  assert.is(after.newest('health')['restartCause'], RestartCause.memory);
  after.ports.clock.advance(2 * LOOK_PERIOD_MS);
  const last = after.restarted();
  last.ports.clock.advance(2000);
  assert.is(last.newest('health')['restartCause'], RestartCause.powerOn, 'told once');
});

test('memory that is short for a while restarts nothing', () => {
  const { ports } = new Bench().opened();
  for (let i = 0; i < 10; i++) {
    ports.system.free = LOW;
    ports.clock.advance(MEMORY_PATIENCE_MS);
    ports.system.free = 1000;
    ports.clock.advance(2 * LOOK_PERIOD_MS);
  }
  assert.is(ports.system.restarts, 0);
});

test('CR-086: a task that never beats restarts the unit, with its reason', () => {
  const bench = new Bench();
  const { ports, unit } = bench;
  ports.clock.advance(5000);
  breakBay(unit, () => true);
  ports.clock.advance(BEAT_LIMIT_MS + LATE_PATIENCE_MS - 5000);
  assert.is(ports.system.restarts, 0);
  ports.clock.advance(310_000);
  assert.ok(ports.system.restarts > 0);
  const after = bench.restarted();
  after.ports.clock.advance(2000);
  assert.is(after.newest('health')['restartCause'], RestartCause.tasks);
});

test('CR-091: no restart while the broker is away; the network is joined anew', () => {
  const { ports, unit } = new Bench();
  ports.net.manner = 'refuses';
  ports.clock.advance(3600_000);
  assert.is(ports.system.restarts, 0);
  const { failures } = unit.link;
  const rounds = Math.floor(failures / REJOIN_AFTER_FAILURES);
  assert.ok(failures > 50);
  assert.ok(Math.abs(ports.network.joins.length - rounds) <= 1, `${ports.network.joins.length}`);
});

test('a silent receiver is listened to anew', () => {
  const { ports } = new Bench();
  let listens = 0;
  const { onData } = ports.gps;
  ports.gps.onData = (callback) => (listens++, onData(callback));
  ports.clock.advance((10 * LISTEN_AGAIN_LOSSES + 1) * 5000);
  assert.is(listens, 10);
  for (let i = 0; i < 60; i++) {
    ports.gps.feed('$');
    ports.clock.advance(1000);
  }
  assert.is(listens, 10);
});

test('the GPS line brings back a heart whose timer got lost', () => {
  const { ports, unit } = new Bench();
  ports.clock.advance(10_000);
  ports.clock.cancel(unit.tasks.timer);
  const before = ports.system.kicks;
  ports.clock.advance(6000);
  assert.is(ports.system.kicks, before);
  ports.gps.feed('$');
  ports.clock.advance(10_000);
  assert.ok(ports.system.kicks >= before + 9);
});

test('so does the second timer, where there is no receiver', () => {
  const { ports, unit } = new Bench();
  ports.clock.advance(10_000);
  ports.clock.cancel(unit.tasks.timer);
  const before = ports.system.kicks;
  ports.clock.advance(2 * GUARD_MS);
  assert.ok(ports.system.kicks >= before + 5, `${ports.system.kicks - before} kicks`);
});

test('all that ran out is told with the next health: memory by its flag, stack by its exception', () => {
  const bench = new Bench().opened();
  const { ports } = bench;
  ports.system.survives = true;
  ports.clock.after(1, () => {
    throw new Error('Too much recursion - the stack is about to overflow');
  });
  ports.clock.advance(HEALTH_PERIOD_MS + LOOK_PERIOD_MS);
  assert.is(bench.newest('health')['ranOut'], Exhaustion.stack);
  ports.system.isExhausted = true;
  ports.clock.advance(HEALTH_PERIOD_MS + LOOK_PERIOD_MS);
  assert.is(bench.newest('health')['ranOut'], Exhaustion.stack | Exhaustion.memory);
  const files = ports.store.files.get('restart.0');
  for (let i = 0; i < 20; i++) {
    ports.system.isExhausted = true;
    ports.clock.advance(2 * LOOK_PERIOD_MS);
  }
  assert.is(ports.store.files.get('restart.0'), files, 'flash does not wear');
});

test.run();
