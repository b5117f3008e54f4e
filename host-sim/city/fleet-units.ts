/**
 * Units with the real bundle, around an embedded broker: alerts are sealed, sent, verified and
 * sounded as in a vehicle, and crews answer by the buttons. A unit is powered only while a call is
 * near, unless all are wanted: a city sleeps through most of a day. What the control room hears of
 * one that sleeps is what its model would have told; whether its crew can be sent comes from the
 * partner's own system in either case, and not from the crew's menu.
 */
import { BENCH_SECRET } from '../bench/bench.js';
import { simulatedNetwork, type BenchNetwork } from '../bench/networks.js';
import { ControlRoom, type ControlEvent, type Settings } from '../control-room/control-room.js';
import type { Place } from '../control-room/events.js';
import { inputOf } from '../control-room/from-units.js';
import { jobOf, standDownReasonOf } from '../control-room/to-units.js';
import type { Bundle } from '../espruino/bundle.js';
import type { Random } from '../world/random.js';
import { answerOf, journeyOf, ON_SCENE_M, type Journey } from './crews.js';
import { Fleet, LONGEST_SLOT_MS, type FleetMember } from './fleet.js';
import { nextShiftMs } from './shifts.js';
import { straightLineM } from './travel.js';
import { UnitModels, type UnitModel } from './unit-models.js';
import { LONGEST_EPOCH_MS } from '../world/placed-receiver.js';
import type { AlertEffect, UnitInput, Units, UnitWorld } from './units.js';

export type Awake = 'near' | 'all';

export interface FleetUnitsOptions {
  readonly world: UnitWorld;
  readonly bundle: Bundle;
  readonly awake: Awake;
}

interface Job {
  readonly alertId: number;
  readonly callId: string;
  readonly own: Random;
  answered: boolean;
  over: boolean;
  hasArrived: boolean;
}

/** From a word on the buttons to the AED being lifted or seated. */
const LIFT_MS = 5000;
/** From being clear to new pads and the AED back in its bracket. */
const RESTOCK_MS = 60_000;
/**
 * Units that wake for a call are soon sure of an AED whose lamp blinks while it is ready (Philips
 * FRx). Those that are never off would see it blink 17,000 times a day: theirs is of a model whose
 * lamp is not judged, and is ready because a person says so. They also tell where they are no more
 * often than so many can.
 */
const SETTINGS: Readonly<Record<Awake, Settings>> = {
  near: { aedProfile: 2 },
  all: { parkedPeriodS: 300, patrolPeriodS: 60, reportDistanceM: 1000 },
};
/** Of a receiver that saves power, in a vehicle that stands: most of them do for most of a night. */
const STANDING_FIX_PERIOD_S = 20;
/** Units that wake for a call alone are heard soon; of all others nothing is urgent. */
const SLOT_MS: Readonly<Record<Awake, number>> = { near: 1000, all: LONGEST_SLOT_MS };
/** Twice as many as any scheme alerts for one call; who is chosen beyond them is woken then. */
const MOST_WOKEN = 12;
/** From the last call near by: a job that goes on longer keeps its unit awake. */
const AWAKE_MS = 12 * 60_000;
/** A vehicle may come so much nearer between waking and the call. */
const MARGIN_M = 1500;
/** Until a unit that was asleep has a session with the broker. */
const BOOT_MS = 10_000;
/** So often it is asked whether a vehicle has coverage. */
const COVERAGE_LOOK_MS = 5000;
/** So often it is asked whether a vehicle stands by now. */
const LOOK_FOR_STOP_MS = 30_000;
/** Handing over a vehicle: it stands, and the AED is looked at before anybody drives off. */
const CHECK_BEFORE_SHIFT_MS = 30_000;
/** All at once would be a storm. */
const POWER_ON_OVER_MS = 60_000;
/** A button held for 1.3 s is an answer; then the unit needs a moment. */
const BETWEEN_PRESSES_MS = 2000;
/**
 * A unit takes nothing but an answer while it moves. So its crew says the rest standing, and once
 * the receiver has said so too: after an epoch, and two of the unit's looks at it.
 */
const STILL_MS = LONGEST_EPOCH_MS + 2000;

export class FleetUnits implements Units {
  readonly #models: UnitModels;
  readonly #fleet: Fleet;
  readonly #controlRoom: ControlRoom;
  readonly #jobs = new Map<string, Job>();
  readonly #awakeUntilMs = new Map<string, number>();
  readonly #configured = new Set<string>();
  readonly #outOfCoverage = new Set<string>();
  #listener: (input: UnitInput) => void = () => {};

  static async create(options: FleetUnitsOptions): Promise<FleetUnits> {
    const network = await simulatedNetwork(options.world.clock);
    return new FleetUnits(options, network);
  }

  private constructor(
    private readonly options: FleetUnitsOptions,
    private readonly network: BenchNetwork,
  ) {
    const { world, bundle, awake } = options;
    const { clock, random } = world;
    this.#models = new UnitModels(world);
    this.#fleet = new Fleet({
      ...{ clock, network, bundle },
      random: random.fork('fleet'),
      members: this.#models.all.map((model) => memberOf(model, clock.nowMs(), awake)),
      slotMs: SLOT_MS[awake],
      onAlarm: (unit, atMs) => this.#onAlarm(unit, atMs),
    });
    for (const { unit, movement } of this.#models.all) {
      this.#fleet.unit(unit.id).follow((nowMs) => {
        const { place, speedKmh } = movement.at(nowMs);
        const speedMPerS = speedKmh / 3.6;
        return { ...place, speedMPerS, courseDeg: 0, moving: speedKmh > 0 };
      });
    }
    this.#controlRoom = new ControlRoom({
      clock,
      secret: BENCH_SECRET,
      units: this.#models.all.map(({ unit }) => unit.id),
      connect: () => network.connect('cr-control'),
      watch: (event) => this.#hear(event),
      onQueued: (name, alertId) => {
        const step = name === 'dispatch' ? 'sent' : 'standDownSent';
        this.#listener({ do: 'step', alertId, step, reason: '', stepAtMs: clock.nowMs() });
      },
    });
    this.#repeatCoverage();
    if (awake === 'near') return;
    this.#fleet.powerOn(POWER_ON_OVER_MS);
    // As if the shift had begun now: each crew finds its unit on, and looks at its AED.
    clock.after(POWER_ON_OVER_MS + BOOT_MS, () => this.#changeShift(clock.nowMs()));
    this.#repeatShifts();
  }

  onInput(listener: (input: UnitInput) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#fleet.stop();
    await this.#controlRoom.close();
    await this.network.close();
  }

  expect(near: Place): void {
    const atMs = this.options.world.clock.nowMs();
    const distanceM = ({ movement }: UnitModel) => straightLineM(movement.at(atMs).place, near);
    const likely = this.#models.near(near, atMs, MARGIN_M).filter(({ duty }) => {
      const { crewed, committed, aedReady } = duty.at(atMs);
      return crewed && !committed && aedReady;
    });
    likely.sort((a, b) => distanceM(a) - distanceM(b));
    for (const { unit } of likely.slice(0, MOST_WOKEN)) this.#wake(unit.id);
  }

  attend(near: Place): void {
    const atMs = this.options.world.clock.nowMs();
    for (const model of this.#models.near(near, atMs)) {
      const { id } = model.unit;
      for (const report of model.reportsAt(atMs, this.#isAwake(id))) {
        this.#listener({ do: 'unit', unit: id, report });
      }
    }
  }

  alert(effect: AlertEffect): void {
    const { unit, alertId, call, issuedAtMs, expiresAtMs } = effect;
    const { clock, random } = this.options.world;
    const own = random.fork(`${call.callId}-${unit}`);
    const flags = { answered: false, over: false, hasArrived: false };
    this.#jobs.set(unit, { alertId, callId: call.callId, own, ...flags });
    this.#fleet.unit(unit).attend();
    const send = () =>
      this.#controlRoom.dispatch(unit, jobOf(effect), { id: alertId, issuedAtMs, expiresAtMs });
    if (this.#isAwake(unit)) send();
    else clock.after(BOOT_MS, send);
    this.#wake(unit);
  }

  standDown(unit: string, alertId: number, reason: string): void {
    this.#controlRoom.standDown(alertId, standDownReasonOf(reason), unit);
    const job = this.#jobs.get(unit);
    if (job?.alertId === alertId && !job.over && !job.hasArrived) this.#end(unit, job);
  }

  /** The radio of those that are powered: gone in a hole, back behind it. */
  #repeatCoverage(): void {
    const { clock } = this.options.world;
    clock.after(COVERAGE_LOOK_MS, () => {
      const nowMs = clock.nowMs();
      for (const { unit, link } of this.#models.all) {
        const isOut = this.#isAwake(unit.id) && !link.isUp(nowMs);
        if (isOut === this.#outOfCoverage.has(unit.id)) continue;
        if (isOut) this.#outOfCoverage.add(unit.id);
        else this.#outOfCoverage.delete(unit.id);
        this.#fleet.unit(unit.id).setLink(!isOut);
      }
      this.#repeatCoverage();
    });
  }

  /** The crews of a shift check before it begins, and stand while they do. */
  #repeatShifts(): void {
    const { clock } = this.options.world;
    const nowMs = clock.nowMs();
    const startsAtMs = nextShiftMs(nowMs + CHECK_BEFORE_SHIFT_MS);
    clock.after(startsAtMs - CHECK_BEFORE_SHIFT_MS - nowMs, () => {
      this.#changeShift(startsAtMs);
      this.#repeatShifts();
    });
  }

  #changeShift(startsAtMs: number): void {
    for (const model of this.#models.all) {
      const { unit, duty } = model;
      if (this.#jobs.get(unit.id)?.over === false) continue;
      const { crewed, aedReady } = duty.at(startsAtMs);
      this.#fleet.unit(unit.id).aed.seat(aedReady);
      if (crewed && aedReady) this.#check(model);
    }
  }

  /**
   * Of an AED that is there and ready a person says so, by saying that they can be sent: now, or at
   * the next stop of a vehicle that drives.
   */
  #check(model: UnitModel): void {
    const { clock } = this.options.world;
    const { unit, movement } = model;
    const nowMs = clock.nowMs();
    const stands = [nowMs - STILL_MS, nowMs].every((atMs) => movement.at(atMs).speedKmh === 0);
    // Who is called before that says it at the end of that job.
    if (this.#jobs.get(unit.id)?.over === false) return;
    if (stands) this.#fleet.unit(unit.id).check();
    else clock.after(LOOK_FOR_STOP_MS, () => this.#check(model));
  }

  /** Of what units say, all but what stands for being asleep or comes from the partner's system. */
  #hear(event: ControlEvent): void {
    const { unit, name } = event;
    if (name === 'birth' && !this.#configured.has(unit)) {
      this.#configured.add(unit);
      this.#controlRoom.configure(unit, SETTINGS[this.options.awake]);
    }
    const input = inputOf(event);
    if (input?.do === 'step') this.#listener(input);
    if (input?.do !== 'unit') return;
    const { kind } = input.report;
    if (kind === 'aed' || kind === 'position') this.#listener(input);
  }

  #onAlarm(unit: string, atMs: number): void {
    const job = this.#jobs.get(unit);
    if (!job || job.answered || job.over) return;
    job.answered = true;
    const answer = answerOf(atMs, this.options.world.assumptions, job.own);
    if (answer.what === 'none') {
      job.over = true;
      return;
    }
    this.#later(unit, job, answer.atMs, () => {
      this.#fleet.unit(unit).hold(answer.what === 'accept' ? 'accept' : 'decline');
      if (answer.what === 'accept') this.#accept(unit, job);
      else this.#end(unit, job);
    });
  }

  #accept(unit: string, job: Job): void {
    const { world } = this.options;
    const model = this.#models.get(unit);
    const truth = world.truthOf(job.callId);
    const nowMs = world.clock.nowMs() + BETWEEN_PRESSES_MS;
    const { place } = model.movement.at(nowMs);
    const isThere = straightLineM(place, truth.place) <= ON_SCENE_M;
    const { assumptions, travel } = world;
    const journey = journeyOf(
      ...([nowMs, place, model.waits, isThere, truth, assumptions, travel, job.own] as const),
    );
    const { departAtMs } = journey;
    const isArrest = truth.finding === 'arrest';
    // Before it drives off; a crew that accepted on the move has no hand for it, and it is implied.
    const enRouteAtMs = Math.max(nowMs, departAtMs - BETWEEN_PRESSES_MS);
    const stood = [enRouteAtMs - STILL_MS, departAtMs].every(
      (atMs) => model.movement.at(atMs).speedKmh === 0,
    );
    model.movement.goTo(truth.place, departAtMs, journey.sceneAtMs);
    if (stood && !isThere) this.#later(unit, job, enRouteAtMs, () => this.#say(unit, 0));
    const sceneAtMs = Math.max(journey.sceneAtMs, departAtMs + BETWEEN_PRESSES_MS) + STILL_MS;
    // Near the call, the unit of a vehicle proposes `onScene`; already there is one touch further.
    const touches = !isThere ? 0 : model.unit.kind === 'vehicle' ? 1 : 2;
    this.#later(unit, job, sceneAtMs, () => this.#arrive(unit, job, journey, isArrest, touches));
  }

  /** On scene, and from there along the crew's menu: the usual is held at once, others touched to. */
  #arrive(unit: string, job: Job, journey: Journey, isArrest: boolean, touches: number): void {
    job.hasArrived = true;
    const { clock } = this.options.world;
    const nowMs = clock.nowMs() + touches * BETWEEN_PRESSES_MS;
    const { aedReady } = this.#models.get(unit).duty.at(nowMs);
    const { aedUsedAtMs, patientAtMs, handedOverAtMs, clearAtMs } = journey;
    this.#say(unit, touches);
    if (aedReady) {
      this.#later(unit, job, nowMs + BETWEEN_PRESSES_MS, () => this.#say(unit, 0));
      // Two hands: nobody lifts it with the one that is on the button.
      this.#later(unit, job, nowMs + LIFT_MS, () => this.#fleet.unit(unit).aed.seat(false));
    }
    const isUsed = aedReady && aedUsedAtMs !== null;
    if (isUsed) this.#later(unit, job, aedUsedAtMs, () => this.#say(unit, 0));
    if (isArrest) {
      // Used, handed over is next; taken, it is the second; else the third.
      const further = isUsed ? 0 : aedReady ? 1 : 2;
      this.#later(unit, job, handedOverAtMs, () => this.#say(unit, further));
    } else {
      this.#later(unit, job, patientAtMs, () => this.#fleet.unit(unit).hold('decline'));
    }
    this.#later(unit, job, clearAtMs, () => {
      this.#say(unit, 0);
      clock.after(LIFT_MS, () => this.#fleet.unit(unit).aed.seat(aedReady));
    });
    // Who says that they can be sent says that the AED is with them, and restocked: before they
    // drive off, as the unit takes it from nobody who moves.
    const restockedAtMs = clearAtMs + RESTOCK_MS;
    this.#later(unit, job, restockedAtMs, () => this.#say(unit, 0));
    this.#later(unit, job, restockedAtMs + BETWEEN_PRESSES_MS, () => this.#end(unit, job));
  }

  /** So many touches along the menu, and then a hand that stays on the button. */
  #say(unit: string, touches: number): void {
    const { clock } = this.options.world;
    const each = this.#fleet.unit(unit);
    for (let i = 0; i < touches; i++) {
      clock.after(i * BETWEEN_PRESSES_MS, () => each.press('accept'));
    }
    clock.after(touches * BETWEEN_PRESSES_MS, () => each.hold('accept'));
  }

  #end(unit: string, job: Job): void {
    job.over = true;
    this.#models.get(unit).movement.release(this.options.world.clock.nowMs());
  }

  #later(unit: string, job: Job, atMs: number, act: () => void): void {
    const { clock } = this.options.world;
    clock.after(atMs - clock.nowMs(), () => {
      if (this.#jobs.get(unit) === job && !job.over) act();
    });
  }

  #isAwake(unit: string): boolean {
    return this.options.awake === 'all' || this.#awakeUntilMs.has(unit);
  }

  #wake(unit: string): void {
    const { clock } = this.options.world;
    const each = this.#fleet.unit(unit);
    if (this.#jobs.get(unit)?.over !== false) {
      each.aed.seat(this.#models.get(unit).duty.at(clock.nowMs()).aedReady);
    }
    if (this.options.awake === 'all') return;
    const untilMs = clock.nowMs() + AWAKE_MS;
    const wasAwake = this.#awakeUntilMs.has(unit);
    this.#awakeUntilMs.set(unit, untilMs);
    if (wasAwake) return;
    each.powerOn();
    this.#sleepAt(unit, untilMs);
  }

  #sleepAt(unit: string, atMs: number): void {
    const { clock } = this.options.world;
    clock.after(atMs - clock.nowMs(), () => {
      const untilMs = this.#awakeUntilMs.get(unit) as number;
      const job = this.#jobs.get(unit);
      if (untilMs > clock.nowMs()) return this.#sleepAt(unit, untilMs);
      if (job && !job.over && job.answered) return this.#sleepAt(unit, clock.nowMs() + AWAKE_MS);
      this.#awakeUntilMs.delete(unit);
      this.#fleet.unit(unit).powerOff();
      this.#models.get(unit).forgetReports();
    });
  }
}

function memberOf({ unit, movement, duty }: UnitModel, atMs: number, awake: Awake): FleetMember {
  return {
    id: unit.id,
    callSign: unit.id,
    kind: unit.kind,
    place: movement.at(atMs).place,
    ...(unit.kind === 'station' ? { epochMs: null } : {}),
    ...(awake === 'all' ? { fixPeriodS: STANDING_FIX_PERIOD_S } : {}),
    aedSeated: duty.at(atMs).aedReady,
    indicator: awake === 'near' ? 'blinking' : 'dark',
  };
}
