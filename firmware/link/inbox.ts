/**
 * Takes what comes down: a message must prove itself, be new, and be one that belongs here. One
 * that is refused changes nothing.
 */
import { openBytes, type Bytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { COMMAND_TYPE, decodeCommand, type Command } from '../../protocol/generated/command.js';
import { DISPATCH_TYPE, decodeDispatch, type Dispatch } from '../../protocol/generated/dispatch.js';
import { HELLO_TYPE, decodeHello, type Hello } from '../../protocol/generated/hello.js';
import {
  STAND_DOWN_TYPE,
  decodeStandDown,
  type StandDown,
} from '../../protocol/generated/stand-down.js';
import { MAX_COUNTER_AHEAD_S } from '../../protocol/limits.js';
import { windowRefusal, type Window } from '../../protocol/seal/window.js';
import type { Keyring } from '../seal/keyring.js';

export interface Inbox {
  readonly bytes: Bytes;
  readonly keyring: Keyring;
  readonly downTopic: string;
  /** Counters that were taken; who takes a message notes it there when that is done. */
  readonly window: Window;
}

/** A message that was taken, with its type and its counter. */
export type Incoming = { readonly counter: number } & (
  | { readonly type: typeof DISPATCH_TYPE; readonly message: Dispatch }
  | { readonly type: typeof STAND_DOWN_TYPE; readonly message: StandDown }
  | { readonly type: typeof HELLO_TYPE; readonly message: Hello }
  | { readonly type: typeof COMMAND_TYPE; readonly message: Command }
);

/**
 * Opens a message; gives the refusal code instead if it is none for this unit.
 * @param utcMs the time of day if it is trusted, else null
 */
export function openMessage(
  inbox: Inbox,
  topic: string,
  payload: string,
  utcMs: number | null,
): Incoming | number {
  if (topic !== inbox.downTopic) return topicRefusal(inbox.downTopic, topic);
  const opened = inbox.keyring.open(topic, payload);
  if (typeof opened === 'number') return opened;
  const refusal = counterRefusal(inbox.window, opened.counter, utcMs);
  if (refusal !== Refusal.none) return refusal;
  const body = openBytes(inbox.bytes, opened.message);
  const type = body.octets[3] as number;
  let message: Dispatch | StandDown | Hello | Command | number = Refusal.wrongType;
  if (type === DISPATCH_TYPE) message = decodeDispatch(body, inbox.bytes);
  else if (type === STAND_DOWN_TYPE) message = decodeStandDown(body);
  else if (type === HELLO_TYPE) message = decodeHello(body);
  else if (type === COMMAND_TYPE) message = decodeCommand(body);
  if (typeof message === 'number') return message;
  return { type: type, message: message, counter: opened.counter } as Incoming;
}

/** @rare */
function topicRefusal(downTopic: string, topic: string): number {
  const own = downTopic.substr(0, downTopic.length - 4);
  return topic.substr(0, own.length) === own ? Refusal.wrongDirection : Refusal.wrongUnit;
}

/**
 * The control room's counters follow the time. One far ahead of it comes from a wrong clock there,
 * and would make everything after it stale (SPEC CR-113).
 */
function counterRefusal(window: Window, counter: number, utcMs: number | null): number {
  const fromS = utcMs === null ? counter : Math.max(utcMs / 1000, window.newest);
  return counter - fromS > MAX_COUNTER_AHEAD_S
    ? Refusal.fromFuture
    : windowRefusal(window, counter);
}
