/**
 * A minimal control room: it shows its presence, greets every unit that is born, sends a dispatch
 * or a stand-down to a named unit, and keeps the ledger of what came back.
 */
import type { MqttClient } from 'mqtt';
import { Category, ControlState, StandDownReason } from '../../protocol/codes.js';
import { unsealed, unwrap, wrap } from '../../protocol/envelope.js';
import { decodeMessage, encodeMessage, type Fields } from '../../protocol/host.js';
import { hostBytes } from '../../protocol/bytes.js';
import {
  controlTopic,
  downTopic,
  everyUnitState,
  everyUnitUp,
  unitOfTopic,
} from '../../protocol/topics.js';
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
  /** The latest message of each name, by the order in which the unit made them (CR-079). */
  latest: Record<string, Fields>;
  /** Epoch and sequence of those. */
  order: Record<string, readonly [epoch: number, sequence: number]>;
  /** Messages taken, by name. */
  counts: Record<string, number>;
}

const DEFAULT_EXPIRY_S = 600;
const HELLO_PERIOD_MS = 60_000;

export class ControlRoom {
  readonly ledger = new Ledger();
  readonly units = new Map<string, KnownUnit>();
  readonly #clock: WorldClock;
  readonly #client: MqttClient;
  readonly #watch: (event: ControlEvent) => void;
  readonly #session: number;
  #sequence = 0;
  #lastDispatchId: number;

  /**
   * @param connect makes the MQTT client, given the will; it must keep trying by itself.
   * @param watch told of every message, up and down.
   */
  constructor(
    clock: WorldClock,
    connect: (will: { topic: string; payload: Buffer }) => MqttClient,
    watch: (event: ControlEvent) => void,
  ) {
    this.#clock = clock;
    this.#watch = watch;
    // The second of the start: greater with every start, without a file to keep it in. As first
    // dispatch number it keeps those of two starts on one broker apart.
    this.#session = Math.floor(clock.nowMs() / 1000);
    this.#lastDispatchId = this.#session;
    const will = Buffer.from(this.#wrapHello(controlTopic(), ControlState.away), 'latin1');
    this.#client = connect({ topic: controlTopic(), payload: will });
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
    const body = encodeMessage('dispatch', message);
    const entry = this.ledger.open(id, unit, this.#clock.nowMs());
    this.#publish(unit, 'dispatch', message, body, 1, () => {
      this.ledger.note(id, 'queued', this.#clock.nowMs());
    });
    return entry;
  }

  standDown(id: number, reason: keyof typeof StandDownReason = 'notStated'): void {
    const entry = this.ledger.find(id);
    if (!entry) throw new Error(`dispatch ${id} was not sent by this control room`);
    const issuedAt = Math.floor(this.#clock.nowMs());
    const message = { dispatchId: id, issuedAt, reason: StandDownReason[reason] };
    this.#send(entry.unit, 'stand-down', message);
  }

  /** Says good-bye and ends. */
  async close(): Promise<void> {
    if (this.#client.connected) this.#publishState(ControlState.away);
    await this.#client.endAsync();
  }

  #begin(): void {
    this.#client.subscribe([everyUnitUp(), everyUnitState()], { qos: 1 });
    this.#publishState(ControlState.onDuty);
    this.#repeatHello();
  }

  #repeatHello(): void {
    this.#clock.after(HELLO_PERIOD_MS, () => {
      if (!this.#client.connected) return;
      for (const [id, unit] of this.units) if (unit.alive) this.#greet(id);
      this.#repeatHello();
    });
  }

  #publishState(state: number): void {
    const payload = Buffer.from(this.#wrapHello(controlTopic(), state), 'latin1');
    this.#client.publish(controlTopic(), payload, { qos: 1, retain: true });
  }

  /** Tells a unit the time; at QoS 0, because a time that the broker kept would be old (CR-077). */
  #greet(unit: string): void {
    this.#send(unit, 'hello', this.#hello(ControlState.onDuty), 0);
  }

  #hello(state: number): Fields {
    return { session: this.#session, issuedAt: Math.floor(this.#clock.nowMs()), state };
  }

  #wrapHello(topic: string, state: number): string {
    return this.#wrap(topic, encodeMessage('hello', this.#hello(state)));
  }

  #wrap(topic: string, body: string): string {
    return wrap(hostBytes, unsealed, topic, this.#session, ++this.#sequence, body);
  }

  #send(unit: string, name: string, fields: Fields, qos: 0 | 1 = 1): void {
    this.#publish(unit, name, fields, encodeMessage(name, fields), qos);
  }

  #publish(
    unit: string,
    name: string,
    fields: Fields,
    body: string,
    qos: 0 | 1,
    onQueued?: () => void,
  ): void {
    const topic = downTopic(unit);
    const payload = Buffer.from(this.#wrap(topic, body), 'latin1');
    this.#client.publish(topic, payload, { qos }, (error) => {
      if (!error) onQueued?.();
    });
    this.#watch({ atMs: this.#clock.nowMs(), unit, name, fields });
  }

  #take(topic: string, payload: Buffer): void {
    const unit = unitOfTopic(topic);
    if (unit === '') return;
    const atMs = this.#clock.nowMs();
    const envelope = unwrap(hostBytes, unsealed, topic, payload.toString('latin1'));
    const decoded = typeof envelope === 'number' ? envelope : decodeMessage(envelope.body);
    if (typeof envelope === 'number' || typeof decoded === 'number') {
      const refusal = typeof envelope === 'number' ? envelope : (decoded as number);
      this.#watch({ atMs, unit, name: 'refused', fields: { refusal } });
      return;
    }
    const { name, message } = decoded;
    if (!this.#note(unit, name, message, atMs)) return;
    this.#keepLatest(unit, name, message, [envelope.epoch, envelope.sequence]);
    this.#watch({ atMs, unit, name, fields: message });
    if (name === 'birth') this.#greet(unit);
  }

  /** Books a message; false for one that says nothing, as the death of an older birth. */
  #note(id: string, name: string, message: Fields, atMs: number): boolean {
    const unit = this.#unit(id);
    if (name === 'death') {
      if ((message['birthCounter'] as number) < unit.birthCounter) return false;
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
    return true;
  }

  /** A message that was under way when the link was lost may come after a newer one. */
  #keepLatest(id: string, name: string, message: Fields, order: readonly [number, number]): void {
    const unit = this.#unit(id);
    const [epoch, sequence] = unit.order[name] ?? [0, 0];
    if (order[0] < epoch || (order[0] === epoch && order[1] < sequence)) return;
    unit.latest[name] = message;
    unit.order[name] = order;
  }

  #unit(id: string): KnownUnit {
    let unit = this.units.get(id);
    if (!unit) {
      unit = { alive: false, birthCounter: 0, callSign: '', latest: {}, order: {}, counts: {} };
      this.units.set(id, unit);
    }
    return unit;
  }
}
