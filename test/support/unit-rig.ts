/** A unit on either host, wired up, between a hostile broker and the control room's end of the seal. */
import { BENCH_SECRET, provisionedFlash } from '../../host-sim/bench/bench.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import {
  createUnitHost,
  type UnitEvent,
  type UnitHost,
} from '../../host-sim/espruino/unit-host.js';
import { createInterpreterHost } from '../../host-sim/interpreter/unit-host.js';
import { RealClock, SimulatedClock, type WorldClock } from '../../host-sim/world/clock.js';
import type { GpsReceiver } from '../../host-sim/world/gps-receiver.js';
import { Random } from '../../host-sim/world/random.js';
import { Vehicle } from '../../host-sim/world/vehicle.js';
import { wiring } from '../../host-sim/world/wiring.js';
import {
  UnitPeer,
  downTopic,
  inWords,
  newPeerState,
  type Fields,
} from '../../protocol/host/index.js';
import { bytesOf, HostileBroker } from './hostile-broker.js';

/** A message of the unit that proved itself. */
export interface Told {
  readonly name: string;
  readonly message: Fields;
  /** Its codes by their names. */
  readonly words: Fields;
  readonly atMs: number;
}

export interface RigOptions {
  /** The interpreter's command; without it the stand-in, in simulated time. */
  readonly interpreter?: string;
  readonly seed?: number;
  /** Files for the unit's flash besides what provisioning leaves. */
  readonly files?: Readonly<Record<string, string>>;
  /** Real time by default. Only for the interpreter. */
  readonly clock?: WorldClock;
  readonly bundle?: string;
  /** By that clock: for how long the machine may pause before a watchdog counts. */
  readonly pauseMs?: number;
}

const UNIT_ID = 'met-x1';
const DOWN = downTopic(UNIT_ID);
/** Control room's time at the start where time is simulated. */
const UTC = 1767261600000;
/** Longest wait for what should come at once, on a machine that has much else to do. */
const PATIENCE_MS = 20_000;
const LOOK_MS = 5;
const PAUSE_MS = 10_000;

/** A unit with an AED in its bracket, a hostile broker, and a control room that answers births. */
export class Rig {
  readonly clock: WorldClock;
  readonly broker: HostileBroker;
  readonly unit: UnitHost;
  readonly vehicle: Vehicle;
  readonly peer: UnitPeer;
  readonly told: Told[] = [];
  readonly events: UnitEvent[] = [];
  /** When the green lamp came on or went out. */
  readonly armedChanges: { armed: boolean; atMs: number }[] = [];
  #dispatchId: number;

  static async start(options: RigOptions = {}): Promise<Rig> {
    const clock =
      options.interpreter === undefined
        ? new SimulatedClock(UTC)
        : (options.clock ?? new RealClock());
    const broker = new HostileBroker(clock);
    const port = options.interpreter === undefined ? 1883 : await broker.listen();
    const rig = new Rig(options, clock, broker, port);
    rig.unit.powerOn();
    return rig;
  }

  private constructor(options: RigOptions, clock: WorldClock, broker: HostileBroker, port: number) {
    this.clock = clock;
    this.broker = broker;
    const bundle = loadBundle(options.bundle);
    const unit = { id: UNIT_ID, callSign: 'X1', kind: 'vehicle' as const };
    const flash = provisionedFlash(unit, { host: '127.0.0.1', port }, clock.nowMs());
    for (const [name, content] of Object.entries(options.files ?? {})) flash.write(name, content);
    const { interpreter: command, seed = 1 } = options;
    this.unit =
      command === undefined
        ? createUnitHost({
            clock,
            random: new Random(seed),
            bundle,
            flash,
            dial: () => broker.dial(),
          })
        : createInterpreterHost({
            clock,
            bundle,
            flash,
            command,
            pauseMs: options.pauseMs ?? PAUSE_MS,
          });
    const crew = { answer: 'none', afterS: 0 } as const;
    this.vehicle = new Vehicle(UNIT_ID, this.unit, clock, NO_RECEIVER, crew);
    this.vehicle.aed.seat(true);
    this.unit.onEvent((event) => this.events.push(event));
    this.unit.onOutput((pin, { level }, atMs) => {
      if (pin === wiring.greenLamp) this.armedChanges.push({ armed: level === 1, atMs });
    });
    const nowS = Math.floor(clock.nowMs() / 1000);
    this.peer = new UnitPeer(BENCH_SECRET, UNIT_ID, newPeerState(), nowS);
    this.#dispatchId = nowS;
    broker.onPublish = ({ topic, payload }) => this.#heard(topic, payload as Buffer);
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    if (this.clock instanceof SimulatedClock) await this.clock.runUntil(this.clock.nowMs() + ms);
    else await new Promise<void>((resolve) => this.clock.after(ms, resolve));
  }

  async until(what: string, condition: () => boolean, withinMs = PATIENCE_MS): Promise<void> {
    const endMs = this.clock.nowMs() + withinMs;
    while (!condition()) {
      if (this.clock.nowMs() > endMs) {
        const found = `${this.broker.callers.length} connections, ${JSON.stringify(this.events)}`;
        throw new Error(`waited ${withinMs} ms in vain for: ${what} (${found})`);
      }
      await this.pass(LOOK_MS);
    }
  }

  get armed(): boolean {
    return this.unit.readOutput(wiring.greenLamp).level === 1;
  }

  get alarms(): number {
    return this.vehicle.alarms.beganAtMs.length;
  }

  /** Connected, subscribed, born, answered, and showing it. */
  async untilArmed(withinMs?: number): Promise<void> {
    await this.until('armed', () => this.armed, withinMs);
  }

  /** A PUBLISH of a dispatch, as a broker sends it. */
  dispatch(messageId: number): { readonly id: number; readonly bytes: string } {
    const id = ++this.#dispatchId;
    const issuedAt = Math.floor(this.clock.nowMs());
    const bytes = this.publish(messageId, 'dispatch', {
      dispatchId: id,
      category: 1,
      issuedAt,
      expiresAt: issuedAt + 900_000,
      latitudeE7: 515356130,
      longitudeE7: -1431520,
      ambulanceReference: 'LAS-0412771',
      address: '14 Camden High Street, NW1 0JH, 2nd floor',
      note: 'CPR in progress, door code 4471',
    });
    return { id, bytes };
  }

  standDown(messageId: number, dispatchId: number): string {
    const issuedAt = Math.floor(this.clock.nowMs());
    return this.publish(messageId, 'stand-down', { dispatchId, issuedAt, reason: 1 });
  }

  /** A sealed message to the unit, as a broker sends it: QoS 1, or QoS 0 with message id 0. */
  publish(messageId: number, name: string, fields: object): string {
    return delivery(messageId, this.peer.seal(name, fields).payload);
  }

  hello(): string {
    const issuedAt = Math.floor(this.clock.nowMs());
    return this.publish(0, 'hello', {
      birthCounter: this.peer.state.birthCounter,
      heardCounter: this.peer.state.up.newest,
      issuedAt,
      state: 1,
    });
  }

  /** How often the unit told of a step of a dispatch. */
  steps(step: string, dispatchId: number): number {
    return this.told.filter(
      ({ words }) => words['step'] === step && words['dispatchId'] === dispatchId,
    ).length;
  }

  /** What must never happen, whatever the broker does. */
  get crashes(): UnitEvent[] {
    return this.events.filter(({ kind }) => kind !== 'console');
  }

  async stop(): Promise<void> {
    this.unit.cutPower();
    if ('dispose' in this.unit) await (this.unit as { dispose(): Promise<void> }).dispose();
    await this.broker.close();
    if (this.clock instanceof RealClock) this.clock.stop();
  }

  #heard(topic: string, payload: Buffer): void {
    const received = this.peer.open(topic, payload);
    // What a unit sends again it sends as it was.
    if (typeof received === 'number') return;
    const { name, message } = received;
    this.told.push({ name, message, words: inWords(name, message), atMs: this.clock.nowMs() });
    if (name === 'birth') this.broker.caller.write(this.hello());
  }
}

/** A PUBLISH to the unit. */
export function delivery(messageId: number, payload: Buffer, dup = false): string {
  const qos = messageId === 0 ? 0 : 1;
  return bytesOf({ cmd: 'publish', topic: DOWN, payload, messageId, qos, retain: false, dup });
}

const NO_RECEIVER: GpsReceiver = { start() {}, stop() {}, setSky() {} };
