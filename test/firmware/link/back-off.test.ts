/** The wait before the next attempt: doubling, capped, and different for every unit and boot. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, backOffMs } from '../../../firmware/link/back-off.js';
import { FakeSystem } from '../../support/fake-ports.js';

const crc32 = new FakeSystem().crc32;

/** The step that attempt number n waits at most. */
function stepOf(attempt: number): number {
  return Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 20));
}

test('every wait is between half the step and the step, and the step doubles up to 30 s', () => {
  assert.equal(
    [1, 2, 3, 4, 5, 6, 7, 100].map(stepOf),
    [1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000],
  );
  for (let unit = 0; unit < 1000; unit++) {
    for (const attempt of [1, 2, 3, 4, 5, 6, 7, 8, 100, 1000000]) {
      const wait = backOffMs(attempt, 'MP-' + unit, unit, crc32);
      const step = stepOf(attempt);
      assert.ok(wait >= step / 2 && wait <= step, `${wait} for attempt ${attempt}`);
      assert.is(wait, Math.floor(wait));
    }
  }
});

test('1000 units spread over the whole interval', () => {
  for (const attempt of [1, 4, 6, 20]) {
    const step = stepOf(attempt);
    const tenths = new Array<number>(10).fill(0);
    for (let unit = 0; unit < 1000; unit++) {
      const wait = backOffMs(attempt, 'MP-' + String(unit).padStart(4, '0'), 1, crc32);
      const tenth = Math.min(9, Math.floor(((wait - step / 2) / (step / 2)) * 10));
      tenths[tenth] = (tenths[tenth] as number) + 1;
    }
    for (const count of tenths) assert.ok(count > 50 && count < 150, `${tenths} at ${attempt}`);
  }
});

test('no two attempts or boots of a unit keep step with another unit', () => {
  let same = 0;
  for (let i = 0; i < 1000; i++) {
    const wait = backOffMs(6, 'MP-' + i, 3, crc32);
    if (Math.abs(wait - backOffMs(6, 'MP-' + i, 4, crc32)) < 50) same++;
    if (Math.abs(wait - backOffMs(7, 'MP-' + i, 3, crc32)) < 50) same++;
  }
  assert.ok(same < 40, `${same} of 2000 waits hardly differ`);
});

test('the same unit, boot and attempt give the same wait: a run can be replayed', () => {
  assert.is(backOffMs(3, 'MP-1', 9, crc32), backOffMs(3, 'MP-1', 9, crc32));
});

test.run();
