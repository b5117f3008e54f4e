/** The link to the broker: what comes down goes to its part, what goes up is wrapped and sent. */
import {
  ClockQuality,
  Command as CommandCode,
  Presence,
  Readiness,
  Refusal,
} from '../../protocol/codes.js';
import { COMMAND_TYPE, type Command } from '../../protocol/generated/command.js';
import { CONFIG_TYPE } from '../../protocol/generated/config.js';
import { encodeDeath } from '../../protocol/generated/death.js';
import { DISPATCH_TYPE } from '../../protocol/generated/dispatch.js';
import { HELLO_TYPE } from '../../protocol/generated/hello.js';
import { RESPONSE_TYPE } from '../../protocol/generated/response.js';
import { STAND_DOWN_TYPE } from '../../protocol/generated/stand-down.js';
import { STATUS_TYPE } from '../../protocol/generated/status.js';
import { UPDATE_TYPE } from '../../protocol/generated/update.js';
import { takeCounter } from '../../protocol/seal/window.js';
import { stateTopic, upTopic } from '../../protocol/topics.js';
import { controlHas, sentAs } from '../crew/crew.js';
import { showArmed } from '../crew/lamps.js';
import { holdAlarm } from '../dispatch/alarm.js';
import { takeDispatch, takeStandDown, takeUpdate } from '../dispatch/desk.js';
import { Pattern } from '../dispatch/patterns.js';
import { hearControl, isOnDuty } from '../link/control.js';
import { openMessage, type Incoming } from '../link/inbox.js';
import { waits } from '../link/kept.js';
import { linkClosed, linkOpened, runLink } from '../link/link.js';
import type { ConnectOptions } from '../link/packets.js';
import { shed } from '../link/outbox.js';
import {
  CloseReason,
  KEEP_ALIVE_S,
  Phase,
  acknowledge,
  closeSession,
  createSession,
  publishRetained,
  type SessionEvents,
} from '../link/session.js';
import { birthReport, countRefusal } from '../reports.js';
import { takeNext } from '../seal/counter.js';
import { wake } from '../time/tasks.js';
import { learnTime, qualityAt, surelyUtcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { keepDesk, play, sendNews } from './alarm-and-desk.js';
import { tell } from './news.js';
import { obey } from './orders.js';
import { followBrokers, settingsWork, takeSettings } from './settings.js';
import { Task } from './task.js';

/** Without a word from the broker for so long, the crew is told. */
export const LINK_LOST_MS = 60000;
/** Below this the unit lets go of what it can spare before it takes a message. */
export const RESERVE_VARIABLES = 450;
/** What is refused leaves nothing in memory: after it there is room for so long. */
export const ROOM_LASTS_MS = 200;

/** @rare */
export function fitLink(unit: Unit): void {
  const settings = unit.settings;
  unit.session = createSession(
    unit.ports.net,
    unit.ports.clock,
    unit.outbox,
    upTopic(settings.unitId),
    [unit.inbox.downTopic],
    sessionEvents(unit),
  );
  unit.link = {
    session: unit.session,
    network: unit.ports.network,
    settings: settings,
    boot: unit.counter.next,
    crc32: unit.ports.system.crc32,
    failures: 0,
    isStranded: false,
    joinAtMs: 0,
    connectAtMs: 0,
    birth: '',
    brokers: '',
    brokerAt: 0,
    recoveries: 0,
    beforeConnect: connectCallback(unit),
  };
}

// Callbacks keep the scope in which they are made, and the interpreter reads through all of one that
// it runs: they are made apart, and what is seldom has a function of its own.

/** @rare */
function sessionEvents(unit: Unit): SessionEvents {
  return {
    onOpen: function () {
      opened(unit);
    },
    onMessage: function (topic, payload, packetId) {
      // (With an empty outbox there is nothing to let go of.)
      if (unit.outbox.waiting.length > 0) makeRoom(unit);
      const nowMs = unit.session.clock.nowMs();
      const incoming = openMessage(unit.inbox, topic, payload, unit.clock, nowMs);
      let refusal: number | null;
      if (typeof incoming === 'number') refusal = incoming;
      else refusal = takeMessage(unit, incoming, nowMs);
      if (refusal === Refusal.none) unit.roomUntilMs = 0;
      if (refusal !== null) {
        if (refusal !== Refusal.none) countRefusal(unit.counts.refused, refusal);
        if (!unit.deskSaved) keepDesk(unit);
        // Only when it sounds and is in flash may the broker forget it; so too what comes again.
        const isKept = refusal === Refusal.none || refusal === Refusal.replayed;
        if (packetId !== '' && (unit.deskSaved || !isKept)) acknowledge(unit.session, packetId);
        if (refusal === Refusal.none) afterwards(unit, incoming as Incoming);
      }
      if (unit.alarm.on) wake(unit.tasks, Task.alarm);
      if (unit.news.length > 0) wake(unit.tasks, Task.desk);
    },
    onOversized: function () {
      countRefusal(unit.counts.refused, Refusal.tooLong);
    },
    onTaken: function () {
      makeRoom(unit);
    },
    onClose: function () {
      closed(unit);
    },
    wrapPayload: function (topic, body) {
      return wrap(unit, topic, body);
    },
  };
}

/** @rare */
function wrap(unit: Unit, topic: string, body: string): string {
  const counter = takeNext(unit.counter);
  const type = body.charCodeAt(3);
  if (counter === 0) return '';
  // A status is told after every birth too: only one that the crew just said is a word of theirs.
  const isSaid = type === RESPONSE_TYPE || (type === STATUS_TYPE && unit.crew.counter !== 0);
  if (isSaid) sentAs(unit.crew, counter);
  return unit.inbox.keyring.seal(topic, counter, body);
}

/** @rare */
function connectCallback(unit: Unit): () => ConnectOptions | null {
  return function () {
    return beforeConnect(unit);
  };
}

/** @rare */
function opened(unit: Unit): void {
  linkOpened(unit.link);
  unit.counts.connections++;
  publishRetained(unit.session, stateTopic(unit.settings.unitId), unit.link.birth);
  unit.link.birth = '';
  unit.bay.reportAtMs = 0;
  // Where it is now; what it could not tell meanwhile follows.
  if (unit.tracker.toldAtMs !== 0) unit.tracker.reportAtMs = 1;
  wake(unit.tasks, Task.tracker);
  // One that waits is as good: birth after birth, it must not crowd out what the crew answered.
  const status = unit.crew.status;
  if (!waits(unit.outbox, STATUS_TYPE)) tell(unit, STATUS_TYPE, 0, status, 0, 0);
  wake(unit.tasks, Task.desk);
  wake(unit.tasks, Task.bay);
  wake(unit.tasks, Task.look);
}

/** @rare */
function closed(unit: Unit): void {
  linkClosed(unit.link, unit.session.clock.nowMs());
  wake(unit.tasks, Task.link);
  // At once: the next attempt may block everything for long.
  showArmed(unit.lamps, false);
}

/** @rare */
function beforeConnect(unit: Unit): ConnectOptions | null {
  const settings = unit.settings;
  const bytes = unit.ports.bytes;
  const nowMs = unit.session.clock.nowMs();
  holdAlarm(unit.alarm, nowMs);
  // Both ends of this connection's life, made here where no other call is under way.
  const birthCounter = takeNext(unit.counter);
  if (birthCounter === 0) return null;
  const state = stateTopic(settings.unitId);
  const death = encodeDeath({ birthCounter: birthCounter }, bytes);
  const willPayload = unit.inbox.keyring.seal(state, birthCounter, death);
  unit.birthCounter = birthCounter;
  unit.link.birth = unit.session.events.wrapPayload(
    state,
    birthReport(
      bytes,
      unit.clock,
      nowMs,
      settings,
      birthCounter,
      unit.inbox.window.newest,
      unit.boardName,
      unit.keeper.config.version,
    ),
  );
  if (unit.link.birth === '') return null;
  return {
    clientId: settings.unitId,
    user: settings.user,
    password: settings.password,
    keepAliveS: KEEP_ALIVE_S,
    willTopic: state,
    willPayload: willPayload,
  };
}

/** @rare */
export function keepLink(unit: Unit, nowMs: number): number {
  const delayMs = runLink(unit.link, nowMs);
  const isOpen = unit.session.phase === Phase.open;
  const isHeard = isOpen && isOnDuty(unit.control, nowMs);
  const bay = unit.bay;
  const isEquipped = bay.presence === Presence.present && bay.readiness !== Readiness.fault;
  const isTimed = qualityAt(unit.clock, nowMs) !== ClockQuality.unknown;
  const isArmed = isHeard && isEquipped && isTimed;
  // It may blink from now on.
  if (showArmed(unit.lamps, isArmed, isOpen && !isHeard)) wake(unit.tasks, Task.desk);
  if (isOpen) unit.lostTone = false;
  else if (!unit.lostTone && nowMs - unit.session.heardAtMs >= LINK_LOST_MS) sayLost(unit);
  return delayMs;
}

/**
 * The crew hears once that nobody can reach them.
 * @rare
 */
function sayLost(unit: Unit): void {
  unit.lostTone = true;
  play(unit, Pattern.linkLost);
}

/**
 * Does what a message says; gives a refusal code, or null if flash does not take it.
 * @resident
 */
function takeMessage(unit: Unit, incoming: Incoming, nowMs: number): number | null {
  if (incoming.type === DISPATCH_TYPE) {
    const utcMs = surelyUtcAt(unit.clock, nowMs);
    const heardAtMs = unit.session.heardAtMs;
    /* @__NOINLINE__ */ takeDispatch(unit.desk, incoming.message, utcMs, heardAtMs, nowMs);
    unit.deskSaved = false;
  } else {
    const refusal = takeOther(unit, incoming, nowMs);
    if (refusal !== Refusal.none) return refusal;
  }
  // After the deed: abandoned before, the message comes again and must not be called a replay.
  takeCounter(unit.inbox.window, incoming.counter);
  return Refusal.none;
}

/** @rare */
function takeOther(unit: Unit, incoming: Incoming, nowMs: number): number | null {
  if (incoming.type === HELLO_TYPE) {
    const isNewest = incoming.counter > unit.inbox.window.newest;
    // A connection's own `hello` alone: one from before may be of any age (SPEC CR-075).
    if (incoming.message.birthCounter === unit.birthCounter && isNewest) {
      hearControl(unit.control, incoming.message, nowMs);
      controlHas(unit.crew, incoming.message.heardCounter);
      if (unit.keeper.trialCounter !== 0) settingsWork(unit);
      learnTime(unit.clock, incoming.message.issuedAt, ClockQuality.network, nowMs);
      // Which shows by the lamps that the control room is there.
      wake(unit.tasks, Task.link);
    }
    return Refusal.none;
  }
  let refusal: number | null = Refusal.none;
  if (incoming.type === STAND_DOWN_TYPE) {
    takeStandDown(unit.desk, incoming.message.dispatchId, nowMs);
  } else if (incoming.type === UPDATE_TYPE) {
    takeUpdate(unit.desk, incoming.message, surelyUtcAt(unit.clock, nowMs), nowMs);
  } else if (incoming.type === CONFIG_TYPE) {
    refusal = takeSettings(unit, incoming.message, incoming.counter, nowMs);
  } else if (incoming.type === COMMAND_TYPE) {
    if (isRotation(incoming.message)) {
      refusal = unit.inbox.keyring.rotate(incoming.message.generation, incoming.message.keys);
    } else obey(unit, incoming.message.command, incoming.counter, nowMs);
  }
  // So that an outcome is in flash together with the counter of what it answers.
  sendNews(unit);
  if (refusal === Refusal.none) unit.deskSaved = false;
  return refusal;
}

/**
 * True for the command that gives new keys; one without a name is passed over (SPEC CR-127).
 * @rare
 */
function isRotation(command: Command): boolean {
  return command.command === CommandCode.rotateKeys;
}

/**
 * After new keys the unit is born again, after other brokers elsewhere.
 * @rare
 */
function afterwards(unit: Unit, incoming: Incoming): void {
  if (incoming.type === CONFIG_TYPE) followBrokers(unit);
  else if (incoming.type === COMMAND_TYPE && isRotation(incoming.message)) {
    closeSession(unit.session, CloseReason.newKeys);
  }
}

/**
 * Running out of memory cannot be caught, so room is made when messages have been taken, for those
 * that come next, and once more before one that finds the outbox in use.
 */
function makeRoom(unit: Unit): void {
  const system = unit.ports.system;
  const nowMs = unit.session.heardAtMs;
  if (nowMs < unit.roomUntilMs) return;
  let free = system.freeVariables(false);
  if (free !== null && free < RESERVE_VARIABLES) {
    free = system.freeVariables(true);
    if (free !== null && free < RESERVE_VARIABLES) shed(unit.outbox);
  } else unit.roomUntilMs = nowMs + ROOM_LASTS_MS;
  system.tidy();
}
