/** The flash: files that outlive boots, and writes in which the power fails. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Flash, type CutPhase } from '../../../host-sim/espruino/storage.js';
import { bootStandIn } from './stand-in.js';

const READ_AND_WRITE = `
  var files = require('Storage');
  seen.push(files.read('a'));
  try { files.write('a', 'new'); seen.push('written'); } catch (e) { seen.push('caught ' + e); }
  seen.push(files.read('a'));
`;

test('files outlive the power, bytes and all', async () => {
  const flash = new Flash();
  const unit = await bootStandIn(`seen.push(require('Storage').write('a', '\\xff\\x00b'));`, {
    flash,
  });
  assert.equal(unit.seen(), [true]);
  unit.host.cutPower();
  assert.is(flash.read('a'), '\xff\0b');
  assert.is(flash.read('none'), undefined);
});

test('names are cut at 28 characters', () => {
  const flash = new Flash();
  flash.write('abcdefghijklmnopqrstuvwxyz0123456789', 'x');
  assert.equal(flash.names(), ['abcdefghijklmnopqrstuvwxyz01']);
});

test('counts what the unit writes, but not what is there already', async () => {
  const flash = new Flash();
  flash.write('a', '1');
  await bootStandIn(
    `var s = require('Storage'); s.write('a', '1'); s.write('a', '2'); s.write('b', '2');`,
    { flash },
  );
  assert.is(flash.writes, 2);
});

const LEFT: Record<CutPhase, string | undefined> = {
  before: 'old',
  torn: undefined,
  after: 'new',
};

for (const [phase, left] of Object.entries(LEFT)) {
  test(`a power cut ${phase} a write stops the unit there and leaves ${left}`, async () => {
    const flash = new Flash();
    flash.write('a', 'old');
    flash.cutAt(1, phase as CutPhase);
    const unit = await bootStandIn(
      `process.on('uncaughtException', function () { require('Storage').write('b', 'caught'); });` +
        READ_AND_WRITE,
      { flash },
    );
    assert.is(unit.host.powered, false);
    assert.equal(
      unit.events.map(({ kind, detail }) => [kind, detail]),
      [['power-cut-in-write', 'write 1: a']],
    );
    assert.is(flash.read('a'), left);
    assert.is(flash.read('b'), undefined);
    unit.host.powerOn();
    await unit.run(300);
    assert.equal(unit.seen(), [left, 'written', 'new']);
  });
}

test('a full flash throws, and the old file is gone', async () => {
  const flash = new Flash(700);
  flash.write('a', 'old');
  const unit = await bootStandIn(
    `try { require('Storage').write('a', 'x'.repeat(600)); } catch (e) { seen.push(e.message); }`,
    { flash },
  );
  assert.equal(unit.seen(), ['Unable to find or create file']);
  assert.is(flash.read('a'), undefined);
});

test.run();
