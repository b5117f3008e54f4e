/** Which reasons make which readiness: L3, field.md part 5, rule 6. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ATTENTIONS, FAULTS, readinessOf } from '../../../firmware/aed/readiness.js';
import { AedReason, Presence, Readiness } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

const { unknown, ready, attention, fault } = Readiness;
const { present, absent } = Presence;

/** Every reason, with the readiness of an AED that is there and has no other. */
const RULES: Record<keyof typeof AedReason, number> = {
  notSensed: unknown,
  sensorStale: unknown,
  dark: fault,
  steady: fault,
  cold: attention,
  hot: attention,
  nearLimit: attention,
  dose: fault,
  padsDue: attention,
  padsExpired: fault,
  batteryDue: attention,
  batteryExpired: fault,
  tagMismatch: attention,
  usedNotRestocked: fault,
  away: attention,
};
const REASONS = Object.keys(RULES) as (keyof typeof AedReason)[];

test('L3: no reason, and there: ready', () => {
  assert.is(readinessOf(present, 0, false), ready);
});

for (const name of REASONS) {
  const reason = AedReason[name];
  const expected = RULES[name];
  test(`L3: ${name} is ${nameOf(Readiness, expected)}`, () => {
    assert.is(readinessOf(present, reason, false), expected);
    assert.is((FAULTS & reason) !== 0, expected === fault);
    assert.is((ATTENTIONS & reason) !== 0, expected === attention);
    for (const other of REASONS) {
      const worst = Math.max(expected, RULES[other]);
      assert.is(readinessOf(present, reason | AedReason[other], false), worst, other);
    }
  });
}

test('Y6: a person who looked stands in for the sensor, and for nothing else', () => {
  assert.is(readinessOf(present, AedReason.notSensed, true), ready);
  for (const name of REASONS) {
    if (name === 'notSensed') continue;
    const reasons = AedReason[name] | AedReason.notSensed;
    assert.is(readinessOf(present, reasons, true), RULES[name], name);
  }
});

test('L3: whatever the reasons, an AED that is not there, or not known to be, is never ready', () => {
  for (let reasons = 0; reasons < 0x8000; reasons++) {
    for (const presence of [Presence.unknown, absent]) {
      if (readinessOf(presence, reasons, true) !== unknown) assert.unreachable(`${reasons}`);
    }
  }
});

test('L3: of all sets of reasons only none, or not sensed but looked at, is ready', () => {
  const found: [number, boolean][] = [];
  for (let reasons = 0; reasons < 0x8000; reasons++) {
    for (const isChecked of [false, true]) {
      if (readinessOf(present, reasons, isChecked) === ready) found.push([reasons, isChecked]);
    }
  }
  assert.equal(found, [
    [0, false],
    [AedReason.notSensed, true],
  ]);
});

test.run();
