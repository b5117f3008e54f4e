/**
 * Many units, each with the real bundle, for a world at city size. Each is a vehicle with all that
 * is wired to its unit, as on the bench; they differ by what provisioning left in their flash and by
 * where they are. Rule: a fleet decides nothing; when a unit is powered, where it goes and what its
 * crew does is told from outside.
 */
import { provisionedFlash } from '../bench/bench.js';
import type { BenchNetwork, UnitLink } from '../bench/networks.js';
import type { Bundle } from '../espruino/bundle.js';
import { createUnitHost, type UnitEvent, type UnitHost } from '../espruino/unit-host.js';
import { UserError } from '../exit-codes.js';
import type { Aed, Indicator } from '../world/aed.js';
import type { Timer, WorldClock } from '../world/clock.js';
import { LocalClock } from '../world/local-clock.js';
import { LONGEST_EPOCH_MS, PlacedReceiver, type WhereAt } from '../world/placed-receiver.js';
import type { Random } from '../world/random.js';
import type { TrackPoint } from '../world/track.js';
import { Vehicle, type Alarms, type Button } from '../world/vehicle.js';

export interface Place {
  /** Degrees, WGS 84. */
  readonly latitude: number;
  readonly longitude: number;
}

export interface FleetMember {
  readonly id: string;
  readonly callSign: string;
  readonly kind: 'vehicle' | 'station';
  readonly place: Place;
  /** From epoch to epoch of its GPS receiver; null: it has none, as a station needs none. */
  readonly epochMs?: number | null;
  /** In its bracket; so it is if not said. */
  readonly aedSeated?: boolean;
  /**
   * What the AED's lamp does; dark if not said, as one that no sensor sees. One that blinks costs
   * four of the unit's timers at each flash, and is of use only with a model whose lamp is judged.
   */
  readonly indicator?: Indicator;
}

export interface FleetOptions {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly network: BenchNetwork;
  readonly bundle: Bundle;
  readonly members: readonly FleetMember[];
  /** Told of each alarm's first tone. */
  readonly onAlarm?: (unit: string, atMs: number) => void;
  /** Told of what went wrong in a unit: an exception, a restart, the watchdog. */
  readonly onUnit?: (unit: string, event: UnitEvent) => void;
}

/** A crew does what the world has it do. */
const NO_HABITS = { answer: 'none', afterS: 0 } as const;
const NO_RECEIVER = { start: () => {}, stop: () => {}, setSky: () => {} };

/** One unit with what is around it. All that is done to it happens at the world's time. */
export class FleetUnit {
  readonly #vehicle: Vehicle;

  constructor(
    readonly member: FleetMember,
    readonly host: UnitHost,
    readonly clock: LocalClock,
    readonly link: UnitLink,
    readonly receiver: PlacedReceiver | null,
  ) {
    this.#vehicle = new Vehicle(member.id, host, clock, receiver ?? NO_RECEIVER, NO_HABITS);
    this.#vehicle.aed.setIndicator(member.indicator ?? 'dark');
    this.#vehicle.aed.seat(member.aedSeated ?? true);
  }

  get id(): string {
    return this.member.id;
  }

  powerOn(): void {
    this.clock.catchUp();
    this.receiver?.start();
    this.host.powerOn();
  }

  powerOff(): void {
    this.clock.catchUp();
    this.receiver?.stop();
    this.host.cutPower();
  }

  /** Takes its radio away, or gives it back. */
  setLink(up: boolean): void {
    this.clock.catchUp();
    this.link.setUp(up);
    this.host.setWifi(up);
  }

  /** It stands there from now on. */
  place(place: Place): void {
    this.follow(standingAt(place));
  }

  /** It is where this says, asked once an epoch. */
  follow(whereAt: WhereAt): void {
    this.clock.catchUp();
    if (this.receiver) this.receiver.whereAt = whereAt;
  }

  /** From the epoch after the next on. @throws UserError if a unit would take its fix for lost */
  setEpochMs(epochMs: number): void {
    this.clock.catchUp();
    if (this.receiver) this.receiver.periodMs = checkedEpochMs(this.id, epochMs);
  }

  /** The AED in its bay. */
  get aed(): Aed {
    this.clock.catchUp();
    return this.#vehicle.aed;
  }

  /** A touch: it moves the menu on, and answers nothing. */
  press(button: Button): void {
    this.clock.catchUp();
    this.#vehicle.press(button);
  }

  /** Held until it counts: accept, decline, or the step that the menu shows. */
  hold(button: Button): void {
    this.clock.catchUp();
    this.#vehicle.hold(button);
  }

  /** When alarms began, and whether one sounds now. */
  get alarms(): Alarms {
    this.clock.catchUp();
    return this.#vehicle.alarms;
  }

  /** Told of the first tone of each alarm: by the unit's time, in the world's time soon after. */
  onAlarm(listener: (atMs: number) => void): void {
    this.#vehicle.onAlarm(listener);
  }
}

/** How long units are run in one go where the network does not say. */
const DEFAULT_SLOT_MS = 10;

export class Fleet {
  readonly units = new Map<string, FleetUnit>();
  readonly #options: FleetOptions;
  #timer: Timer | null = null;

  /** @throws UserError if two members have one id, or a receiver's period is out of its limits */
  constructor(options: FleetOptions) {
    this.#options = options;
    for (const member of options.members) this.#add(member);
    this.#runSlots(options.network.slotMs || DEFAULT_SLOT_MS);
  }

  unit(id: string): FleetUnit {
    const unit = this.units.get(id);
    if (!unit) throw new Error(`no unit ${id} in the fleet`);
    return unit;
  }

  /** Powers all on, one after the other over a time, as shifts begin; all at once would be a storm. */
  powerOn(overMs: number): void {
    const { clock, random } = this.#options;
    const when = random.fork('power');
    for (const unit of this.units.values()) {
      clock.after(when.between(0, overMs), () => unit.powerOn());
    }
  }

  /** All power is gone, and the fleet is over. */
  stop(): void {
    if (this.#timer) this.#options.clock.cancel(this.#timer);
    for (const unit of this.units.values()) unit.powerOff();
  }

  /** At the end of each slot, each unit lives through it; then what they said in it arrives. */
  #runSlots(slotMs: number): void {
    const { clock } = this.#options;
    const units = [...this.units.values()];
    const wait = () => {
      const nowMs = clock.nowMs();
      const endMs = (Math.floor(nowMs / slotMs) + 1) * slotMs;
      this.#timer = clock.after(endMs - nowMs, () => {
        wait();
        for (const unit of units) unit.clock.catchUp();
      });
    };
    wait();
  }

  #add(member: FleetMember): void {
    const { clock, network, bundle, onAlarm, onUnit } = this.#options;
    const { id, place } = member;
    if (this.units.has(id)) throw new UserError('badFile', `fleet: two units have the id ${id}`);
    const random = this.#options.random.fork(id);
    const local = new LocalClock(clock);
    const link = network.linkFor(id, random.fork('link'), local);
    const flash = provisionedFlash(member, network, clock.nowMs(), bundle);
    const own = { clock: local, random: random.fork('host') };
    const host = createUnitHost({ ...own, bundle, flash, dial: link.dial });
    const { epochMs = LONGEST_EPOCH_MS } = member;
    const receiver =
      epochMs === null
        ? null
        : new PlacedReceiver(
            local,
            (bytes) => host.feedSerial(bytes),
            standingAt(place),
            checkedEpochMs(id, epochMs),
            random.fork('gps').between(0, epochMs),
          );
    const unit = new FleetUnit(member, host, local, link, receiver);
    if (onAlarm) unit.onAlarm((atMs) => onAlarm(id, atMs));
    if (onUnit) host.onEvent((event) => onUnit(id, event));
    this.units.set(id, unit);
  }
}

const SHORTEST_EPOCH_MS = 100;

function checkedEpochMs(id: string, epochMs: number): number {
  if (epochMs >= SHORTEST_EPOCH_MS && epochMs <= LONGEST_EPOCH_MS) return epochMs;
  const expected = `expected ${SHORTEST_EPOCH_MS} to ${LONGEST_EPOCH_MS}`;
  throw new UserError('badFile', `fleet: ${id}: epochMs: ${expected}, found ${epochMs}`);
}

function standingAt({ latitude, longitude }: Place): WhereAt {
  const point: TrackPoint = { latitude, longitude, speedMPerS: 0, courseDeg: 0, moving: false };
  return () => point;
}
