/** What is true of each unit whether a model or the real bundle speaks for it: duty, place, AED. */
import type { Place, UnitReport } from '../control-room/events.js';
import type { Random } from '../world/random.js';
import type { RosterUnit } from '../schemes/roster.js';
import type { Area } from '../schemes/schema.js';
import { Coverage, Link } from './coverage.js';
import { Movement } from './movement.js';
import { Roster } from './shifts.js';
import { respondersOf } from './training.js';
import { isWithinM } from './travel.js';
import type { UnitWorld } from './units.js';

/** How often a vehicle that moves tells where it is: a fix is as old as that at most. */
const POSITION_EVERY_MS = 10_000;
/** How long an emergency of its own service keeps a crew that it called away. */
const AWAY_MS = 30 * 60_000;
/** A position that is older is of no use to any scheme. */
const LONGEST_WITHOUT_MS = 15 * 60_000;

export class UnitModel {
  readonly duty: Roster;
  readonly movement: Movement;
  readonly link: Link;
  /** Its crew is in a building, and turns out from there. */
  readonly waits: boolean;
  private readonly own: Random;
  private readonly calledAwayShare: number;
  /** Until when an emergency keeps a crew that was called away. */
  #awayUntilMs = -Infinity;
  /** Where the control room has it. */
  #toldPlace: Place | null = null;
  /** What was reported last, by kind, as JSON. */
  readonly #reported = new Map<string, string>();

  constructor(
    readonly unit: RosterUnit,
    readonly home: Area,
    world: UnitWorld,
    coverage: Coverage,
    responders: readonly string[],
  ) {
    const own = world.random.fork(unit.id);
    this.own = own;
    this.calledAwayShare = world.assumptions.units.calledAwayShare.value;
    this.duty = new Roster(unit, world.assumptions, own, responders);
    this.waits = unit.kind === 'station' || world.scheme.partner.service === 'fire';
    const station = world.scheme.stations.find(({ area }) => area === unit.area);
    const patrol = {
      base: unit.place ?? station ?? home,
      beat: this.waits ? null : { centre: home, radiusM: home.radiusM },
      speedKmh: world.assumptions.travel.patrolSpeedKmh.value,
      detourFactor: world.assumptions.travel.detourFactor.value,
    };
    this.movement = new Movement(patrol, own, (atMs) => this.duty.at(atMs).crewed);
    const placeAt = (atMs: number) => this.movement.at(atMs).place;
    const isFixed = unit.kind === 'station';
    this.link = new Link(isFixed ? null : placeAt, coverage, world.assumptions, own);
  }

  /**
   * What changed since this was last asked; of a vehicle, its position always: where it was when its
   * link was up last. What the partner's own system tells needs no link of the vehicle.
   * @param speaksItself it tells its AED and its position itself
   */
  reportsAt(atMs: number, speaksItself = false): UnitReport[] {
    const { crewed, aedReady, responders } = this.duty.at(atMs);
    const isCommitted = this.#isCommitted(atMs);
    const state = !crewed ? 'unavailable' : isCommitted ? 'committed' : 'available';
    const presence = aedReady ? 'present' : 'absent';
    const readiness = aedReady ? 'ready' : 'unknown';
    const told: UnitReport[] = [
      { kind: 'crew', state },
      { kind: 'crewing', responders },
      ...(speaksItself ? [] : [{ kind: 'aed', presence, readiness } as const]),
    ];
    const reports = [...this.linkReportsAt(atMs), ...told.filter((each) => this.#isNew(each))];
    if (this.unit.kind === 'vehicle' && !speaksItself) {
      const upMs = this.link.lastUpMs(atMs, LONGEST_WITHOUT_MS);
      if (upMs !== null) reports.push(this.#positionAt(upMs));
    }
    return reports;
  }

  /** On the way to a call only an emergency of its own service comes first, and then for a while (Y2). */
  #isCommitted(atMs: number): boolean {
    if (atMs < this.#awayUntilMs) return true;
    const errand = this.movement.errandAt(atMs);
    if (!errand) return this.duty.at(atMs).committed;
    const { startAtMs, arriveAtMs } = errand;
    const own = this.own.fork(`away-${startAtMs}`);
    if (own.unit() >= this.calledAwayShare) return false;
    const calledAtMs = own.between(startAtMs, arriveAtMs);
    if (atMs < calledAtMs || atMs >= arriveAtMs) return false;
    this.#awayUntilMs = calledAtMs + AWAY_MS;
    return true;
  }

  /** Whether it has a link, where that changed. */
  linkReportsAt(atMs: number): UnitReport[] {
    const report = { kind: 'alive', alive: this.link.isHeardUp(atMs) } as const;
    return this.#isNew(report) ? [report] : [];
  }

  /** Where it is, or where the control room has it: it may have driven away since it told that. */
  isWithin(reachM: number, place: Place, atMs: number): boolean {
    const isNear = (from: Place | null) => from !== null && isWithinM(from, place, reachM);
    const isLikely = isWithinM(this.home, place, reachM + this.home.radiusM);
    return isNear(this.#toldPlace) || (isLikely && isNear(this.movement.at(atMs).place));
  }

  #positionAt(atMs: number): UnitReport {
    const { place, speedKmh } = this.movement.at(atMs);
    this.#toldPlace = place;
    const lastMs = Math.floor(atMs / POSITION_EVERY_MS) * POSITION_EVERY_MS;
    return { kind: 'position', place, fixAtMs: speedKmh > 0 ? lastMs : atMs, speedKmh };
  }

  /** It has spoken itself: all is told again when next asked. */
  forgetReports(): void {
    this.#reported.clear();
  }

  #isNew(report: UnitReport): boolean {
    const text = JSON.stringify(report);
    if (this.#reported.get(report.kind) === text) return false;
    this.#reported.set(report.kind, text);
    return true;
  }
}

export class UnitModels {
  readonly all: readonly UnitModel[];
  readonly #byId: Map<string, UnitModel>;
  /** As far as the control room looks for a unit. */
  readonly #reachM: number;

  constructor(world: UnitWorld) {
    const { scheme, roster } = world;
    const areas = new Map(scheme.areas.map((area) => [area.id, area]));
    const coverage = new Coverage(scheme, world.assumptions, world.random.fork('coverage'));
    const responders = respondersOf(scheme, roster);
    this.all = roster.map((unit) => {
      const home = areas.get(unit.area);
      if (!home) throw new Error(`unit ${unit.id}: no area ${unit.area}`);
      return new UnitModel(unit, home, world, coverage, responders.get(unit.id) ?? []);
    });
    this.#byId = new Map(this.all.map((each) => [each.unit.id, each]));
    const { travel, alerting } = scheme;
    this.#reachM = (alerting.maxTravelS * travel.speedKmh) / 3.6 / travel.detourFactor;
  }

  get(id: string): UnitModel {
    const model = this.#byId.get(id);
    if (!model) throw new Error(`no unit ${id} in this city`);
    return model;
  }

  /** Those from which the control room may choose, and so much farther. */
  near(place: Place, atMs: number, marginM = 0): UnitModel[] {
    const reachM = this.#reachM + marginM;
    return this.all.filter((model) => model.isWithin(reachM, place, atMs));
  }
}
