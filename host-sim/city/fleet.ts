/**
 * Many units, each with the real bundle, for a world at city size. Each is a vehicle with all that
 * is wired to its unit, as on the bench; they differ by what provisioning left in their flash and by
 * where they are. Rule: a fleet decides nothing; when a unit is powered, where it goes and what its
 * crew does is told from outside.
 *
 * Units are run behind the world, each through a slot of time in one go. What comes to a unit comes
 * to the millisecond; what an idle unit says is heard at the end of its slot. One that is called, or
 * whose buttons are pressed, is attended for a while: run in short slots, and heard without delay.
 * (A SimulatedClock that settles each instant is the quickest for it.)
 */
import { provisionedFlash } from '../bench/bench.js';
import type { BenchNetwork, UnitLink } from '../bench/networks.js';
import type { Bundle } from '../espruino/bundle.js';
import { createUnitHost, type UnitEvent, type UnitHost } from '../espruino/unit-host.js';
import { UserError } from '../exit-codes.js';
import type { Aed, Indicator } from '../world/aed.js';
import type { Timer, WorldClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
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
  /** A receiver that saves power: its settings say so, and while it stands this is its period. */
  readonly fixPeriodS?: number;
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
  /** How long idle units are run in one go: 1 s if not said, at most LONGEST_SLOT_MS. */
  readonly slotMs?: number;
  /** Told of each alarm's first tone. */
  readonly onAlarm?: (unit: string, atMs: number) => void;
  /** Told of each call of one of a unit's timers. */
  readonly onTimer?: (unit: string) => void;
  /** Told of what went wrong in a unit: an exception, a restart, the watchdog. */
  readonly onUnit?: (unit: string, event: UnitEvent) => void;
}

/** A crew does what the world has it do. */
const NO_HABITS = { answer: 'none', afterS: 0 } as const;
const NO_RECEIVER = { start: () => {}, stop: () => {}, setSky: () => {} };

/** Who is silent for 45 s must be asked by the broker; what a unit waits for, the link answers. */
export const LONGEST_SLOT_MS = 40_000;
const DEFAULT_SLOT_MS = 1000;
/** As short as the way through the air, so that no reaction is later than it may be. */
export const ATTENDED_SLOT_MS = 20;
/** Since the alarm or the last press: longer than from one step of a job to the next. */
export const ATTENDED_MS = 1_200_000;
/** Since it began to connect: it waits no longer for the broker's greeting. */
export const CONNECTING_MS = 15_000;

/** One unit with what is around it. All that is done to it happens at the world's time. */
export class FleetUnit {
  readonly #vehicle: Vehicle;
  /** For its fleet: told that it is to be attended from now on, and for how long. */
  onAttend: (forMs: number) => void = () => {};

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
    this.#vehicle.onAlarm(() => this.attend());
  }

  get id(): string {
    return this.member.id;
  }

  powerOn(): void {
    this.clock.catchUp();
    this.onAttend(CONNECTING_MS);
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
    this.onAttend(CONNECTING_MS);
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

  /** From now on it is heard without delay, for ATTENDED_MS: for who sends it something urgent. */
  attend(): void {
    this.receiver?.stir();
    this.onAttend(ATTENDED_MS);
  }

  /** A touch: it moves the menu on, and answers nothing. */
  press(button: Button): void {
    this.clock.catchUp();
    this.attend();
    this.#vehicle.press(button);
  }

  /** Held until it counts: accept, decline, or the step that the menu shows. */
  hold(button: Button): void {
    this.clock.catchUp();
    this.attend();
    this.#vehicle.hold(button);
  }

  /** Its crew says that they can be sent, so that they have looked at the AED; nobody waits for it. */
  check(): void {
    this.clock.catchUp();
    this.#vehicle.hold('accept');
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

export class Fleet {
  readonly units = new Map<string, FleetUnit>();
  readonly #options: FleetOptions;
  readonly #slotMs: number;
  /** Until when each is heard without delay. */
  readonly #attended = new Map<FleetUnit, number>();
  readonly #timers = new Map<'idle' | 'attended', Timer>();

  /** @throws UserError if two members have one id, or a receiver's period or the slot is out of its limits */
  constructor(options: FleetOptions) {
    this.#options = options;
    this.#slotMs = within(
      'slotMs',
      options.slotMs ?? DEFAULT_SLOT_MS,
      ATTENDED_SLOT_MS,
      LONGEST_SLOT_MS,
    );
    for (const member of options.members) this.#add(member);
    this.#repeat('idle', this.#slotMs, () => {
      for (const unit of this.units.values()) unit.clock.catchUp();
    });
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
    for (const timer of this.#timers.values()) this.#options.clock.cancel(timer);
    for (const unit of this.units.values()) unit.powerOff();
  }

  /** At the end of each slot, units live through it; then what they said in it arrives. */
  #repeat(name: 'idle' | 'attended', slotMs: number, run: () => void): void {
    const { clock } = this.#options;
    const endMs = (Math.floor(clock.nowMs() / slotMs) + 1) * slotMs;
    const timer = clock.after(endMs - clock.nowMs(), () => {
      run();
      this.#timers.delete(name);
      if (name === 'idle' || this.#attended.size > 0) this.#repeat(name, slotMs, run);
    });
    this.#timers.set(name, timer);
  }

  #attend(unit: FleetUnit, forMs: number): void {
    const untilMs = this.#options.clock.nowMs() + forMs;
    this.#attended.set(unit, Math.max(untilMs, this.#attended.get(unit) ?? 0));
    if (this.#timers.has('attended')) return;
    this.#repeat('attended', ATTENDED_SLOT_MS, () => {
      const nowMs = this.#options.clock.nowMs();
      for (const [each, untilMs] of this.#attended) {
        each.clock.catchUp();
        if (nowMs >= untilMs) this.#attended.delete(each);
      }
    });
  }

  #add(member: FleetMember): void {
    const { clock, network, bundle, onAlarm, onUnit, onTimer } = this.#options;
    const { id, place } = member;
    if (this.units.has(id)) throw new UserError('badFile', `fleet: two units have the id ${id}`);
    const random = this.#options.random.fork(id);
    const local = new LocalClock(clock);
    const link = network.linkFor(id, random.fork('link'), {
      unitClock: local,
      catchUp: () => local.catchUp(),
      slotMs: () => (this.#attended.has(unit) ? 0 : this.#slotMs),
    });
    const flash = provisionedFlash(member, network, clock.nowMs(), bundle);
    const own = { clock: local, random: random.fork('host') };
    const watch = onTimer && { onTimer: () => onTimer(id) };
    const dial: Dial = (...where) => {
      this.#attend(unit, CONNECTING_MS);
      return link.dial(...where);
    };
    const host = createUnitHost({ ...own, bundle, flash, dial, ...watch });
    const { epochMs = LONGEST_EPOCH_MS } = member;
    const receiver =
      epochMs === null
        ? null
        : new PlacedReceiver(
            local,
            (bytes) => host.feedSerial(bytes),
            standingAt(place),
            checkedEpochMs(id, epochMs),
            Math.max(epochMs, (member.fixPeriodS ?? 0) * 1000),
            random.fork('gps').between(0, epochMs),
          );
    const unit: FleetUnit = new FleetUnit(member, host, local, link, receiver);
    unit.onAttend = (forMs) => this.#attend(unit, forMs);
    if (onAlarm) unit.onAlarm((atMs) => onAlarm(id, atMs));
    if (onUnit) host.onEvent((event) => onUnit(id, event));
    this.units.set(id, unit);
  }
}

const SHORTEST_EPOCH_MS = 100;

function checkedEpochMs(id: string, epochMs: number): number {
  return within(`${id}: epochMs`, epochMs, SHORTEST_EPOCH_MS, LONGEST_EPOCH_MS);
}

function within(what: string, value: number, least: number, most: number): number {
  if (value >= least && value <= most) return value;
  throw new UserError('badFile', `fleet: ${what}: expected ${least} to ${most}, found ${value}`);
}

function standingAt({ latitude, longitude }: Place): WhereAt {
  const point: TrackPoint = { latitude, longitude, speedMPerS: 0, courseDeg: 0, moving: false };
  return () => point;
}
