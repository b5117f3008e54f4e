/** What people say of an AED where no sensor tells: Y6. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  HAND_VALID_MS,
  bracketChanged,
  checkedByHand,
  confirmByHand,
} from '../../../firmware/aed/bay.js';
import { CHECK_VALID_MS } from '../../../firmware/aed/readiness.js';
import { Presence } from '../../../protocol/codes.js';
import { KIT, SYMBOL, bayRig, put, readyRig } from './bay-rig.js';

for (const present of [true, false]) {
  const said = present ? 'present' : 'absent';
  test(`Y6: a kit is ${said} by hand for 12 h: at the limit -1, 0, +1`, () => {
    for (const beyondMs of [-1, 0, 1]) {
      const rig = bayRig(KIT);
      rig.run();
      assert.is(rig.state(), 'unknown unknown notSensed+sensorStale');
      confirmByHand(rig.bay, present, rig.nowMs);
      rig.run();
      assert.is(rig.state(), `${said} unknown notSensed`);
      rig.nowMs += HAND_VALID_MS + beyondMs;
      rig.run();
      const old = 'unknown unknown notSensed+sensorStale';
      assert.is(rig.state(), beyondMs < 0 ? `${said} unknown notSensed` : old);
    }
  });
}

test('Y6: said again, it counts from then; seen when it was said', () => {
  const rig = bayRig(KIT);
  confirmByHand(rig.bay, true, rig.nowMs);
  rig.wait(HAND_VALID_MS - 1000);
  confirmByHand(rig.bay, true, rig.nowMs);
  const saidMs = rig.nowMs;
  rig.wait(HAND_VALID_MS - 1000);
  assert.is(rig.state(), 'present unknown notSensed');
  assert.is(rig.bay.seenAtMs, saidMs);
});

test('Y6: a kit has no bracket, and a bracket is not asked about by hand', () => {
  const kit = bayRig(KIT);
  bracketChanged(kit.bay, true);
  assert.is(kit.bay.presence, Presence.unknown);
  const bracket = bayRig();
  confirmByHand(bracket.bay, true, bracket.nowMs);
  assert.is(bracket.bay.presence, Presence.unknown);
});

test('Y6: a kit that is said to be absent is no alarm', () => {
  const rig = bayRig(KIT);
  confirmByHand(rig.bay, false, rig.nowMs);
  rig.wait(600000);
  assert.equal(rig.alarms, []);
  assert.is(rig.state(), 'absent unknown notSensed');
});

for (const change of [{ aedProfile: 0 }, { aedProfile: SYMBOL }, KIT]) {
  test(`Y6: ready by hand for 24 h, and told that nothing senses it: ${JSON.stringify(change)}`, () => {
    for (const beyondMs of [-1, 0, 1]) {
      const rig = bayRig(change);
      bracketChanged(rig.bay, true);
      checkedByHand(rig.bay, rig.nowMs);
      rig.run();
      assert.is(rig.state(), 'present ready notSensed');
      assert.is(rig.bay.seenAtMs, rig.nowMs);
      const checkedMs = rig.nowMs;
      rig.nowMs += CHECK_VALID_MS + beyondMs;
      // That it is in the kit has to be said again before.
      confirmByHand(rig.bay, true, rig.nowMs);
      rig.run();
      assert.is(rig.state(), `present ${beyondMs < 0 ? 'ready' : 'unknown'} notSensed`);
      if (beyondMs < 0) assert.is(rig.bay.seenAtMs, checkedMs, 'the oldest of the looks');
    }
  });
}

test('a person who looked does not overrule a sensor that sees', () => {
  const rig = readyRig();
  rig.wait(21000);
  checkedByHand(rig.bay, rig.nowMs);
  rig.run();
  assert.is(rig.state(), 'present fault dark');
});

test('a look counts only for the AED that stays where it is', () => {
  const rig = bayRig({ aedProfile: SYMBOL });
  put(rig, true);
  checkedByHand(rig.bay, rig.nowMs);
  put(rig, false);
  put(rig, true);
  assert.is(rig.state(), 'present unknown notSensed');
});

test.run();
