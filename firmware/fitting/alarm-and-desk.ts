/** The desk sounds the alarm at once; flash and the control room come after. */
import { Step } from '../../protocol/codes.js';
import { OUTCOME_TYPE } from '../../protocol/generated/outcome.js';
import { RECEIPT_TYPE } from '../../protocol/generated/receipt.js';
import { DESK_RECORD, packWindow, unpackWindow } from '../../protocol/seal/window.js';
import { restoreBay, saveBay } from '../aed/bay.js';
import { endJob, offerJob, restoreCrew, saveCrew } from '../crew/crew.js';
import { LampShow, runLamps } from '../crew/lamps.js';
import {
  createAlarm,
  playOnce,
  setUrgency,
  setVolume,
  startAlarm,
  testAlarm,
} from '../dispatch/alarm.js';
import {
  createDesk,
  forgetAddresses,
  runDesk,
  urgencyOf,
  type AlertSettings,
} from '../dispatch/desk.js';
import { restoreDesk, saveDesk } from '../dispatch/keep.js';
import { Pattern } from '../dispatch/patterns.js';
import { keptState, restoreKept, saveKept } from '../link/kept.js';
import { newsReport, type News } from '../reports.js';
import { readRecord, writeRecord } from '../store/records.js';
import { REST_MS, wake } from '../time/tasks.js';
import { surelyUtcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { send, tell } from './news.js';
import { Task } from './task.js';

/** A desk that has something in hand is looked at this often. */
const LOOK_MS = 1000;

/** @rare */
export function fitAlarm(unit: Unit): void {
  unit.alarm = createAlarm(unit.ports.outputs, unit.keeper.config.volumePercent);
}

/** @rare */
export function fitDesk(unit: Unit): void {
  const clock = unit.ports.clock;
  unit.desk = createDesk(
    {
      onAlarm: function () {
        const nowMs = clock.nowMs();
        startAlarm(unit.alarm, nowMs);
        return nowMs;
      },
      onSettle: function (isWithdrawn) {
        settleAlarm(unit, clock.nowMs());
        if (isWithdrawn) play(unit, Pattern.cancel);
      },
      onChange: function () {
        unit.deskSaved = false;
        if (unit.ports.display === null) forgetAddresses(unit.desk);
      },
      onStep: function (dispatchId, step, refusal, elapsedMs) {
        tellStep(unit, dispatchId, step, refusal, elapsedMs);
      },
    },
    unit.keeper.config,
  );
  // Not in here: the callbacks keep this scope.
  /* @__NOINLINE__ */ restore(unit, clock.nowMs());
}

/** @rare */
export function beatDesk(unit: Unit, nowMs: number): number {
  runDesk(unit.desk, surelyUtcAt(unit.clock, nowMs), nowMs);
  settleAlarm(unit, nowMs);
  if (unit.news.length > 0) sendNews(unit);
  if (unit.savedKept !== 0 && keptState(unit.outbox) !== unit.savedKept) unit.deskSaved = false;
  if (!unit.deskSaved) keepDesk(unit);
  const isBlinking = runLamps(unit.lamps, lampShow(unit), nowMs);
  const isIdle = unit.desk.jobs.length === 0 && unit.savedKept === 0 && unit.deskSaved;
  return isIdle && !isBlinking ? REST_MS : LOOK_MS;
}

/** @rare */
function restore(unit: Unit, nowMs: number): void {
  const saved = readRecord(unit.records, DESK_RECORD) || '0,0|||||';
  const parts = saved.split('|');
  unpackWindow(parts[0] as string, unit.inbox.window);
  restoreCrew(unit.crew, parts[3] || '', nowMs);
  if (parts[4]) restoreBay(unit.bay, parts[4]);
  unit.savedBay = saveBay(unit.bay);
  // Any bytes, also a `|`; and who provisions the unit writes none of it (CR-069).
  if (parts.length > 5) {
    let keptAt = 0;
    for (let i = 0; i < 5; i++) keptAt += (parts[i] as string).length + 1;
    restoreKept(unit.outbox, saved.substr(keptAt));
  }
  unit.savedKept = keptState(unit.outbox);
  restoreDesk(unit.desk, parts[1] + '|' + (parts[2] || '0,0'), nowMs);
}

/**
 * A step of a dispatch, for the control room and for the crew's buttons.
 * @rare
 */
function tellStep(
  unit: Unit,
  dispatchId: number,
  step: number,
  refusal: number,
  elapsedMs: number,
): void {
  tell(unit, RECEIPT_TYPE, dispatchId, step, refusal, elapsedMs);
  if (step === Step.sounding || step === Step.resumed) offerJob(unit.crew, dispatchId);
  else if (step === Step.stoodDown || step === Step.expired) {
    endJob(unit.crew, dispatchId, unit.ports.clock.nowMs());
  }
  wake(unit.tasks, Task.crew);
}

/**
 * All that is to be told goes into the outbox.
 * @rare
 */
export function sendNews(unit: Unit): void {
  // What is sealed and written needs room in one piece; kept in order, that costs little.
  unit.ports.system.tidy();
  while (unit.news.length > 0) {
    const news = unit.news[0] as News;
    send(unit, news.type, newsReport(unit.ports.bytes, unit.clock, news), true);
    // Nobody will ask for it again: it must outlive a power cut.
    if (news.type === OUTCOME_TYPE) unit.deskSaved = false;
    // Last: abandoned before, it is sent again.
    unit.news.shift();
  }
}

/**
 * Puts what the desk knows into flash, with the replay window, the crew's jobs, what is kept of the
 * AED, and what waits to be told: one write, so that a power cut keeps all or none (SPEC CR-069,
 * CR-112). Tried again until that worked.
 * @rare
 */
export function keepDesk(unit: Unit): void {
  const bay = saveBay(unit.bay);
  // One after the other, so that there is no second copy of all.
  let saved = packWindow(unit.inbox.window) + '|';
  saved += saveDesk(unit.desk);
  saved += '|' + saveCrew(unit.crew) + '|' + bay + '|';
  saved += saveKept(unit.outbox);
  unit.deskSaved = false;
  unit.savedBay = bay;
  unit.savedKept = keptState(unit.outbox);
  unit.deskSaved = writeRecord(unit.records, DESK_RECORD, saved);
}

/**
 * The desk tells the alarm at once; called again, this mends what was abandoned half-way.
 * @rare
 */
function settleAlarm(unit: Unit, nowMs: number): void {
  const urgency = urgencyOf(unit.desk);
  if (urgency === unit.alarm.urgency) return;
  setUrgency(unit.alarm, urgency, nowMs);
  wake(unit.tasks, Task.alarm);
}

function lampShow(unit: Unit): number {
  const alarm = unit.alarm;
  if (alarm.isTest) return LampShow.test;
  return alarm.code === Pattern.locate ? LampShow.locate : LampShow.none;
}

/**
 * Plays a Pattern once, unless something comes before it; true if it plays.
 * @rare
 */
export function play(unit: Unit, code: number): boolean {
  const isPlaying = playOnce(unit.alarm, code, unit.ports.clock.nowMs());
  if (isPlaying) {
    wake(unit.tasks, Task.alarm);
    wake(unit.tasks, Task.desk);
  }
  return isPlaying;
}

/**
 * Plays each pattern once, with all lamps lit; false while a dispatch waits for an answer.
 * @rare
 */
export function selfTest(unit: Unit): boolean {
  const isPlaying = testAlarm(unit.alarm, unit.ports.clock.nowMs());
  if (isPlaying) {
    wake(unit.tasks, Task.alarm);
    wake(unit.tasks, Task.desk);
  }
  return isPlaying;
}

/**
 * From now on the crew is called like this.
 * @rare
 */
export function setAlert(unit: Unit, settings: AlertSettings): void {
  unit.desk.settings = settings;
  setVolume(unit.alarm, settings.volumePercent);
}
