/** The desk sounds the alarm at once; flash and the control room come after. */
import { RECEIPT_TYPE } from '../../protocol/generated/receipt.js';
import { DESK_RECORD, packWindow, unpackWindow } from '../../protocol/seal/window.js';
import { createAlarm, runAlarm, startAlarm, stopAlarm } from '../dispatch/alarm.js';
import { countSounding, createDesk, expireJobs, restoreDesk, saveDesk } from '../dispatch/desk.js';
import { DISPATCH_PATTERN } from '../dispatch/patterns.js';
import { newsReport, type News } from '../reports.js';
import { readRecord, writeRecord } from '../store/records.js';
import { addTask } from '../time/tasks.js';
import { surelyUtcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { send, tell } from './news.js';

/**
 * The alarm comes first in the table of tasks: nothing else may delay it.
 * @rare
 */
export function fitAlarm(unit: Unit): void {
  unit.alarm = createAlarm(unit.ports.outputs, DISPATCH_PATTERN);
  unit.alarmTask = addTask(unit.tasks, function (nowMs) {
    return runAlarm(unit.alarm, nowMs);
  });
}

/** @rare */
export function fitDesk(unit: Unit): void {
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
  const saved = (readRecord(unit.records, DESK_RECORD) || '0,0|').split('|');
  unpackWindow(saved[0] as string, unit.inbox.window);
  restoreDesk(unit.desk, saved[1] as string, clock.nowMs());
  unit.deskTask = addTask(unit.tasks, function (nowMs) {
    expireJobs(unit.desk, surelyUtcAt(unit.clock, nowMs), nowMs);
    if (!unit.deskSaved) keepDesk(unit);
    settleAlarm(unit, nowMs);
    while (unit.news.length > 0) sendNews(unit, unit.news.shift() as News);
    return 1000;
  });
}

/** @rare */
function sendNews(unit: Unit, news: News): void {
  send(unit, news.type, newsReport(unit.ports.bytes, unit.clock, news), true);
}

/**
 * Puts what the desk knows into flash, and the replay window with it: one write, so that a power
 * cut keeps both or neither (SPEC CR-112). Tried again until that worked.
 * @rare
 */
export function keepDesk(unit: Unit): void {
  const saved = packWindow(unit.inbox.window) + '|' + saveDesk(unit.desk);
  unit.deskSaved = false;
  unit.deskSaved = writeRecord(unit.records, DESK_RECORD, saved);
}

/** The desk tells the alarm at once; this mends what was abandoned half-way. */
function settleAlarm(unit: Unit, nowMs: number): void {
  if (countSounding(unit.desk) > 0) startAlarm(unit.alarm, nowMs);
  else if (unit.alarm.on) stopAlarm(unit.alarm);
}
