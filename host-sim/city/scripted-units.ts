/**
 * Units that are models: they sound after the usual time, their crews do what `crews.ts` says, and
 * they report of themselves when a call comes near, as their last routine report would have. For
 * long ranges, and for tests. Rule: no broker and no bundle is in this, and of the radio only whether a
 * vehicle has a link: what is sent meanwhile comes when it is back, in its order and with its own time.
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
  readonly model: UnitModel;
  /** Over: what was planned for later no longer happens. */
  over: boolean;
  hasArrived: boolean;
}

/** How often a vehicle without a link tries again, and how often one on its way is looked at. */
const TRY_MS = 5000;
const WATCH_MS = 15_000;

export class ScriptedUnits implements Units {
  readonly #models: UnitModels;
  readonly #jobs = new Map<string, Job>();
  /** What waits for a vehicle's link, either way, in its order. */
  readonly #waiting = new Map<UnitModel, (() => void)[]>();
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
    for (const model of this.#models.near(near, this.world.clock.nowMs())) this.#report(model);
  }

  alert({ unit, alertId, call, expiresAtMs }: AlertEffect): void {
    const model = this.#models.get(unit);
    const { assumptions, random, clock } = this.world;
    const own = random.fork(`${call.callId}-${unit}`);
    const job: Job = { alertId, model, over: false, hasArrived: false };
    this.#jobs.set(unit, job);
    this.#tell(job, 'sent');
    const soundMs = Math.round(personS(assumptions.units.alertToSoundS.value, own) * 1000);
    this.#whenUp(model, () => {
      this.#later(job, clock.nowMs() + soundMs, () => {
        // A late one never sounds as new.
        if (clock.nowMs() < expiresAtMs) this.#sound(job, this.world.truthOf(call.callId), own);
      });
    });
  }

  /** Whoever has arrived stays: a stand-down is for those who still drive. */
  standDown(unit: string, alertId: number): void {
    const job = this.#jobs.get(unit);
    if (job?.alertId !== alertId) return;
    this.#whenUp(job.model, () => {
      if (!job.over && !job.hasArrived) this.#end(job, 'stoodDown');
    });
  }

  #sound(job: Job, truth: CityCall, own: Random): void {
    const { assumptions, clock } = this.world;
    this.#say(job, 'verified');
    this.#say(job, 'sounding');
    const answer = answerOf(clock.nowMs(), assumptions, own);
    if (answer.what === 'none') return;
    this.#later(job, answer.atMs, () => {
      this.#say(job, 'acknowledged');
      if (answer.what === 'accept') this.#accept(job, truth, own);
      else this.#end(job, 'declined');
    });
  }

  #accept(job: Job, truth: CityCall, own: Random): void {
    const { assumptions, travel, clock } = this.world;
    const { model } = job;
    this.#say(job, 'accepted');
    const nowMs = clock.nowMs();
    const { place } = model.movement.at(nowMs);
    const isThere = straightLineM(place, truth.place) <= ON_SCENE_M;
    const journey = journeyOf(nowMs, place, model.waits, isThere, truth, assumptions, travel, own);
    model.movement.goTo(truth.place, journey.departAtMs, journey.sceneAtMs);
    if (isThere) this.#say(job, 'alreadyOnScene');
    else this.#later(job, journey.departAtMs, () => this.#say(job, 'enRoute'));
    this.#later(job, journey.sceneAtMs, () => this.#arrive(job, truth, journey));
    this.#watch(job);
  }

  #arrive(job: Job, truth: CityCall, journey: Journey): void {
    job.hasArrived = true;
    this.#say(job, 'onScene');
    const { aedReady } = job.model.duty.at(journey.sceneAtMs);
    if (aedReady) this.#say(job, 'aedTaken');
    const { aedUsedAtMs, patientAtMs, handedOverAtMs, clearAtMs } = journey;
    if (aedReady && aedUsedAtMs !== null) {
      this.#later(job, aedUsedAtMs, () => this.#say(job, 'aedUsed'));
    } else if (truth.finding !== 'arrest') {
      this.#later(job, patientAtMs, () => this.#say(job, 'notAnArrest'));
    }
    this.#later(job, handedOverAtMs, () => this.#say(job, 'handedOver'));
    this.#later(job, clearAtMs, () => this.#end(job, 'clear'));
  }

  #end(job: Job, step: AlertStep): void {
    this.#say(job, step);
    job.over = true;
    job.model.movement.release(this.world.clock.nowMs());
  }

  #later(job: Job, atMs: number, act: () => void): void {
    const { clock } = this.world;
    clock.after(atMs - clock.nowMs(), () => {
      if (!job.over) act();
    });
  }

  /** The control room hears on the way that the link is gone or back, and that the crew is called away. */
  #watch(job: Job): void {
    this.world.clock.after(WATCH_MS, () => {
      if (job.over || job.hasArrived) return;
      this.#report(job.model);
      this.#watch(job);
    });
  }

  #report(model: UnitModel, reports = model.reportsAt(this.world.clock.nowMs())): void {
    for (const report of reports) this.#listener({ do: 'unit', unit: model.unit.id, report });
  }

  #reportLink(model: UnitModel): void {
    this.#report(model, model.linkReportsAt(this.world.clock.nowMs()));
  }

  /** By the unit's own clock it is now, whenever the control room hears of it. */
  #say(job: Job, step: AlertStep): void {
    const stepAtMs = this.world.clock.nowMs();
    this.#whenUp(job.model, () => this.#tell(job, step, stepAtMs));
  }

  #tell({ alertId }: Job, step: AlertStep, stepAtMs = this.world.clock.nowMs()): void {
    this.#listener({ do: 'step', alertId, step, reason: '', stepAtMs });
  }

  #whenUp(model: UnitModel, act: () => void): void {
    const waiting = this.#waiting.get(model);
    if (waiting) waiting.push(act);
    else if (model.link.isUp(this.world.clock.nowMs())) act();
    else {
      this.#waiting.set(model, [act]);
      this.#tryAgain(model);
    }
  }

  #tryAgain(model: UnitModel): void {
    const { clock } = this.world;
    clock.after(TRY_MS, () => {
      this.#reportLink(model);
      if (!model.link.isUp(clock.nowMs())) return this.#tryAgain(model);
      const waiting = this.#waiting.get(model) ?? [];
      this.#waiting.delete(model);
      for (const act of waiting) act();
    });
  }
}
