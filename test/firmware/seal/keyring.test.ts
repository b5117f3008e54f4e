/** The unit's keys: the present generation and the one before, changed whole or not at all. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { createKeyring, type Keyring } from '../../../firmware/seal/keyring.js';
import { readRecord, writeRecord } from '../../../firmware/store/records.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { Refusal } from '../../../protocol/codes.js';
import {
  MAX_GENERATION,
  MAX_MESSAGE_BYTES,
  deriveKeyBytes,
  deriveKeys,
  nodeCiphers,
  openEnvelope,
  sealEnvelope,
} from '../../../protocol/host/index.js';
import { GENERATION_BYTES, KEYS_RECORD } from '../../../protocol/seal/keys.js';
import { Exhausted, FakeStore, FakeSystem, PowerCut } from '../../support/fake-ports.js';
import { DOWN, SECRET, UNIT_ID, UP, provisioned } from '../../support/sealed.js';

const SEED = 20260810;
const crc32 = new FakeSystem().crc32;

function keyBytes(generation: number): string {
  return deriveKeyBytes(SECRET, UNIT_ID, generation);
}

function fitted(files: Map<string, string>): { keyring: Keyring; store: FakeStore } {
  const store = new FakeStore(files);
  const keyring = createKeyring(hostBytes, nodeCiphers, { store, crc32 });
  if (keyring === null) throw new Error('no keys');
  return { keyring, store };
}

/** Generation that it seals with, and those that it opens, of the first ten. */
function generationsOf(keyring: Keyring): { up: number[]; down: number[] } {
  const up: number[] = [];
  const down: number[] = [];
  const payload = keyring.seal(UP, 9, 'up');
  for (let each = 1; each <= 10; each++) {
    const keys = deriveKeys(SECRET, UNIT_ID, each);
    const opened = openEnvelope(hostBytes, nodeCiphers, [keys.up], UP, payload);
    if (typeof opened !== 'number' && opened.message === 'up') up.push(each);
    const sealed = sealEnvelope(nodeCiphers, keys.down, DOWN, 7, 'down');
    const taken = keyring.open(DOWN, sealed);
    if (typeof taken === 'number') assert.is(taken, Refusal.unknownKey);
    else {
      assert.equal(taken, { keyId: each, counter: 7, message: 'down' });
      down.push(each);
    }
  }
  return { up, down };
}

test('CR-122: no record, or one that is none: no keyring', () => {
  const cases: (string | null)[] = [null, '', '\x01', '\x01' + keyBytes(1) + 'x'];
  cases.push('\x00' + keyBytes(1), '\x01' + keyBytes(1).substring(1));
  cases.push('\x02' + keyBytes(2) + '\x01' + keyBytes(1).substring(0, 47));
  for (const value of cases) {
    const store = new FakeStore();
    if (value !== null) writeRecord({ store, crc32 }, KEYS_RECORD, value);
    assert.is(createKeyring(hostBytes, nodeCiphers, { store, crc32 }), null);
  }
});

test('CR-121, CR-122: as provisioned: seals and opens with one generation', () => {
  for (const generation of [1, 2, 9]) {
    const { keyring } = fitted(provisioned(generation));
    assert.equal(generationsOf(keyring), { up: [generation], down: [generation] });
  }
});

test('CR-023, CR-121: it does not open what it sealed itself, nor of another topic', () => {
  const { keyring } = fitted(provisioned());
  assert.is(keyring.open(DOWN, keyring.seal(DOWN, 5, 'x')), Refusal.badTag);
  const down = sealEnvelope(nodeCiphers, deriveKeys(SECRET, UNIT_ID, 1).down, DOWN, 7, 'x');
  assert.is(keyring.open(UP, down), Refusal.badTag);
});

test('CR-025: a message of MAX_MESSAGE_BYTES is sealed; none, or one byte more, is not', () => {
  const { keyring } = fitted(provisioned());
  assert.is(keyring.seal(UP, 1, ''), '');
  assert.is.not(keyring.seal(UP, 1, 'x'.repeat(MAX_MESSAGE_BYTES)), '');
  assert.is(keyring.seal(UP, 1, 'x'.repeat(MAX_MESSAGE_BYTES + 1)), '');
});

test('CR-123, CR-125: it seals with new keys at once, and opens with them and the last', () => {
  const { keyring, store } = fitted(provisioned());
  assert.is(keyring.rotate(2, keyBytes(2)), Refusal.none);
  assert.equal(generationsOf(keyring), { up: [2], down: [1, 2] });
  assert.equal(generationsOf(fitted(store.files).keyring), { up: [2], down: [1, 2] });
  assert.is(keyring.rotate(3, keyBytes(3)), Refusal.none);
  assert.equal(generationsOf(keyring), { up: [3], down: [2, 3] }, 'and the first is gone');
  assert.is(keyring.rotate(9, keyBytes(9)), Refusal.none);
  assert.equal(generationsOf(fitted(store.files).keyring), { up: [9], down: [3, 9] });
});

test('CR-127: told again: nothing is written, and the keys are in use', () => {
  const { keyring, store } = fitted(provisioned());
  keyring.rotate(2, keyBytes(2));
  const files = [...store.files];
  for (const again of [keyring, fitted(store.files).keyring]) {
    assert.is(again.rotate(2, keyBytes(2)), Refusal.none);
    assert.equal(generationsOf(again), { up: [2], down: [1, 2] });
  }
  assert.equal([...store.files], files);
});

test('CR-127: abandoned after the write, told again: the keys are in use', () => {
  const { keyring, store } = fitted(provisioned());
  const write = store.write.bind(store);
  store.write = (name, bytes) => {
    write(name, bytes);
    throw new Exhausted();
  };
  assert.throws(() => keyring.rotate(2, keyBytes(2)));
  store.write = write;
  assert.is(keyring.rotate(2, keyBytes(2)), Refusal.none);
  assert.equal(generationsOf(keyring), { up: [2], down: [1, 2] });
});

test('CR-127: a lower generation, or keys of a wrong length, change nothing', () => {
  const { keyring, store } = fitted(provisioned(4));
  keyring.rotate(5, keyBytes(5));
  const files = [...store.files];
  const cases: [number, string][] = [0, 1, 4].map((lower) => [lower, keyBytes(lower || 1)]);
  for (const length of [0, 1, 48, GENERATION_BYTES - 1, GENERATION_BYTES + 1]) {
    cases.push([6, keyBytes(6).padEnd(200).substring(0, length)]);
  }
  for (const [generation, keys] of cases) {
    assert.is(keyring.rotate(generation, keys), Refusal.badField, `${generation}, ${keys.length}`);
    assert.equal(generationsOf(keyring), { up: [5], down: [4, 5] });
    assert.equal([...store.files], files);
  }
});

test('CR-123: the last generation is MAX_GENERATION', () => {
  const { keyring, store } = fitted(provisioned(MAX_GENERATION - 1));
  assert.is(keyring.rotate(MAX_GENERATION, keyBytes(MAX_GENERATION)), Refusal.none);
  const again = fitted(store.files).keyring;
  assert.is(again.seal(UP, 1, 'x').charCodeAt(5), MAX_GENERATION);
});

test('CR-127: flash without room: null, and nothing changed; later it is taken', () => {
  const { keyring, store } = fitted(provisioned());
  const files = [...store.files];
  store.isFull = true;
  assert.is(keyring.rotate(2, keyBytes(2)), null);
  assert.equal(generationsOf(keyring), { up: [1], down: [1] });
  assert.equal([...store.files], files);
  store.isFull = false;
  assert.is(keyring.rotate(2, keyBytes(2)), Refusal.none);
  assert.equal(generationsOf(keyring), { up: [2], down: [1, 2] });
});

test('CR-125: a power cut before, at every byte of, and after the write: old keys or new', () => {
  for (const from of [1, 2]) {
    const next = from + 1;
    const before = from === 1 ? { up: [1], down: [1] } : { up: [2], down: [1, 2] };
    const after = { up: [next], down: [from, next] };
    let length = 0;
    for (let cut: 'before' | number = 'before'; cut !== length + 1;) {
      const { keyring, store } = fitted(provisioned());
      if (from === 2) keyring.rotate(2, keyBytes(2));
      store.onWrite = (_name, bytes) => {
        length = bytes.length;
        return cut;
      };
      assert.throws(
        () => keyring.rotate(next, keyBytes(next)),
        (error: unknown) => error instanceof PowerCut,
      );
      const again = fitted(store.files).keyring;
      assert.equal(generationsOf(again), cut === length ? after : before, `cut at ${cut}`);
      assert.is(again.rotate(next, keyBytes(next)), Refusal.none, 'told again');
      assert.equal(generationsOf(again), after);
      cut = cut === 'before' ? 0 : cut + 1;
    }
    assert.ok(length > 100);
  }
});

test('CR-122: a file of keys that was altered anywhere does not count', () => {
  const property = fc.property(fc.nat(112), fc.integer({ min: 1, max: 255 }), (at, change) => {
    const files = provisioned();
    const bytes = files.get('keys.0') as string;
    const altered = String.fromCharCode(bytes.charCodeAt(at) ^ change);
    files.set('keys.0', bytes.substring(0, at) + altered + bytes.substring(at + 1));
    const store = new FakeStore(files);
    assert.is(readRecord({ store, crc32 }, KEYS_RECORD), null);
    assert.is(createKeyring(hostBytes, nodeCiphers, { store, crc32 }), null);
  });
  fc.assert(property, { seed: SEED, numRuns: 300 });
});

test.run();
