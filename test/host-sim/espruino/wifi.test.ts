/** The WiFi: joining takes time, and the device gives up for good after three attempts. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { bootStandIn, type StandIn } from './stand-in.js';

const JOIN = `
  function join() {
    require('Wifi').connect('vehicle', { password: 'x' }, function (error) { seen.push(error); });
  }
  api.join = join;
  join();
`;

function isJoined({ host }: StandIn): boolean {
  const ip = host.evaluate(`require('Wifi').getIP().ip`) as string;
  return ip !== '0.0.0.0';
}

test('joining takes one to three seconds', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const unit = await bootStandIn(JOIN, { seed });
    await unit.run(999);
    assert.is(isJoined(unit), false);
    await unit.run(2001);
    assert.is(isJoined(unit), true);
    assert.equal(unit.seen(), [null]);
  }
});

test('a drop shorter than the attempts is repaired silently, twice', async () => {
  const unit = await bootStandIn(JOIN);
  await unit.run(3000);
  for (const repaired of [true, true, false]) {
    unit.host.setWifi(false);
    assert.is(isJoined(unit), false);
    await unit.run(100);
    unit.host.setWifi(true);
    await unit.run(10_000);
    assert.is(isJoined(unit), repaired);
  }
  assert.equal(unit.seen(), [null]);
  unit.host.evaluate('unit.join()');
  await unit.run(3000);
  assert.is(isJoined(unit), true);
});

test('without a network connect gives up after three attempts', async () => {
  const unit = await bootStandIn(JOIN.replace(/join\(\);\s*$/, ''));
  unit.host.setWifi(false);
  unit.host.evaluate('unit.join()');
  await unit.run(8999);
  assert.equal(unit.seen(), []);
  await unit.run(1);
  assert.equal(unit.seen(), ['NO_AP_FOUND']);
  unit.host.setWifi(true);
  await unit.run(60_000);
  assert.is(isJoined(unit), false);
});

test.run();
