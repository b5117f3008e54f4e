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

/** Stands for the type of a `hello` on the control room's state topic: its time may be old. */
export const CONTROL_STATE = 0;

/** A message that was taken, with its type. */
export type Incoming =
  | { readonly type: typeof DISPATCH_TYPE; readonly message: Dispatch }
  | { readonly type: typeof STAND_DOWN_TYPE; readonly message: StandDown }
  | { readonly type: typeof HELLO_TYPE | typeof CONTROL_STATE; readonly message: Hello };

/** Opens a message; gives the refusal code instead if it is none for this unit. */
export function openMessage(inbox: Inbox, topic: string, payload: string): Incoming | number {
  const envelope = unwrap(inbox.bytes, inbox.sealer, topic, payload);
  if (typeof envelope === 'number') return envelope;
  const body = openBytes(inbox.bytes, envelope.body);
  let type = body.octets[3] as number;
  let message: Dispatch | StandDown | Hello | number = Refusal.wrongType;
  if (topic === inbox.controlTopic) {
    message = decodeHello(body);
    type = CONTROL_STATE;
  } else if (topic !== inbox.downTopic) message = Refusal.wrongTopic;
  else if (type === DISPATCH_TYPE) message = decodeDispatch(body, inbox.bytes);
  else if (type === STAND_DOWN_TYPE) message = decodeStandDown(body);
  else if (type === HELLO_TYPE) message = decodeHello(body);
  return typeof message === 'number' ? message : ({ type: type, message: message } as Incoming);
}
