/** What comes down is taken whole or changes nothing, by its type and its topic. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { controlState, createControl } from '../../../firmware/link/control.js';
import {
  CONTROL_STATE,
  openMessage,
  type Inbox,
  type Incoming,
} from '../../../firmware/link/inbox.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { ControlState, Refusal } from '../../../protocol/codes.js';
import { unsealed, wrap } from '../../../protocol/envelope.js';
import { DISPATCH_TYPE } from '../../../protocol/generated/dispatch.js';
import { STAND_DOWN_TYPE } from '../../../protocol/generated/stand-down.js';
import { encodeMessage } from '../../../protocol/host.js';
import { MAX_ENVELOPE_BYTES, MAX_MESSAGE_BYTES } from '../../../protocol/limits.js';

const DOWN = 'cr/1/unit/MP-1/down';
const CONTROL = 'cr/1/control/state';

const dispatch = encodeMessage('dispatch', {
  dispatchId: 7,
  category: 1,
  expiresAt: 1700000600000,
  issuedAt: 1700000000000,
  latitudeE7: null,
  longitudeE7: null,
  ambulanceReference: 'CAD-1',
  address: '1 High Street',
  note: '',
});
const standDown = encodeMessage('stand-down', {
  dispatchId: 7,
  issuedAt: 1700000000000,
  reason: 1,
});
const hello = encodeMessage('hello', { session: 3, issuedAt: 1700000000000, state: 1 });
const birth = encodeMessage('birth', {
  birthCounter: 1,
  unitKind: 1,
  at: null,
  clock: 0,
  callSign: 'x',
  firmware: '1',
  board: 'b',
});

/** Takes a payload, and says what was handed on. */
function take(topic: string, payload: string): { code: number; handed: string[] } {
  const inbox: Inbox = {
    bytes: hostBytes,
    sealer: unsealed,
    downTopic: DOWN,
    controlTopic: CONTROL,
  };
  const incoming = openMessage(inbox, topic, payload);
  if (typeof incoming === 'number') return { code: incoming, handed: [] };
  return { code: Refusal.none, handed: [inWords(incoming)] };
}

function inWords(incoming: Incoming): string {
  if (incoming.type === DISPATCH_TYPE) return 'dispatch ' + incoming.message.dispatchId;
  if (incoming.type === STAND_DOWN_TYPE) return 'stand-down ' + incoming.message.dispatchId;
  if (incoming.type === CONTROL_STATE) return 'control ' + incoming.message.state;
  return 'hello ' + incoming.message.issuedAt;
}

function envelope(body: string): string {
  return wrap(hostBytes, unsealed, DOWN, 1, 1, body);
}

/** The text with one character replaced. */
function altered(text: string, at: number, code: number): string {
  return text.substring(0, at) + String.fromCharCode(code) + text.substring(at + 1);
}

test('each message goes to the part that it is for', () => {
  assert.equal(take(DOWN, envelope(dispatch)), { code: 0, handed: ['dispatch 7'] });
  assert.equal(take(DOWN, envelope(standDown)), { code: 0, handed: ['stand-down 7'] });
  assert.equal(take(DOWN, envelope(hello)), { code: 0, handed: ['hello 1700000000000'] });
});

test('CR-076: a hello on the control topic is a state and never a time', () => {
  assert.equal(take(CONTROL, envelope(hello)), { code: 0, handed: ['control 1'] });
});

test('CR-018, CR-037: every refusal hands on nothing', () => {
  const good = envelope(dispatch);
  const cases: [string, number, string, string][] = [
    ['nothing', Refusal.tooShort, DOWN, ''],
    ['a byte', Refusal.tooShort, DOWN, '\x98'],
    ['an envelope that is cut', Refusal.badField, DOWN, good.substring(0, good.length - 3)],
    ['a body of one byte', Refusal.wrongType, DOWN, envelope('\x98')],
    ['a body of one byte on control', Refusal.tooShort, CONTROL, envelope('\x98')],
    ['an envelope too long', Refusal.tooLong, DOWN, good.padEnd(MAX_ENVELOPE_BYTES + 1, 'x')],
    ['a map', Refusal.notAnArray, DOWN, altered(good, 0, 0xb8)],
    ['a newer version', Refusal.wrongVersion, DOWN, altered(good, 3, 2)],
    ['a sealed one', Refusal.unknownKey, DOWN, altered(good, 5, 1)],
    ['another head', Refusal.badField, DOWN, altered(good, 2, 0x19)],
    ['bytes after it', Refusal.trailingBytes, DOWN, good + 'x'],
    ['bytes after the message', Refusal.trailingBytes, DOWN, envelope(dispatch + 'x')],
    ['a message that is cut', Refusal.badField, DOWN, envelope(dispatch.substring(0, 50))],
    ['a message that is too short', Refusal.tooShort, DOWN, envelope(dispatch.substring(0, 20))],
    ['text that is not plain', Refusal.badText, DOWN, envelope(altered(dispatch, 42, 0x22))],
    ['a type nobody knows', Refusal.wrongType, DOWN, envelope(altered(dispatch, 3, 99))],
    ['a message of a unit', Refusal.wrongType, DOWN, envelope(birth)],
    ['a dispatch for all', Refusal.wrongType, CONTROL, envelope(dispatch)],
    ['another unit', Refusal.wrongTopic, 'cr/1/unit/MP-2/down', envelope(dispatch)],
    ['no topic at all', Refusal.wrongTopic, '', envelope(dispatch)],
    ['dispatch id 0', Refusal.badField, DOWN, envelope(altered(dispatch, 8, 0))],
  ];
  for (const [name, code, topic, payload] of cases) {
    assert.equal(take(topic, payload), { code, handed: [] }, name);
  }
});

test('CR-043, L8: a dispatch without an ambulance reference is refused', () => {
  const without = altered(dispatch, 40, 0).replace('CAD-1', '');
  const { code, handed } = take(DOWN, envelope(without));
  assert.is(code, Refusal.badField);
  assert.equal(handed, []);
});

test('CR-025: messages of MAX_MESSAGE_BYTES - 1, 0 and + 1', () => {
  const appended = (length: number): string => {
    const count = String.fromCharCode(10 + length - dispatch.length);
    return altered(dispatch, 1, count.charCodeAt(0)).padEnd(length, '\x00');
  };
  for (const length of [MAX_MESSAGE_BYTES - 1, MAX_MESSAGE_BYTES]) {
    assert.equal(take(DOWN, envelope(appended(length))), { code: 0, handed: ['dispatch 7'] });
  }
  assert.is(envelope(appended(MAX_MESSAGE_BYTES + 1)), '', 'a sender sends none');
  const body = appended(MAX_MESSAGE_BYTES + 1);
  const forced =
    envelope(dispatch).substring(0, 16) +
    '\x58' +
    String.fromCharCode(body.length) +
    body +
    '\x58\x00';
  assert.equal(take(DOWN, forced), { code: Refusal.tooLong, handed: [] });
});

test('no byte of a good message can be cut off', () => {
  const good = envelope(dispatch);
  for (let length = 0; length < good.length; length++) {
    const { code, handed } = take(DOWN, good.substring(0, length));
    assert.is.not(code, Refusal.none);
    assert.equal(handed, []);
  }
});

test('CR-074: a control room is on duty by its newest session', () => {
  const control = createControl();
  assert.is(control.onDuty, false, 'not heard is not on duty');
  const states: [number, number, boolean][] = [
    [5, ControlState.onDuty, true],
    [4, ControlState.away, true],
    [5, ControlState.away, false],
    [4, ControlState.onDuty, false],
    [6, ControlState.onDuty, true],
    [6, 77, false],
  ];
  for (const [session, state, onDuty] of states) {
    controlState(control, { session, state, issuedAt: 0 });
    assert.is(control.onDuty, onDuty, `session ${session}, state ${state}`);
  }
});

test.run();
