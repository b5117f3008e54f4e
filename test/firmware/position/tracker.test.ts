/** When a position is reported: by motion, and at once when the fix is lost or comes back. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { GpsFix } from '../../../firmware/position/receiver.js';
import {
  AGREEING_FIXES,
  LOST_AFTER_PERIODS,
  LEAST_GAP_MS,
  LEAST_SATELLITES,
  MOVING_CM_PER_S,
  PARKED_CM_PER_S,
  WORST_HDOP_CENTI,
  createTracker,
  runTracker,
  setEnRoute,
  takeFix,
} from '../../../firmware/position/tracker.js';
import { Fix, PositionReason } from '../../../protocol/codes.js';
import { defaultConfig } from '../../../protocol/generated/config.js';
import { nameOf } from '../../../protocol/host/index.js';

const FAST = MOVING_CM_PER_S + 1;

function fix(speedCmPerS: number | null, change: Partial<GpsFix> = {}): GpsFix {
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
    ...change,
  };
}

/** A tracker that is run when it asks to be, and again after a fix that made something due. */
function fitted() {
  const reports: string[] = [];
  let nowMs = 500;
  const tracker = createTracker(defaultConfig(), 1, (reason) => {
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
  const tracker = createTracker(defaultConfig(), 1, (reason) => reports.push(reason));
  assert.ok(takeFix(tracker, fix(0), 100));
  runTracker(tracker, 100);
  assert.equal(reports, [PositionReason.fixGained]);
});

test('CR-080: every 10 s while moving, every 60 s while parked', () => {
  const { drive, take } = fitted();
  drive(AGREEING_FIXES, FAST);
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

test('CR-080: a vehicle that starts to move, or stops, is reported at once', () => {
  const { drive, take } = fitted();
  drive(20, 0);
  take();
  drive(5, FAST);
  assert.equal(take(), ['periodic 23500'], 'started to move at 21500');
  drive(5, 0);
  assert.equal(take(), ['stopped 28500'], 'stopped at 26500');
});

test('a stop is a stop despite jitter: single fast fixes do not make a parked vehicle move', () => {
  const { tracker, drive, take } = fitted();
  drive(70, 0);
  take();
  for (let i = 0; i < 60; i++) {
    drive(AGREEING_FIXES - 1, FAST);
    drive(1, 0);
    assert.is(tracker.moving, false);
  }
  assert.equal(gaps(take()), [60000, 60000]);
});

test('CR-080: on the way to a job every 5 s, also while it stands at a light', () => {
  const { tracker, drive, take } = fitted();
  drive(20, 0);
  take();
  setEnRoute(tracker, true, 20500);
  drive(60, 0);
  const reports = take();
  assert.ok(reports.length >= 11);
  for (const gap of gaps(reports)) assert.is(gap, 5000);
  setEnRoute(tracker, false, 80500);
  drive(180, 0);
  assert.ok(take().length <= 5);
});

/** A tracker of a vehicle that drives north-east at 20 m/s, with what it reports. */
function moving() {
  const reasons: string[] = [];
  const tracker = createTracker(defaultConfig(), 1, (reason) => {
    reasons.push(nameOf(PositionReason, reason));
  });
  let nowMs = 0;
  const step = (change: Partial<GpsFix>, afterMs = 1000): void => {
    nowMs += afterMs;
    takeFix(tracker, fix(2000, change), nowMs);
    runTracker(tracker, nowMs);
  };
  for (let i = 0; i < 5; i++) step({ courseCentiDeg: 9000 });
  reasons.length = 0;
  return { step, reasons };
}

test('CR-080: far from the last report it reports: reportDistanceM north, south, east, west', () => {
  // 200 m: 17,986 units of 1e-7 degree north; at 51.5 degrees 1.606 times as many east.
  for (const [north, east] of [
    [1, 0],
    [-1, 0],
    [0, 1.6064],
    [0, -1.6064],
  ] as const) {
    for (const [units, expected] of [
      [17900, []],
      [18050, ['distance']],
    ] as const) {
      const { step, reasons } = moving();
      const latitudeE7 = 515000000 + Math.round(units * north);
      const longitudeE7 = -1000000 + Math.round(units * east);
      step({ latitudeE7, longitudeE7, courseCentiDeg: 9000 }, LEAST_GAP_MS);
      assert.equal(reasons, expected, `${units} units, ${north} ${east}`);
    }
  }
});

test('CR-080: turned by turnDeg it reports, also over north, and not without a course', () => {
  for (const [course, expected] of [
    [9000 + 4499, []],
    [9000 + 4500, ['turned']],
    [9000 - 4500, ['turned']],
    [27000, ['turned']],
    [null, []],
  ] as const) {
    const { step, reasons } = moving();
    step({ courseCentiDeg: course }, LEAST_GAP_MS);
    assert.equal(reasons, expected, `${course}`);
  }
  const { step, reasons } = moving();
  step({ courseCentiDeg: 35000 }, LEAST_GAP_MS);
  step({ courseCentiDeg: 1000 }, LEAST_GAP_MS);
  step({ courseCentiDeg: 3500 }, LEAST_GAP_MS);
  assert.equal(reasons, ['turned', 'turned'], '350, 10 and 35 degrees');
});

test('reports of distance and turn keep LEAST_GAP_MS', () => {
  const { step, reasons } = moving();
  for (let i = 1; i <= 20; i++) {
    step({ latitudeE7: 515000000 + i * 18050, courseCentiDeg: 9000 }, LEAST_GAP_MS / 4);
  }
  assert.is(reasons.length, 5);
});

test('a poor fix counts as none: the fix is lost rather than wrong', () => {
  const poor = [{ satellites: LEAST_SATELLITES - 1 }, { hdopCenti: WORST_HDOP_CENTI + 1 }];
  const good = [
    { satellites: LEAST_SATELLITES },
    { hdopCenti: WORST_HDOP_CENTI },
    { satellites: null, hdopCenti: null },
  ];
  for (const [changes, taken] of [
    [poor, false],
    [good, true],
  ] as const) {
    for (const change of changes) {
      const tracker = createTracker(defaultConfig(), 1, () => {});
      takeFix(tracker, fix(0, change), 100);
      assert.is(tracker.hasFix, taken, JSON.stringify(change));
    }
  }
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
    drive(speed === null ? 1 : AGREEING_FIXES, speed);
    assert.is(tracker.moving, moving, `${speed} cm/s`);
  }
});

test('CR-081: a fix is lost 5 s after the last, and that is reported once', () => {
  const { tracker, drive, take } = fitted();
  drive(12, FAST);
  assert.ok(tracker.moving);
  take();
  drive(40, 'no fix');
  assert.is(LOST_AFTER_PERIODS, 5);
  assert.equal(
    take(),
    ['periodic 13500', 'fixLost 17500'],
    'and then by the period of a parked vehicle',
  );
  assert.not.ok(tracker.hasFix);
  assert.is(tracker.moving, false);
  assert.is(tracker.fixAtMs, 12500, 'the age of the last fix is still known');
});

test('CR-081: of a receiver that saves power a fix is lost after five of its periods', () => {
  const reports: number[] = [];
  const tracker = createTracker(defaultConfig(), 20, (reason) => reports.push(reason));
  takeFix(tracker, fix(0), 1000);
  for (const [nowMs, isKept] of [
    [1000, true],
    [100_999, true],
    [101_000, false],
  ] as const) {
    runTracker(tracker, nowMs);
    assert.is(tracker.hasFix, isKept, `at ${nowMs} ms`);
  }
  assert.equal(reports.pop(), PositionReason.fixLost);
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
