/**
 * Takes what comes down: a message must prove itself, be new, and be one that belongs here. One
 * that is refused changes nothing.
 */
import { openBytes, type Bytes, type Octets } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { COMMAND_TYPE, decodeCommand, type Command } from '../../protocol/generated/command.js';
import { CONFIG_TYPE } from '../../protocol/generated/config.js';
import { DISPATCH_TYPE, decodeDispatch, type Dispatch } from '../../protocol/generated/dispatch.js';
import { HELLO_TYPE, decodeHello, type Hello } from '../../protocol/generated/hello.js';
import {
  STAND_DOWN_TYPE,
  decodeStandDown,
  type StandDown,
} from '../../protocol/generated/stand-down.js';
import { UPDATE_TYPE, decodeUpdate, type Update } from '../../protocol/generated/update.js';
import { MAX_COUNTER_AHEAD_S } from '../../protocol/limits.js';
import { windowRefusal, type Window } from '../../protocol/seal/window.js';
import type { Keyring } from '../seal/keyring.js';
import { trustedUtcAt, type UnitClock } from '../time/unit-clock.js';

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
  | { readonly type: typeof UPDATE_TYPE; readonly message: Update }
  // As it came: what is wrong with it has to be answered, and the rest be kept.
  | { readonly type: typeof CONFIG_TYPE; readonly message: string }
);

/**
 * Opens a message; gives the refusal code instead if it is none for this unit.
 * @resident
 */
export function openMessage(
  inbox: Inbox,
  topic: string,
  payload: string,
  clock: UnitClock,
  nowMs: number,
): Incoming | number {
  if (topic !== inbox.downTopic) return topicRefusal(inbox.downTopic, topic);
  const opened = inbox.keyring.open(topic, payload);
  if (typeof opened === 'number') return opened;
  const ahead = opened.counter - inbox.window.newest;
  // One after the other, as they are sent, they need no closer look.
  if (!(ahead > 0 && ahead <= MAX_COUNTER_AHEAD_S)) {
    const refusal = counterRefusal(inbox.window, opened.counter, trustedUtcAt(clock, nowMs));
    if (refusal !== Refusal.none) return refusal;
  }
  const body = openBytes(inbox.bytes, opened.message);
  const type = body.octets[3] as number;
  let message: Dispatch | Other | number;
  if (type === DISPATCH_TYPE) message = /* @__NOINLINE__ */ decodeDispatch(body, inbox.bytes);
  else message = decodeOther(type, body, inbox.bytes);
  if (typeof message === 'number') return message;
  return { type: type, message: message, counter: opened.counter } as Incoming;
}

type Other = StandDown | Hello | Command | Update | string;

/** @rare */
function decodeOther(type: number, body: Octets, bytes: Bytes): Other | number {
  if (type === STAND_DOWN_TYPE) return decodeStandDown(body);
  if (type === HELLO_TYPE) return decodeHello(body);
  if (type === COMMAND_TYPE) return decodeCommand(body);
  if (type === UPDATE_TYPE) return decodeUpdate(body, bytes);
  if (type === CONFIG_TYPE) return body.bytes;
  return Refusal.wrongType;
}

/** @rare */
function topicRefusal(downTopic: string, topic: string): number {
  const own = downTopic.substr(0, downTopic.length - 4);
  return topic.substr(0, own.length) === own ? Refusal.wrongDirection : Refusal.wrongUnit;
}

/**
 * The control room's counters follow the time. One far ahead of it comes from a wrong clock there,
 * and would make everything after it stale (SPEC CR-113).
 * @param utcMs the time of day if it is trusted, else null
 * @rare
 */
function counterRefusal(window: Window, counter: number, utcMs: number | null): number {
  const fromS = utcMs === null ? counter : Math.max(utcMs / 1000, window.newest);
  return counter - fromS > MAX_COUNTER_AHEAD_S
    ? Refusal.fromFuture
    : windowRefusal(window, counter);
}
