/** A control room's peer, and what its unit would publish: for the tests of both. */
import * as assert from 'uvu/assert';
import { hostBytes } from '../../../protocol/bytes.js';
import { ControlState } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { deriveKeys, type UnitKeys } from '../../../protocol/host/keys.js';
import { encodeMessage } from '../../../protocol/host/messages.js';
import {
  UnitPeer,
  newPeerState,
  type PeerState,
  type Publication,
  type Received,
} from '../../../protocol/host/unit-peer.js';
import { messageTables } from '../../../protocol/registry.js';
import { openEnvelope, sealEnvelope, type Opened } from '../../../protocol/seal/envelope.js';
import { downTopic, stateTopic, upTopic } from '../../../protocol/topics.js';
import { vectorsOf } from '../tables.js';
import { byteStream } from './reference.js';

export const SECRET = byteStream(1)(32);
export const UNIT = 'ZD-41';
export const [DOWN, UP, STATE] = [downTopic(UNIT), upTopic(UNIT), stateTopic(UNIT)];
export const NOW_S = 1_800_000_000;
export const HELLO = {
  birthCounter: 1,
  heardCounter: 0,
  issuedAt: NOW_S * 1000,
  state: ControlState.onDuty,
};

export const fieldsOf = (name: string): object =>
  vectorsOf(messageTables.find((table) => table.name === name)!)[0]!.message;
export const BIRTH = fieldsOf('birth');
export const POSITION = fieldsOf('position');

export const keysOf = (generation: number, unit = UNIT): UnitKeys =>
  deriveKeys(SECRET, unit, generation);

export function peerOf(state = newPeerState(), nowS = NOW_S): UnitPeer {
  return new UnitPeer(SECRET, UNIT, state, nowS);
}

/** What a unit would publish. */
export function sent(
  topic: string,
  counter: number,
  name: string,
  fields: object,
  keys = keysOf(1),
): Uint8Array {
  const body = encodeMessage(name, fields);
  return Buffer.from(sealEnvelope(nodeCiphers, keys.up, topic, counter, body), 'latin1');
}

export function birth(counter: number, heardCounter = 0, keys = keysOf(1)): Uint8Array {
  // The will has the birth counter, the birth itself the next one (CR-035).
  const fields = { ...BIRTH, birthCounter: counter, heardCounter };
  return sent(STATE, counter + 1, 'birth', fields, keys);
}

export function death(counter: number, keys = keysOf(1)): Uint8Array {
  return sent(STATE, counter, 'death', { birthCounter: counter }, keys);
}

export const position = (counter: number, keys = keysOf(1)): Uint8Array =>
  sent(UP, counter, 'position', POSITION, keys);

/** What the unit reads of a publication, with its counter and key id. */
export function read({ topic, payload }: Publication, generation = 1): Opened {
  assert.is(topic, DOWN);
  const bytes = payload.toString('latin1');
  const opened = openEnvelope(hostBytes, nodeCiphers, [keysOf(generation).down], topic, bytes);
  assert.type(opened, 'object');
  return opened as Opened;
}

export const snapshot = (state: PeerState): PeerState =>
  JSON.parse(JSON.stringify(state)) as PeerState;

/** Refused, and with that nothing changed (CR-105). */
export function refuses(peer: UnitPeer, topic: string, payload: Uint8Array, refusal: number): void {
  const before = snapshot(peer.state);
  assert.is(peer.open(topic, payload), refusal);
  assert.equal(snapshot(peer.state), before);
}

export function takes(peer: UnitPeer, topic: string, payload: Uint8Array): Received {
  const received = peer.open(topic, payload);
  assert.type(received, 'object');
  return received as Received;
}
