/** The link to the broker: what comes down goes to its part, what goes up is wrapped and sent. */
import { ClockQuality, Presence } from '../../protocol/codes.js';
import { unsealed, wrap } from '../../protocol/envelope.js';
import { encodeDeath } from '../../protocol/generated/death.js';
import { DISPATCH_TYPE } from '../../protocol/generated/dispatch.js';
import { STAND_DOWN_TYPE } from '../../protocol/generated/stand-down.js';
import { controlTopic, downTopic, stateTopic, upTopic } from '../../protocol/topics.js';
import { showArmed } from '../crew/lamps.js';
import { holdAlarm } from '../dispatch/alarm.js';
import { takeDispatch, takeStandDown } from '../dispatch/desk.js';
import { nextBirth } from '../epoch.js';
import { controlState } from '../link/control.js';
import { CONTROL_STATE, openMessage } from '../link/inbox.js';
import { linkClosed, linkOpened, runLink } from '../link/link.js';
import { shed } from '../link/outbox.js';
import {
  KEEP_ALIVE_S,
  Phase,
  acknowledge,
  createSession,
  publishRetained,
} from '../link/session.js';
import { birthReport } from '../reports.js';
import { addTask, wake } from '../time/tasks.js';
import { learnTime, qualityAt, utcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { keepDesk } from './alarm-and-desk.js';

/** Below this the unit lets go of what it can spare before it takes a message. */
export const RESERVE_VARIABLES = 250;

export function fitInbox(unit: Unit): void {
  unit.inbox = {
    bytes: unit.ports.bytes,
    sealer: unsealed,
    downTopic: downTopic(unit.settings.unitId),
    controlTopic: controlTopic(),
  };
}

export function fitLink(unit: Unit): void {
  const ports = unit.ports;
  const settings = unit.settings;
  let birth = '';
  unit.session = createSession(
    ports.net,
    ports.clock,
    unit.outbox,
    upTopic(settings.unitId),
    [unit.inbox.downTopic, unit.inbox.controlTopic],
    {
      onOpen: function () {
        linkOpened(unit.link);
        unit.counts.connections++;
        publishRetained(unit.session, stateTopic(settings.unitId), birth);
        unit.bay.reportAtMs = 0;
        wake(unit.tasks, unit.bayTask);
      },
      onMessage: function (topic, payload, packetId, retained) {
        makeRoom(unit);
        const incoming = openMessage(unit.inbox, topic, payload);
        const nowMs = ports.clock.nowMs();
        const isRefused = typeof incoming === 'number';
        if (isRefused) unit.counts.refused++;
        else if (incoming.type === DISPATCH_TYPE) {
          const utcMs = utcAt(unit.clock, nowMs);
          takeDispatch(unit.desk, incoming.message, utcMs, unit.session.heardAtMs, nowMs);
        } else if (incoming.type === STAND_DOWN_TYPE) {
          takeStandDown(unit.desk, incoming.message.dispatchId, nowMs);
        } else if (incoming.type === CONTROL_STATE) controlState(unit.control, incoming.message);
        // One that the broker kept may be hours old.
        else if (packetId === 0 && !retained) {
          learnTime(unit.clock, incoming.message.issuedAt, ClockQuality.network, nowMs);
        }
        // Only now, when it sounds and is in flash, may the broker forget it.
        if (!unit.deskSaved) keepDesk(unit);
        if (packetId !== 0 && (isRefused || unit.deskSaved)) acknowledge(unit.session, packetId);
        if (unit.alarm.on) wake(unit.tasks, unit.alarmTask);
        if (unit.news.length > 0) wake(unit.tasks, unit.deskTask);
      },
      onOversized: function () {
        unit.counts.refused++;
      },
      onClose: function () {
        linkClosed(unit.link, ports.clock.nowMs());
      },
      wrapPayload: function (topic, body) {
        unit.epoch.sequence++;
        return wrap(
          ports.bytes,
          unit.inbox.sealer,
          topic,
          unit.epoch.number,
          unit.epoch.sequence,
          body,
        );
      },
    },
  );
  unit.link = {
    session: unit.session,
    network: ports.network,
    settings: settings,
    epoch: unit.epoch.number,
    crc32: ports.system.crc32,
    failures: 0,
    joinAtMs: 0,
    connectAtMs: 0,
    beforeConnect: function () {
      holdAlarm(unit.alarm, ports.clock.nowMs());
      // Both ends of this connection's life, made here where no other call is under way.
      const birthCounter = nextBirth(unit.epoch);
      const death = encodeDeath({ birthCounter: birthCounter }, ports.bytes);
      const willTopic = stateTopic(settings.unitId);
      const willPayload = unit.session.events.wrapPayload(willTopic, death);
      birth = unit.session.events.wrapPayload(
        willTopic,
        birthReport(
          ports.bytes,
          unit.clock,
          ports.clock.nowMs(),
          settings,
          birthCounter,
          unit.board.name,
        ),
      );
      return {
        clientId: settings.unitId,
        user: settings.user,
        password: settings.password,
        keepAliveS: KEEP_ALIVE_S,
        willTopic: willTopic,
        willPayload: willPayload,
      };
    },
  };
  unit.linkTask = addTask(unit.tasks, function (nowMs) {
    const delayMs = runLink(unit.link, nowMs);
    const open = unit.session.phase === Phase.open && unit.control.onDuty;
    const present = unit.bay.presence === Presence.present;
    const timed = qualityAt(unit.clock, nowMs) !== ClockQuality.unknown;
    showArmed(unit.lamps, open && present && timed);
    return delayMs;
  });
}

/** Running out of memory cannot be caught, so room is made before a message is taken. */
function makeRoom(unit: Unit): void {
  const free = unit.ports.system.freeVariables();
  if (free !== null && free < RESERVE_VARIABLES) shed(unit.outbox);
}
