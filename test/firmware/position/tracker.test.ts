/** When a position is reported: by motion, and at once when the fix is lost or comes back. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GpsFix } from '../../../firmware/position/receiver.js';
import {
  FIX_LOST_MS,
  MOVING_CM_PER_S,
  PARKED_CM_PER_S,
  createTracker,
  runTracker,
  takeFix,
} from '../../../firmware/position/tracker.js';
import { Fix, PositionReason } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

const FAST = MOVING_CM_PER_S + 1;

function fix(speedCmPerS: number | null): GpsFix {
  return {
    kind: Fix.differential,
    utcMs: null,
    latitudeE7: 515000000,
    longitudeE7: -1000000,
    speedCmPerS,
    courseCentiDeg: null,
    altitudeDm: null,
    satellites: 7,
    hdopCenti: 90,
  };
}

/** A tracker that is run when it asks to be, and again after a fix that made something due. */
function fitted() {
  const reports: string[] = [];
  let nowMs = 500;
  const tracker = createTracker((reason) => {
    reports.push(`${nameOf(PositionReason, reason)} ${nowMs}`);
  });
  let dueMs = nowMs;
  const run = (): void => {
    const delayMs = runTracker(tracker, nowMs);
    assert.ok(delayMs > 0, `asks to run again in ${delayMs} ms`);
    dueMs = nowMs + delayMs;
  };
  /** Lets time pass with a fix of this speed every second, or with none. */
  const drive = (seconds: number, speed: number | null | 'no fix'): void => {
    for (let i = 0; i < seconds; i++) {
      const untilMs = nowMs + 1000;
      while (dueMs <= untilMs) {
        nowMs = dueMs;
        run();
      }
      nowMs = untilMs;
      if (speed !== 'no fix' && takeFix(tracker, fix(speed), nowMs)) run();
    }
  };
  const take = (): string[] => reports.splice(0);
  return { tracker, drive, take };
}

/** The times in what was reported, as gaps. */
function gaps(reports: readonly string[]): number[] {
  const times = reports.map((report) => Number(report.split(' ')[1]));
  return times.slice(1).map((time, i) => time - (times[i] as number));
}

test('CR-082: the first report says that there is no fix, and so does one every 60 s', () => {
  const { tracker, drive, take } = fitted();
  drive(181, 'no fix');
  assert.equal(take(), ['started 500', 'periodic 60500', 'periodic 120500', 'periodic 180500']);
  assert.not.ok(tracker.hasFix);
  assert.is(tracker.fix, null);
});

test('CR-081: a fix that is gained is reported at once, with its kind', () => {
  const { tracker, drive, take } = fitted();
  drive(30, 'no fix');
  take();
  drive(1, 0);
  assert.equal(take(), ['fixGained 31500']);
  assert.is(tracker.fix?.kind, Fix.differential);
});

test('CR-081: a fix that comes before the first report is one report', () => {
  const reports: number[] = [];
  const tracker = createTracker((reason) => reports.push(reason));
  assert.ok(takeFix(tracker, fix(0), 100));
  runTracker(tracker, 100);
  assert.equal(reports, [PositionReason.fixGained]);
});

test('CR-080: every 10 s while moving, every 60 s while parked', () => {
  const { drive, take } = fitted();
  drive(1, FAST);
  take();
  drive(120, FAST);
  const moving = take();
  assert.is(moving.length, 12);
  for (const gap of gaps(moving)) assert.is(gap, 10000);
  drive(10, 0);
  take();
  drive(300, 0);
  const parked = take();
  assert.is(parked.length, 5);
  for (const gap of gaps(parked)) assert.is(gap, 60000);
});

test('CR-080: a vehicle that starts to move is reported within 10 s', () => {
  const { drive, take } = fitted();
  drive(20, 0);
  take();
  drive(11, FAST);
  assert.equal(take(), ['periodic 31500'], 'started to move at 21500');
});

test('moving has a hysteresis, and a fix without a speed changes nothing', () => {
  const { tracker, drive } = fitted();
  const speeds: [number | null, boolean][] = [
    [PARKED_CM_PER_S, false],
    [MOVING_CM_PER_S, false],
    [MOVING_CM_PER_S + 1, true],
    [null, true],
    [MOVING_CM_PER_S, true],
    [PARKED_CM_PER_S, true],
    [PARKED_CM_PER_S - 1, false],
    [null, false],
    [MOVING_CM_PER_S, false],
  ];
  for (const [speed, moving] of speeds) {
    drive(1, speed);
    assert.is(tracker.moving, moving, `${speed} cm/s`);
  }
});

test('CR-081: a fix is lost 5 s after the last, and that is reported once', () => {
  const { tracker, drive, take } = fitted();
  drive(12, FAST);
  take();
  drive(40, 'no fix');
  assert.is(FIX_LOST_MS, 5000);
  assert.equal(take(), ['fixLost 17500'], 'and then by the period of a parked vehicle');
  assert.not.ok(tracker.hasFix);
  assert.is(tracker.moving, false);
  assert.is(tracker.fixAtMs, 12500, 'the age of the last fix is still known');
});

test('a receiver that misses some seconds does not lose the fix', () => {
  const { drive, take } = fitted();
  drive(1, 0);
  take();
  for (let i = 0; i < 20; i++) {
    drive(3, 'no fix');
    drive(1, 0);
  }
  assert.equal(
    take().filter((report) => report.startsWith('fix')),
    [],
  );
});

test('CR-081: lost and gained, again and again: each is reported', () => {
  const { drive, take } = fitted();
  drive(3, 0);
  take();
  for (let i = 0; i < 5; i++) {
    drive(6, 'no fix');
    drive(2, FAST);
  }
  const reasons = take().map((report) => report.split(' ')[0]);
  assert.equal(reasons.filter((reason) => reason === 'fixLost').length, 5);
  assert.equal(reasons.filter((reason) => reason === 'fixGained').length, 5);
});

test.run();
