/** The link to the broker: what comes down goes to its part, what goes up is wrapped and sent. */
import { ClockQuality, Command as CommandCode, Presence, Refusal } from '../../protocol/codes.js';
import { COMMAND_TYPE } from '../../protocol/generated/command.js';
import { encodeDeath } from '../../protocol/generated/death.js';
import { DISPATCH_TYPE } from '../../protocol/generated/dispatch.js';
import { HELLO_TYPE } from '../../protocol/generated/hello.js';
import { STAND_DOWN_TYPE } from '../../protocol/generated/stand-down.js';
import { takeCounter } from '../../protocol/seal/window.js';
import { stateTopic, upTopic } from '../../protocol/topics.js';
import { showArmed } from '../crew/lamps.js';
import { holdAlarm } from '../dispatch/alarm.js';
import { takeDispatch, takeStandDown } from '../dispatch/desk.js';
import { hearControl, isOnDuty } from '../link/control.js';
import { openMessage, type Incoming } from '../link/inbox.js';
import { linkClosed, linkOpened, runLink } from '../link/link.js';
import { shed } from '../link/outbox.js';
import {
  CloseReason,
  KEEP_ALIVE_S,
  Phase,
  acknowledge,
  closeSession,
  createSession,
  publishRetained,
} from '../link/session.js';
import { birthReport, countRefusal } from '../reports.js';
import { takeNext } from '../seal/counter.js';
import { addTask, wake } from '../time/tasks.js';
import { learnTime, qualityAt, surelyUtcAt, trustedUtcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { keepDesk } from './alarm-and-desk.js';

/** Below this the unit lets go of what it can spare before it takes a message. */
export const RESERVE_VARIABLES = 250;

/** @rare */
export function fitLink(unit: Unit): void {
  const ports = unit.ports;
  const settings = unit.settings;
  let birth = '';
  unit.session = createSession(
    ports.net,
    ports.clock,
    unit.outbox,
    upTopic(settings.unitId),
    [unit.inbox.downTopic],
    {
      onOpen: function () {
        linkOpened(unit.link);
        unit.counts.connections++;
        publishRetained(unit.session, stateTopic(settings.unitId), birth);
        unit.bay.reportAtMs = 0;
        wake(unit.tasks, unit.bayTask);
        wake(unit.tasks, unit.lookTask);
      },
      onMessage: function (topic, payload, packetId) {
        makeRoom(unit);
        const nowMs = ports.clock.nowMs();
        const utcMs = trustedUtcAt(unit.clock, nowMs);
        const incoming = openMessage(unit.inbox, topic, payload, utcMs);
        const isRefused = typeof incoming === 'number';
        const refusal = isRefused ? incoming : takeMessage(unit, incoming, nowMs);
        if (refusal !== null) {
          if (refusal !== Refusal.none) countRefusal(unit.counts.refused, refusal);
          if (!unit.deskSaved) keepDesk(unit);
          // Only when it sounds and is in flash may the broker forget it; so too what comes again.
          const isKept = refusal === Refusal.none || refusal === Refusal.replayed;
          if (packetId !== 0 && (unit.deskSaved || !isKept)) acknowledge(unit.session, packetId);
          if (!isRefused && refusal === Refusal.none && isRotation(incoming)) {
            closeSession(unit.session, CloseReason.newKeys);
          }
        }
        if (unit.alarm.on) wake(unit.tasks, unit.alarmTask);
        if (unit.news.length > 0) wake(unit.tasks, unit.deskTask);
      },
      onOversized: function () {
        countRefusal(unit.counts.refused, Refusal.tooLong);
      },
      onClose: function () {
        linkClosed(unit.link, ports.clock.nowMs());
        // At once: the next attempt may block everything for long.
        showArmed(unit.lamps, false);
      },
      wrapPayload: function (topic, body) {
        const counter = takeNext(unit.counter);
        return counter === 0 ? '' : unit.inbox.keyring.seal(topic, counter, body);
      },
    },
  );
  unit.link = {
    session: unit.session,
    network: ports.network,
    settings: settings,
    boot: unit.counter.next,
    crc32: ports.system.crc32,
    failures: 0,
    isStranded: false,
    joinAtMs: 0,
    connectAtMs: 0,
    beforeConnect: function () {
      holdAlarm(unit.alarm, ports.clock.nowMs());
      // Both ends of this connection's life, made here where no other call is under way.
      const birthCounter = takeNext(unit.counter);
      if (birthCounter === 0) return null;
      const state = stateTopic(settings.unitId);
      const death = encodeDeath({ birthCounter: birthCounter }, ports.bytes);
      const willPayload = unit.inbox.keyring.seal(state, birthCounter, death);
      unit.birthCounter = birthCounter;
      birth = unit.session.events.wrapPayload(
        state,
        birthReport(
          ports.bytes,
          unit.clock,
          ports.clock.nowMs(),
          settings,
          birthCounter,
          unit.inbox.window.newest,
          unit.board.name,
        ),
      );
      if (birth === '') return null;
      return {
        clientId: settings.unitId,
        user: settings.user,
        password: settings.password,
        keepAliveS: KEEP_ALIVE_S,
        willTopic: state,
        willPayload: willPayload,
      };
    },
  };
  unit.linkTask = addTask(unit.tasks, function (nowMs) {
    const delayMs = runLink(unit.link, nowMs);
    const open = unit.session.phase === Phase.open && isOnDuty(unit.control, nowMs);
    const present = unit.bay.presence === Presence.present;
    const timed = qualityAt(unit.clock, nowMs) !== ClockQuality.unknown;
    showArmed(unit.lamps, open && present && timed);
    return delayMs;
  });
}

/** Does what a message says; gives a refusal code, or null if flash does not take it. */
function takeMessage(unit: Unit, incoming: Incoming, nowMs: number): number | null {
  const window = unit.inbox.window;
  if (incoming.type === HELLO_TYPE) {
    // A connection's own `hello` alone: one from before may be of any age (SPEC CR-075).
    if (incoming.message.birthCounter === unit.birthCounter && incoming.counter > window.newest) {
      hearControl(unit.control, incoming.message, nowMs);
      learnTime(unit.clock, incoming.message.issuedAt, ClockQuality.network, nowMs);
    }
  } else {
    if (incoming.type === DISPATCH_TYPE) {
      const utcMs = surelyUtcAt(unit.clock, nowMs);
      takeDispatch(unit.desk, incoming.message, utcMs, unit.session.heardAtMs, nowMs);
    } else if (incoming.type === STAND_DOWN_TYPE) {
      takeStandDown(unit.desk, incoming.message.dispatchId, nowMs);
    } else if (isRotation(incoming)) {
      const refusal = unit.inbox.keyring.rotate(incoming.message.generation, incoming.message.keys);
      if (refusal !== Refusal.none) return refusal;
    }
    unit.deskSaved = false;
  }
  // After the deed: abandoned before, the message comes again and must not be called a replay.
  takeCounter(window, incoming.counter);
  return Refusal.none;
}

/** True for the command that gives new keys; one without a name is passed over (SPEC CR-127). */
function isRotation(incoming: Incoming): boolean {
  return incoming.type === COMMAND_TYPE && incoming.message.command === CommandCode.rotateKeys;
}

/** Running out of memory cannot be caught, so room is made before a message is taken. */
function makeRoom(unit: Unit): void {
  const free = unit.ports.system.freeVariables();
  if (free !== null && free < RESERVE_VARIABLES) shed(unit.outbox);
}
