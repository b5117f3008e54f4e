/** A bay with its own time, run as the unit runs it. */
import * as assert from 'uvu/assert';
import {
  bracketChanged,
  createBay,
  runBay,
  saveBay,
  restoreBay,
  type Bay,
  type BayConfig,
} from '../../../firmware/aed/bay.js';
import { indicatorChanged } from '../../../firmware/aed/indicator.js';
import { temperatureRead } from '../../../firmware/aed/temperature.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { AedMount, AedReason, Presence, Readiness } from '../../../protocol/codes.js';
import { nameOf } from '../../../protocol/host/index.js';

/** A model whose lamp blinks: 0 to 50 °C. */
export const BLINKS = 2;
/** A model with a symbol. */
export const SYMBOL = 4;

export const CONFIG: BayConfig = {
  aedMount: AedMount.bracket,
  aedProfile: BLINKS,
  padsExpireAt: null,
  batteryExpireAt: null,
  aedTag: '',
  awayAfterS: 60,
};

export const KIT = { aedMount: AedMount.kit };

export function namesOf(reasons: number): string {
  const names = Object.entries(AedReason).filter(([, bit]) => (reasons & bit) !== 0);
  return names.map(([name]) => name).join('+');
}

export interface BayRig {
  readonly bay: Bay;
  readonly config: BayConfig;
  nowMs: number;
  utcMs: number | null;
  /** What was told, with the time. */
  readonly reports: string[];
  readonly alarms: number[];
  /** Runs it now, as after an event. */
  run(): void;
  /** Lets time pass, with its runs. */
  wait(ms: number): void;
  light(lit: boolean): void;
  /** Flashes of the lamp, and the time between. */
  blink(times: number, periodMs?: number): void;
  read(deciC: number | null): void;
  /** Presence, readiness and reasons, as text. */
  state(): string;
  takeReports(): string[];
  /** The same unit after its power was cut. */
  restart(): BayRig;
}

export function bayRig(
  change: Partial<BayConfig> = {},
  startMs = 1000,
  utcMs: number | null = null,
): BayRig {
  const config = { ...CONFIG, ...change };
  const reports: string[] = [];
  const alarms: number[] = [];
  let dueMs = startMs;
  const state = (): string => {
    const { presence, readiness, reasons } = rig.bay;
    const names = `${nameOf(Presence, presence)} ${nameOf(Readiness, readiness)}`;
    return `${names} ${namesOf(reasons)}`.trim();
  };
  const rig: BayRig = {
    bay: createBay(
      config,
      () => reports.push(`${rig.nowMs} ${state()}`),
      () => alarms.push(rig.nowMs),
    ),
    config,
    nowMs: startMs,
    utcMs,
    reports,
    alarms,
    run() {
      const delayMs = runBay(rig.bay, rig.nowMs, rig.utcMs);
      if (!(delayMs > 0 && delayMs <= REST_MS)) throw new Error(`next in ${delayMs} ms`);
      dueMs = rig.nowMs + delayMs;
    },
    wait(ms) {
      const untilMs = rig.nowMs + ms;
      while (dueMs <= untilMs) {
        const passedMs = Math.max(dueMs - rig.nowMs, 0);
        if (rig.utcMs !== null) rig.utcMs += passedMs;
        rig.nowMs += passedMs;
        rig.run();
      }
      if (rig.utcMs !== null) rig.utcMs += untilMs - rig.nowMs;
      rig.nowMs = untilMs;
    },
    light(lit) {
      indicatorChanged(rig.bay.indicator, rig.bay.profile, lit, rig.nowMs);
    },
    blink(times, periodMs = 5000) {
      for (let i = 0; i < times; i++) {
        rig.light(true);
        rig.wait(100);
        rig.light(false);
        rig.wait(periodMs - 100);
      }
    },
    read(deciC) {
      temperatureRead(rig.bay.temperature, rig.bay.profile, deciC, rig.nowMs);
    },
    state,
    takeReports() {
      return reports.splice(0);
    },
    restart() {
      const next = bayRig(rig.bay.config, 500, null);
      restoreBay(next.bay, saveBay(rig.bay));
      return next;
    },
  };
  return rig;
}

/** Seated, and its lamp seen to blink. */
export function readyRig(change: Partial<BayConfig> = {}, utcMs: number | null = null): BayRig {
  const rig = bayRig(change, 1000, utcMs);
  bracketChanged(rig.bay, true);
  rig.run();
  rig.blink(4);
  assert.is(rig.state(), 'present ready');
  rig.takeReports();
  return rig;
}

/** Tells what the switch says, and runs. */
export function put(rig: BayRig, closed: boolean): void {
  bracketChanged(rig.bay, closed);
  rig.run();
}
