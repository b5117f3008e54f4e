/** The loader, on the stand-in: which slot it starts, how often, and what it does when none runs. */
import { crc32 } from 'node:zlib';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { esp32DevKit } from '../../../firmware/boards/esp32-devkit.js';
import { installBundle, loadBundle } from '../../../host-sim/espruino/bundle.js';
import { Flash, type CutPhase } from '../../../host-sim/espruino/storage.js';
import { createUnitHost } from '../../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { wiring } from '../../../host-sim/world/wiring.js';
import { SLOT_DAMAGE, expectedStart, infoOf, slotFiles, type SlotState } from './slots.js';

const bundle = loadBundle();
const BOOT_MS = 400;
const WATCHDOG_MS = 31_000;
const RETRY_MS = 60_000;

/** A program that says which slot it came from, and writes the boot file as a unit that runs well. */
const runs = (name: string) => `var unit = { name: '${name}' };`;
const confirms = (name: string) =>
  `${runs(name)} function beat() { setTimeout(beat, 1000); E.kickWatchdog(); } beat();` +
  `require('Storage').write('boot', '${name}0' + require('Storage').read('boot').substr(2));`;
const throws = `var x = undefined; x.y = 1;`;

function board(files: Readonly<Record<string, string>>) {
  const clock = new SimulatedClock(0);
  const flash = new Flash();
  flash.write('.bootcde', bundle.files['.bootcde'] as string);
  flash.write('keys.0', 'keys');
  for (const [name, text] of Object.entries(files)) flash.write(name, text);
  const host = createUnitHost({ clock, random: new Random(1), bundle, flash, dial: () => null });
  const events: string[] = [];
  host.onEvent(({ kind }) => void events.push(kind));
  return {
    host,
    flash,
    events,
    run: (ms: number) => clock.runUntil(clock.nowMs() + ms),
    started: () => host.evaluate(`typeof unit === 'object' && unit ? unit.name : ''`) as string,
    amber: () => host.readOutput(wiring.amberLamp).level === 1,
  };
}

const STATES: readonly SlotState[] = ['good', 'absent', ...SLOT_DAMAGE];
const BOOTS = [
  ...[undefined, '', 'x', 'aa', 'a0', 'a1', 'a2', 'a3', 'b0', 'b1', 'b2', 'b3'],
  ...['a0,1', 'a3,1', 'b0,2', 'b2,2', 'b3,2', 'a3,2', 'b3,1', 'a1,9'],
];

test('every state of both slots, either one newer, with every count', async () => {
  let started = 0;
  for (const a of STATES)
    for (const b of STATES)
      for (const [sequenceA, sequenceB] of [
        [1, 2],
        [2, 1],
      ] as const)
        for (const boot of BOOTS) {
          const unit = board({
            ...slotFiles('a', a, sequenceA, runs('a')),
            ...slotFiles('b', b, sequenceB, runs('b')),
            ...(boot ? { boot } : {}),
          });
          const shown = `a ${a} ${sequenceA}, b ${b} ${sequenceB}, boot ${boot}`;
          unit.host.powerOn();
          await unit.run(BOOT_MS);
          const expected = expectedStart(
            a === 'good' ? sequenceA : 0,
            b === 'good' ? sequenceB : 0,
            boot ?? '',
          );
          assert.is(unit.started(), expected.slot, shown);
          assert.is(unit.amber(), expected.slot === '', shown);
          assert.is(unit.flash.read('boot') ?? '', expected.boot, shown);
          assert.is(unit.host.readOutput(wiring.sounder).level, 0);
          if (expected.slot !== '') started++;
          unit.host.cutPower();
        }
  assert.ok(started > 100);
});

test('a bundle that throws at its start is tried three times, then the other one, which stays', async () => {
  const unit = board({
    ...slotFiles('a', 'good', 7, confirms('a')),
    ...slotFiles('b', 'good', 8, throws),
  });
  unit.host.powerOn();
  await unit.run(4 * BOOT_MS);
  assert.is(unit.started(), 'a');
  assert.equal(unit.events, ['reboot', 'reboot', 'reboot']);
  assert.is(unit.flash.read('boot'), 'a0,8');
  for (let boot = 0; boot < 3; boot++) {
    unit.host.cutPower();
    unit.host.powerOn();
    await unit.run(BOOT_MS);
    assert.is(unit.started(), 'a', 'the one that failed is not tried again');
  }
  for (const [name, text] of Object.entries(slotFiles('b', 'good', 9, confirms('b')))) {
    unit.flash.write(name, text);
  }
  unit.host.cutPower();
  unit.host.powerOn();
  await unit.run(BOOT_MS);
  assert.is(unit.started(), 'b', 'a newer one is');
});

test('a bundle that never beats is ended by the watchdog, and the other one runs', async () => {
  const unit = board({
    ...slotFiles('a', 'good', 7, confirms('a')),
    ...slotFiles('b', 'good', 8, runs('b')),
  });
  unit.host.powerOn();
  await unit.run(3 * WATCHDOG_MS + BOOT_MS);
  assert.equal(unit.events, ['watchdog', 'watchdog', 'watchdog']);
  assert.is(unit.started(), 'a');
});

test('both fail: silent, amber, mute for a minute, and then one more try, for ever', async () => {
  const unit = board({
    ...slotFiles('a', 'good', 7, throws),
    ...slotFiles('b', 'good', 8, throws),
  });
  unit.host.powerOn();
  await unit.run(7 * BOOT_MS);
  assert.is(unit.events.length, 6);
  for (let tries = 7; tries < 12; tries++) {
    assert.ok(unit.amber());
    assert.is(unit.host.readOutput(wiring.sounder).level, 0);
    await unit.run(RETRY_MS - 1400);
    assert.ok(unit.amber(), 'for a minute');
    await unit.run(2000);
    // The reset from the safe state, and that of the try.
    assert.is(unit.events.length, 6 + 2 * (tries - 6));
  }
});

test('a fault that goes away: the unit is back with the next try', async () => {
  const unit = board({
    ...slotFiles('a', 'good', 7, `if (!require('Storage').read('ok')) x.y = 1; ${confirms('a')}`),
  });
  unit.host.powerOn();
  await unit.run(5 * BOOT_MS);
  assert.ok(unit.amber());
  unit.flash.write('ok', 'yes');
  await unit.run(RETRY_MS);
  assert.is(unit.started(), 'a');
  assert.is(unit.flash.read('boot'), 'a0');
});

test('the safe state lasts while somebody at the console has stopped its timer', async () => {
  const unit = board({});
  unit.host.powerOn();
  await unit.run(BOOT_MS);
  unit.host.evaluate('clearTimeout()');
  await unit.run(10 * RETRY_MS);
  assert.equal(unit.events, []);
  installBundle(unit.flash, { ...bundle, files: slotFiles('a', 'good', 1, confirms('a')) });
  assert.throws(() => unit.host.evaluate('E.reboot()'));
  await unit.run(BOOT_MS);
  assert.is(unit.started(), 'a');
});

test('a board without keys is no unit: its bundle is not started, nothing is counted', async () => {
  const unit = board(slotFiles('a', 'good', 1, runs('a')));
  unit.flash.erase('keys.0');
  unit.host.powerOn();
  await unit.run(5 * RETRY_MS);
  assert.is(unit.started(), '');
  assert.ok(unit.amber());
  assert.is(unit.flash.read('boot'), undefined);
});

test('flash without room: nothing can be counted, and the unit starts', async () => {
  const files = slotFiles('a', 'good', 1, runs('a'));
  const bytes = Object.values(files).reduce((sum, text) => sum + 36 + text.length, 0);
  const flash = new Flash(bytes + 36 + 4 + 36 + (bundle.files['.bootcde'] as string).length);
  for (const [name, text] of Object.entries(files)) flash.write(name, text);
  flash.write('.bootcde', bundle.files['.bootcde'] as string);
  flash.write('keys.0', 'keys');
  for (let at = 0; flash.read('fill' + at) === undefined; at++) {
    try {
      flash.write('fill' + at, 'x');
    } catch {
      break;
    }
  }
  const clock = new SimulatedClock(0);
  const host = createUnitHost({ clock, random: new Random(1), bundle, flash, dial: () => null });
  host.powerOn();
  await clock.runUntil(BOOT_MS);
  assert.is(host.evaluate('unit.name'), 'a');
  assert.is(flash.read('boot'), undefined);
});

test('the console is closed unless both buttons are held', async () => {
  for (const held of [[], ['accept'], ['decline'], ['accept', 'decline']]) {
    const files = slotFiles('a', 'good', 1, runs('a'));
    const unit = board(files);
    const calls: string[] = [];
    // The boot code is the loader as it is, after two lines that write down what it closes.
    const spy =
      `E.setConsole = function (device) { unit_calls.push('console'); };` +
      `var unit_calls = []; var unit = { calls: unit_calls };\n`;
    unit.flash.write('.bootcde', spy + bundle.files['.bootcde']);
    unit.host.setInput(wiring.acceptButton, !held.includes('accept'));
    unit.host.setInput(wiring.declineButton, !held.includes('decline'));
    unit.host.powerOn();
    await unit.run(300);
    calls.push(...(unit.host.evaluate('unit.calls.slice()') as string[]));
    assert.equal(calls, held.length === 2 ? [] : ['console'], held.join());
  }
});

test('its pins are those of the board', () => {
  const text = bundle.files['.bootcde'] as string;
  for (const pin of [esp32DevKit().sounder, ...esp32DevKit().lamps]) assert.match(text, `"${pin}"`);
  assert.equal(esp32DevKit().lamps[1], wiring.amberLamp);
});

test('the power fails at any write of any boot: the unit always comes back with a bundle', async () => {
  const phases: readonly CutPhase[] = ['before', 'torn', 'after'];
  for (const phase of phases)
    for (let write = 1; write <= 8; write++) {
      const unit = board({
        ...slotFiles('a', 'good', 7, confirms('a')),
        ...slotFiles('b', 'good', 8, throws),
      });
      unit.flash.cutAt(write, phase);
      unit.host.powerOn();
      for (let boots = 0; boots < 8; boots++) {
        await unit.run(8 * BOOT_MS);
        if (!unit.host.powered) unit.host.powerOn();
      }
      await unit.run(RETRY_MS + 8 * BOOT_MS);
      assert.is(unit.started(), 'a', `write ${write} ${phase}`);
    }
});

test('the info of a slot is what provisioning writes', () => {
  assert.is(infoOf(3, 'abc'), `3,3,${crc32(Buffer.from('abc'))}`);
  assert.is(bundle.files['app.a.i'], infoOf(1, bundle.files['app.a'] as string));
});

test.run();
