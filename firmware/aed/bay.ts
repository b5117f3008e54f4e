/**
 * The AED's bay with one bracket switch. It can say whether the AED is there; whether it is ready
 * nobody has seen, and unknown is never ready.
 */
import { AedReason, Presence, Readiness } from '../../protocol/codes.js';

/** The state is reported on every change, and this often without one. */
export const BAY_REPORT_MS = 300000;

export interface Bay {
  presence: number;
  readonly onReport: () => void;
  reportAtMs: number;
}

export function createBay(onReport: () => void): Bay {
  return { presence: Presence.unknown, onReport: onReport, reportAtMs: 0 };
}

/**
 * The switch, debounced: closed while the AED is seated. A cut wire reads as absent.
 * @rare
 */
export function bracketChanged(bay: Bay, closed: boolean): void {
  const presence = closed ? Presence.present : Presence.absent;
  if (presence === bay.presence) return;
  bay.presence = presence;
  bay.onReport();
}

/** Reports what is due; gives the milliseconds until the next. */
export function runBay(bay: Bay, nowMs: number): number {
  if (nowMs >= bay.reportAtMs) {
    bay.reportAtMs = nowMs + BAY_REPORT_MS;
    bay.onReport();
  }
  return bay.reportAtMs - nowMs;
}

export function bayReadiness(): number {
  return Readiness.unknown;
}

/**
 * Set of AedReason bits.
 * @rare
 */
export function bayReasons(bay: Bay): number {
  return AedReason.notSensed | (bay.presence === Presence.unknown ? AedReason.sensorStale : 0);
}
