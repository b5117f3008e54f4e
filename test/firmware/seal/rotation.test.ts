/** New keys, from the command to the birth that confirms them, on the whole unit. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CloseReason } from '../../../firmware/link/session.js';
import { Input } from '../../../firmware/ports/inputs.js';
import { deriveKeyBytes } from '../../../protocol/host/index.js';
import { Exhausted, obliging } from '../../support/fake-ports.js';
import { Bench, DISPATCH, SECRET, UNIT_ID, UTC } from '../../support/sealed.js';

/** A command that gives keys, sealed with the present ones of the control room. */
function give(bench: Bench, generation: number, keys: string, command = 1): string {
  return bench.say('command', { command, generation, issuedAt: UTC, keys }, 50);
}

function keyBytes(generation: number): string {
  return deriveKeyBytes(SECRET, UNIT_ID, generation);
}

test('CR-125, CR-126: written, acknowledged, born again under the new keys, confirmed', () => {
  const bench = new Bench().opened();
  bench.rotate();
  assert.equal(bench.traced(), ['write keys.1', 'write desk.0', 'puback']);
  assert.is(bench.unit.session.closeReason, CloseReason.newKeys);
  assert.is(bench.peer.state.generation, 1, 'not before it is confirmed');
  bench.ports.clock.advance(2000);
  assert.is(bench.ports.net.ends.length, 2);
  const sent = bench.sent();
  assert.equal([sent[0]?.name, sent[0]?.keyId], ['birth', 2]);
  for (const { keyId, name } of sent) assert.is(keyId, 2, name);
  assert.is(bench.peer.state.generation, 2);
  assert.equal(bench.peer.state.alive, true);
  bench.dispatch();
  assert.ok(bench.isSounding, 'and what is sealed with them sounds');
  bench.ports.clock.advance(1000);
  assert.equal(bench.told(), ['verified 7', 'sounding 7']);
});

test('CR-123: sealed with the last keys it still sounds, with the keys before them not', () => {
  const bench = new Bench().opened();
  const kept = [1, 2].map((dispatchId) =>
    bench.peer.seal('dispatch', { ...DISPATCH, dispatchId }).payload.toString('latin1'),
  );
  bench.rotate();
  bench.ports.clock.advance(2000);
  bench.sent();
  bench.deliver(kept[0] as string, 60);
  assert.ok(bench.isSounding);
  bench.ports.inputs.hold(Input.accept);
  bench.rotate();
  bench.ports.clock.advance(2000);
  bench.sent();
  assert.is(bench.peer.state.generation, 3);
  bench.deliver(kept[1] as string, 61);
  assert.not.ok(bench.isSounding);
});

test('CR-026, CR-126: what had left before goes again as it was, under the old keys', () => {
  const bench = new Bench().opened();
  bench.ports.net.onPacket = (far, packet) => {
    if (packet.cmd !== 'publish') obliging(far, packet);
  };
  bench.dispatch();
  bench.ports.clock.advance(1000);
  const before = bench.sent().map((each) => each.payload);
  assert.is(before.length, 2);
  bench.rotate();
  bench.ports.net.onPacket = obliging;
  bench.ports.clock.advance(2000);
  const after = bench.sent();
  assert.equal(
    after.slice(1, 3).map((each) => [each.keyId, each.payload]),
    before.map((payload) => [1, payload]),
  );
});

test('CR-127: told again, in this or another message, it changes no key', () => {
  const bench = new Bench().opened();
  const payload = bench.rotate();
  bench.ports.clock.advance(2000);
  const keys = [0, 1].map((slot) => bench.ports.store.files.get('keys.' + slot));
  bench.deliver(payload);
  give(bench, 2, keyBytes(2));
  give(bench, 2, keyBytes(3));
  bench.ports.clock.advance(5000);
  assert.equal(
    [0, 1].map((slot) => bench.ports.store.files.get('keys.' + slot)),
    keys,
  );
  const sent = bench.sent();
  for (const { keyId } of sent) assert.is(keyId, 2);
  assert.equal([bench.peer.state.generation, bench.peer.state.alive], [2, true]);
});

test('CR-105, CR-127: a lower generation, or too few keys: refused, and nothing changes', () => {
  const bench = new Bench().opened();
  bench.rotate();
  bench.ports.clock.advance(3000);
  bench.sent();
  bench.ports.trace.length = 0;
  const before = bench.state();
  const cases: [number, string][] = [
    [1, keyBytes(1)],
    [0, keyBytes(1)],
    [3, ''],
    [3, keyBytes(3).substring(1)],
  ];
  for (const [generation, keys] of cases) {
    give(bench, generation, keys);
    assert.is(bench.state(), before, `${generation}, ${keys.length} bytes`);
  }
  assert.equal(
    bench.traced(),
    cases.map(() => 'puback'),
  );
  assert.is(bench.ports.net.ends.length, 2);
  assert.not.ok(bench.ports.net.far.isClosed, 'and the connection stays');
  bench.ports.clock.advance(300000);
  assert.is(bench.newest('health')['refusedMalformed'], cases.length);
});

test('CR-016, CR-127: a command without a name is passed over, and not brought again', () => {
  const bench = new Bench().opened();
  const payload = give(bench, 2, keyBytes(2), 99);
  assert.equal(bench.traced(), ['write desk.0', 'puback']);
  assert.not.ok(bench.ports.net.far.isClosed);
  bench.deliver(payload);
  assert.equal(bench.traced(), ['puback']);
  assert.not.ok(bench.ports.store.files.has('keys.1'));
});

test('CR-127: flash without room: not acknowledged, and it works when it comes again', () => {
  const bench = new Bench().opened();
  const before = bench.state();
  bench.ports.store.isFull = true;
  const payload = bench.rotate();
  assert.is(bench.state(), before);
  assert.not.ok(bench.traced().includes('puback'));
  assert.not.ok(bench.ports.net.far.isClosed);
  bench.ports.store.isFull = false;
  bench.deliver(payload);
  assert.ok(bench.traced().includes('puback'));
  bench.ports.clock.advance(2000);
  bench.sent();
  assert.is(bench.peer.state.generation, 2);
});

test('CR-125: memory ran out after the keys were written: told again, they are in use', () => {
  const bench = new Bench().opened();
  const { store } = bench.ports;
  const write = store.write.bind(store);
  store.write = (name, bytes) => {
    write(name, bytes);
    throw new Exhausted();
  };
  const payload = bench.rotate();
  store.write = write;
  bench.ports.clock.advance(3000);
  assert.is(bench.ports.net.ends.length, 2, 'a new connection, so that it comes again');
  bench.deliver(payload);
  bench.ports.clock.advance(3000);
  bench.sent();
  assert.is(bench.peer.state.generation, 2);
});

test('CR-042: an alarm sounds on through new keys', () => {
  const bench = new Bench().opened();
  bench.dispatch();
  bench.rotate();
  const { changes } = bench.ports.outputs;
  const since = changes.length;
  bench.ports.clock.advance(15000);
  assert.ok(bench.isSounding);
  const tones = changes.slice(since).filter((each) => each.what === 'sound' && each.value !== 0);
  assert.ok(tones.length >= 9);
});

test.run();
