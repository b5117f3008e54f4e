/**
 * Takes what comes down: opens the envelope, tells the message by its type and its topic, and
 * hands it to the part that it is for. A message that is refused changes nothing and is counted.
 */
import { openBytes, type Bytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { unwrap, type Sealer } from '../../protocol/envelope.js';
import { DISPATCH_TYPE, decodeDispatch, type Dispatch } from '../../protocol/generated/dispatch.js';
import { HELLO_TYPE, decodeHello, type Hello } from '../../protocol/generated/hello.js';
import {
  STAND_DOWN_TYPE,
  decodeStandDown,
  type StandDown,
} from '../../protocol/generated/stand-down.js';

export interface Inbox {
  readonly bytes: Bytes;
  readonly sealer: Sealer;
  readonly downTopic: string;
  readonly controlTopic: string;
  onDispatch(dispatch: Dispatch): void;
  onStandDown(standDown: StandDown): void;
  /** A `hello` to this unit alone: its time is fresh. */
  onHello(hello: Hello): void;
  /** A `hello` on the control room's state topic: its time may be old. */
  onControlState(hello: Hello): void;
}

/** Takes a message; gives the refusal code, which is `none` for one that was taken. */
export function takeMessage(inbox: Inbox, topic: string, payload: string): number {
  const envelope = unwrap(inbox.bytes, inbox.sealer, topic, payload);
  if (typeof envelope === 'number') return envelope;
  const body = openBytes(inbox.bytes, envelope.body);
  const type = body.octets[3];
  if (topic === inbox.controlTopic) {
    const state = decodeHello(body);
    if (typeof state === 'number') return state;
    inbox.onControlState(state);
  } else if (topic !== inbox.downTopic) {
    return Refusal.wrongTopic;
  } else if (type === DISPATCH_TYPE) {
    const dispatch = decodeDispatch(body, inbox.bytes);
    if (typeof dispatch === 'number') return dispatch;
    inbox.onDispatch(dispatch);
  } else if (type === STAND_DOWN_TYPE) {
    const standDown = decodeStandDown(body);
    if (typeof standDown === 'number') return standDown;
    inbox.onStandDown(standDown);
  } else if (type === HELLO_TYPE) {
    const hello = decodeHello(body);
    if (typeof hello === 'number') return hello;
    inbox.onHello(hello);
  } else {
    return Refusal.wrongType;
  }
  return Refusal.none;
}
