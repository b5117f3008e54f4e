/**
 * The units of a city, as its control room meets them: alerts go down, reports and steps come up.
 * Two kinds stand behind it: quick models (`scripted-units.ts`), and the real bundle in each
 * (`fleet-units.ts`).
 */
import type { AlertStep, Call, Place, UnitReport } from '../control-room/events.js';

export interface UnitStep {
  readonly alertId: number;
  readonly step: AlertStep;
  readonly reason: string;
  readonly stepAtMs: number;
}

export interface Units {
  /** A call comes near: what units there have to say of themselves is wanted, as far as it changed. */
  attend(near: Place): void;
  alert(unit: string, alertId: number, call: Call): void;
  standDown(unit: string, alertId: number): void;
  onReport(listener: (unit: string, report: UnitReport) => void): void;
  onStep(listener: (step: UnitStep) => void): void;
}
