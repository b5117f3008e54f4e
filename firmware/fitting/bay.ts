/** The bracket switch tells the bay, the bay tells the control room. */
import { AED_TYPE } from '../../protocol/generated/aed.js';
import { bracketChanged, createBay, runBay } from '../aed/bay.js';
import { Input } from '../ports/inputs.js';
import { aedReport } from '../reports.js';
import { addTask } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { send } from './news.js';

/** @rare */
export function fitBay(unit: Unit): void {
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
