/** What flash knows of the desk: enough, short, and the same when it is read. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_ACCEPTED,
  MAX_EARLY,
  MAX_OPEN,
  MAX_REMEMBERED,
} from '../../../firmware/dispatch/job.js';
import { restoreDesk, saveDesk } from '../../../firmware/dispatch/keep.js';
import { DeskBench } from './desk-bench.js';

/** A desk that holds as much as it can. */
function full(): DeskBench {
  const bench = new DeskBench();
  for (let id = 1; id <= MAX_REMEMBERED + 1; id++) bench.standDown(id);
  const accepted = 10 + MAX_ACCEPTED;
  for (let id = 11; id <= accepted; id++) {
    bench.dispatch(id);
    bench.answer(id);
  }
  for (let id = accepted + 1; id <= accepted + MAX_OPEN; id++) bench.dispatch(id);
  for (let id = 31; id < 31 + MAX_EARLY; id++) bench.update(id);
  bench.seen();
  return bench;
}

test('CR-069: jobs, then what is closed; an unknown place is nothing, zero is zero', () => {
  const bench = new DeskBench();
  assert.is(saveDesk(bench.desk), '|0,0');
  bench.dispatch(7);
  bench.dispatch(8);
  bench.answer(8);
  bench.update(8, 3, { latitudeE7: 0 });
  bench.update(9, 1, { latitudeE7: null });
  bench.wait(20000);
  bench.run();
  bench.standDown(5);
  const rows = [
    '7,1,1700000600000,600000,1,0,515000000,-1200000;',
    '8,2,1700000660000,658000,0,3,0,;',
    '9,3,1700000660000,658000,0,1,,;',
  ];
  assert.is(bench.saved, rows.join('') + '|0,1700000660000,-5');
});

test('what was read is what was written, however much it is', () => {
  for (const bench of [new DeskBench(), full()]) {
    const saved = saveDesk(bench.desk);
    const told = { jobs: bench.desk.jobs, early: bench.desk.early, closed: bench.desk.closed };
    const before = structuredClone(told);
    bench.saved = saved;
    bench.restart();
    assert.is(saveDesk(bench.desk), saved);
    const { jobs, early, closed, forgottenId, latestExpiry } = bench.desk;
    const same = (list: typeof jobs): unknown[] =>
      list.map((job) => ({ ...job, arrivedMs: 0, address: '', isSeen: false, isTold: true }));
    assert.equal(same(jobs), same(before.jobs));
    assert.equal(same(early), same(before.early));
    assert.equal(closed, before.closed);
    assert.ok(forgottenId === (closed.length > 0 ? 1 : 0) && latestExpiry >= 0);
  }
});

test('CR-042: after a restart it sounds what was open, loud where it was, and keeps silent of the rest', () => {
  const bench = full();
  bench.wait(20000);
  bench.run();
  bench.take();
  bench.restart();
  const open = bench.idsIn('sounding');
  assert.is(open.length, MAX_OPEN);
  assert.equal(
    bench.take(),
    open.flatMap((id) => ['alarm', `resumed ${id} after 0`]),
  );
  assert.equal(
    bench.desk.jobs.map((job) => job.escalation),
    [0, 0, 0, 1, 1, 1],
    'the one that was seen was not raised',
  );
});

test('after a restart nobody has touched it: unanswered is told anew, louder is not', () => {
  const bench = new DeskBench();
  bench.dispatch();
  for (const step of ['louder', 'unanswered']) {
    bench.wait(20000);
    bench.run();
    assert.ok(bench.take().some((word) => word.startsWith(step)));
  }
  bench.restart();
  bench.take();
  bench.wait(39999);
  bench.run();
  assert.equal(bench.take(), []);
  bench.wait(1);
  bench.run();
  assert.equal(bench.take(), ['unanswered 7 after 40000']);
});

test('a full desk with the longest numbers is short enough for a record', () => {
  const bench = full();
  const { jobs, early, closed } = bench.desk;
  const most = { dispatchId: 4294967295, expiresAt: 253403070463999, lifetimeMs: 253403070463999 };
  const least = { latitudeE7: -900000000, longitudeE7: -1800000000, revision: 65535 };
  for (const job of [...jobs, ...early]) Object.assign(job, most, least);
  closed.fill(-4294967295);
  Object.assign(bench.desk, { forgottenId: 4294967295, latestExpiry: 253403070463999 });
  const length = saveDesk(bench.desk).length;
  assert.ok(length < 1000, `${length}`);
});

test('a new unit begins with nothing', () => {
  const bench = new DeskBench();
  restoreDesk(bench.desk, '', 0);
  assert.equal(bench.take(), []);
  assert.is(saveDesk(bench.desk), '|0,0');
});

test.run();
