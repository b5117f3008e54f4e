/** The unit's counters never repeat, whatever the power does, and cost one write for a block. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  COUNTER_RECORD,
  RESERVED_COUNTERS,
  createCounter,
  takeNext,
  type Counter,
} from '../../../firmware/seal/counter.js';
import { readRecord, writeRecord } from '../../../firmware/store/records.js';
import { MAX_U32 } from '../../../protocol/limits.js';
import { Exhausted, FakeStore, FakeSystem, PowerCut } from '../../support/fake-ports.js';
import { Bench, everythingSent } from '../../support/sealed.js';

const SEED = 20260805;
const crc32 = new FakeSystem().crc32;

type Fitted = Counter & { store: FakeStore };

function boot(files: Map<string, string>, onWrite: FakeStore['onWrite'] = () => null): Fitted {
  const store = new FakeStore(files);
  store.onWrite = onWrite;
  return Object.assign(createCounter({ store, crc32 }), { store });
}

/** Flash with which the next boot begins at `first`. */
function startingAt(first: number): Map<string, string> {
  const store = new FakeStore();
  writeRecord({ store, crc32 }, COUNTER_RECORD, String(first - RESERVED_COUNTERS));
  return store.files;
}

function take(counter: Counter, count: number): number[] {
  return Array.from({ length: count }, () => takeNext(counter));
}

test('CR-068, CR-110: counters rise by one from 1, and a boot alone writes nothing', () => {
  const files = new Map<string, string>();
  boot(files);
  assert.is(files.size, 0);
  assert.equal(take(boot(files), 5), [1, 2, 3, 4, 5]);
});

test('CR-068: reserved before use: RESERVED_COUNTERS - 1, 0 and + 1 cost 1, 1, 2 writes', () => {
  for (const [count, expected] of [
    [RESERVED_COUNTERS - 1, 1],
    [RESERVED_COUNTERS, 1],
    [RESERVED_COUNTERS + 1, 2],
  ] as const) {
    let writes = 0;
    const counter = boot(new Map(), () => (writes++, null));
    const taken = take(counter, count);
    assert.is(writes, expected);
    assert.is(new Set(taken).size, count);
    const reserved = Number(readRecord(counter.records, COUNTER_RECORD));
    assert.ok((taken[count - 1] as number) < reserved, 'flash is ahead of what is used');
    const next = takeNext(boot(counter.store.files));
    assert.is(next, reserved + RESERVED_COUNTERS, 'the next boot leaves a block out');
  }
});

test('CR-068, CR-110: power cuts anywhere: no counter is used twice', () => {
  const life = fc.record({
    messages: fc.oneof(fc.nat(5), fc.integer({ min: 1020, max: 1030 })),
    cutAt: fc.nat(3),
    cut: fc.option(fc.oneof(fc.constant('before' as const), fc.nat(24)), { nil: null }),
  });
  const property = fc.property(fc.array(life, { maxLength: 40 }), (lives) => {
    const files = new Map<string, string>();
    let last = 0;
    for (const { messages, cutAt, cut } of lives) {
      let writes = 0;
      try {
        const counter = boot(files, (_name, bytes) => {
          if (writes++ !== cutAt) return null;
          return typeof cut === 'number' ? Math.min(cut, bytes.length) : cut;
        });
        for (let i = 0; i < messages; i++) {
          const taken = takeNext(counter);
          assert.ok(taken > last, `${taken} after ${last}`);
          last = taken;
        }
      } catch (error) {
        if (!(error instanceof PowerCut)) throw error;
      }
    }
  });
  fc.assert(property, { seed: SEED, numRuns: 200 });
});

test('CR-068, CR-110: a slot that has become unreadable costs no counter twice', () => {
  const files = new Map<string, string>();
  const taken: number[] = [];
  for (let boots = 0; boots < 3; boots++) taken.push(...take(boot(files), RESERVED_COUNTERS + 1));
  for (const damaged of [`${COUNTER_RECORD}.0`, `${COUNTER_RECORD}.1`]) {
    const left = new Map(files);
    left.set(damaged, 'rot' + (left.get(damaged) as string).substring(3));
    const next = takeNext(boot(left));
    assert.ok(next > Math.max(...taken), `${next} after ${Math.max(...taken)}`);
  }
});

test('CR-068: abandoned right after the reservation was written: no counter is used twice', () => {
  const counter = boot(new Map());
  const { store } = counter;
  const taken = take(counter, RESERVED_COUNTERS);
  const write = store.write.bind(store);
  store.write = (name, bytes) => {
    write(name, bytes);
    throw new Exhausted();
  };
  assert.throws(() => takeNext(counter));
  store.write = write;
  taken.push(...take(counter, 10));
  taken.push(...take(boot(store.files), 10));
  assert.is(new Set(taken).size, RESERVED_COUNTERS + 20);
});

test('CR-068: flash without room: none is given, and it goes on once there is room', () => {
  const counter = boot(new Map());
  const { store } = counter;
  store.isFull = true;
  assert.equal(take(counter, 3), [0, 0, 0]);
  store.isFull = false;
  const first = take(counter, RESERVED_COUNTERS);
  store.isFull = true;
  assert.is(takeNext(counter), 0, 'what is reserved is used up');
  store.isFull = false;
  assert.is(takeNext(counter), (first[RESERVED_COUNTERS - 1] as number) + 1);
});

test('CR-068: the last block ends at MAX_U32; after it none is given, also after a restart', () => {
  const last = MAX_U32 - RESERVED_COUNTERS;
  for (const [first, count] of [
    [last - 1, RESERVED_COUNTERS],
    [last, RESERVED_COUNTERS],
    [last + 1, 0],
  ] as const) {
    const files = startingAt(first);
    const taken = take(boot(files), RESERVED_COUNTERS + 2).filter((each) => each > 0);
    assert.is(taken.length, count);
    for (const each of taken) assert.ok(each >= first && each < MAX_U32);
    assert.is(takeNext(boot(files)), 0);
  }
});

test('CR-022, CR-026, CR-110: no counter comes twice, over restarts and new keys', () => {
  let bench = new Bench();
  const all = new Map<string, string>();
  let messages = 0;
  for (let boots = 0; boots < 4; boots++) {
    for (let i = 0; i < 4; i++) {
      bench.ports.clock.advance(120000);
      bench.sent();
      if (i === 1) bench.rotate();
      else bench.ports.net.far.drop();
    }
    bench.ports.clock.advance(5000);
    bench.sent();
    for (const { keyId, counter, topic, payload } of everythingSent(bench.ports)) {
      const number = `${keyId}:${counter}`;
      // What MQTT sends again is the same bytes (CR-026).
      assert.is(all.get(number) ?? topic + payload, topic + payload, number);
      all.set(number, topic + payload);
      messages++;
    }
    bench = bench.restarted();
  }
  assert.is(bench.peer.state.generation, 5, 'new keys at every boot');
  assert.ok(all.size > 60 && messages >= all.size);
});

test('CR-042, CR-068: no counter left: it does not connect, and its alarm sounds on', () => {
  const before = new Bench().opened();
  before.dispatch();
  before.ports.net.far.drop();
  const after = before.restarted((ports) => (ports.store.isFull = true));
  assert.ok(after.isSounding);
  after.ports.clock.advance(300000);
  assert.is(after.ports.net.ends.length, 0, 'no connection without a birth');
  assert.ok(after.isSounding);
  const { changes } = after.ports.outputs;
  const sounded = changes.filter((each) => each.what === 'sound' && each.value !== 0);
  assert.ok(
    sounded.some((each) => each.atMs > 280000),
    'the pattern goes on',
  );
  assert.is(after.unit.tasks.late, 0);
  after.ports.store.isFull = false;
  after.ports.clock.advance(31000);
  assert.equal(after.told(), ['resumed 7', 'louder 7', 'unanswered 7']);
});

test('CR-115: an older copy of the flash: what it sends counts once past the newest', () => {
  const bench = new Bench().opened();
  const copy = new Map(bench.ports.store.files);
  // The copy goes on after the block that it has reserved, so the unit must have gone further.
  for (let block = 0; block < 3; block++) {
    bench.unit.counter.next = bench.unit.counter.end;
    bench.ports.net.far.drop();
    bench.ports.clock.advance(70000);
    bench.sent();
  }
  const { up, birthCounter } = structuredClone(bench.peer.state);
  const older = new Bench(copy, bench.peer);
  older.ports.clock.advance(70000);
  assert.ok(older.sent().length > 3);
  assert.equal([bench.peer.state.up, bench.peer.state.birthCounter], [up, birthCounter]);
  while (older.unit.counter.next < up.newest) takeNext(older.unit.counter);
  older.ports.net.far.drop();
  older.ports.clock.advance(3000);
  older.sent();
  assert.ok(bench.peer.state.birthCounter > birthCounter);
  assert.ok(bench.peer.state.up.newest > up.newest);
});

test('CR-068: no counter left while connected: what waits goes when flash has room', () => {
  const bench = new Bench().opened();
  bench.ports.store.isFull = true;
  bench.unit.counter.next = bench.unit.counter.end;
  bench.dispatch();
  bench.ports.clock.advance(15000);
  assert.equal(bench.sent(), []);
  assert.ok(bench.isSounding);
  bench.ports.store.isFull = false;
  bench.ports.clock.advance(2000);
  assert.equal(bench.told(), ['verified 7', 'sounding 7']);
});

test.run();
