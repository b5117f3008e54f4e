/** What is known and what can be chosen, each second, where there is a display for it. */
import { lines, LinkState, type Facts } from '../crew/display.js';
import { findJob } from '../dispatch/job.js';
import { isOnDuty } from '../link/control.js';
import { Phase } from '../link/session.js';
import { bearingDeg, metresApart } from '../position/distance.js';
import type { Unit } from '../unit.js';

export const DISPLAY_PERIOD_MS = 1000;

/** @rare */
export function show(unit: Unit, nowMs: number): void {
  const display = unit.ports.display;
  if (display !== null) display.show(lines(unit.crew, factsOf(unit, nowMs)));
}

/** @rare */
function factsOf(unit: Unit, nowMs: number): Facts {
  const job = findJob(unit.desk.jobs, unit.crew.jobId);
  const fix = unit.tracker.hasFix ? unit.tracker.fix : null;
  const facts = {
    callSign: unit.settings.callSign,
    link: linkState(unit, nowMs),
    presence: unit.bay.presence,
    readiness: unit.bay.readiness,
    address: job === null ? '' : job.address,
    distanceM: null as number | null,
    bearingDeg: null as number | null,
    ageS: job === null ? null : (nowMs - job.arrivedMs) / 1000,
  };
  if (fix === null || job === null || job.latitudeE7 === null || job.longitudeE7 === null) {
    return facts;
  }
  const latitudeE7 = fix.latitudeE7;
  const longitudeE7 = fix.longitudeE7;
  facts.distanceM = metresApart(latitudeE7, longitudeE7, job.latitudeE7, job.longitudeE7);
  facts.bearingDeg = bearingDeg(latitudeE7, longitudeE7, job.latitudeE7, job.longitudeE7);
  return facts;
}

/** @rare */
function linkState(unit: Unit, nowMs: number): number {
  if (unit.session.phase !== Phase.open) return LinkState.none;
  return isOnDuty(unit.control, nowMs) ? LinkState.onDuty : LinkState.controlAway;
}
