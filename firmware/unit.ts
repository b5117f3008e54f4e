/**
 * The unit: what it is made of, and how its parts are joined. Every decision is in the part that
 * it belongs to; here is only who tells whom.
 */
import { Answer, ClockQuality, DeclineReason, Presence, Refusal } from '../protocol/codes.js';
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
import { takeMessage, type Inbox } from './link/inbox.js';
import { linkClosed, linkOpened, runLink, type Link } from './link/link.js';
import { createOutbox, post, shed, type Outbox } from './link/outbox.js';
import {
  KEEP_ALIVE_S,
  Phase,
  acknowledge,
  createSession,
  flush,
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
  receiptReport,
  responseReport,
  type Counts,
} from './reports.js';
import { readRecord, writeRecord, type Records } from './store/records.js';
import { addTask, createTasks, startTasks, wake, type Task, type Tasks } from './time/tasks.js';
import { createUnitClock, learnTime, qualityAt, utcAt, type UnitClock } from './time/unit-clock.js';

/** The watchdog's patience: longer than a connect that blocks until TCP gives up. */
export const WATCHDOG_S = 120;
export const HEALTH_PERIOD_MS = 300000;
/** Below this the unit lets go of what it can spare before it takes a message. */
export const RESERVE_VARIABLES = 250;

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
  /** False while the desk has changed and flash does not know it. */
  deskSaved: boolean;
  bay: Bay;
  receiver: Receiver;
  tracker: Tracker;
  trackerTask: Task;
  inbox: Inbox;
  session: Session;
  link: Link;
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
  const ports = unit.ports;
  unit.desk = createDesk({
    onAlarm: function () {
      startAlarm(unit.alarm, ports.clock.nowMs());
      wake(unit.tasks, unit.alarmTask);
    },
    onQuiet: function () {
      stopAlarm(unit.alarm);
    },
    onChange: function () {
      keepDesk(unit);
    },
    onStep: function (dispatchId, step, refusal, elapsedMs) {
      const nowMs = ports.clock.nowMs();
      const report = receiptReport(
        ports.bytes,
        unit.clock,
        nowMs,
        dispatchId,
        step,
        refusal,
        elapsedMs,
      );
      send(unit, RECEIPT_TYPE, report, true);
    },
  });
  restoreDesk(unit.desk, readRecord(unit.records, DESK_RECORD), ports.clock.nowMs());
  addTask(unit.tasks, function (nowMs) {
    expireJobs(unit.desk, utcAt(unit.clock, nowMs), nowMs);
    if (!unit.deskSaved) keepDesk(unit);
    settleAlarm(unit, nowMs);
    return 1000;
  });
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
  const report = responseReport(
    unit.ports.bytes,
    unit.clock,
    nowMs,
    job.dispatchId,
    answerCode,
    reason,
    nowMs - job.arrivedMs,
  );
  send(unit, RESPONSE_TYPE, report, true);
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
  addTask(unit.tasks, function (nowMs) {
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
  const clock = unit.ports.clock;
  unit.inbox = {
    bytes: unit.ports.bytes,
    sealer: unsealed,
    downTopic: downTopic(unit.settings.unitId),
    controlTopic: controlTopic(),
    onDispatch: function (dispatch) {
      const nowMs = clock.nowMs();
      takeDispatch(unit.desk, dispatch, utcAt(unit.clock, nowMs), nowMs);
    },
    onStandDown: function (standDown) {
      takeStandDown(unit.desk, standDown.dispatchId, clock.nowMs());
    },
    onHello: function (hello) {
      learnTime(unit.clock, hello.issuedAt, ClockQuality.network, clock.nowMs());
    },
    onControlState: function (hello) {
      controlState(unit.control, hello);
    },
  };
}

function fitLink(unit: Unit): void {
  const ports = unit.ports;
  const settings = unit.settings;
  let birthCounter = 0;
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
        const nowMs = ports.clock.nowMs();
        publishRetained(
          unit.session,
          stateTopic(settings.unitId),
          birthReport(ports.bytes, unit.clock, nowMs, settings, birthCounter, unit.board.name),
        );
        unit.bay.onReport();
      },
      onMessage: function (topic, payload, packetId) {
        makeRoom(unit);
        const isRefused = takeMessage(unit.inbox, topic, payload) !== Refusal.none;
        if (isRefused) unit.counts.refused++;
        // Only now, when it sounds and is in flash, may the broker forget it.
        if (packetId !== 0 && (isRefused || unit.deskSaved)) acknowledge(unit.session, packetId);
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
      birthCounter = nextBirth(unit.epoch);
      const death = encodeDeath({ birthCounter: birthCounter }, ports.bytes);
      const willTopic = stateTopic(settings.unitId);
      return {
        clientId: settings.unitId,
        user: settings.user,
        password: settings.password,
        keepAliveS: KEEP_ALIVE_S,
        willTopic: willTopic,
        willPayload: unit.session.events.wrapPayload(willTopic, death),
      };
    },
  };
  addTask(unit.tasks, function (nowMs) {
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

/** Puts a message of the unit into its outbox, and sends it if the link is open. */
function send(unit: Unit, type: number, body: string, keep: boolean): void {
  // An empty body is a message with a field outside its limits.
  if (body === '') unit.outbox.dropped++;
  else post(unit.outbox, type, body, keep);
  // While the unit is being put together there is no session yet.
  if (unit.session) flush(unit.session);
}

/** Running out of memory cannot be caught, so room is made before a message is taken. */
function makeRoom(unit: Unit): void {
  const free = unit.ports.system.freeVariables();
  if (free !== null && free < RESERVE_VARIABLES) shed(unit.outbox);
}
