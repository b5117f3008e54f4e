/** The bracket switch tells the bay, the bay tells the control room. */
import { AedMount } from '../../protocol/codes.js';
import { AED_TYPE } from '../../protocol/generated/aed.js';
import { bracketChanged, createBay, runBay } from '../aed/bay.js';
import { Input } from '../ports/inputs.js';
import { aedReport } from '../reports.js';
import { addTask, wake } from '../time/tasks.js';
import { utcAt } from '../time/unit-clock.js';
import type { Unit } from '../unit.js';
import { send } from './news.js';

/** @rare */
export function fitBay(unit: Unit): void {
  const ports = unit.ports;
  unit.bay = createBay(
    {
      aedMount: AedMount.bracket,
      aedProfile: 0,
      padsExpireAt: null,
      batteryExpireAt: null,
      aedTag: '',
      awayAfterS: 60,
    },
    function () {
      const nowMs = ports.clock.nowMs();
      send(unit, AED_TYPE, aedReport(ports.bytes, unit.clock, nowMs, unit.bay), false);
    },
    function () {},
  );
  ports.inputs.onChange(Input.bracket, function (closed) {
    bracketChanged(unit.bay, closed);
    wake(unit.tasks, unit.bayTask);
  });
  bracketChanged(unit.bay, ports.inputs.isClosed(Input.bracket));
  unit.bayTask = addTask(unit.tasks, function (nowMs) {
    return runBay(unit.bay, nowMs, utcAt(unit.clock, nowMs));
  });
}
