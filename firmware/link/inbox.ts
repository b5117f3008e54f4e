/**
 * Takes what comes down: opens the envelope and tells the message by its type and its topic. A
 * message that is refused changes nothing.
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
}

/** What came, by its kind: the others are null. */
export interface Incoming {
  dispatch: Dispatch | null;
  standDown: StandDown | null;
  /** A `hello` to this unit alone: its time is fresh. */
  hello: Hello | null;
  /** A `hello` on the control room's state topic: its time may be old. */
  control: Hello | null;
}

/** Opens a message; gives the refusal code instead if it is none for this unit. */
export function openMessage(inbox: Inbox, topic: string, payload: string): Incoming | number {
  const envelope = unwrap(inbox.bytes, inbox.sealer, topic, payload);
  if (typeof envelope === 'number') return envelope;
  const body = openBytes(inbox.bytes, envelope.body);
  const type = body.octets[3];
  const incoming: Incoming = { dispatch: null, standDown: null, hello: null, control: null };
  let message;
  if (topic === inbox.controlTopic) {
    message = decodeHello(body);
    if (typeof message !== 'number') incoming.control = message;
  } else if (topic !== inbox.downTopic) {
    return Refusal.wrongTopic;
  } else if (type === DISPATCH_TYPE) {
    message = decodeDispatch(body, inbox.bytes);
    if (typeof message !== 'number') incoming.dispatch = message;
  } else if (type === STAND_DOWN_TYPE) {
    message = decodeStandDown(body);
    if (typeof message !== 'number') incoming.standDown = message;
  } else if (type === HELLO_TYPE) {
    message = decodeHello(body);
    if (typeof message !== 'number') incoming.hello = message;
  } else {
    return Refusal.wrongType;
  }
  return typeof message === 'number' ? message : incoming;
}
