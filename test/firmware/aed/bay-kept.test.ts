/** What a bay keeps through a power cut, and through new settings. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  aedUsed,
  bracketChanged,
  checkedByHand,
  configureBay,
  confirmByHand,
  restocked,
  restoreBay,
  saveBay,
  tagRead,
} from '../../../firmware/aed/bay.js';
import { DOSE_LIMIT_DEGREE_HOURS } from '../../../firmware/aed/temperature.js';
import { CONFIG, KIT, SYMBOL, bayRig, put, readyRig } from './bay-rig.js';

const DATE = Date.UTC(2027, 5, 1);

test('a power cut: used stays used until it is restocked', () => {
  let rig = readyRig();
  aedUsed(rig.bay);
  for (let i = 0; i < 3; i++) {
    rig = rig.restart();
    put(rig, true);
    rig.blink(4);
    assert.is(rig.state(), 'present fault usedNotRestocked');
  }
  restocked(rig.bay);
  rig = rig.restart();
  put(rig, true);
  rig.blink(4);
  assert.is(rig.state(), 'present ready');
});

test('a power cut: the dose stays, to a tenth of a degree-hour, until a person has seen to it', () => {
  const rig = readyRig();
  for (const [hours, kept] of [
    [0.04, 0],
    [0.06, 0.1],
    [12.34, 12.3],
  ] as const) {
    rig.bay.temperature.doseDegreeHours = hours;
    assert.is(rig.restart().bay.temperature.doseDegreeHours, kept);
  }
  rig.bay.temperature.doseDegreeHours = DOSE_LIMIT_DEGREE_HOURS;
  for (const mend of [restocked, checkedByHand]) {
    const next = rig.restart();
    put(next, true);
    next.blink(4);
    assert.is(next.state(), 'present fault dose');
    mend(next.bay, next.nowMs);
    next.blink(1);
    assert.is(next.state(), 'present ready');
    assert.is(next.restart().bay.temperature.doseDegreeHours, 0);
  }
});

test('a power cut: that a sensor is there stays known, so that a dark lamp is a fault', () => {
  const rig = readyRig().restart();
  put(rig, true);
  assert.is(rig.state(), 'present unknown sensorStale');
  rig.wait(21000);
  assert.is(rig.state(), 'present fault dark');
});

test('a power cut: what has expired stays so before the time of day is known', () => {
  const rig = readyRig({ padsExpireAt: DATE }, 0);
  rig.utcMs = DATE;
  rig.run();
  const next = rig.restart();
  put(next, true);
  next.blink(4);
  assert.is(next.state(), 'present fault padsExpired');
  next.utcMs = DATE - 6e9;
  next.run();
  assert.is(next.state(), 'present ready', 'the time of day has the last word');
});

test('Y6: a power cut: what a person said of a kit is unknown again', () => {
  const rig = bayRig(KIT);
  checkedByHand(rig.bay, rig.nowMs);
  rig.run();
  assert.is(rig.state(), 'present ready notSensed');
  const next = rig.restart();
  next.run();
  assert.is(next.state(), 'unknown unknown notSensed+sensorStale');
  confirmByHand(next.bay, true, next.nowMs);
  next.run();
  assert.is(next.state(), 'present unknown notSensed');
});

test('a text that says nothing restores nothing', () => {
  for (const text of ['', ',', 'x,y,z,w', '0,0,0,0']) {
    const { bay } = bayRig();
    restoreBay(bay, text);
    assert.is(saveBay(bay), '0,0,0,0', text);
  }
});

test('new settings: another date counts at once', () => {
  const rig = readyRig({ padsExpireAt: DATE }, 0);
  rig.utcMs = DATE;
  rig.run();
  assert.is(rig.state(), 'present fault padsExpired');
  rig.utcMs = null;
  configureBay(rig.bay, { ...CONFIG, padsExpireAt: DATE + 1e11 });
  rig.run();
  assert.is(rig.state(), 'present ready', 'also without a time of day');
});

test('new settings: another tag counts at once', () => {
  const rig = readyRig();
  tagRead(rig.bay, 'A1');
  for (const [aedTag, state] of [
    ['A2', 'present attention tagMismatch'],
    ['A1', 'present ready'],
  ] as const) {
    configureBay(rig.bay, { ...CONFIG, aedTag });
    rig.run();
    assert.is(rig.state(), state);
  }
});

test('new settings: of another model nothing was seen', () => {
  const rig = readyRig();
  configureBay(rig.bay, { ...CONFIG, aedProfile: SYMBOL });
  rig.run();
  assert.is(rig.state(), 'present unknown notSensed');
  checkedByHand(rig.bay, rig.nowMs);
  rig.run();
  assert.is(rig.state(), 'present ready notSensed');
  configureBay(rig.bay, { ...CONFIG });
  rig.run();
  assert.is(rig.state(), 'present unknown notSensed');
  rig.blink(4);
  assert.is(rig.state(), 'present ready');
});

test('new settings: another model has other limits', () => {
  const rig = readyRig();
  rig.read(50);
  configureBay(rig.bay, { ...CONFIG, aedProfile: 1 });
  rig.run();
  assert.is(rig.state(), 'present attention notSensed+cold');
});

test('Y6: new settings: in another mount it is not known to be there', () => {
  const rig = readyRig();
  configureBay(rig.bay, { ...CONFIG, ...KIT });
  rig.run();
  assert.is(rig.state(), 'unknown unknown notSensed+sensorStale');
  confirmByHand(rig.bay, true, rig.nowMs);
  configureBay(rig.bay, CONFIG);
  rig.run();
  assert.is(rig.state(), 'unknown unknown notSensed+sensorStale');
  bracketChanged(rig.bay, true);
  rig.run();
  assert.is(rig.state(), 'present unknown notSensed');
});

test('new settings: the same model and mount are seen on', () => {
  const rig = readyRig();
  configureBay(rig.bay, { ...CONFIG, awayAfterS: 300 });
  rig.run();
  assert.is(rig.state(), 'present ready');
  put(rig, false);
  rig.wait(299000);
  assert.equal(rig.alarms, []);
  rig.wait(2000);
  assert.is(rig.alarms.length, 1);
});

test.run();
