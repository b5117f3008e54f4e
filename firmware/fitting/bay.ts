/** What looks at the AED tells the bay, and the bay tells the crew and the control room. */
import { Readiness } from '../../protocol/codes.js';
import { AED_TYPE } from '../../protocol/generated/aed.js';
import { bracketChanged, createBay, runBay, saveBay } from '../aed/bay.js';
import { indicatorChanged } from '../aed/indicator.js';
import { temperatureRead } from '../aed/temperature.js';
import { warnOfAed } from '../dispatch/alarm.js';
import { Input } from '../ports/inputs.js';
import { aedReport } from '../reports.js';
import { wake } from '../time/tasks.js';
import { utcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { send } from './news.js';
import { Task } from './task.js';

/** The bay is no thermometer: it warms and cools in many minutes. */
export const MEASURE_PERIOD_MS = 30000;

/** @rare */
export function fitBay(unit: Unit): void {
  unit.bay = createBay(
    unit.keeper.config,
    function () {
      tellBay(unit);
    },
    function () {
      warn(unit);
    },
  );
  lookAtBay(unit);
}

/** @rare */
export function beatBay(unit: Unit, nowMs: number): number {
  const readAtMs = unit.bay.temperature.readAtMs;
  if (readAtMs === null || nowMs - readAtMs >= MEASURE_PERIOD_MS) measure(unit, nowMs);
  return runBay(unit.bay, nowMs, utcAt(unit.clock, nowMs));
}

/**
 * As the contacts are now: at a start, and whenever a change of them may have been missed.
 * @rare
 */
export function lookAtBay(unit: Unit): void {
  const inputs = unit.ports.inputs;
  bracketChanged(unit.bay, inputs.isClosed(Input.bracket));
  // A model whose lamp tells nothing needs no sensor, and a line without one is dark for ever.
  if (unit.bay.profile.blinkMs > 0) seeIndicator(unit, inputs.isClosed(Input.indicator));
}

/** @rare */
export function seeBracket(unit: Unit, closed: boolean): void {
  bracketChanged(unit.bay, closed);
  wake(unit.tasks, Task.bay);
}

/** @rare */
export function seeIndicator(unit: Unit, lit: boolean): void {
  const bay = unit.bay;
  indicatorChanged(bay.indicator, bay.profile, lit, unit.ports.clock.nowMs());
}

/** @rare */
function measure(unit: Unit, nowMs: number): void {
  const bay = unit.bay;
  const deciC = unit.ports.sensors.temperatureDeciC();
  temperatureRead(bay.temperature, bay.profile, deciC, nowMs);
}

/**
 * At every report, so every five minutes at least.
 * @rare
 */
function tellBay(unit: Unit): void {
  const ports = unit.ports;
  const bay = unit.bay;
  const nowMs = ports.clock.nowMs();
  send(unit, AED_TYPE, aedReport(ports.bytes, unit.clock, nowMs, bay), false);
  if (bay.readiness === Readiness.fault) warn(unit);
  if (saveBay(bay) !== unit.savedBay) {
    unit.deskSaved = false;
    wake(unit.tasks, Task.desk);
  }
}

/** @rare */
function warn(unit: Unit): void {
  warnOfAed(unit.alarm, unit.ports.clock.nowMs());
  wake(unit.tasks, Task.alarm);
}
