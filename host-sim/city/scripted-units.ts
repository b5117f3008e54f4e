/**
 * Units that are models: they sound after the usual time, their crews do what `crews.ts` says, and
 * they report of themselves when a call comes near, as their last routine report would have. For
 * long ranges, and for tests. Rule: no radio, no broker and no bundle is in this: nothing that those
 * can lose is lost here.
 */
import type { Call, Place, UnitReport } from '../control-room/events.js';
import type { RosterUnit } from '../schemes/roster.js';
import type { Scheme } from '../schemes/schema.js';
import type { WorldClock } from '../world/clock.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import type { CityCall } from './calls.js';
import { answerOf, journeyOf, ON_SCENE_M, type Journey } from './crews.js';
import { personS } from './draws.js';
import { Movement } from './movement.js';
import { Roster } from './shifts.js';
import { straightLineM, type Travel } from './travel.js';
import type { UnitStep, Units } from './units.js';

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

interface Job {
  readonly alertId: number;
  /** Over: what was planned for later no longer happens. */
  over: boolean;
  hasArrived: boolean;
}

class ScriptedUnit {
  readonly duty: Roster;
  readonly movement: Movement;
  /** Its crew is in a building, and turns out from there. */
  readonly waits: boolean;
  job: Job | null = null;
  /** What was reported last, by kind, as JSON. */
  readonly reported = new Map<string, string>();

  constructor(
    readonly unit: RosterUnit,
    readonly home: Scheme['areas'][number],
    world: UnitWorld,
  ) {
    const own = world.random.fork(unit.id);
    this.duty = new Roster(unit, world.assumptions, own);
    this.waits = unit.kind === 'station' || world.scheme.partner.service === 'fire';
    const station = world.scheme.stations.find(({ area }) => area === unit.area);
    const patrol = {
      base: unit.place ?? station ?? home,
      beat: this.waits ? null : { centre: home, radiusM: home.radiusM },
      speedKmh: world.assumptions.travel.patrolSpeedKmh.value,
      detourFactor: world.assumptions.travel.detourFactor.value,
    };
    this.movement = new Movement(patrol, own, (atMs) => this.duty.at(atMs).crewed);
  }
}

/** How often a vehicle that moves tells where it is: a fix is as old as that at most. */
const POSITION_EVERY_MS = 10_000;

export class ScriptedUnits implements Units {
  readonly #units: ScriptedUnit[];
  readonly #byId: Map<string, ScriptedUnit>;
  readonly #reachM: number;
  #report: (unit: string, report: UnitReport) => void = () => {};
  #step: (step: UnitStep) => void = () => {};

  constructor(private readonly world: UnitWorld) {
    const { scheme, roster } = world;
    const areas = new Map(scheme.areas.map((area) => [area.id, area]));
    this.#units = roster.map((unit) => {
      const home = areas.get(unit.area);
      if (!home) throw new Error(`unit ${unit.id}: no area ${unit.area}`);
      return new ScriptedUnit(unit, home, world);
    });
    this.#byId = new Map(this.#units.map((each) => [each.unit.id, each]));
    const { travel, alerting } = scheme;
    this.#reachM = (alerting.maxTravelS * travel.speedKmh) / 3.6 / travel.detourFactor;
  }

  onReport(listener: (unit: string, report: UnitReport) => void): void {
    this.#report = listener;
  }

  onStep(listener: (step: UnitStep) => void): void {
    this.#step = listener;
  }

  attend(near: Place): void {
    const atMs = this.world.clock.nowMs();
    for (const each of this.#units) {
      if (straightLineM(each.home, near) > this.#reachM + each.home.radiusM) continue;
      const { place, speedKmh } = each.movement.at(atMs);
      if (straightLineM(place, near) <= this.#reachM) this.#tell(each, place, speedKmh, atMs);
    }
  }

  alert(id: string, alertId: number, call: Call): void {
    const each = this.#get(id);
    const { assumptions, random, clock } = this.world;
    const own = random.fork(`${call.callId}-${id}`);
    const job: Job = { alertId, over: false, hasArrived: false };
    each.job = job;
    this.#say(job, 'sent');
    const soundS = personS(assumptions.units.alertToSoundS.value, own);
    this.#later(job, clock.nowMs() + Math.round(soundS * 1000), () => {
      this.#say(job, 'verified');
      this.#say(job, 'sounding');
      const answer = answerOf(clock.nowMs(), assumptions, own);
      if (answer.what === 'none') return;
      this.#later(job, answer.atMs, () => {
        this.#say(job, 'acknowledged');
        if (answer.what === 'accept') this.#accept(each, job, this.world.truthOf(call.callId), own);
        else this.#end(each, job, () => this.#say(job, 'declined', 'notStated'));
      });
    });
  }

  /** Whoever has arrived stays: a stand-down is for those who still drive. */
  standDown(id: string, alertId: number): void {
    const each = this.#get(id);
    const { job } = each;
    if (!job || job.alertId !== alertId || job.over || job.hasArrived) return;
    this.#end(each, job, () => this.#say(job, 'stoodDown'));
  }

  #accept(each: ScriptedUnit, job: Job, truth: CityCall, own: Random): void {
    const { assumptions, travel, clock } = this.world;
    this.#say(job, 'accepted');
    const nowMs = clock.nowMs();
    const { place } = each.movement.at(nowMs);
    const isThere = straightLineM(place, truth.place) <= ON_SCENE_M;
    const journey = journeyOf(nowMs, place, each.waits, isThere, truth, assumptions, travel, own);
    each.movement.goTo(truth.place, journey.departAtMs, journey.sceneAtMs);
    if (isThere) this.#say(job, 'alreadyOnScene');
    else this.#later(job, journey.departAtMs, () => this.#say(job, 'enRoute'));
    this.#later(job, journey.sceneAtMs, () => this.#arrive(each, job, truth, journey));
  }

  #arrive(each: ScriptedUnit, job: Job, truth: CityCall, journey: Journey): void {
    job.hasArrived = true;
    this.#say(job, 'onScene');
    const { aedReady } = each.duty.at(journey.sceneAtMs);
    if (aedReady) this.#say(job, 'aedTaken');
    const { aedUsedAtMs, patientAtMs, handedOverAtMs, clearAtMs } = journey;
    if (aedReady && aedUsedAtMs !== null)
      this.#later(job, aedUsedAtMs, () => this.#say(job, 'aedUsed'));
    else if (truth.finding !== 'arrest') {
      this.#later(job, patientAtMs, () => this.#say(job, 'notAnArrest'));
    }
    this.#later(job, handedOverAtMs, () => this.#say(job, 'handedOver'));
    this.#later(job, clearAtMs, () => this.#end(each, job, () => this.#say(job, 'clear')));
  }

  #end(each: ScriptedUnit, job: Job, say: () => void): void {
    say();
    job.over = true;
    each.movement.release(this.world.clock.nowMs());
  }

  #later(job: Job, atMs: number, act: () => void): void {
    const { clock } = this.world;
    clock.after(atMs - clock.nowMs(), () => {
      if (!job.over) act();
    });
  }

  #say({ alertId }: Job, step: UnitStep['step'], reason = ''): void {
    this.#step({ alertId, step, reason, stepAtMs: this.world.clock.nowMs() });
  }

  /** What changed since it was last said; the position always. */
  #tell(each: ScriptedUnit, place: Place, speedKmh: number, atMs: number): void {
    const { crewed, committed, aedReady } = each.duty.at(atMs);
    const state = !crewed ? 'unavailable' : committed ? 'committed' : 'available';
    const presence = aedReady ? 'present' : 'absent';
    const readiness = aedReady ? 'ready' : 'unknown';
    this.#tellChange(each, { kind: 'alive', alive: true });
    this.#tellChange(each, { kind: 'crew', state });
    this.#tellChange(each, { kind: 'aed', presence, readiness });
    if (each.unit.kind === 'station') return;
    const fixAtMs = speedKmh > 0 ? Math.floor(atMs / POSITION_EVERY_MS) * POSITION_EVERY_MS : atMs;
    this.#report(each.unit.id, { kind: 'position', place, fixAtMs, speedKmh });
  }

  #tellChange(each: ScriptedUnit, report: UnitReport): void {
    const text = JSON.stringify(report);
    if (each.reported.get(report.kind) === text) return;
    each.reported.set(report.kind, text);
    this.#report(each.unit.id, report);
  }

  #get(id: string): ScriptedUnit {
    const each = this.#byId.get(id);
    if (!each) throw new Error(`no unit ${id} in this city`);
    return each;
  }
}
