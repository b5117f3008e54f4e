/**
 * The unit: what it is made of, and how its parts are joined. Every decision is in the part that
 * it belongs to; here is only who tells whom.
 */
import { Answer, ClockQuality, DeclineReason, Presence } from '../protocol/codes.js';
import { unsealed, wrap } from '../protocol/envelope.js';
import { AED_TYPE } from '../protocol/generated/aed.js';
import { encodeDeath } from '../protocol/generated/death.js';
import { HEALTH_TYPE } from '../protocol/generated/health.js';
import { POSITION_TYPE } from '../protocol/generated/position.js';
import { RECEIPT_TYPE } from '../protocol/generated/receipt.js';
import { RESPONSE_TYPE } from '../protocol/generated/response.js';
import type { UnitSettings } from '../protocol/settings.js';
import { controlTopic, downTopic, stateTopic, upTopic } from '../protocol/topics.js';
import { bracketChanged, createBay, runBay, type Bay } from './aed/bay.js';
import type { Board } from './boards/board.js';
import { createLamps, showArmed, type Lamps } from './crew/lamps.js';
import {
  createAlarm,
  holdAlarm,
  runAlarm,
  startAlarm,
  stopAlarm,
  type Alarm,
} from './dispatch/alarm.js';
import {
  answerOldest,
  countSounding,
  createDesk,
  expireJobs,
  restoreDesk,
  saveDesk,
  takeDispatch,
  takeStandDown,
  type Desk,
} from './dispatch/desk.js';
import { DISPATCH_PATTERN } from './dispatch/patterns.js';
import { beginEpoch, nextBirth, type Epoch } from './epoch.js';
import { controlState, createControl, type Control } from './link/control.js';
import { openMessage, type Inbox } from './link/inbox.js';
import { linkClosed, linkOpened, runLink, type Link } from './link/link.js';
import { createOutbox, post, shed, type Outbox } from './link/outbox.js';
import {
  KEEP_ALIVE_S,
  Phase,
  acknowledge,
  createSession,
  publishRetained,
  type Session,
} from './link/session.js';
import { Input } from './ports/inputs.js';
import type { Ports } from './ports/ports.js';
import { closeEpoch, createReceiver, feedReceiver, type Receiver } from './position/receiver.js';
import { createTracker, runTracker, takeFix, type Tracker } from './position/tracker.js';
import {
  aedReport,
  birthReport,
  healthReport,
  positionReport,
  newsReport,
  type Counts,
  type News,
} from './reports.js';
import { readRecord, writeRecord, type Records } from './store/records.js';
import { addTask, createTasks, startTasks, wake, type Task, type Tasks } from './time/tasks.js';
import { createUnitClock, learnTime, qualityAt, utcAt, type UnitClock } from './time/unit-clock.js';

/** The watchdog's patience: longer than a connect that blocks until TCP gives up. */
export const WATCHDOG_S = 120;
export const HEALTH_PERIOD_MS = 300000;
/** Below this the unit lets go of what it can spare before it takes a message. */
export const RESERVE_VARIABLES = 250;

/** Most steps and answers that wait to be put into the outbox; more are dropped and counted. */
export const MAX_NEWS = 16;

const DESK_RECORD = 'desk';

/** Everything that a running unit is. The console knows it by the name `unit`. */
export interface Unit {
  readonly ports: Ports;
  readonly board: Board;
  readonly settings: UnitSettings;
  readonly records: Records;
  readonly counts: Counts;
  readonly tasks: Tasks;
  readonly clock: UnitClock;
  readonly epoch: Epoch;
  readonly lamps: Lamps;
  readonly outbox: Outbox;
  readonly control: Control;
  alarm: Alarm;
  alarmTask: Task;
  desk: Desk;
  deskTask: Task;
  /** False while the desk has changed and flash does not know it. */
  deskSaved: boolean;
  /** Steps and answers that are still to be told, in their order. */
  readonly news: News[];
  bay: Bay;
  bayTask: Task;
  receiver: Receiver;
  tracker: Tracker;
  trackerTask: Task;
  inbox: Inbox;
  session: Session;
  link: Link;
  linkTask: Task;
}

export function startUnit(ports: Ports, board: Board, settings: UnitSettings): Unit {
  const records = { store: ports.store, crc32: ports.system.crc32 };
  const unit = {
    ports: ports,
    board: board,
    settings: settings,
    records: records,
    counts: { refused: 0, connections: 0, uncaught: 0, exhaustions: 0 },
    tasks: createTasks(ports.clock, ports.system.kickWatchdog),
    clock: createUnitClock(),
    epoch: beginEpoch(records),
    lamps: createLamps(ports.outputs),
    outbox: createOutbox(),
    control: createControl(),
    deskSaved: true,
    news: [] as News[],
  } as Unit;
  fitAlarm(unit);
  fitDesk(unit);
  fitCrew(unit);
  fitBay(unit);
  fitPosition(unit);
  fitInbox(unit);
  fitLink(unit);
  fitHealth(unit);
  ports.system.startWatchdog(WATCHDOG_S);
  startTasks(unit.tasks);
  return unit;
}

/** The alarm comes first in the table of tasks: nothing else may delay it. */
function fitAlarm(unit: Unit): void {
  unit.alarm = createAlarm(unit.ports.outputs, DISPATCH_PATTERN);
  unit.alarmTask = addTask(unit.tasks, function (nowMs) {
    return runAlarm(unit.alarm, nowMs);
  });
}

function fitDesk(unit: Unit): void {
  const clock = unit.ports.clock;
  unit.desk = createDesk({
    onAlarm: function () {
      const nowMs = clock.nowMs();
      startAlarm(unit.alarm, nowMs);
      return nowMs;
    },
    onQuiet: function () {
      stopAlarm(unit.alarm);
    },
    onChange: function () {
      unit.deskSaved = false;
    },
    onStep: function (dispatchId, step, refusal, elapsedMs) {
      tell(unit, RECEIPT_TYPE, dispatchId, step, refusal, elapsedMs);
    },
  });
  restoreDesk(unit.desk, readRecord(unit.records, DESK_RECORD), clock.nowMs());
  unit.deskTask = addTask(unit.tasks, function (nowMs) {
    expireJobs(unit.desk, utcAt(unit.clock, nowMs), nowMs);
    if (!unit.deskSaved) keepDesk(unit);
    settleAlarm(unit, nowMs);
    while (unit.news.length > 0) sendNews(unit, unit.news.shift() as News);
    return 1000;
  });
}

/** Notes a step or an answer, to be sent as soon as what is more urgent is done. */
function tell(
  unit: Unit,
  type: number,
  dispatchId: number,
  code: number,
  reason: number,
  elapsedMs: number,
): void {
  if (unit.news.length >= MAX_NEWS) {
    unit.outbox.dropped++;
    return;
  }
  unit.news.push({
    type: type,
    dispatchId: dispatchId,
    code: code,
    reason: reason,
    elapsedMs: elapsedMs,
    atMs: unit.ports.clock.nowMs(),
  });
}

function sendNews(unit: Unit, news: News): void {
  send(unit, news.type, newsReport(unit.ports.bytes, unit.clock, news), true);
}

function keepDesk(unit: Unit): void {
  unit.deskSaved = false;
  unit.deskSaved = writeRecord(unit.records, DESK_RECORD, saveDesk(unit.desk));
}

/** The desk tells the alarm at once; this mends what was abandoned half-way. */
function settleAlarm(unit: Unit, nowMs: number): void {
  if (countSounding(unit.desk) > 0) startAlarm(unit.alarm, nowMs);
  else if (unit.alarm.on) stopAlarm(unit.alarm);
}

function fitCrew(unit: Unit): void {
  unit.ports.inputs.onChange(Input.accept, function (closed) {
    if (closed) answer(unit, Answer.accept, DeclineReason.none);
  });
  unit.ports.inputs.onChange(Input.decline, function (closed) {
    if (closed) answer(unit, Answer.decline, DeclineReason.notStated);
  });
}

function answer(unit: Unit, answerCode: number, reason: number): void {
  const nowMs = unit.ports.clock.nowMs();
  const job = answerOldest(unit.desk, nowMs);
  if (job === null) return;
  keepDesk(unit);
  tell(unit, RESPONSE_TYPE, job.dispatchId, answerCode, reason, nowMs - job.arrivedMs);
  wake(unit.tasks, unit.deskTask);
}

function fitBay(unit: Unit): void {
  const ports = unit.ports;
  unit.bay = createBay(function () {
    send(unit, AED_TYPE, aedReport(ports.bytes, unit.clock, ports.clock.nowMs(), unit.bay), false);
  });
  ports.inputs.onChange(Input.bracket, function (closed) {
    bracketChanged(unit.bay, closed);
  });
  bracketChanged(unit.bay, ports.inputs.isClosed(Input.bracket));
  unit.bayTask = addTask(unit.tasks, function (nowMs) {
    return runBay(unit.bay, nowMs);
  });
}

function fitPosition(unit: Unit): void {
  const ports = unit.ports;
  let chunks = 0;
  unit.tracker = createTracker(function (reason) {
    const nowMs = ports.clock.nowMs();
    send(
      unit,
      POSITION_TYPE,
      positionReport(ports.bytes, unit.clock, nowMs, unit.tracker, reason),
      false,
    );
  });
  unit.trackerTask = addTask(unit.tasks, function (nowMs) {
    return runTracker(unit.tracker, nowMs);
  });
  unit.receiver = createReceiver(ports.bytes, function (fix) {
    if (fix === null) return;
    const nowMs = ports.clock.nowMs();
    if (fix.utcMs !== null) learnTime(unit.clock, fix.utcMs, ClockQuality.gps, nowMs);
    if (takeFix(unit.tracker, fix, nowMs)) wake(unit.tasks, unit.trackerTask);
  });
  ports.gps.onData(function (bytes) {
    chunks++;
    feedReceiver(unit.receiver, bytes);
  });
  // An epoch of a receiver that gives only one kind of sentence ends with the silence after it.
  addTask(unit.tasks, function () {
    if (chunks === 0) closeEpoch(unit.receiver);
    chunks = 0;
    return 500;
  });
}

function fitInbox(unit: Unit): void {
  unit.inbox = {
    bytes: unit.ports.bytes,
    sealer: unsealed,
    downTopic: downTopic(unit.settings.unitId),
    controlTopic: controlTopic(),
  };
}

function fitLink(unit: Unit): void {
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
      onMessage: function (topic, payload, packetId) {
        makeRoom(unit);
        const nowMs = ports.clock.nowMs();
        const incoming = openMessage(unit.inbox, topic, payload);
        const isRefused = typeof incoming === 'number';
        if (isRefused) unit.counts.refused++;
        else if (incoming.dispatch !== null) {
          const utcMs = utcAt(unit.clock, nowMs);
          takeDispatch(unit.desk, incoming.dispatch, utcMs, unit.session.heardAtMs, nowMs);
        } else if (incoming.standDown !== null) {
          takeStandDown(unit.desk, incoming.standDown.dispatchId, nowMs);
        } else if (incoming.hello !== null) {
          learnTime(unit.clock, incoming.hello.issuedAt, ClockQuality.network, nowMs);
        } else if (incoming.control !== null) controlState(unit.control, incoming.control);
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

function fitHealth(unit: Unit): void {
  const ports = unit.ports;
  ports.system.onUncaught(function () {
    unit.counts.uncaught++;
  });
  addTask(unit.tasks, function (nowMs) {
    const report = healthReport(
      ports.bytes,
      unit.clock,
      nowMs,
      unit.counts,
      unit.outbox.dropped,
      unit.tasks.late,
      ports.system.freeVariables(),
      unit.receiver,
    );
    send(unit, HEALTH_TYPE, report, false);
    return HEALTH_PERIOD_MS;
  });
  addTask(unit.tasks, function () {
    if (ports.system.takeExhausted()) unit.counts.exhaustions++;
    return 5000;
  });
}

/** Puts a message of the unit into its outbox, and wakes the link that empties it. */
function send(unit: Unit, type: number, body: string, keep: boolean): void {
  // An empty body is a message with a field outside its limits.
  if (body === '') unit.outbox.dropped++;
  else post(unit.outbox, type, body, keep);
  // While the unit is being put together there is no link yet.
  if (unit.linkTask) wake(unit.tasks, unit.linkTask);
}

/** Running out of memory cannot be caught, so room is made before a message is taken. */
function makeRoom(unit: Unit): void {
  const free = unit.ports.system.freeVariables();
  if (free !== null && free < RESERVE_VARIABLES) shed(unit.outbox);
}
