/** Birth counters and envelope numbers never repeat, whatever the power does. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { BIRTHS_PER_EPOCH, beginEpoch, nextBirth } from '../../firmware/epoch.js';
import { MAX_U32 } from '../../protocol/limits.js';
import { FakeStore, FakeSystem, PowerCut } from '../support/fake-ports.js';

const SEED = 20260805;
const crc32 = new FakeSystem().crc32;

function boot(files: Map<string, string>, onWrite: FakeStore['onWrite'] = () => null) {
  const store = new FakeStore(files);
  store.onWrite = onWrite;
  return beginEpoch({ store, crc32 });
}

test('CR-022: every boot has an epoch of its own, from 1, and one write to flash', () => {
  const files = new Map<string, string>();
  let writes = 0;
  for (let i = 1; i <= 50; i++) {
    const epoch = boot(files, () => (writes++, null));
    assert.is(epoch.number, i);
    assert.is(epoch.sequence, 0);
  }
  assert.is(writes, 50);
});

test('CR-071: births rise with every connection of every boot', () => {
  const files = new Map<string, string>();
  let last = 0;
  for (let i = 0; i < 30; i++) {
    const epoch = boot(files);
    for (let connection = 0; connection < i * 10; connection++) {
      const birth = nextBirth(epoch);
      assert.ok(birth > last);
      last = birth;
    }
  }
});

test('CR-071: births at BIRTHS_PER_EPOCH - 1, 0 and + 1 connections of one boot', () => {
  const files = new Map<string, string>();
  const epoch = boot(files);
  const births = new Set<number>();
  let last = 0;
  for (let i = 0; i < BIRTHS_PER_EPOCH * 3; i++) {
    epoch.sequence += 5;
    const birth = nextBirth(epoch);
    assert.ok(birth > last, `birth ${i}`);
    last = birth;
    births.add(birth);
  }
  assert.is(births.size, BIRTHS_PER_EPOCH * 3);
  assert.ok(epoch.number > 3, 'a new epoch began');
  assert.ok(nextBirth(boot(files)) > last, 'and the next boot knows');
});

test('CR-022: a new epoch within a boot starts its sequence anew, in flash before it is used', () => {
  const files = new Map<string, string>();
  const epoch = boot(files);
  epoch.sequence = 77;
  for (let i = 0; i < BIRTHS_PER_EPOCH; i++) nextBirth(epoch);
  assert.is(epoch.number, 2);
  assert.is(epoch.sequence, 0);
  assert.is(boot(files).number, epoch.number + 1);
});

test('CR-071: power cuts anywhere: no birth is used twice', () => {
  const life = fc.record({
    connections: fc.nat(5),
    cut: fc.option(fc.oneof(fc.constant('before' as const), fc.nat(20)), { nil: null }),
  });
  const property = fc.property(fc.array(life, { maxLength: 60 }), (lives) => {
    const files = new Map<string, string>();
    let last = 0;
    for (const { connections, cut } of lives) {
      try {
        const epoch = boot(files, (_name, bytes) =>
          typeof cut === 'number' ? Math.min(cut, bytes.length) : cut,
        );
        for (let i = 0; i < connections; i++) {
          const birth = nextBirth(epoch);
          assert.ok(birth > last);
          last = birth;
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test('births fit their field for a million epochs: 100 boots a day for 28 years', () => {
  assert.ok(1000000 * BIRTHS_PER_EPOCH + BIRTHS_PER_EPOCH <= MAX_U32);
});

test.run();
