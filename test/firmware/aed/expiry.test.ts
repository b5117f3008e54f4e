/** Dates of pads and battery: field.md part 5, rule 4. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { DUE_BEFORE_MS, EXPIRY_REASONS, judgeExpiry } from '../../../firmware/aed/expiry.js';
import { AedReason } from '../../../protocol/codes.js';

const DATE = Date.UTC(2027, 5, 1);
const DUE = DATE - DUE_BEFORE_MS;
const { padsDue, padsExpired, batteryDue, batteryExpired } = AedReason;

test('rule 4: due is 60 days before', () => {
  assert.is(DUE_BEFORE_MS, 60 * 24 * 3600 * 1000);
});

const TIMES: [string, number, number, number][] = [
  ['long before', 0, 0, 0],
  ['60 days and 1 ms before', DUE - 1, 0, 0],
  ['60 days before', DUE, padsDue, batteryDue],
  ['1 ms later', DUE + 1, padsDue, batteryDue],
  ['1 ms before the date', DATE - 1, padsDue, batteryDue],
  ['on the date', DATE, padsExpired, batteryExpired],
  ['1 ms later', DATE + 1, padsExpired, batteryExpired],
  ['years later', DATE + 1e11, padsExpired, batteryExpired],
];
for (const [name, utcMs, pads, battery] of TIMES) {
  test(`rule 4, L3: ${name}`, () => {
    assert.is(judgeExpiry(DATE, null, utcMs, EXPIRY_REASONS), pads);
    assert.is(judgeExpiry(null, DATE, utcMs, EXPIRY_REASONS), battery);
    assert.is(judgeExpiry(DATE, DATE, utcMs, 0), pads | battery);
    assert.is(judgeExpiry(null, null, utcMs, EXPIRY_REASONS), 0, 'no date: not tracked');
  });
}

test('rule 4: without a time of day nothing is said but what was true before', () => {
  assert.is(judgeExpiry(0, 0, null, 0), 0);
  for (const before of [padsDue, padsExpired | batteryDue]) {
    assert.is(judgeExpiry(0, 0, null, before | AedReason.away | AedReason.cold), before);
  }
});

test.run();
