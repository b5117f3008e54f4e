/**
 * The units of a city, as its control room meets them: alerts go down, reports and steps come up.
 * Two kinds stand behind it: quick models (`scripted-units.ts`), and the real bundle in each
 * (`fleet-units.ts`).
 */
import type { Effect, Input, Place } from '../control-room/events.js';
import type { RosterUnit } from '../schemes/roster.js';
import type { Scheme } from '../schemes/schema.js';
import type { WorldClock } from '../world/clock.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import type { CityCall } from './calls.js';
import type { Travel } from './travel.js';

export type AlertEffect = Extract<Effect, { do: 'alert' }>;
export type UnitInput = Extract<Input, { do: 'unit' | 'step' }>;

export interface Units {
  /** A call will come near, which the world knows and nobody in it: time to be switched on. */
  expect(near: Place): void;
  /** A call comes near: what units there have to say of themselves is wanted, as far as it changed. */
  attend(near: Place): void;
  alert(effect: AlertEffect): void;
  standDown(unit: string, alertId: number, reason: string): void;
  onInput(listener: (input: UnitInput) => void): void;
  close(): Promise<void>;
}

/** What units are made from. */
export interface UnitWorld {
  readonly scheme: Scheme;
  readonly roster: readonly RosterUnit[];
  readonly assumptions: Assumptions;
  readonly travel: Travel;
  readonly clock: WorldClock;
  readonly random: Random;
  /** What is true of a call that the control room has. */
  truthOf(callId: string): CityCall;
}
