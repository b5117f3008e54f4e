/**
 * A minimal control room: it greets every unit that is born, and again every minute, sends a dispatch
 * or a stand-down to a named unit, and keeps the ledger of what came back.
 */
import type { MqttClient } from 'mqtt';
import { Category, ControlState, Refusal, StandDownReason } from '../../protocol/codes.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import { UnitPeer, newPeerState, type Publication } from '../../protocol/host/unit-peer.js';
import { everyUnitState, everyUnitUp, unitOfTopic } from '../../protocol/topics.js';
import type { WorldClock } from '../world/clock.js';
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
  /** The latest message of each name, by the order in which the unit made them (CR-079). */
  latest: Record<string, Fields>;
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
}

const DEFAULT_EXPIRY_S = 600;
const HELLO_PERIOD_MS = 60_000;

export class ControlRoom {
  readonly ledger = new Ledger();
  readonly units = new Map<string, KnownUnit>();
  /** Messages that were refused, by the name of the code. */
  readonly refused: Record<string, number> = {};
  readonly #clock: WorldClock;
  readonly #client: MqttClient;
  readonly #watch: (event: ControlEvent) => void;
  readonly #peers = new Map<string, UnitPeer>();
  /** Dispatch ids by the payload that carries them. */
  readonly #dispatchIds = new Map<string, number>();
  #lastDispatchId: number;

  constructor({ clock, secret, units, connect, watch }: ControlRoomOptions) {
    this.#clock = clock;
    this.#watch = watch;
    const nowS = Math.floor(clock.nowMs() / 1000);
    // Keeps the numbers of two starts on one broker apart, without a file to keep them in.
    this.#lastDispatchId = nowS;
    for (const id of units) this.#peers.set(id, new UnitPeer(secret, id, newPeerState(), nowS));
    this.#client = connect();
    this.#client.on('connect', () => this.#begin());
    this.#client.on('message', (topic, payload) => this.#take(topic, payload));
  }

  /** Sends a dispatch to a unit; the entry fills as the unit and its crew answer. */
  dispatch(unit: string, job: Job): LedgerEntry {
    const issuedAt = Math.floor(this.#clock.nowMs());
    const id = ++this.#lastDispatchId;
    const message = {
      dispatchId: id,
      category: Category[job.category ?? 'cardiacArrest'],
      expiresAt: issuedAt + (job.expiresInS ?? DEFAULT_EXPIRY_S) * 1000,
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
    const entry = this.ledger.open(id, unit, this.#clock.nowMs());
    this.#publish(unit, 'dispatch', message, publication, 1, () => {
      this.ledger.note(id, 'queued', this.#clock.nowMs());
    });
    return entry;
  }

  /** The dispatch that a payload carries, where it is one that this control room sent. */
  dispatchIn(payload: Buffer): number | undefined {
    return this.#dispatchIds.get(keyOf(payload));
  }

  standDown(id: number, reason: keyof typeof StandDownReason = 'notStated'): void {
    const entry = this.ledger.find(id);
    if (!entry) throw new Error(`dispatch ${id} was not sent by this control room`);
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = { dispatchId: id, issuedAt, reason: StandDownReason[reason] };
    this.#send(entry.unit, 'stand-down', message);
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
    const issuedAt = Math.floor(this.#clock.nowMs());
    this.#send(unit, 'hello', { birthCounter, issuedAt, state }, 0);
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
    { topic, payload }: Publication,
    qos: 0 | 1,
    onQueued?: () => void,
  ): void {
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
  }

  #note(id: string, name: string, message: Fields, atMs: number): void {
    const unit = this.#unit(id);
    if (name === 'death') {
      unit.alive = false;
    } else if (name === 'birth') {
      unit.alive = true;
      unit.birthCounter = message['birthCounter'] as number;
      unit.callSign = String(message['callSign']);
    } else if (name === 'receipt') {
      this.ledger.noteReceipt(message as never, atMs);
    } else if (name === 'response') {
      this.ledger.noteResponse(message as never, atMs);
    }
    unit.counts[name] = (unit.counts[name] ?? 0) + 1;
  }

  /** A message that was under way when the link was lost may come after a newer one. */
  #keepLatest(id: string, name: string, message: Fields, counter: number): void {
    const unit = this.#unit(id);
    if (counter < (unit.order[name] ?? 0)) return;
    unit.latest[name] = message;
    unit.order[name] = counter;
  }

  #unit(id: string): KnownUnit {
    let unit = this.units.get(id);
    if (!unit) {
      const none = { latest: {}, order: {}, counts: {} };
      unit = { alive: false, birthCounter: 0, callSign: '', generation: 0, ...none };
      this.units.set(id, unit);
    }
    return unit;
  }
}

function keyOf(payload: Buffer): string {
  return payload.toString('latin1');
}
