/** The control room's end: new keys, two generations, and what is provisioned anew. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { Command, Refusal } from '../../../protocol/codes.js';
import { deriveKeyBytes } from '../../../protocol/host/keys.js';
import { decodeMessage } from '../../../protocol/host/messages.js';
import { newPeerState, type Publication, type UnitPeer } from '../../../protocol/host/unit-peer.js';
import { DIRECTION_BYTES, sealKey } from '../../../protocol/seal/keys.js';
import { MAX_GENERATION } from '../../../protocol/limits.js';
import {
  SECRET,
  UNIT,
  UP,
  STATE,
  NOW_S,
  HELLO,
  keysOf,
  peerOf,
  birth,
  position,
  read,
  snapshot,
  refuses,
  takes,
} from './peer-and-unit.js';

/** A unit that is given new keys, and takes them when told. */
function rotate(peer: UnitPeer): { command: Publication; next: number } {
  const next = peer.state.generation + 1;
  const command = peer.sealRotation(NOW_S * 1000);
  return { command, next };
}

test('new keys: given under the old, confirmed by the first under them (CR-125, CR-126)', () => {
  const peer = peerOf();
  const { command, next } = rotate(peer);
  const opened = read(command, 1);
  const told = decodeMessage(opened.message) as { name: string; message: object };
  assert.equal(told, {
    name: 'command',
    message: {
      command: Command.rotateKeys,
      generation: next,
      issuedAt: NOW_S * 1000,
      keys: deriveKeyBytes(SECRET, UNIT, next),
    },
  });
  // Not confirmed: the control room seals with the old, and the unit may still do so too.
  read(peer.seal('hello', HELLO), 1);
  assert.is(takes(peer, UP, position(10)).generation, 1);
  assert.equal([peer.state.generation, peer.state.lastGeneration], [1, 0]);
  assert.is(takes(peer, STATE, birth(2048, 0, keysOf(2))).generation, 2);
  assert.equal([peer.state.generation, peer.state.lastGeneration], [2, 1]);
  read(peer.seal('hello', HELLO), 2);
});

test('told again before it is confirmed, it gives the same keys (CR-126)', () => {
  const peer = peerOf();
  const [one, other] = [read(rotate(peer).command), read(rotate(peer).command)];
  assert.is(one.message, other.message);
  assert.is(other.counter, one.counter + 1);
});

test('what waited in the unit since before the change still opens, once (CR-123, CR-126)', () => {
  const peer = peerOf();
  rotate(peer);
  takes(peer, STATE, birth(2048, 0, keysOf(2)));
  takes(peer, UP, position(20, keysOf(1)));
  // That is no step back.
  assert.equal([peer.state.generation, peer.state.lastGeneration], [2, 1]);
  read(peer.seal('hello', HELLO), 2);
  takes(peer, UP, position(21, keysOf(2)));
  // The window does not begin anew: neither under the old keys nor under the new.
  refuses(peer, UP, position(20, keysOf(1)), Refusal.replayed);
  refuses(peer, UP, position(20, keysOf(2)), Refusal.replayed);
  assert.equal([peer.state.generation, peer.state.lastGeneration], [2, 1]);
});

test('two changes later the first keys open nothing more (CR-123)', () => {
  const peer = peerOf();
  for (const generation of [2, 3]) {
    rotate(peer);
    takes(peer, STATE, birth(2048 * generation, 0, keysOf(generation)));
  }
  refuses(peer, UP, position(20, keysOf(1)), Refusal.unknownKey);
  takes(peer, UP, position(20, keysOf(2)));
  takes(peer, UP, position(21, keysOf(3)));
  refuses(peer, UP, position(22, keysOf(5)), Refusal.unknownKey);
});

test('a state from before the change follows the unit to its new keys (CR-111, CR-123)', () => {
  const peer = peerOf();
  const backup = snapshot(peer.state);
  rotate(peer);
  takes(peer, STATE, birth(2048, 0, keysOf(2)));
  const restored = peerOf(backup, NOW_S + 60);
  takes(restored, STATE, birth(2048, 0, keysOf(2)));
  read(restored.seal('hello', HELLO), 2);
});

test('nobody without the next keys confirms them (CR-123, CR-126)', () => {
  const peer = peerOf();
  rotate(peer);
  // The first keys under the name of the next ones.
  const bytes = deriveKeyBytes(SECRET, UNIT, 1);
  const named = { ...keysOf(1), up: sealKey(2, bytes.slice(DIRECTION_BYTES)) };
  refuses(peer, UP, position(20, named), Refusal.badTag);
  read(peer.seal('hello', HELLO), 1);
});

test('generation MAX_GENERATION − 1, MAX_GENERATION, and none after it (CR-123, CR-128)', () => {
  const peer = peerOf(newPeerState(MAX_GENERATION - 1));
  rotate(peer);
  takes(peer, STATE, birth(1, 0, keysOf(MAX_GENERATION)));
  assert.is(peer.state.generation, MAX_GENERATION);
  const before = snapshot(peer.state);
  assert.throws(() => peer.sealRotation(0), 'ZD-41: generation 255 is the last there is');
  assert.equal(snapshot(peer.state), before);
  takes(peer, UP, position(20, keysOf(MAX_GENERATION)));
  takes(peer, UP, position(21, keysOf(MAX_GENERATION - 1)));
});

test('a swapped flash chip: refused until provisioned with new keys (CR-115, CR-128)', () => {
  const peer = peerOf();
  takes(peer, STATE, birth(80_000));
  takes(peer, UP, position(80_500));
  // The older copy, or a new chip with the old keys: it counts from where it was.
  refuses(peer, STATE, birth(1), Refusal.stale);
  refuses(peer, UP, position(3), Refusal.stale);
  refuses(peer, UP, position(80_500), Refusal.replayed);
  const anew = peerOf({ ...newPeerState(2), counter: peer.state.counter });
  takes(anew, STATE, birth(1, 0, keysOf(2)));
  takes(anew, UP, position(3, keysOf(2)));
  refuses(anew, UP, position(80_501, keysOf(1)), Refusal.unknownKey);
});

test.run();
