/** The outbox is bounded, drops the least first, and says what it dropped. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  MAX_IN_FLIGHT,
  MAX_WAITING,
  acknowledged,
  createOutbox,
  freshPacketId,
  nextToSend,
  oldestInFlightMs,
  post,
  shed,
  type Outbox,
  type Waiting,
} from '../../../firmware/link/outbox.js';

const RECEIPT = 66;
const POSITION = 69;
const AED = 68;

function contents(outbox: Outbox): string[] {
  return outbox.waiting.map((message) => message.content);
}

/** A box with this many receipts: r0, r1, … */
function boxOf(receipts: number): Outbox {
  const outbox = createOutbox();
  for (let i = 0; i < receipts; i++) post(outbox, RECEIPT, 'r' + i, true);
  return outbox;
}

/** Marks the next message as sent. */
function sendNext(outbox: Outbox): Waiting {
  const message = nextToSend(outbox) as Waiting;
  message.packetId = freshPacketId(outbox);
  return message;
}

test('holds MAX_WAITING messages and no more', () => {
  for (const count of [MAX_WAITING - 1, MAX_WAITING]) {
    assert.is(boxOf(count).waiting.length, count);
    assert.is(boxOf(count).dropped, 0);
  }
  const full = boxOf(MAX_WAITING + 1);
  assert.is(full.waiting.length, MAX_WAITING);
  assert.is(full.dropped, 1);
  assert.is(contents(full)[0], 'r1', 'the oldest went');
  assert.is(contents(full)[MAX_WAITING - 1], 'r' + MAX_WAITING);
});

test('a full box gives up a lesser message before one that counts, and counts it', () => {
  const outbox = createOutbox();
  post(outbox, RECEIPT, 'first', true);
  post(outbox, POSITION, 'position', false);
  for (let i = 2; i < MAX_WAITING; i++) post(outbox, RECEIPT, 'r' + i, true);
  assert.is(outbox.dropped, 0);
  post(outbox, RECEIPT, 'one more', true);
  assert.is(outbox.dropped, 1);
  assert.is(outbox.waiting.length, MAX_WAITING);
  assert.not.ok(contents(outbox).includes('position'));
  assert.is(contents(outbox)[0], 'first');
});

test('a lesser message never takes the place of one that counts, and is counted itself', () => {
  const outbox = boxOf(MAX_WAITING);
  post(outbox, POSITION, 'position', false);
  assert.is(outbox.dropped, 1);
  assert.equal(contents(outbox), contents(boxOf(MAX_WAITING)));
});

test('a newer message of a type takes the place of one that has not left', () => {
  const outbox = createOutbox();
  post(outbox, POSITION, 'here', false);
  post(outbox, AED, 'present', false);
  post(outbox, POSITION, 'there', false);
  assert.equal(contents(outbox), ['there', 'present']);
  assert.is(outbox.dropped, 0, 'an older state is not a loss');
});

test('a message that has left is not replaced', () => {
  const outbox = createOutbox();
  post(outbox, POSITION, 'here', false);
  sendNext(outbox);
  post(outbox, POSITION, 'there', false);
  post(outbox, POSITION, 'elsewhere', false);
  assert.equal(contents(outbox), ['here', 'elsewhere']);
});

test('messages of which each one counts are never conflated', () => {
  assert.equal(contents(boxOf(3)), ['r0', 'r1', 'r2']);
});

test('those of which each one counts leave first, in their order', () => {
  const outbox = createOutbox();
  post(outbox, POSITION, 'position', false);
  post(outbox, RECEIPT, 'r0', true);
  post(outbox, AED, 'aed', false);
  post(outbox, RECEIPT, 'r1', true);
  const order = [0, 1, 2, 3].map(() => sendNext(outbox).content);
  assert.equal(order, ['r0', 'r1', 'position', 'aed']);
  assert.is(nextToSend(outbox), null);
});

test('MAX_IN_FLIGHT messages are under way at most', () => {
  const outbox = boxOf(MAX_IN_FLIGHT + 2);
  for (let i = 0; i < MAX_IN_FLIGHT; i++) assert.is(sendNext(outbox).content, 'r' + i);
  assert.is(nextToSend(outbox), null);
  acknowledged(outbox, 2);
  assert.is(sendNext(outbox).content, 'r' + MAX_IN_FLIGHT);
  assert.is(nextToSend(outbox), null);
});

test('an acknowledgement that nothing waits for changes nothing', () => {
  const outbox = boxOf(2);
  sendNext(outbox);
  for (const packetId of [0, 2, 77, 65535, NaN]) acknowledged(outbox, packetId);
  assert.equal(contents(outbox), ['r0', 'r1']);
});

test('packet ids go from 1 to 65535 and skip those in flight', () => {
  const outbox = boxOf(3);
  assert.equal([sendNext(outbox).packetId, sendNext(outbox).packetId], [1, 2]);
  for (let id = 3; id <= 65535; id++) assert.is(freshPacketId(outbox), id);
  assert.is(sendNext(outbox).packetId, 3, '1 and 2 are in flight still');
});

test('shedding lets go of what may be spared, and counts it', () => {
  const outbox = createOutbox();
  post(outbox, POSITION, 'left', false);
  sendNext(outbox);
  post(outbox, POSITION, 'position', false);
  post(outbox, RECEIPT, 'r0', true);
  post(outbox, AED, 'aed', false);
  shed(outbox);
  assert.equal(contents(outbox), ['left', 'r0']);
  assert.is(outbox.dropped, 2);
});

test('the oldest in flight is the one sent longest ago', () => {
  const outbox = boxOf(3);
  assert.is(oldestInFlightMs(outbox), null);
  sendNext(outbox).sentAtMs = 500;
  sendNext(outbox).sentAtMs = 300;
  assert.is(oldestInFlightMs(outbox), 300);
});

test.run();
