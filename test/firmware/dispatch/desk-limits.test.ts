/** What the desk can hold, and that it never forgets a dispatch that is open. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_ACCEPTED,
  MAX_EARLY,
  MAX_OPEN,
  MAX_REMEMBERED,
} from '../../../firmware/dispatch/job.js';
import { saveDesk } from '../../../firmware/dispatch/keep.js';
import { DeskBench, EXPIRES, ISSUED } from './desk-bench.js';

const SEED = 20260803;

/** Dispatches, each answered and closed. */
function close(bench: DeskBench, ids: readonly number[]): void {
  for (const id of ids) {
    bench.dispatch(id);
    bench.answer(id);
    bench.close(id);
  }
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i);
}

test('CR-057: MAX_OPEN dispatches wait for an answer, one more is refused and told', () => {
  for (const isSeen of [false, true]) {
    for (const count of [MAX_OPEN - 1, MAX_OPEN, MAX_OPEN + 1]) {
      const bench = new DeskBench();
      for (let id = 1; id <= count; id++) {
        bench.dispatch(id);
        if (isSeen) bench.seen();
      }
      assert.is(bench.desk.jobs.length, Math.min(count, MAX_OPEN));
      const refused = bench.take().filter((word) => word.startsWith('refused'));
      const expected = count > MAX_OPEN ? [`refused ${count} deskFull after 0`] : [];
      assert.equal(refused, expected);
    }
  }
});

test('a dispatch that was refused because the desk was full is new when it comes again', () => {
  const bench = new DeskBench();
  for (const id of range(1, MAX_OPEN + 1)) bench.dispatch(id);
  bench.answer();
  bench.take();
  bench.dispatch(MAX_OPEN + 1);
  assert.equal(bench.take().slice(-2), ['verified 5 after 0', 'sounding 5 after 0']);
});

test('full or not, one that has expired is refused as expired', () => {
  const bench = new DeskBench();
  for (const id of range(1, MAX_OPEN)) bench.dispatch(id);
  bench.take();
  bench.utcMs = EXPIRES;
  bench.dispatch(9);
  assert.equal(bench.take(), ['refused 9 expired after 0']);
});

test('MAX_ACCEPTED dispatches stay open for the crew; answering one more closes the oldest', () => {
  for (const count of [MAX_ACCEPTED - 1, MAX_ACCEPTED, MAX_ACCEPTED + 1]) {
    const bench = new DeskBench();
    for (const id of range(1, count)) {
      bench.dispatch(id);
      bench.answer();
    }
    const open = range(Math.max(1, count - MAX_ACCEPTED + 1), count);
    assert.equal(bench.idsIn('answered'), open);
    assert.equal(bench.idsIn('closed'), range(1, count - open.length));
    bench.restart();
    assert.equal(bench.idsIn('answered'), open);
  }
});

test('the crew closes what they answered, and nothing else', () => {
  const bench = new DeskBench();
  bench.dispatch(7);
  bench.dispatch(8);
  bench.answer(8);
  bench.take();
  for (const id of [7, 9, 0]) bench.close(id);
  assert.equal(bench.take(), []);
  bench.close(8);
  assert.equal(bench.take(), ['saved']);
  assert.equal([bench.stateOf(7), bench.stateOf(8)], ['sounding', 'closed']);
});

test('CR-057: MAX_REMEMBERED closed dispatches are remembered, then the one of the lowest id goes', () => {
  for (const count of [MAX_REMEMBERED - 1, MAX_REMEMBERED, MAX_REMEMBERED + 1]) {
    const bench = new DeskBench();
    close(bench, range(1, count));
    assert.equal(bench.idsIn('closed'), range(Math.max(1, count - MAX_REMEMBERED + 1), count));
    assert.is(bench.desk.forgottenId, count > MAX_REMEMBERED ? 1 : 0);
  }
});

test('CR-057: what is open or accepted is never forgotten, whatever comes', () => {
  const bench = new DeskBench();
  for (const id of range(1, MAX_ACCEPTED + MAX_OPEN)) {
    bench.dispatch(id);
    if (id <= MAX_ACCEPTED) bench.answer();
  }
  for (let id = 100; id < 300; id++) bench.standDown(id);
  for (const when of ['before', 'after']) {
    assert.equal(bench.idsIn('answered'), [1, 2], `${when} the restart`);
    assert.equal(bench.idsIn('sounding'), [3, 4, 5, 6]);
    assert.equal(
      bench.desk.closed,
      range(300 - MAX_REMEMBERED, 299).map((id) => -id),
    );
    bench.restart();
  }
  bench.take();
  for (const id of range(1, 6)) bench.dispatch(id);
  assert.equal(
    bench.take().filter((word) => !word.startsWith('duplicate')),
    [],
  );
});

test('CR-044: closed and pushed out of memory by others, it does not sound when it comes again', () => {
  for (const order of [
    range(1, 40),
    range(1, 40).reverse(),
    [5, 1, 9, 3, 30, 2, 29, 4, 28, 6, 7, 8],
  ]) {
    const bench = new DeskBench();
    close(bench, order);
    bench.restart();
    bench.take();
    for (const id of order) bench.dispatch(id);
    assert.equal(
      bench.take().filter((word) => !word.startsWith('duplicate')),
      [],
    );
  }
});

test('CR-044: so too where an update had brought its expiry forward, before it came or after', () => {
  for (const isEarly of [false, true]) {
    const bench = new DeskBench();
    for (const id of range(1, 20)) {
      if (isEarly) bench.update(id, 1, { expiresAt: ISSUED + 2000 });
      bench.dispatch(id);
      bench.update(id, 1, { expiresAt: ISSUED + 2000 });
      bench.standDown(id);
    }
    bench.take();
    bench.dispatch(1);
    assert.equal(bench.take(), ['duplicate 1 after 0']);
  }
});

test('one that comes late and is new sounds, unless it is late by MAX_REMEMBERED others', () => {
  for (const others of [MAX_REMEMBERED, MAX_REMEMBERED + 1]) {
    const bench = new DeskBench();
    close(bench, range(101, 100 + others));
    bench.dispatch(50);
    assert.is(bench.stateOf(50), others <= MAX_REMEMBERED ? 'sounding' : 'unknown');
    bench.dispatch(200);
    assert.is(bench.stateOf(200), 'sounding');
  }
});

test('one whose update came before it sounds, however late it is', () => {
  const bench = new DeskBench();
  bench.update(50);
  close(bench, range(101, 120));
  bench.restart();
  bench.dispatch(50);
  assert.is(bench.stateOf(50), 'sounding');
});

test('CR-047: a control room that has begun to count anew is heard', () => {
  const bench = new DeskBench();
  close(bench, range(1001, 1050));
  bench.take();
  bench.dispatch(1, ISSUED, EXPIRES);
  assert.equal(bench.take(), ['duplicate 1 after 0'], 'it may be one of before');
  bench.dispatch(2, ISSUED + 1, EXPIRES + 1);
  assert.is(bench.stateOf(2), 'sounding');
});

const id = fc.integer({ min: 1, max: 30 });
const step = fc.oneof(
  fc.record({ what: fc.constantFrom('dispatch', 'stand-down', 'update', 'answer', 'close'), id }),
  fc.record({ what: fc.constantFrom('answer', 'seen', 'expire', 'restart'), id: fc.constant(0) }),
);

test('whatever happens: the urgency is that of what is open, flash knows all, and all is bounded', () => {
  const property = fc.property(fc.array(step, { maxLength: 120, size: 'max' }), (steps) => {
    const bench = new DeskBench();
    bench.utcMs = null;
    for (const { what, id } of steps) {
      bench.wait(7000);
      if (what === 'dispatch') bench.dispatch(id);
      else if (what === 'stand-down') bench.standDown(id);
      else if (what === 'update') bench.update(id, 1 + (bench.nowMs % 5));
      else if (what === 'answer') bench.answer(id);
      else if (what === 'close') bench.close(id);
      else if (what === 'seen') bench.seen();
      else if (what === 'expire') bench.run();
      else bench.restart();
      const { jobs, early, closed } = bench.desk;
      const sounding = bench.idsIn('sounding').length;
      const seen = bench.idsIn('seen').length;
      if (what !== 'restart') assert.is(bench.urgency > 1, sounding > 0, 'alarm');
      assert.is(bench.urgency > 0, sounding + seen > 0, 'reminder');
      assert.ok(sounding + seen <= MAX_OPEN);
      assert.ok(bench.idsIn('answered').length <= MAX_ACCEPTED);
      assert.ok(early.length <= MAX_EARLY);
      assert.ok(closed.length <= MAX_REMEMBERED);
      const ids = [...jobs, ...early].map((job) => job.dispatchId).concat(closed.map(Math.abs));
      assert.is(new Set(ids).size, ids.length, 'each is known once');
      if (bench.saved !== '') assert.is(bench.saved, saveDesk(bench.desk), 'flash');
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test.run();
