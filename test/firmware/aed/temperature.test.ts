/** Warm and cold at the AED: field.md part 5, rule 5. Temperatures here are in 1/10 °C. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { profileOf } from '../../../firmware/aed/profiles.js';
import {
  DOSE_LIMIT_DEGREE_HOURS,
  GREATEST_DECI_C,
  LEAST_DECI_C,
  STALE_MS,
  createTemperature,
  forgetDose,
  judgeTemperature,
  temperatureRead,
} from '../../../firmware/aed/temperature.js';
import { AedReason } from '../../../protocol/codes.js';

/** 0 to 50 °C. */
const profile = profileOf(2);
const { cold, hot, nearLimit, dose, sensorStale } = AedReason;
const MINUTE_MS = 60000;

function fitted() {
  const temperature = createTemperature();
  let nowMs = 1000;
  const read = (deciC: number | null): number => {
    temperatureRead(temperature, profile, deciC, nowMs);
    return judgeTemperature(temperature, profile, nowMs);
  };
  const wait = (ms: number): number =>
    judgeTemperature(temperature, profile, (nowMs += ms)) & ~(cold | hot | nearLimit);
  /** Readings of this temperature, one a minute. */
  const keep = (deciC: number, hours: number): number => {
    read(deciC);
    for (let i = 0; i < hours * 60; i++) {
      nowMs += MINUTE_MS;
      read(deciC);
    }
    return judgeTemperature(temperature, profile, nowMs);
  };
  return { temperature, read, wait, keep };
}

test('a sensor that never spoke has nothing to say', () => {
  const { wait, read, temperature } = fitted();
  assert.is(wait(0), 0);
  assert.is(read(null), 0);
  assert.is(wait(10 * STALE_MS), 0);
  assert.is(temperature.deciC, null);
});

const READINGS: [string, number[], number][] = [
  ['far from both limits', [250], 0],
  ['below the lower limit by 0.1', [-1], cold],
  ['the lower limit', [0], nearLimit],
  ['0.1 above it', [1], nearLimit],
  ['2.9 above it', [29], nearLimit],
  ['3.0 above it', [30], nearLimit],
  ['3.1 above it', [31], 0],
  ['3.1 below the upper limit', [469], 0],
  ['3.0 below it', [470], nearLimit],
  ['2.9 below it', [471], nearLimit],
  ['0.1 below it', [499], nearLimit],
  ['the upper limit', [500], nearLimit],
  ['0.1 above the upper limit', [501], hot],
  ['near, and 3.9 from it: still near', [30, 39], nearLimit],
  ['near, and 4.0 from it: still near', [30, 40], nearLimit],
  ['near, and 4.1 from it', [30, 41], 0],
  ['near from above, and 4.0 from it', [470, 460], nearLimit],
  ['near from above, and 4.1 from it', [470, 459], 0],
  ['cold, and 0.9 above the limit: still cold', [-1, 9], cold],
  ['cold, and 1.0 above the limit', [-1, 10], nearLimit],
  ['hot, and 0.9 below the limit: still hot', [501, 491], hot],
  ['hot, and 1.0 below the limit', [501, 490], nearLimit],
  ['cold, then hot', [-1, 501], hot],
  ['not near, and 3.5 from it: not near', [250, 35], 0],
];
for (const [name, readings, reasons] of READINGS) {
  test(`rule 5: ${name}`, () => {
    const { read } = fitted();
    let told = 0;
    for (const deciC of readings) told = read(deciC);
    assert.is(told, reasons);
  });
}

test('rule 5: it warns before the limit, on the way down and on the way up', () => {
  for (const step of [-1, 1]) {
    const { read } = fitted();
    const told: number[] = [];
    for (let deciC = 250; deciC >= -20 && deciC <= 520; deciC += step) {
      const reasons = read(deciC);
      if (told[told.length - 1] !== reasons) told.push(reasons);
    }
    assert.equal(told, [0, nearLimit, step < 0 ? cold : hot]);
  }
});

test('what no sensor measures is no reading: at the limit -1, 0, +1', () => {
  const readings: [number | null, number | null][] = [
    [LEAST_DECI_C - 1, null],
    [LEAST_DECI_C, LEAST_DECI_C],
    [LEAST_DECI_C + 1, LEAST_DECI_C + 1],
    [GREATEST_DECI_C - 1, GREATEST_DECI_C - 1],
    [GREATEST_DECI_C, GREATEST_DECI_C],
    [GREATEST_DECI_C + 1, null],
    [NaN, null],
    [Infinity, null],
    [null, null],
  ];
  for (const [deciC, taken] of readings) {
    const { read, temperature } = fitted();
    read(deciC);
    assert.is(temperature.deciC, taken, `${deciC}`);
  }
});

test('stale 10 minutes after the last reading: at the limit -1, 0, +1', () => {
  assert.is(STALE_MS, 600000);
  for (const beyondMs of [-1, 0, 1]) {
    const { read, wait, temperature } = fitted();
    read(250);
    wait(MINUTE_MS);
    read(null);
    assert.is(wait(STALE_MS - MINUTE_MS + beyondMs), beyondMs < 0 ? 0 : sensorStale);
    assert.is(temperature.deciC, beyondMs < 0 ? 250 : null);
    assert.is(read(250), 0, 'and it is known again');
  }
});

test('rule 5: degree-hours outside the limits, summed as they are', () => {
  const sums: [number, number, number][] = [
    [-1, 10, 1],
    [0, 10, 0],
    [250, 100, 0],
    [500, 10, 0],
    [501, 10, 1],
    [-100, 3, 30],
    [650, 2, 30],
  ];
  for (const [deciC, hours, expected] of sums) {
    const { keep, temperature } = fitted();
    keep(deciC, hours);
    assert.ok(Math.abs(temperature.doseDegreeHours - expected) < 1e-6, `${deciC} for ${hours} h`);
  }
});

test('rule 5: the dose is told at its limit -1, 0, +1, and does not decay', () => {
  const { keep, temperature, wait, read } = fitted();
  assert.is(keep(-100, DOSE_LIMIT_DEGREE_HOURS / 10 - 1 / 60), cold);
  // So that no rounding decides.
  temperature.doseDegreeHours = DOSE_LIMIT_DEGREE_HOURS - 0.001;
  assert.is(wait(0), 0);
  for (const more of [0, 0.001]) {
    temperature.doseDegreeHours = DOSE_LIMIT_DEGREE_HOURS + more;
    assert.is(wait(0), dose);
  }
  keep(250, 48);
  assert.is(read(250), dose, 'two warm days do not mend it');
  wait(STALE_MS);
  assert.is(wait(0), dose | sensorStale);
  forgetDose(temperature);
  assert.is(read(250), 0);
});

test('rule 5: what was between two readings 10 minutes apart nobody knows', () => {
  for (const [gapMs, expected] of [
    [STALE_MS - 1, true],
    [STALE_MS, false],
  ] as const) {
    const { read, wait, temperature } = fitted();
    read(-100);
    wait(gapMs);
    read(-100);
    assert.is(temperature.doseDegreeHours > 0, expected);
  }
});

test('rule 5: least and greatest are kept until a person has seen to it', () => {
  const { read, temperature } = fitted();
  assert.equal([temperature.minDeciC, temperature.maxDeciC], [null, null]);
  for (const deciC of [210, -35, null, 505, 9999, 180]) read(deciC);
  assert.equal([temperature.minDeciC, temperature.maxDeciC], [-35, 505]);
  forgetDose(temperature);
  assert.equal([temperature.minDeciC, temperature.maxDeciC], [180, 180]);
});

test('the limits are those of the model', () => {
  const temperature = createTemperature();
  temperatureRead(temperature, profile, 50, 0);
  assert.is(judgeTemperature(temperature, profile, 0), 0);
  assert.is(judgeTemperature(temperature, profileOf(1), 0), cold, 'another model, same reading');
});

test.run();
