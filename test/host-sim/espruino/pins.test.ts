/** Contacts, watches and outputs. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { OFF } from '../../../host-sim/espruino/board.js';
import { bootStandIn, START_MS } from './stand-in.js';

const WATCH = `
  var button = new Pin('D13');
  pinMode(button, 'input_pullup');
  setWatch(function (e) { seen.push([e.state, Math.round(getTime() * 1000)]); }, button,
    { repeat: true, edge: 'both', debounce: 25 });
`;

test('an input is pulled up, and keeps its state over a power cycle', async () => {
  const unit = await bootStandIn(`seen.push(new Pin('D13').read());`);
  assert.equal(unit.seen(), [true]);
  unit.host.setInput('D13', false);
  assert.is(unit.host.evaluate(`new Pin('D13').read()`), false);
  unit.host.cutPower();
  unit.host.powerOn();
  await unit.run(300);
  assert.equal(unit.seen(), [false]);
});

test('a watch calls once a state has lasted for the debounce time', async () => {
  const unit = await bootStandIn(WATCH);
  unit.host.setInput('D13', false);
  await unit.run(24);
  assert.equal(unit.seen(), []);
  await unit.run(1);
  assert.equal(unit.seen(), [[false, 25]]);
});

test('bounces put the call off, and a glitch gives none', async () => {
  const unit = await bootStandIn(WATCH);
  for (const high of [false, true, false, true, false]) {
    unit.host.setInput('D13', high);
    await unit.run(10);
  }
  await unit.run(100);
  assert.equal(unit.seen(), [[false, 65]]);
  unit.host.setInput('D13', true);
  await unit.run(10);
  unit.host.setInput('D13', false);
  await unit.run(100);
  assert.is(unit.seen().length, 1);
});

test('edges that are not asked for are not told, and a watch without repeat ends', async () => {
  const unit = await bootStandIn(`
    setWatch(function (e) { seen.push('fell'); }, new Pin('D13'), { repeat: true, edge: 'falling' });
    setWatch(function (e) { seen.push('once'); }, new Pin('D13'), { edge: 'both' });
  `);
  for (const high of [false, true, false]) unit.host.setInput('D13', high);
  assert.equal(unit.seen(), ['fell', 'once', 'fell']);
});

test('outputs are silent until driven, tell of changes only, and fall silent with the power', async () => {
  const unit = await bootStandIn('');
  const told: unknown[] = [];
  unit.host.onOutput((pin, state, atMs) => told.push([pin, state, atMs - START_MS]));
  assert.equal(unit.host.readOutput('D27'), OFF);
  unit.host.evaluate(`analogWrite(new Pin('D27'), 0.5, { freq: 2900 })`);
  unit.host.evaluate(`analogWrite(new Pin('D27'), 0.5, { freq: 2900 })`);
  unit.host.evaluate(`digitalWrite(new Pin('D18'), 1)`);
  await unit.run(50);
  unit.host.evaluate(`analogWrite(new Pin('D27'), 0, { freq: 2900 })`);
  unit.host.cutPower();
  assert.equal(told, [
    ['D27', { level: 1, frequencyHz: 2900 }, 300],
    ['D18', { level: 1, frequencyHz: 0 }, 300],
    ['D27', OFF, 350],
    ['D18', OFF, 350],
  ]);
});

test.run();
