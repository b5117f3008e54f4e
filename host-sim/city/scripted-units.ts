/**
 * Units that are models: they sound after the usual time, their crews do what `crews.ts` says, and
 * they report of themselves when a call comes near, as their last routine report would have. For
 * long ranges, and for tests. Rule: no radio, no broker and no bundle is in this: nothing that those
 * can lose is lost here.
 */
import type { AlertStep, Place } from '../control-room/events.js';
import type { Random } from '../world/random.js';
import type { CityCall } from './calls.js';
import { answerOf, journeyOf, ON_SCENE_M, type Journey } from './crews.js';
import { personS } from './draws.js';
import { straightLineM } from './travel.js';
import { UnitModels, type UnitModel } from './unit-models.js';
import type { AlertEffect, UnitInput, Units, UnitWorld } from './units.js';

interface Job {
  readonly alertId: number;
  /** Over: what was planned for later no longer happens. */
  over: boolean;
  hasArrived: boolean;
}

export class ScriptedUnits implements Units {
  readonly #models: UnitModels;
  readonly #jobs = new Map<string, Job>();
  #listener: (input: UnitInput) => void = () => {};

  constructor(private readonly world: UnitWorld) {
    this.#models = new UnitModels(world);
  }

  onInput(listener: (input: UnitInput) => void): void {
    this.#listener = listener;
  }

  /** A model needs no time to wake. */
  expect(): void {}

  async close(): Promise<void> {}

  attend(near: Place): void {
    const atMs = this.world.clock.nowMs();
    for (const model of this.#models.near(near, atMs)) {
      for (const report of model.reportsAt(atMs)) {
        this.#listener({ do: 'unit', unit: model.unit.id, report });
      }
    }
  }

  alert({ unit, alertId, call }: AlertEffect): void {
    const model = this.#models.get(unit);
    const { assumptions, random, clock } = this.world;
    const own = random.fork(`${call.callId}-${unit}`);
    const job: Job = { alertId, over: false, hasArrived: false };
    this.#jobs.set(unit, job);
    this.#say(job, 'sent');
    const soundS = personS(assumptions.units.alertToSoundS.value, own);
    this.#later(job, clock.nowMs() + Math.round(soundS * 1000), () => {
      this.#say(job, 'verified');
      this.#say(job, 'sounding');
      const answer = answerOf(clock.nowMs(), assumptions, own);
      if (answer.what === 'none') return;
      this.#later(job, answer.atMs, () => {
        this.#say(job, 'acknowledged');
        if (answer.what === 'accept')
          this.#accept(model, job, this.world.truthOf(call.callId), own);
        else this.#end(model, job, 'declined');
      });
    });
  }

  /** Whoever has arrived stays: a stand-down is for those who still drive. */
  standDown(unit: string, alertId: number): void {
    const job = this.#jobs.get(unit);
    if (!job || job.alertId !== alertId || job.over || job.hasArrived) return;
    this.#end(this.#models.get(unit), job, 'stoodDown');
  }

  #accept(model: UnitModel, job: Job, truth: CityCall, own: Random): void {
    const { assumptions, travel, clock } = this.world;
    this.#say(job, 'accepted');
    const nowMs = clock.nowMs();
    const { place } = model.movement.at(nowMs);
    const isThere = straightLineM(place, truth.place) <= ON_SCENE_M;
    const journey = journeyOf(nowMs, place, model.waits, isThere, truth, assumptions, travel, own);
    model.movement.goTo(truth.place, journey.departAtMs, journey.sceneAtMs);
    if (isThere) this.#say(job, 'alreadyOnScene');
    else this.#later(job, journey.departAtMs, () => this.#say(job, 'enRoute'));
    this.#later(job, journey.sceneAtMs, () => this.#arrive(model, job, truth, journey));
  }

  #arrive(model: UnitModel, job: Job, truth: CityCall, journey: Journey): void {
    job.hasArrived = true;
    this.#say(job, 'onScene');
    const { aedReady } = model.duty.at(journey.sceneAtMs);
    if (aedReady) this.#say(job, 'aedTaken');
    const { aedUsedAtMs, patientAtMs, handedOverAtMs, clearAtMs } = journey;
    if (aedReady && aedUsedAtMs !== null) {
      this.#later(job, aedUsedAtMs, () => this.#say(job, 'aedUsed'));
    } else if (truth.finding !== 'arrest') {
      this.#later(job, patientAtMs, () => this.#say(job, 'notAnArrest'));
    }
    this.#later(job, handedOverAtMs, () => this.#say(job, 'handedOver'));
    this.#later(job, clearAtMs, () => this.#end(model, job, 'clear'));
  }

  #end(model: UnitModel, job: Job, step: AlertStep): void {
    this.#say(job, step);
    job.over = true;
    model.movement.release(this.world.clock.nowMs());
  }

  #later(job: Job, atMs: number, act: () => void): void {
    const { clock } = this.world;
    clock.after(atMs - clock.nowMs(), () => {
      if (!job.over) act();
    });
  }

  #say({ alertId }: Job, step: AlertStep): void {
    const stepAtMs = this.world.clock.nowMs();
    this.#listener({ do: 'step', alertId, step, reason: '', stepAtMs });
  }
}
