/** The time of day: the better source wins, and an old time is called an old time. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DRIFT_AFTER_MS,
  createUnitClock,
  learnTime,
  qualityAt,
  surelyUtcAt,
  trustedUtcAt,
  utcAt,
} from '../../../firmware/time/unit-clock.js';
import { ClockQuality } from '../../../protocol/codes.js';
import { DRIFT_MARGIN_MS } from '../../../protocol/limits.js';

const UTC = 1700000000000;

test('CR-078: without a source there is no time, and the quality says so', () => {
  const clock = createUnitClock();
  for (const nowMs of [0, 1, DRIFT_AFTER_MS * 10]) {
    assert.is(utcAt(clock, nowMs), null);
    assert.is(qualityAt(clock, nowMs), ClockQuality.unknown);
  }
});

test('goes on by the clock that never jumps, in whole milliseconds', () => {
  const clock = createUnitClock();
  learnTime(clock, UTC, ClockQuality.network, 1000.25);
  assert.is(utcAt(clock, 1000.25), UTC);
  assert.is(utcAt(clock, 1001), UTC);
  assert.is(utcAt(clock, 61000.75), UTC + 60000);
});

test('CR-075: a better source wins, a worse one does not while the better is fresh', () => {
  const { network, gps } = ClockQuality;
  const cases: [number, number, boolean][] = [
    [network, network, true],
    [network, gps, true],
    [gps, gps, true],
    [gps, network, false],
  ];
  for (const [before, then, isTaken] of cases) {
    const clock = createUnitClock();
    learnTime(clock, UTC, before, 0);
    learnTime(clock, UTC + 5000, then, 1000);
    assert.is(utcAt(clock, 1000), isTaken ? UTC + 5000 : UTC + 1000, `${before} then ${then}`);
    assert.is(qualityAt(clock, 1000), isTaken ? then : before);
  }
});

test('CR-075: drifts after 6 h without a source, and then takes any', () => {
  assert.is(DRIFT_AFTER_MS, 6 * 3600 * 1000);
  for (const quality of [ClockQuality.network, ClockQuality.gps]) {
    const clock = createUnitClock();
    learnTime(clock, UTC, quality, 100);
    assert.is(qualityAt(clock, 100 + DRIFT_AFTER_MS), quality);
    assert.is(qualityAt(clock, 101 + DRIFT_AFTER_MS), ClockQuality.drifting);
    const nowMs = 200 + DRIFT_AFTER_MS;
    assert.is(utcAt(clock, nowMs), UTC + 100 + DRIFT_AFTER_MS, 'it still has a time');
    learnTime(clock, UTC, ClockQuality.network, nowMs);
    assert.is(qualityAt(clock, nowMs), ClockQuality.network);
    assert.is(utcAt(clock, nowMs), UTC);
  }
});

test('CR-046, CR-113: what each quality is good for: to expire by, to refuse the future by', () => {
  const cases: [number, number, number | null, number | null][] = [
    [ClockQuality.unknown, 0, null, null],
    [ClockQuality.network, 1000, UTC + 1000, UTC + 1000],
    [ClockQuality.gps, 1000, UTC + 1000, UTC + 1000],
    [ClockQuality.network, DRIFT_AFTER_MS, UTC + DRIFT_AFTER_MS, UTC + DRIFT_AFTER_MS],
    [ClockQuality.gps, DRIFT_AFTER_MS + 1, UTC + DRIFT_AFTER_MS + 1 - DRIFT_MARGIN_MS, null],
  ];
  for (const [quality, nowMs, sure, trusted] of cases) {
    const clock = createUnitClock();
    if (quality !== ClockQuality.unknown) learnTime(clock, UTC, quality, 0);
    assert.is(surelyUtcAt(clock, nowMs), sure, `${quality} ${nowMs}`);
    assert.is(trustedUtcAt(clock, nowMs), trusted, `${quality} ${nowMs}`);
  }
});

test('a source that keeps speaking keeps the time fresh', () => {
  const clock = createUnitClock();
  for (let hour = 0; hour < 48; hour++) {
    learnTime(clock, UTC + hour * 3600000, ClockQuality.gps, hour * 3600000);
  }
  assert.is(qualityAt(clock, 47 * 3600000), ClockQuality.gps);
});

test.run();
