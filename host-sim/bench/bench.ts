/**
 * The bench: a control room and virtual vehicles around a broker, in any kind of time. It only
 * puts them together and takes them apart; what happens on it is told by a scenario or a person.
 */
import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { UnitKind } from '../../protocol/codes.js';
import { keysRecord } from '../../protocol/host/keys.js';
import { packRecord, slotName } from '../../protocol/record.js';
import { KEYS_RECORD } from '../../protocol/seal/keys.js';
import { DESK_RECORD, packWindow } from '../../protocol/seal/window.js';
import { SETTINGS_RECORD, type UnitSettings } from '../../protocol/settings.js';
import { unitOfTopic } from '../../protocol/topics.js';
import { ControlRoom, type ControlEvent } from '../control-room/control-room.js';
import { installBundle, loadBundle, type Bundle } from '../espruino/bundle.js';
import { Flash } from '../espruino/storage.js';
import { createUnitHost, type UnitHost } from '../espruino/unit-host.js';
import {
  createInterpreterHost,
  type InterpreterHost,
  type InterpreterOptions,
} from '../interpreter/unit-host.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import type { WorldClock } from '../world/clock.js';
import type { Dial } from '../world/connection.js';
import { createLogReceiver, createTrackReceiver } from '../world/gps-receiver.js';
import type { Random } from '../world/random.js';
import { createTrack } from '../world/track.js';
import { Vehicle } from '../world/vehicle.js';
import type { BenchNetwork } from './networks.js';

export interface BenchOptions {
  readonly clock: WorldClock;
  readonly random: Random;
  readonly network: BenchNetwork;
  readonly bundle: Bundle;
  readonly units: readonly ScenarioUnit[];
  /** A recorded log for the first unit's receiver, instead of its track. */
  readonly gpsLog?: Buffer;
  /** The interpreter that the units run on, instead of its stand-in: needs real time and TCP. */
  readonly interpreter?: string;
  /** For their flash and environment there. */
  readonly interpreterExtra?: Pick<InterpreterOptions, 'files' | 'env'>;
  readonly onControl?: (event: ControlEvent) => void;
  readonly onUnit?: (unit: string, what: string, atMs: number) => void;
}

const GPS_BAUD = 9600;

/** The secret of the bench's fleet. It is here for all to read: no real unit may have it. */
export const BENCH_SECRET = createHash('sha256').update('the bench and nothing else').digest();

export class Bench {
  readonly controlRoom: ControlRoom;
  readonly vehicles = new Map<string, Vehicle>();
  readonly #options: BenchOptions;
  readonly #interpreters: InterpreterHost[] = [];
  readonly #links = new Map<string, { setUp(up: boolean): void }>();
  /** The last dispatch that left the broker for a unit and has not sounded. */
  readonly #underway = new Map<string, { id: number; leftAtMs: number }>();
  readonly #brokerToSounderMs = new Map<number, number>();

  constructor(options: BenchOptions) {
    this.#options = options;
    const { clock, network } = options;
    options.network.onPublishSent((topic, payload, atMs) => this.#left(topic, payload, atMs));
    this.controlRoom = new ControlRoom({
      clock,
      secret: BENCH_SECRET,
      units: options.units.map(({ id }) => id),
      connect: () => network.connect('cr-control'),
      watch: (event) => options.onControl?.(event),
    });
    options.units.forEach((unit, index) =>
      this.#add(unit, index === 0 ? options.gpsLog : undefined),
    );
  }

  /** Resolves when every unit's flash is as provisioning leaves it. */
  async ready(): Promise<void> {
    await Promise.all(this.#interpreters.map((host) => host.ready));
  }

  /** Powers every unit on. */
  start(): void {
    for (const vehicle of this.vehicles.values()) {
      vehicle.gps.start();
      vehicle.host.powerOn();
    }
  }

  vehicle(id: string): Vehicle {
    const vehicle = this.vehicles.get(id);
    if (!vehicle) throw new Error(`no unit ${id} on the bench`);
    return vehicle;
  }

  /** Takes the radio of a vehicle away, or gives it back. */
  setLink(id: string, up: boolean): void {
    this.#links.get(id)?.setUp(up);
    this.vehicle(id).host.setWifi(up);
  }

  /**
   * Milliseconds from the PUBLISH of a dispatch leaving the broker to the first tone on the
   * sounder's pin; null if the broker cannot tell, or if the unit was sounding already.
   */
  brokerToSounderMs(dispatchId: number): number | null {
    return this.#brokerToSounderMs.get(dispatchId) ?? null;
  }

  async stop(): Promise<void> {
    for (const vehicle of this.vehicles.values()) {
      vehicle.gps.stop();
      vehicle.host.cutPower();
    }
    await Promise.all(this.#interpreters.map((host) => host.dispose()));
    await this.controlRoom.close();
    await this.#options.network.close();
  }

  #add(unit: ScenarioUnit, gpsLog: Buffer | undefined): void {
    const { clock, network } = this.#options;
    const random = this.#options.random.fork(unit.id);
    const link = network.linkFor(unit.id, random.fork('link'));
    const host = this.#hostFor(unit, link.dial, random.fork('host'));
    const line = (bytes: string) => host.feedSerial(bytes);
    const gps = gpsLog
      ? createLogReceiver(clock, gpsLog, line, { baud: GPS_BAUD })
      : createTrackReceiver(
          clock,
          createTrack(unit.track, random.fork('track')),
          random.fork('gps'),
          line,
          {
            baud: GPS_BAUD,
          },
        );
    const vehicle = new Vehicle(unit.id, host, clock, gps, unit.crew);
    vehicle.onAlarm((atMs) => this.#sounded(unit.id, atMs));
    vehicle.aed.seat(unit.aed === 'present');
    this.#watch(unit.id, host);
    this.vehicles.set(unit.id, vehicle);
    this.#links.set(unit.id, link);
  }

  #hostFor(unit: ScenarioUnit, dial: Dial, random: Random): UnitHost {
    const { clock, bundle, network, interpreter, interpreterExtra } = this.#options;
    const flash = (broker: { host: string; port: number }) =>
      provisionedFlash(unit, broker, clock.nowMs(), bundle);
    if (interpreter === undefined) {
      return createUnitHost({ clock, random, bundle, flash: flash(network), dial });
    }
    const way = { broker: network, dial };
    const host = createInterpreterHost({
      clock,
      bundle,
      command: interpreter,
      flash,
      way,
      ...interpreterExtra,
    });
    this.#interpreters.push(host);
    return host;
  }

  #watch(id: string, host: UnitHost): void {
    host.onEvent(({ kind, detail, atMs }) => {
      this.#options.onUnit?.(id, detail ? `${kind}: ${detail}` : kind, atMs);
    });
  }

  #sounded(unit: string, atMs: number): void {
    this.#options.onUnit?.(unit, 'SOUNDS', atMs);
    const underway = this.#underway.get(unit);
    if (!underway) return;
    this.#underway.delete(unit);
    const ms = atMs - underway.leftAtMs;
    this.#brokerToSounderMs.set(underway.id, Math.round(ms * 1000) / 1000);
  }

  /** Quick, because it is done on the way that is measured. */
  #left(topic: string, payload: Buffer, atMs: number): void {
    const id = this.controlRoom.dispatchIn(payload);
    if (id === undefined) return;
    // What a broker delivers again was not sounded by the first delivery.
    if (!this.#brokerToSounderMs.has(id)) {
      this.#underway.set(unitOfTopic(topic), { id, leftAtMs: atMs });
    }
  }
}

/** The flash of a unit of the bench's own fleet as provisioning leaves it. */
export function provisionedFlash(
  unit: { id: string; callSign: string; kind: 'vehicle' | 'station'; fixPeriodS?: number },
  broker: { host: string; port: number; tls?: boolean },
  nowMs: number,
  bundle: Bundle = loadBundle(),
): Flash {
  const settings: UnitSettings = {
    unitId: unit.id,
    callSign: unit.callSign,
    kind: UnitKind[unit.kind],
    host: broker.host,
    port: broker.port,
    user: '',
    password: '',
    ssid: 'vehicle',
    wifiPassword: 'vehicle-wifi',
    ...(broker.tls === undefined ? {} : { tls: broker.tls }),
    ...(unit.fixPeriodS === undefined ? {} : { fixPeriodS: unit.fixPeriodS }),
  };
  return flashOf(settings, keysRecord(BENCH_SECRET, unit.id, 1), nowMs, bundle);
}

/** A flash with loader, bundle, settings, keys and an empty desk. */
export function flashOf(
  settings: UnitSettings,
  keys: string,
  nowMs: number,
  bundle: Bundle,
): Flash {
  const flash = new Flash();
  installBundle(flash, bundle);
  putRecord(flash, SETTINGS_RECORD, JSON.stringify(settings));
  putRecord(flash, KEYS_RECORD, keys);
  putRecord(flash, DESK_RECORD, `${packWindow({ newest: Math.floor(nowMs / 1000), seen: 0 })}|`);
  return flash;
}

/** Writes a record for the first time. */
export function putRecord(flash: Flash, name: string, value: string): void {
  const crc32OfBytes = (bytes: string) => crc32(Buffer.from(bytes, 'latin1'));
  flash.write(slotName(name, 0), packRecord(1, value, crc32OfBytes));
}
