/** A power cut at any byte of any write leaves the value before or the value after. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readRecord, writeRecord, type Records } from '../../../firmware/store/records.js';
import { packRecord, slotName } from '../../../protocol/record.js';
import { FakeStore, FakeSystem, PowerCut } from '../../support/fake-ports.js';

const SEED = 20260804;
const crc32 = new FakeSystem().crc32;

function fitted(files = new Map<string, string>()): { records: Records; store: FakeStore } {
  const store = new FakeStore(files);
  return { records: { store, crc32 }, store };
}

/** The same flash after the power came back. */
function restarted(store: FakeStore): Records {
  return fitted(store.files).records;
}

test('CR-061, CR-063: what was written is read, the newest of any number of writes', () => {
  const { records, store } = fitted();
  assert.is(readRecord(records, 'desk'), null);
  for (let i = 0; i < 40; i++) {
    assert.is(writeRecord(records, 'desk', 'value ' + i), true);
    assert.is(readRecord(restarted(store), 'desk'), 'value ' + i);
  }
  assert.equal([...store.files.keys()].sort(), ['desk.0', 'desk.1'], 'two files');
});

test('a value may be empty, or any bytes', () => {
  const { records } = fitted();
  for (const value of ['', '\x00\xff"\\', 'x'.repeat(1000)]) {
    writeRecord(records, 'any', value);
    assert.is(readRecord(records, 'any'), value);
  }
});

test('records do not touch each other', () => {
  const { records } = fitted();
  writeRecord(records, 'desk', 'd');
  writeRecord(records, 'counter', '1');
  writeRecord(records, 'desk', 'e');
  assert.equal([readRecord(records, 'desk'), readRecord(records, 'counter')], ['e', '1']);
});

test('a power cut before, at every byte of, and after every write', () => {
  const length = packRecord(1, 'value 0', crc32).length;
  const cuts: ('before' | number)[] = ['before'];
  for (let kept = 0; kept <= length; kept++) cuts.push(kept);
  for (const cut of cuts) {
    for (let writes = 0; writes < 4; writes++) {
      const { records, store } = fitted();
      for (let i = 0; i < writes; i++) writeRecord(records, 'desk', 'value ' + i);
      store.onWrite = () => cut;
      assert.throws(() => writeRecord(records, 'desk', 'value ' + writes), isPowerCut);
      const before = writes === 0 ? null : 'value ' + (writes - 1);
      const after = cut === length ? 'value ' + writes : before;
      const again = restarted(store);
      assert.is(readRecord(again, 'desk'), after, `cut at ${cut} of write ${writes}`);
      assert.ok(writeRecord(again, 'desk', 'next'));
      assert.is(readRecord(again, 'desk'), 'next', 'the record can be written again');
    }
  }
});

test('cut after cut: a value that was written is never older than the last that was', () => {
  const cut = fc.option(fc.oneof(fc.constant('before' as const), fc.nat(40)), { nil: null });
  const property = fc.property(fc.array(cut, { maxLength: 60 }), (cuts) => {
    const files = new Map<string, string>();
    let last = -1;
    cuts.forEach((each, i) => {
      const { records, store } = fitted(files);
      const bytes = packRecord(1, String(i), crc32).length;
      store.onWrite = () => (typeof each === 'number' ? Math.min(each, bytes) : each);
      try {
        writeRecord(records, 'n', String(i));
      } catch (error) {
        assert.ok(isPowerCut(error));
      }
      const value = readRecord(restarted(store), 'n');
      const read = value === null ? -1 : Number(value);
      assert.ok(read === last || read === i, `${read} after ${last}`);
      if (each === null) assert.is(read, i);
      last = read;
    });
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test('CR-062: a slot that was altered does not count: the other is read', () => {
  for (const damage of [
    (bytes: string) => bytes.substring(0, bytes.length - 1) + '!',
    (bytes: string) => '0' + bytes.substring(1),
    (bytes: string) => bytes + '\xff',
    (bytes: string) => bytes.substring(0, 15),
    () => '',
    () => '\xff'.repeat(30),
  ]) {
    const { records, store } = fitted();
    writeRecord(records, 'desk', 'old');
    writeRecord(records, 'desk', 'new');
    store.files.set('desk.1', damage(store.files.get('desk.1') as string));
    assert.is(readRecord(records, 'desk'), 'old');
    writeRecord(records, 'desk', 'newer');
    assert.is(readRecord(records, 'desk'), 'newer');
    assert.is(store.files.get('desk.0'), packRecord(1, 'old', crc32), 'the good slot was kept');
  }
});

test('CR-062: both slots bad is no value, and a write makes one', () => {
  const { records, store } = fitted();
  for (const slot of [0, 1]) store.files.set(slotName('desk', slot), 'not a record at all');
  assert.is(readRecord(records, 'desk'), null);
  assert.ok(writeRecord(records, 'desk', 'first'));
  assert.is(readRecord(records, 'desk'), 'first');
});

test('CR-061: the higher sequence counts, whichever slot it is in, also beyond 31 bits', () => {
  for (const [first, second] of [
    [1, 2],
    [2, 1],
    [9, 10],
    [0x7fffffff, 0x80000000],
    [0xfffffffe, 0xffffffff],
  ] as const) {
    const { records, store } = fitted();
    store.files.set('n.0', packRecord(first, 'in 0', crc32));
    store.files.set('n.1', packRecord(second, 'in 1', crc32));
    assert.is(readRecord(records, 'n'), first > second ? 'in 0' : 'in 1');
  }
});

test('flash without room: the value before stays, and the caller is told', () => {
  const { records, store } = fitted();
  writeRecord(records, 'desk', 'old');
  store.isFull = true;
  assert.is(writeRecord(records, 'desk', 'new'), false);
  assert.is(readRecord(records, 'desk'), 'old');
});

function isPowerCut(error: unknown): boolean {
  return error instanceof PowerCut;
}

test.run();
