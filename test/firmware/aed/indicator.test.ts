/** The AED's lamp by its edges: field.md part 5, rules 1 and 2. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DARK_PERIODS,
  FRESH_PERIODS,
  SHORTEST_BLINK_MS,
  SURE_PERIODS,
  createIndicator,
  forgetBlinks,
  indicatorChanged,
  judgeIndicator,
} from '../../../firmware/aed/indicator.js';
import { profileOf } from '../../../firmware/aed/profiles.js';
import { AedReason } from '../../../protocol/codes.js';

/** Longest period 10 s, self-test 20 s. */
const profile = profileOf(2);
const { blinkMs, selfTestMs } = profile;
const READY = 0;
const FLASH_MS = 200;

/** A lamp with its own clock. */
function fitted(startMs = 5000) {
  const indicator = createIndicator();
  let nowMs = startMs;
  forgetBlinks(indicator, nowMs);
  const wait = (ms: number): void => void (nowMs += ms);
  const set = (lit: boolean): void => indicatorChanged(indicator, profile, lit, nowMs);
  const judge = (): number => judgeIndicator(indicator, profile, nowMs);
  /** Flashes with these times from the start of one to the start of the next. */
  const flash = (...periods: number[]): void => {
    for (const ms of periods) {
      set(true);
      wait(Math.min(FLASH_MS, ms / 2));
      set(false);
      wait(ms - Math.min(FLASH_MS, ms / 2));
    }
  };
  /** Flashes until three whole periods have been seen. */
  const beReady = (periodMs = 5000): void => {
    flash(periodMs, periodMs, periodMs, periodMs);
    assert.is(judge(), READY);
  };
  return { indicator, wait, set, judge, flash, beReady };
}

test('rule 1: ready after three whole periods, not after two', () => {
  const { flash, set, judge } = fitted();
  assert.is(SURE_PERIODS, 3);
  flash(5000, 5000, 5000);
  assert.is(judge(), AedReason.notSensed, 'three flashes, two whole periods');
  set(true);
  assert.is(judge(), READY);
});

const BEATS: [string, number, boolean][] = [
  ['the longest period - 1 ms', blinkMs - 1, true],
  ['the longest period', blinkMs, true],
  ['the longest period + 1 ms', blinkMs + 1, false],
  ['the shortest period + 1 ms', SHORTEST_BLINK_MS + 1, true],
  ['the shortest period', SHORTEST_BLINK_MS, true],
  ['the shortest period - 1 ms', SHORTEST_BLINK_MS - 1, false],
  ['6 s, the CR2', 6000, true],
  ['1 s', 1000, true],
  ['blue lights, 2 Hz', 500, false],
  ['slow changes of daylight', 45000, false],
];
for (const [name, periodMs, ready] of BEATS) {
  test(`rule 1: a beat of ${name} is ${ready ? '' : 'not '}the lamp's`, () => {
    const { flash, indicator } = fitted();
    flash(...Array<number>(12).fill(periodMs));
    assert.is(indicator.sureAtMs !== null, ready);
    assert.is(indicator.isSensed, ready);
  });
}

const IRREGULAR: [string, number[], boolean][] = [
  ['street lamps that pass by', [2100, 3400, 1500, 2600, 900, 4000, 2200, 1200, 5100], false],
  ['a beat that is disturbed in every third period', [5000, 5000, 1900, 3100], false],
  ['two good periods and a pause, again and again', [4000, 4000, 15000], false],
  ['a beat that drifts by less than a quarter', [4000, 4900, 4000, 4900], true],
  ['a quarter longer', [4000, 5000, 5000, 5000], true],
  ['more than a quarter longer, each time', [2000, 2501, 3127, 3909, 4887, 6109], false],
];
for (const [name, periods, ready] of IRREGULAR) {
  test(`rule 1: ${name}: ${ready ? 'ready' : 'not ready'}`, () => {
    const { flash, indicator } = fitted();
    flash(...periods, ...periods, ...periods);
    assert.is(indicator.sureAtMs !== null, ready);
  });
}

test('rule 1: always dark is not ready: unknown before the lamp was ever seen, then dark', () => {
  const { wait, judge, beReady } = fitted();
  wait(3600000);
  assert.is(judge(), AedReason.notSensed, 'perhaps there is no sensor');
  beReady();
  wait(3600000);
  assert.is(judge(), AedReason.dark);
});

test('rule 1: dark after two of the longest periods: at the limit -1, 0, +1', () => {
  const { wait, judge, flash, beReady } = fitted();
  beReady(1000);
  flash(1000);
  assert.is(DARK_PERIODS, 2);
  wait(2 * blinkMs - 1000 + FLASH_MS - 1);
  assert.is(judge(), READY);
  wait(1);
  assert.is(judge(), READY);
  wait(1);
  assert.is(judge(), AedReason.dark);
});

test('rule 1: a lamp that comes back is ready after three periods anew', () => {
  const { wait, judge, flash, set, beReady } = fitted();
  beReady();
  wait(600000);
  flash(5000, 5000, 5000);
  assert.is(judge(), AedReason.sensorStale);
  set(true);
  assert.is(judge(), READY);
});

test('rule 1: always lit is not ready, also of a sensor that never saw it blink', () => {
  for (const before of [true, false]) {
    const { set, wait, judge, beReady } = fitted();
    if (before) beReady();
    set(true);
    wait(selfTestMs);
    assert.is.not(judge(), AedReason.steady);
    wait(1);
    assert.is(judge(), AedReason.steady);
    wait(36000000);
    assert.is(judge(), AedReason.steady);
  }
});

test('rule 2: a self-test at the limit -1, 0 is not a fault, and what was judged before stays', () => {
  for (const ms of [500, selfTestMs - 1, selfTestMs]) {
    const { set, wait, judge, flash, beReady } = fitted();
    beReady();
    set(true);
    wait(ms);
    assert.is(judge(), READY, 'lit');
    set(false);
    wait(5000);
    assert.is(judge(), READY, 'dark again');
    for (let i = 0; i < 10; i++) {
      flash(5000);
      assert.is(judge(), READY, `flash ${i} after it`);
    }
  }
});

test('rule 2: it stays unknown through a self-test if it was unknown before', () => {
  const { set, wait, judge } = fitted();
  set(true);
  wait(selfTestMs);
  set(false);
  assert.is(judge(), AedReason.notSensed);
});

test('rule 2: a self-test that is longer than it takes to be dark is not dark', () => {
  const long = { ...profile, selfTestMs: 4 * blinkMs };
  const { indicator, beReady, set } = fitted();
  beReady();
  set(true);
  assert.is(judgeIndicator(indicator, long, indicator.edgeAtMs + long.selfTestMs), READY);
});

test('a flash that is missed once does not matter', () => {
  const { judge, flash, beReady } = fitted();
  beReady();
  flash(10000);
  for (let i = 0; i < 6; i++) {
    assert.is(judge(), READY);
    flash(5000);
  }
});

test('light of another beat is not known to be ready: at the limit -1, 0, +1', () => {
  const freshMs = FRESH_PERIODS * blinkMs + selfTestMs;
  for (const beyondMs of [-1, 0, 1]) {
    const { indicator, flash, beReady } = fitted();
    beReady();
    flash(350);
    const untilMs = (indicator.sureAtMs as number) + freshMs + beyondMs;
    while (indicator.edgeAtMs < untilMs - 1000) flash(350);
    const judged = judgeIndicator(indicator, profile, untilMs);
    assert.is(judged, beyondMs <= 0 ? READY : AedReason.sensorStale, `${beyondMs}`);
  }
});

test('in another place it is seen anew, but that there is a sensor is still known', () => {
  const { indicator, judge, wait, flash, beReady } = fitted();
  beReady();
  forgetBlinks(indicator, indicator.edgeAtMs);
  assert.is(judge(), AedReason.sensorStale);
  flash(5000, 5000, 5000);
  assert.is(judge(), AedReason.sensorStale);
  flash(5000);
  assert.is(judge(), READY);
  wait(2 * blinkMs);
  assert.is(judge(), AedReason.dark);
});

test('the same level again is no edge', () => {
  const { indicator, set, wait, beReady } = fitted();
  beReady();
  const before = { ...indicator };
  wait(3000);
  set(false);
  assert.equal(indicator, before);
});

test('a lamp that is a symbol is not judged, whatever the sensor sees', () => {
  const indicator = createIndicator();
  const symbol = profileOf(4);
  for (let i = 0; i < 40; i++) {
    indicatorChanged(indicator, symbol, i % 2 === 0, 1000 * i);
    assert.is(judgeIndicator(indicator, symbol, 1000 * i + 500), AedReason.notSensed);
  }
  assert.is(judgeIndicator(indicator, symbol, 9999999), AedReason.notSensed);
});

test.run();
