/** Power, resets, the watchdog, exhaustion and the console. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { BOOT_MS } from '../../../host-sim/espruino/unit-host.js';
import { bootStandIn, FakeConnection } from './stand-in.js';

test('boots BOOT_MS after power, and a cut before that is a cut', async () => {
  const unit = await bootStandIn(`seen.push(getTime());`);
  assert.equal(unit.seen(), [0]);
  unit.host.cutPower();
  unit.host.powerOn();
  await unit.run(BOOT_MS - 1);
  assert.throws(() => unit.host.evaluate('1'), 'the unit is not running');
  unit.host.cutPower();
  await unit.run(1000);
  assert.throws(() => unit.host.evaluate('1'), 'the unit is not running');
  unit.host.powerOn();
  unit.host.powerOn();
  await unit.run(BOOT_MS);
  assert.is(unit.host.evaluate('1 + 1'), 2);
});

test('nothing runs after a power cut', async () => {
  const unit = await bootStandIn(`(function tick() { setTimeout(tick, 10); seen.push(1); })();`);
  await unit.run(25);
  const seen = unit.host.evaluate('unit.seen') as unknown[];
  unit.host.cutPower();
  await unit.run(1000);
  assert.is(seen.length, 3);
});

test('E.reboot abandons the code at once and boots again with the same flash', async () => {
  const unit = await bootStandIn(`
    var files = require('Storage');
    seen.push(files.read('boots') || 'first');
    setTimeout(function () {
      files.write('boots', 'second');
      try { E.reboot(); } catch (e) { }
      files.write('boots', 'never');
    }, 50);
    setTimeout(function () { files.write('late', 'x'); }, 51);
  `);
  assert.equal(unit.seen(), ['first']);
  await unit.run(50);
  assert.equal(
    unit.events.map(({ kind }) => kind),
    ['reboot'],
  );
  await unit.run(BOOT_MS);
  assert.equal(unit.seen(), ['second']);
  assert.is(unit.host.flash.read('late'), undefined);
});

test('the watchdog restarts a unit that does not kick it', async () => {
  const unit = await bootStandIn(`
    E.enableWatchdog(10, false);
    (function kick() { if (getTime() > 20) return; setTimeout(kick, 1000); E.kickWatchdog(); })();
  `);
  await unit.run(29_999);
  assert.equal(unit.events, []);
  await unit.run(1001);
  assert.is(unit.events[0]?.kind, 'watchdog');
  await unit.run(BOOT_MS);
  assert.ok((unit.host.evaluate('getTime()') as number) < 2);
});

test('in automatic mode only a blocked interpreter is restarted', async () => {
  const far = new FakeConnection();
  const unit = await bootStandIn(
    `
    E.enableWatchdog(10, true);
    api.go = function () {
      require('Wifi').connect('v', {}, function () { require('net').connect({ host: 'h', port: 1 }); });
    };`,
    { dial: () => far },
  );
  await unit.run(60_000);
  assert.equal(unit.events, []);
  unit.host.evaluate('unit.go()');
  await unit.run(20_000);
  assert.equal(
    unit.events.map(({ kind }) => kind),
    ['watchdog'],
  );
  assert.is(far.vanished, true);
});

test('exhaustion abandons a callback half-way, past its try, and the rest lives on', async () => {
  const unit = await bootStandIn(`
    (function tick() {
      setTimeout(tick, 10);
      try { seen.push('a'); getTime(); seen.push('b'); } catch (e) { seen.push('caught'); getTime(); seen.push('no'); }
    })();
    process.on('uncaughtException', function () { seen.push('uncaught'); });
  `);
  unit.host.exhaust();
  await unit.run(25);
  const seen = unit.seen().filter((what) => what !== 'caught');
  assert.equal(seen, ['a', 'b', 'a', 'a', 'b']);
  assert.equal(unit.events, []);
  assert.equal(structuredClone(unit.host.evaluate('E.getErrorFlags()')), ['MEMORY']);
});

test('the console evaluates expressions with unit in scope, and passes on what they throw', async () => {
  const unit = await bootStandIn(`seen.push(7);`);
  assert.is(unit.host.evaluate('unit.seen[0] + 1'), 8);
  assert.is(unit.host.evaluate('process.memory(false)'), undefined);
  assert.throws(() => unit.host.evaluate('unit.none.of'), /none|undefined/);
  assert.throws(() => unit.host.evaluate('E.reboot()'), /abandoned/);
});

test('two units do not see each other', async () => {
  const program = `seen.push(require('Storage').read('name'));`;
  const [a, b] = [await bootStandIn(program), await bootStandIn(program)];
  a.host.evaluate(`unit.seen.push('a')`);
  assert.is(b.seen().length, 1);
});

test('a bundle that is not built is said so', () => {
  assert.throws(
    () => loadBundle('/nowhere/unit.js'),
    "the unit's bundle is not built: /nowhere/unit.js not found. Run npm run build.",
  );
});

test.run();
