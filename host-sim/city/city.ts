/**
 * A city under a scheme: calls come, the control room decides by its rules, units answer, ambulances
 * arrive whatever else happens, incidents close. Rule: the city only brings things about in time;
 * what it lets happen is drawn in the files beside this one, and what is decided, in
 * `control-room/`.
 */
import type { Coordinator, Input, Line } from '../control-room/events.js';
import type { RosterUnit } from '../schemes/roster.js';
import type { Scheme } from '../schemes/schema.js';
import { SimulatedClock, type Timer } from '../world/clock.js';
import { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import { drawCalls, type CityCall } from './calls.js';
import { personS } from './draws.js';
import { drawGateChanges } from './gates.js';
import { bestParameters, createSurvival, type Help, type SurvivalModel } from './survival.js';
import { createTravel } from './travel.js';
import { drawTrainings, respondersOf } from './training.js';
import type { Units, UnitWorld } from './units.js';
import { Volunteers } from './volunteers.js';

export interface CityOptions {
  readonly scheme: Scheme;
  readonly roster: readonly RosterUnit[];
  readonly assumptions: Assumptions;
  readonly fromMs: number;
  readonly toMs: number;
  readonly seed: number;
  readonly coordinator: Coordinator;
  createUnits(world: UnitWorld): Units | Promise<Units>;
  /** Every line of the ledger, in its order. */
  onLine(line: Line): void;
  /** The world's time, at least every simulated hour. */
  onTime?(atMs: number): void;
}

export interface CityRun {
  readonly calls: readonly CityCall[];
  /** Until the last incident was closed. */
  readonly endedAtMs: number;
}

const HOUR_MS = 3_600_000;
/** What the world needs to switch units on before a call that it alone knows of. */
const EXPECTED_BEFORE_MS = 3 * 60_000;
/** The control room's partner speaks for itself alone (L9). */
const PARTNER = { role: 'partner', by: 'duty officer' } as const;

export async function runCity(options: CityOptions): Promise<CityRun> {
  const city = new City(options);
  await city.prepare();
  return await city.run();
}

class City {
  readonly #clock: SimulatedClock;
  readonly #random: Random;
  readonly #calls: readonly CityCall[];
  readonly #truths: Map<string, CityCall>;
  readonly #survival: SurvivalModel | null;
  #units!: Units;
  #volunteers!: Volunteers;
  /** Calls for which a unit may still be wanted. */
  readonly #open = new Map<string, CityCall>();
  /** When a unit's AED was at the patient, by call; of alerts, their call. */
  readonly #aedAtMs = new Map<string, number>();
  readonly #callOfAlert = new Map<number, string>();
  /** Inputs that came while another was being taken: the ledger's lines stay in order. */
  readonly #waiting: Input[] = [];
  #taking = false;
  #due: Timer | null = null;

  constructor(private readonly options: CityOptions) {
    const { scheme, assumptions, fromMs, toMs, seed } = options;
    this.#clock = new SimulatedClock(fromMs, 'each-instant');
    this.#random = new Random(seed);
    const calls = drawCalls(scheme.areas, fromMs, toMs, assumptions, this.#random.fork('calls'));
    this.#calls = calls;
    this.#truths = new Map(calls.map((call) => [call.callId, call]));
    const patients = calls.filter(({ finding }) => finding === 'arrest').map((c) => this.#help(c));
    this.#survival =
      patients.length > 0 ? createSurvival(bestParameters(assumptions), patients) : null;
  }

  /** Everything that happens whatever is decided. */
  async prepare(): Promise<void> {
    await this.#prepareUnits();
    this.#prepareTrainings();
    this.#prepareGates();
    for (const call of this.#calls) this.#prepareCall(call);
  }

  async #prepareUnits(): Promise<void> {
    const { scheme, roster, assumptions } = this.options;
    const world = {
      ...{ scheme, roster, assumptions, clock: this.#clock },
      truthOf: (callId: string) => this.#truths.get(callId) as CityCall,
    };
    this.#units = await this.options.createUnits({
      ...world,
      random: this.#random.fork('units'),
      travel: createTravel(assumptions),
    });
    this.#units.onInput((input) => {
      if (input.do === 'step' && input.step === 'aedTaken') this.#noteAed(input.alertId);
      this.#take(input);
    });
    this.#volunteers = new Volunteers({
      ...world,
      random: this.#random.fork('volunteers'),
      onInput: (input) => this.#take(input),
    });
  }

  #prepareTrainings(): void {
    const { scheme, roster, assumptions, fromMs, toMs } = this.options;
    const people = [...respondersOf(scheme, roster).values()].flat();
    const random = this.#random.fork('training');
    const trainings = drawTrainings(scheme, people, fromMs, toMs, assumptions, random);
    for (const { atMs, input } of trainings) this.#at(atMs, () => this.#take(input));
  }

  #prepareGates(): void {
    const { scheme, assumptions, fromMs, toMs } = this.options;
    const random = this.#random.fork('gates');
    const changes = drawGateChanges(scheme.areas, fromMs, toMs, assumptions, random);
    for (const { atMs, area, open } of changes) {
      const reason = open ? 'capacity restored' : 'no capacity';
      const partner = scheme.partner.id;
      this.#at(atMs, () => this.#take({ do: 'capacity', partner, area, open, reason, ...PARTNER }));
    }
  }

  async run(): Promise<CityRun> {
    const { toMs, onTime } = this.options;
    while (this.#clock.nowMs() < toMs || this.#open.size > 0) {
      await this.#clock.runUntil(this.#clock.nowMs() + HOUR_MS);
      onTime?.(this.#clock.nowMs());
    }
    await this.#units.close();
    return { calls: this.#calls, endedAtMs: this.#clock.nowMs() };
  }

  #prepareCall(call: CityCall): void {
    const { scheme, assumptions } = this.options;
    const own = this.#random.fork(`scene-${call.callId}`);
    const reference = `${call.callId}-A`;
    const closeAtMs =
      call.ambulanceAtMs + Math.round(personS(assumptions.crews.sceneToCloseS.value, own) * 1000);
    const area = scheme.areas.find(({ id }) => id === call.areaId);
    this.#at(call.codedAtMs - EXPECTED_BEFORE_MS, () => this.#units.expect(call.place));
    this.#at(call.codedAtMs, () => {
      this.#open.set(call.callId, call);
      this.#attend(call);
      const { callId, place, determinant, text, ambulanceAtMs, codedAtMs } = call;
      const ambulanceEtaS = Math.round((ambulanceAtMs - codedAtMs) / 1000);
      const address = `${area?.name ?? ''}, incident ${callId}`;
      const told = { callId, place, address, determinant, text, ambulanceEtaS };
      this.#take({ do: 'call', call: { ...told, ambulanceReference: reference } });
    });
    this.#at(call.ambulanceAtMs, () => {
      this.#take({ do: 'ambulance', reference, what: 'onScene' });
    });
    this.#at(closeAtMs, () => {
      this.#open.delete(call.callId);
      this.#take({ do: 'ambulance', reference, what: 'clear' });
      this.#take({ do: 'closeIncident', incident: call.callId, ...this.#outcome(call, own) });
    });
  }

  /** A pulse at hospital, by a draw that is the call's own: units change the odds, not the die. */
  #outcome(call: CityCall, own: Random) {
    const die = own.fork('pulse').unit();
    const { pulseAtHospitalPerSurvivor } = this.options.assumptions.survival;
    const survival = call.finding === 'arrest' ? (this.#survival?.(this.#help(call)) ?? 0) : 0;
    const hasPulse = die < survival * pulseAtHospitalPerSurvivor.value;
    return { patients: 1, resuscitatedAndTransported: hasPulse ? 1 : 0 };
  }

  #help({ callId, bystanderCpr, pickedUpAtMs, ambulanceAtMs }: CityCall): Help {
    const toPatientS = this.options.assumptions.crews.vehicleToPatientS.value;
    const fromCallS = (atMs: number) => (atMs - pickedUpAtMs) / 1000 + toPatientS;
    const aedAtMs = this.#aedAtMs.get(callId);
    return {
      bystanderCpr,
      ambulanceAtPatientS: fromCallS(ambulanceAtMs),
      unitAtPatientS: aedAtMs === undefined ? null : fromCallS(aedAtMs),
    };
  }

  /** The first AED that a crew takes out of its vehicle at the scene. */
  #noteAed(alertId: number): void {
    const callId = this.#callOfAlert.get(alertId);
    if (callId !== undefined && !this.#aedAtMs.has(callId)) {
      this.#aedAtMs.set(callId, this.#clock.nowMs());
    }
  }

  #take(input: Input): void {
    this.#waiting.push(input);
    if (this.#taking) return;
    this.#taking = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) this.#takeOne(next);
    this.#taking = false;
    this.#rearm();
  }

  #takeOne(input: Input): void {
    const { coordinator, onLine } = this.options;
    const lines = coordinator.take(input, this.#clock.nowMs());
    for (const line of lines) onLine(line);
    for (const line of lines) {
      for (const effect of coordinator.effects(line)) {
        if (effect.do === 'alert') {
          this.#callOfAlert.set(effect.alertId, effect.call.callId);
          this.#units.alert(effect);
        } else if (effect.do === 'standDown') {
          this.#units.standDown(line.unit as string, effect.alertId, effect.reason);
        } else if (effect.do === 'alertVolunteer') this.#volunteers.alert(effect);
      }
    }
  }

  /** One timer, for what is due next. */
  #rearm(): void {
    const dueMs = this.options.coordinator.nextDueMs();
    if (this.#due?.atMs === dueMs) return;
    if (this.#due) this.#clock.cancel(this.#due);
    this.#due = null;
    if (dueMs === null) return;
    this.#due = this.#clock.after(dueMs - this.#clock.nowMs(), () => {
      this.#due = null;
      for (const call of this.#open.values()) {
        if (this.#clock.nowMs() < call.ambulanceAtMs) this.#attend(call);
      }
      this.#take({ do: 'time' });
    });
  }

  /** Those near a call have told how they are. */
  #attend({ place }: CityCall): void {
    this.#units.attend(place);
    this.#volunteers.attend(place);
  }

  #at(atMs: number, act: () => void): void {
    this.#clock.after(atMs - this.#clock.nowMs(), act);
  }
}
