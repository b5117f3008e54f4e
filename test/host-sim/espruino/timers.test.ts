/** Timers in world time, and what becomes of exceptions. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bootStandIn, FakeConnection } from './stand-in.js';

test('calls back in world time, in the order of time and then of setting', async () => {
  const unit = await bootStandIn(`
    function note(name) { seen.push([name, Math.round(getTime() * 1000)]); }
    setTimeout(note, 20, 'c');
    setTimeout(note, 10, 'a');
    setTimeout(note, 10, 'b');
    setTimeout(note, NaN, 'at once');
  `);
  await unit.run(9.9);
  assert.equal(unit.seen(), [['at once', 0]]);
  await unit.run(20);
  assert.equal(unit.seen(), [
    ['at once', 0],
    ['a', 10],
    ['b', 10],
    ['c', 20],
  ]);
});

test('a cleared timer does not call, and clearTimeout() clears all', async () => {
  const unit = await bootStandIn(`
    function note(name) { seen.push(name); }
    clearTimeout(setTimeout(note, 5, 'one'));
    clearTimeout(99);
    setTimeout(function () { setTimeout(note, 5, 'x'); setTimeout(note, 5, 'y'); clearTimeout(); note('cleared'); }, 5);
  `);
  await unit.run(100);
  assert.equal(unit.seen(), ['cleared']);
});

test('what came due while the interpreter was blocked can still be cleared, one or all', async () => {
  const far = new FakeConnection();
  const unit = await bootStandIn(
    `
    function note(name) { seen.push(name); }
    var b;
    require('Wifi').connect('any', {}, function () {
      setTimeout(function () { clearTimeout(b); clearTimeout(0); note('a'); }, 20);
      b = setTimeout(note, 30, 'b');
      setTimeout(function () { setTimeout(note, 5, 'e'); clearTimeout(); note('c'); }, 40);
      setTimeout(note, 50, 'd');
      require('net').connect({ host: 'h', port: 1 }, function () { note('open'); });
    });
  `,
    { dial: () => far },
  );
  await unit.run(5000);
  assert.equal(unit.seen(), []);
  far.events?.onOpen();
  await unit.run(100);
  assert.equal(unit.seen(), ['a', 'c', 'open']);
});

test('an exception goes to the handlers, and timers live on', async () => {
  const unit = await bootStandIn(`
    process.on('uncaughtException', function (e) { seen.push('first ' + e.message); throw new Error('in handler'); });
    process.on('uncaughtException', function (e) { seen.push('second ' + e.message); });
    setTimeout(function () { throw new Error('boom'); }, 5);
    setTimeout(function () { seen.push('alive'); }, 6);
  `);
  await unit.run(100);
  assert.equal(unit.seen(), ['first boom', 'second boom', 'alive']);
  const [uncaught, printed] = unit.events;
  assert.is(uncaught?.kind, 'uncaught');
  assert.match(uncaught?.detail ?? '', /^Error: boom\n +at .*unit\.js:\d+:\d+\)?$/);
  assert.is(printed?.kind, 'console');
  assert.match(printed?.detail ?? '', 'in handler');
  assert.is(unit.events.length, 2);
});

test('a program that throws at boot leaves the unit powered and idle', async () => {
  const unit = await bootStandIn(
    `setTimeout(function () { seen.push(1); }, 5); throw new Error('bad start');`,
  );
  await unit.run(1000);
  assert.is(unit.events[0]?.kind, 'uncaught');
  assert.is(unit.host.powered, true);
  assert.is(unit.host.evaluate('unit'), undefined);
});

test.run();
