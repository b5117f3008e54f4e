/**
 * A minimal control room: it greets every unit that is born, again every minute and whenever its crew
 * has said something, sends dispatches, what follows on them, settings and commands to a named unit,
 * and keeps the ledger of what came back.
 */
import type { MqttClient } from 'mqtt';
import {
  Category,
  Command,
  ControlState,
  CrewStatus,
  Refusal,
  StandDownReason,
  PositionReason,
} from '../../protocol/codes.js';
import { defaultConfig, type Config } from '../../protocol/generated/config.js';
import type { Update } from '../../protocol/generated/update.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import {
  UnitPeer,
  newPeerState,
  type PeerState,
  type Publication,
} from '../../protocol/host/unit-peer.js';
import { everyUnitState, everyUnitUp, unitOfTopic } from '../../protocol/topics.js';
import type { WorldClock } from '../world/clock.js';
import type { Counters } from './counters.js';
import { Ledger, type LedgerEntry } from './ledger.js';

export interface Job {
  readonly ambulanceReference: string;
  readonly latitude: number;
  readonly longitude: number;
  readonly address: string;
  readonly note?: string;
  readonly category?: keyof typeof Category;
  readonly expiresInS?: number;
}

/** New facts for a dispatch; what is not given stays as it was. */
export type Facts = Partial<
  Pick<Job, 'latitude' | 'longitude' | 'address' | 'note' | 'expiresInS'>
>;

/** Settings that are not to be their defaults. */
export type Settings = Partial<Omit<Config, 'version' | 'issuedAt'>>;

/** A config or a command that was sent. */
export interface Order {
  readonly unit: string;
  /** Of its envelope: the unit's `outcome` has the same. */
  readonly counter: number;
  /** Of a config. */
  readonly version?: number;
  readonly sentAtMs: number;
  /** Once the unit has told it: the name of a Refusal, `none` where it was done. */
  outcome?: string;
}

/** What the control room saw or did, for whoever watches. */
export interface ControlEvent {
  readonly atMs: number;
  readonly unit: string;
  /** Name of the message, or `refused` for one that it could not take. */
  readonly name: string;
  readonly fields: Fields;
}

/** What the control room knows of a unit. */
export interface KnownUnit {
  alive: boolean;
  birthCounter: number;
  callSign: string;
  /** Of the keys that it sealed its latest message with. */
  generation: number;
  /** What the crew last said: the name of a CrewStatus, '' before they said any. */
  status: string;
  /** Of the settings in use, as far as the unit has told. */
  configVersion: number;
  /** The latest config that was sent to it, with its outcome. */
  config?: Order;
  /** The latest message of each name, by the order in which the unit made them (CR-079). */
  latest: Record<string, Fields>;
  /** Positions of times when nobody could be told. */
  missed: Fields[];
  /** The counters of those. */
  order: Record<string, number>;
  /** Messages taken, by name. */
  counts: Record<string, number>;
}

export interface ControlRoomOptions {
  readonly clock: WorldClock;
  /** The fleet's secret, from which the keys of its units follow. */
  readonly secret: Uint8Array;
  /** Ids of the units that belong to it. */
  readonly units: readonly string[];
  /** Makes the MQTT client; it must keep trying by itself. */
  readonly connect: () => MqttClient;
  /** Told of every message, up and down. */
  readonly watch: (event: ControlEvent) => void;
  /** Told when the broker has a dispatch or a stand-down. */
  readonly onQueued?: (name: 'dispatch' | 'stand-down', dispatchId: number) => void;
  /** Told when the broker has what `revise` sent. */
  readonly onUpdated?: (dispatchId: number, revision: number) => void;
  /** What `peerStates` gave before a restart. */
  readonly peers?: Readonly<Record<string, PeerState>>;
  /** Sets counters aside where a crash leaves them. Without it a second start must come a while later. */
  readonly counters?: Counters;
}

/** A dispatch that has its number and its time from elsewhere: sent again, it is the same. */
export interface Numbered {
  readonly id: number;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
}

/** An update that has its number from elsewhere: sent again, it is the same. */
export interface Revision {
  readonly id: number;
  readonly revision: number;
  readonly expiresAtMs: number;
}

const DEFAULT_EXPIRY_S = 600;
const HELLO_PERIOD_MS = 60_000;
/** Between two hellos to a unit of which the second tells what was heard (CR-147). */
const HELLO_GAP_MS = 1_000;

export class ControlRoom {
  readonly ledger = new Ledger();
  readonly units = new Map<string, KnownUnit>();
  /** Messages that were refused, by the name of the code. */
  readonly refused: Record<string, number> = {};
  readonly #clock: WorldClock;
  readonly #client: MqttClient;
  readonly #watch: (event: ControlEvent) => void;
  readonly #onQueued: NonNullable<ControlRoomOptions['onQueued']>;
  readonly #onUpdated: NonNullable<ControlRoomOptions['onUpdated']>;
  readonly #peers = new Map<string, UnitPeer>();
  /** Dispatch ids by the payload that carries them. */
  readonly #dispatchIds = new Map<string, number>();
  /** What each dispatch says, as of its last update. */
  readonly #facts = new Map<number, Update>();
  /** Orders without an outcome, by unit and counter. */
  readonly #orders = new Map<string, Order>();
  readonly #greetedAtMs = new Map<string, number>();
  /** Units to which a hello is due before the minute is over. */
  readonly #owedHello = new Set<string>();
  #lastDispatchId: number;
  readonly #counters: Counters | null;

  constructor(options: ControlRoomOptions) {
    const { clock, secret, units, connect, watch, onQueued = () => {}, peers = {} } = options;
    const { counters = null } = options;
    this.#clock = clock;
    this.#watch = watch;
    this.#onQueued = onQueued;
    this.#onUpdated = options.onUpdated ?? (() => {});
    this.#counters = counters;
    const nowS = Math.floor(clock.nowMs() / 1000);
    const fromCounter = Math.max(nowS, counters?.last ?? 0);
    // Keeps the numbers of two starts on one broker apart, without a file to keep them in.
    this.#lastDispatchId = nowS;
    for (const id of units) {
      this.#peers.set(id, new UnitPeer(secret, id, peers[id] ?? newPeerState(), fromCounter));
    }
    this.#client = connect();
    this.#client.on('connect', () => this.#begin());
    this.#client.on('message', (topic, payload) => this.#take(topic, payload));
  }

  /** What must be kept over a restart, by unit. */
  peerStates(): Record<string, PeerState> {
    return Object.fromEntries([...this.#peers].map(([id, { state }]) => [id, state]));
  }

  /** Sends a dispatch to a unit; the entry fills as the unit and its crew answer. */
  dispatch(unit: string, job: Job, numbered?: Numbered): LedgerEntry {
    const issuedAt = Math.floor(numbered?.issuedAtMs ?? this.#clock.nowMs());
    const id = numbered?.id ?? this.#lastDispatchId + 1;
    this.#lastDispatchId = Math.max(this.#lastDispatchId, id);
    const expiresAt = issuedAt + (job.expiresInS ?? DEFAULT_EXPIRY_S) * 1000;
    const message = {
      dispatchId: id,
      category: Category[job.category ?? 'cardiacArrest'],
      expiresAt: Math.floor(numbered?.expiresAtMs ?? expiresAt),
      issuedAt,
      latitudeE7: Math.round(job.latitude * 1e7),
      longitudeE7: Math.round(job.longitude * 1e7),
      ambulanceReference: job.ambulanceReference,
      address: job.address,
      note: job.note ?? '',
    };
    // What cannot be sent throws here, before anything is noted.
    const publication = this.#peer(unit).seal('dispatch', message);
    this.#dispatchIds.set(keyOf(publication.payload), id);
    this.#facts.set(id, { ...message, revision: 0 });
    const entry = this.ledger.open(id, unit, this.#clock.nowMs());
    this.#publish(unit, 'dispatch', message, publication, 1, () => {
      this.ledger.note(id, 'queued', this.#clock.nowMs());
      this.#onQueued('dispatch', id);
    });
    return entry;
  }

  /** The dispatch that a payload carries, where it is one that this control room sent. */
  dispatchIn(payload: Buffer): number | undefined {
    return this.#dispatchIds.get(keyOf(payload));
  }

  /** Sends new facts for a dispatch; the unit tells with the step `updated` that it took them. */
  update(id: number, facts: Facts): LedgerEntry {
    const entry = this.#entry(id);
    const last = this.#facts.get(id) as Update;
    const { latitude, longitude, address, note, expiresInS } = facts;
    const issuedAt = Math.floor(this.#clock.nowMs());
    const expiresAt = expiresInS === undefined ? last.expiresAt : issuedAt + expiresInS * 1000;
    if (expiresAt <= issuedAt) throw new Error(`dispatch ${id} has expired: say expiresInS`);
    const message = {
      dispatchId: id,
      revision: last.revision + 1,
      expiresAt,
      issuedAt,
      latitudeE7: latitude === undefined ? last.latitudeE7 : Math.round(latitude * 1e7),
      longitudeE7: longitude === undefined ? last.longitudeE7 : Math.round(longitude * 1e7),
      address: address ?? last.address,
      note: note ?? last.note,
    };
    this.#send(entry.unit, 'update', message);
    this.#facts.set(id, message);
    entry.revision = message.revision;
    return entry;
  }

  /** All that a dispatch says now, also of one that was sent before a restart. */
  revise(unit: string, job: Job, { id, revision, expiresAtMs }: Revision): void {
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = {
      dispatchId: id,
      revision,
      // Later than now (CR-142): whoever accepted in time may be told after it.
      expiresAt: Math.max(Math.floor(expiresAtMs), issuedAt + 1000),
      issuedAt,
      latitudeE7: Math.round(job.latitude * 1e7),
      longitudeE7: Math.round(job.longitude * 1e7),
      address: job.address,
      note: job.note ?? '',
    };
    const publication = this.#peer(unit).seal('update', message);
    this.#publish(unit, 'update', message, publication, 1, () => this.#onUpdated(id, revision));
  }

  /** @param unit whose dispatch it is, where it was sent before a restart */
  standDown(
    id: number,
    reason: keyof typeof StandDownReason = 'notStated',
    unit = this.#entry(id).unit,
  ): void {
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = { dispatchId: id, issuedAt, reason: StandDownReason[reason] };
    const publication = this.#peer(unit).seal('stand-down', message);
    this.#publish(unit, 'stand-down', message, publication, 1, () => {
      this.#onQueued('stand-down', id);
    });
  }

  /** Sends a whole set of settings: the defaults, but for those that are given. */
  configure(unit: string, settings: Settings): Order {
    const known = this.#unit(this.#peer(unit).unitId);
    const version = Math.max(known.configVersion, known.config?.version ?? 0) + 1;
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = { ...defaultConfig(), ...settings, version, issuedAt };
    known.config = this.#order(unit, 'config', message, version);
    return known.config;
  }

  /** Has the unit do something; its keys are changed by `rotate`. */
  command(unit: string, what: Exclude<keyof typeof Command, 'rotateKeys'>): Order {
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = { command: Command[what], generation: 0, issuedAt, keys: '' };
    return this.#order(unit, 'command', message);
  }

  /** Gives a unit its next keys; they are in use when the unit is born again with them. */
  rotate(unit: string): void {
    const publication = this.#peer(unit).sealRotation(this.#clock.nowMs());
    // What is told of it has no keys in it.
    this.#publish(unit, 'command', { command: 'rotateKeys' }, publication, 1);
  }

  /** Says good-bye and ends. */
  async close(): Promise<void> {
    if (this.#client.connected) this.#greetAll(ControlState.away);
    await this.#client.endAsync();
  }

  #begin(): void {
    this.#client.subscribe([everyUnitUp(), everyUnitState()], { qos: 1 });
    this.#repeatHello();
  }

  #repeatHello(): void {
    this.#clock.after(HELLO_PERIOD_MS, () => {
      if (!this.#client.connected) return;
      this.#greetAll(ControlState.onDuty);
      this.#repeatHello();
    });
  }

  #greetAll(state: number): void {
    for (const [id, unit] of this.units) if (unit.alive) this.#greet(id, state);
  }

  /** Tells a unit the time; at QoS 0, because a time that the broker kept would be old (CR-077). */
  #greet(unit: string, state: number): void {
    const { birthCounter } = this.#unit(unit);
    const heardCounter = this.#peer(unit).state.up.newest;
    const nowMs = this.#clock.nowMs();
    this.#greetedAtMs.set(unit, nowMs);
    const issuedAt = Math.floor(nowMs);
    this.#send(unit, 'hello', { birthCounter, heardCounter, issuedAt, state }, 0);
  }

  /** The crew is to know that what they said was heard: at once, but at most once a second. */
  #greetSoon(unit: string): void {
    if (this.#owedHello.has(unit)) return;
    this.#owedHello.add(unit);
    const dueMs = (this.#greetedAtMs.get(unit) ?? 0) + HELLO_GAP_MS;
    const waitMs = dueMs - this.#clock.nowMs();
    if (waitMs <= 0) this.#greetOwed(unit);
    else this.#clock.after(waitMs, () => this.#greetOwed(unit));
  }

  #greetOwed(unit: string): void {
    this.#owedHello.delete(unit);
    const isHere = this.#client.connected && !this.#client.disconnecting;
    if (isHere && this.#unit(unit).alive) this.#greet(unit, ControlState.onDuty);
  }

  #entry(id: number): LedgerEntry {
    const entry = this.ledger.find(id);
    if (!entry) throw new Error(`dispatch ${id} was not sent by this control room`);
    return entry;
  }

  #order(unit: string, name: string, fields: Fields, version?: number): Order {
    const publication = this.#peer(unit).seal(name, fields);
    const { counter } = publication;
    const sentAtMs = this.#clock.nowMs();
    const order = { unit, counter, sentAtMs, ...(version === undefined ? {} : { version }) };
    this.#orders.set(`${unit} ${counter}`, order);
    this.#publish(unit, name, fields, publication, 1);
    return order;
  }

  #peer(unit: string): UnitPeer {
    const peer = this.#peers.get(unit);
    if (!peer) throw new Error(`${unit} is no unit of this control room`);
    return peer;
  }

  #send(unit: string, name: string, fields: Fields, qos: 0 | 1 = 1): void {
    this.#publish(unit, name, fields, this.#peer(unit).seal(name, fields), qos);
  }

  #publish(
    unit: string,
    name: string,
    fields: Fields,
    { topic, payload, counter }: Publication,
    qos: 0 | 1,
    onQueued?: () => void,
  ): void {
    this.#counters?.use(counter);
    this.#client.publish(topic, payload, { qos }, (error) => {
      if (!error) onQueued?.();
    });
    this.#watch({ atMs: this.#clock.nowMs(), unit, name, fields });
  }

  #take(topic: string, payload: Buffer): void {
    const unit = unitOfTopic(topic);
    const atMs = this.#clock.nowMs();
    const received = this.#peers.get(unit)?.open(topic, payload) ?? Refusal.wrongUnit;
    if (typeof received === 'number') {
      const refusal = nameOf(Refusal, received);
      this.refused[refusal] = (this.refused[refusal] ?? 0) + 1;
      this.#watch({ atMs, unit, name: 'refused', fields: { refusal } });
      return;
    }
    const { name, message, counter, generation } = received;
    this.#unit(unit).generation = generation;
    this.#note(unit, name, message, atMs);
    this.#keepLatest(unit, name, message, counter);
    this.#watch({ atMs, unit, name, fields: message });
    if (name === 'birth') this.#greet(unit, ControlState.onDuty);
    if (name === 'response' || name === 'status') this.#greetSoon(unit);
  }

  #note(id: string, name: string, message: Fields, atMs: number): void {
    const unit = this.#unit(id);
    if (name === 'death') {
      unit.alive = false;
    } else if (name === 'birth') {
      unit.alive = true;
      // A birth that the broker tells again knows nothing of the settings since.
      if (message['birthCounter'] !== unit.birthCounter) {
        unit.configVersion = message['configVersion'] as number;
      }
      unit.birthCounter = message['birthCounter'] as number;
      unit.callSign = String(message['callSign']);
    } else if (name === 'receipt') {
      this.ledger.noteReceipt(message as never, atMs);
    } else if (name === 'response') {
      this.ledger.noteResponse(message as never, atMs);
    } else if (name === 'outcome') {
      this.#noteOutcome(unit, `${id} ${message['counter']}`, message['refusal'] as number);
    }
    unit.counts[name] = (unit.counts[name] ?? 0) + 1;
  }

  #noteOutcome(unit: KnownUnit, key: string, refusal: number): void {
    const order = this.#orders.get(key);
    if (!order) return;
    this.#orders.delete(key);
    order.outcome = nameOf(Refusal, refusal);
    if (refusal === Refusal.none) unit.configVersion = order.version ?? unit.configVersion;
  }

  /** A message that was under way when the link was lost may come after a newer one. */
  #keepLatest(id: string, name: string, message: Fields, counter: number): void {
    const unit = this.#unit(id);
    if (counter < (unit.order[name] ?? 0)) return;
    // Where it was while nobody could be told is not where it is (CR-088).
    if (name === 'position' && message['reason'] === PositionReason.missed) {
      unit.missed.push(message);
      return;
    }
    unit.latest[name] = message;
    if (name === 'status') unit.status = nameOf(CrewStatus, message['status'] as number);
    unit.order[name] = counter;
  }

  #unit(id: string): KnownUnit {
    let unit = this.units.get(id);
    if (!unit) {
      const none = { latest: {}, missed: [], order: {}, counts: {} };
      const unsaid = { callSign: '', status: '', generation: 0, configVersion: 0 };
      unit = { alive: false, birthCounter: 0, ...unsaid, ...none };
      this.units.set(id, unit);
    }
    return unit;
  }
}

function keyOf(payload: Buffer): string {
  return payload.toString('latin1');
}
