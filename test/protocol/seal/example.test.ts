/** The worked example of SPEC section 4.6: its inputs are read there, and all else follows. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { envelope } from '../../../protocol/envelope-table.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { deriveKeyBytes, deriveKeys } from '../../../protocol/host/keys.js';
import { decodeMessage, encodeMessage } from '../../../protocol/host/messages.js';
import { UnitPeer, newPeerState } from '../../../protocol/host/unit-peer.js';
import { sealEnvelope } from '../../../protocol/seal/envelope.js';
import { downTopic } from '../../../protocol/topics.js';
import { rowsOf, section } from '../spec-text.js';
import { fromHex, toHex, vectorsOf } from '../tables.js';
import {
  referenceHead,
  referenceHkdf,
  referenceIv,
  referenceKey,
  referenceOpened,
  referenceSeal,
} from './reference.js';

const rows = rowsOf(section('4.6 Example'), 'Name');
const given = Object.fromEntries(rows.map(({ Name, Value }) => [Name!, Value!.slice(1, -1)]));
const value = (name: string): string => {
  assert.type(given[name], 'string', `the example has no ${name}`);
  return given[name]!;
};
const bytes = (name: string): Buffer => Buffer.from(value(name), 'hex');
const [unitId, generation, counter] = [
  value('unitId'),
  Number(value('generation')),
  Number(value('counter')),
];

test('the example gives every value that a reader can compare with (CR-130)', () => {
  const names = 'salt info unitId generation counter topic secret keysDown keysUp message head IV';
  assert.equal(Object.keys(given), [...names.split(' '), 'E', 'AL', 'T', 'payload']);
});

test('by node:crypto alone: the keys follow from the secret (CR-120, CR-121, CR-130)', () => {
  assert.is(value('info'), `unit ${unitId} generation ${generation}`);
  const keys = referenceHkdf(bytes('secret'), value('salt'), value('info'), 96);
  assert.is(keys.toString('hex'), value('keysDown') + value('keysUp'));
});

test('by node:crypto alone: the payload follows from the rest (CR-100, CR-101, CR-102)', () => {
  const key = referenceKey(bytes('keysDown'));
  const head = referenceHead(generation, counter);
  assert.is(head.toString('hex'), value('head'));
  assert.is(referenceIv(key, head).toString('hex'), value('IV'));
  const aad = Buffer.concat([head, Buffer.from(value('topic'))]);
  assert.is((aad.length * 8).toString(16).padStart(16, '0'), value('AL'));
  const sealed = referenceSeal(key, bytes('IV'), aad, bytes('message'));
  assert.is(sealed.toString('hex'), value('E') + value('T'));
  const length = sealed.length.toString(16);
  assert.is(value('payload'), `${value('head')}58${length}${value('E')}${value('T')}`);
  const opened = referenceOpened(key, value('topic'), bytes('payload'));
  assert.is(opened?.toString('hex'), value('message'));
});

test('by this code: the same (CR-130)', () => {
  const secret = bytes('secret');
  const keys = deriveKeyBytes(secret, unitId, generation);
  assert.is(toHex(keys), value('keysDown') + value('keysUp'));
  assert.is(downTopic(unitId), value('topic'));
  const { down } = deriveKeys(secret, unitId, generation);
  const message = fromHex(value('message'));
  const payload = sealEnvelope(nodeCiphers, down, value('topic'), counter, message);
  assert.is(toHex(payload), value('payload'));
  const told = decodeMessage(message);
  assert.type(told, 'object');
  const { name, message: fields } = told as Exclude<typeof told, number>;
  assert.equal([name, fields['dispatchId']], ['stand-down', 1001]);
  assert.is(encodeMessage(name, fields), message);
  const peer = new UnitPeer(secret, unitId, newPeerState(generation), counter - 1);
  assert.is(peer.seal(name, fields).payload.toString('hex'), value('payload'));
});

test('the golden envelope is that of the example (CR-130)', () => {
  assert.is(toHex(vectorsOf(envelope)[0]!.bytes), value('payload'));
});

test.run();
