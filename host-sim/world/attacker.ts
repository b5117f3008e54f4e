/**
 * An attacker who has the broker: reads every topic, publishes on any, and has no key. It keeps
 * its own account of the refusal that each of its messages must meet at whoever receives it, by
 * what it did to the bytes alone.
 */
import type { MqttClient } from 'mqtt';
import { Refusal } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import { MAX_ENVELOPE_BYTES, WINDOW } from '../../protocol/limits.js';
import { downTopic, stateTopic, unitOfTopic, upTopic } from '../../protocol/topics.js';
import type { WorldClock } from './clock.js';
import type { Random } from './random.js';

/** What an attacker can do; a scenario names one. */
export const ATTACKS = [
  'replay',
  'replay-up',
  'shuffle',
  'redirect',
  'truncate',
  'extend',
  'flip',
  'forge',
  'forge-state',
  'replay-state',
  'flood',
] as const;
export type Attack = (typeof ATTACKS)[number];

/** How many messages must be refused, by the name of the code. */
export type Tally = Record<string, number>;

/** Where the parts of an envelope begin (SPEC section 9). */
const AT = { version: 3, keyId: 5, counter: 7, counterEnd: 11, sealed: 13 } as const;

export interface AttackOptions {
  /** How many messages; for those that use recorded ones, at most as many. */
  readonly count: number;
  /** Messages a second; without it, all at once. */
  readonly perS?: number;
}

export class Attacker {
  /** What each unit must refuse. */
  readonly atUnits = new Map<string, Tally>();
  /** What the control room must refuse. */
  readonly atControl: Tally = {};
  #sent = 0;
  readonly #heard = new Map<string, Buffer[]>();
  /** What was recorded, or sent by itself and comes back. */
  readonly #known = new Set<string>();

  constructor(
    private readonly clock: WorldClock,
    private readonly random: Random,
    private readonly client: MqttClient,
  ) {
    client.on('connect', () => client.subscribe('#', { qos: 1 }));
    client.on('message', (topic, payload) => this.#record(topic, payload));
  }

  get sent(): number {
    return this.#sent;
  }

  async close(): Promise<void> {
    await this.client.endAsync();
  }

  /** Attacks a unit, or the control room in its name; what it uses was recorded before now. */
  attack(kind: Attack, unit: string, { count, perS }: AttackOptions): void {
    const acts = this.#acts(kind, unit, count);
    acts.forEach((act, index) => {
      if (perS === undefined) act();
      else this.clock.after((index * 1000) / perS, act);
    });
  }

  #acts(kind: Attack, unit: string, count: number): (() => void)[] {
    const down = downTopic(unit);
    const recorded = this.#last(down, count);
    const mangled = (change: (payload: Buffer) => readonly [Buffer, number]) =>
      Array.from({ length: recorded.length === 0 ? 0 : count }, () => () => {
        const [payload, refusal] = change(this.#pick(recorded));
        this.#publish(down, payload, refusal);
      });
    switch (kind) {
      case 'replay':
        return recorded.map((payload) => () => this.#replay(down, payload));
      case 'replay-up':
        return this.#last(upTopic(unit), count).map(
          (payload) => () => this.#replay(upTopic(unit), payload),
        );
      case 'shuffle':
        return this.#shuffled(recorded).map((payload) => () => this.#replay(down, payload));
      case 'redirect':
        return this.#foreign(unit, count).map(
          (payload) => () => this.#publish(down, payload, Refusal.badTag),
        );
      case 'truncate':
        return mangled((payload) => [
          payload.subarray(0, this.random.integer(1, payload.length - 1)),
          Refusal.notSealed,
        ]);
      case 'extend':
        return mangled((payload) => this.#extended(payload));
      case 'flip':
        return mangled((payload) => this.#flipped(payload));
      case 'forge':
        return mangled((payload) => [this.#forged(payload), Refusal.badTag]);
      case 'flood':
        return mangled((payload) => this.#any(down, payload));
      case 'forge-state':
        return this.#last(stateTopic(unit), count).map(
          (payload) => () =>
            this.#publish(stateTopic(unit), this.#forged(payload), Refusal.badTag, true),
        );
      case 'replay-state':
        return this.#superseded(unit, count).map(
          (payload) => () => this.#publish(stateTopic(unit), payload, Refusal.stale, true),
        );
    }
  }

  #replay(topic: string, payload: Buffer): void {
    this.#publish(topic, payload, this.#replayRefusal(topic, payload));
  }

  /** The counter can be read by anyone: so can be whether the receiver's window still knows it. */
  #replayRefusal(topic: string, payload: Buffer): number {
    const newest = Math.max(...(this.#heard.get(topic) ?? []).map(counterOf));
    return newest - counterOf(payload) >= WINDOW ? Refusal.stale : Refusal.replayed;
  }

  /** Longer by some bytes, which are said to be an element more or are not. */
  #extended(payload: Buffer): readonly [Buffer, number] {
    const extra = this.#noise(this.random.integer(1, 200));
    const longer = Buffer.concat([payload, extra]);
    const isSaid = this.random.integer(0, 1) === 1;
    if (isSaid) longer[1]!++;
    if (longer.length > MAX_ENVELOPE_BYTES) return [longer, Refusal.tooLong];
    return [longer, isSaid ? Refusal.badTag : Refusal.notSealed];
  }

  #flipped(payload: Buffer): readonly [Buffer, number] {
    const at = this.random.integer(0, payload.length - 1);
    const bit = 1 << this.random.integer(0, 7);
    const flipped = Buffer.from(payload);
    flipped[at]! ^= bit;
    return [flipped, flipRefusal(at, flipped)];
  }

  /** A counter that was never used, and noise where the seal should be. */
  #forged(payload: Buffer): Buffer {
    const forged = Buffer.from(payload);
    forged.writeUInt32BE(counterOf(payload) + this.random.integer(1, 1000), AT.counter);
    this.#noise(forged.length - AT.sealed).copy(forged, AT.sealed);
    return forged;
  }

  #any(topic: string, payload: Buffer): readonly [Buffer, number] {
    switch (this.random.integer(0, 3)) {
      case 0:
        return [payload, this.#replayRefusal(topic, payload)];
      case 1:
        return this.#flipped(payload);
      case 2:
        return this.#extended(payload);
      default:
        return [this.#forged(payload), Refusal.badTag];
    }
  }

  /** Messages for other units, and this unit's own to the control room. */
  #foreign(unit: string, count: number): Buffer[] {
    const payloads: Buffer[] = [];
    for (const [topic, heard] of this.#heard) {
      if (topic === upTopic(unit) || (topic.endsWith('/down') && topic !== downTopic(unit))) {
        payloads.push(...heard);
      }
    }
    return payloads.slice(-count);
  }

  /** Births and deaths of connections before the present one. */
  #superseded(unit: string, count: number): Buffer[] {
    const heard = this.#heard.get(stateTopic(unit)) ?? [];
    const births = heard.map(counterOf);
    const newest = Math.max(...births);
    // A will has the counter before its birth's.
    return heard.filter((payload) => counterOf(payload) < newest - 1).slice(-count);
  }

  #publish(topic: string, payload: Buffer, refusal: number, retain = false): void {
    this.#sent++;
    this.#known.add(keyOf(topic, payload));
    this.client.publish(topic, payload, { qos: 0, retain });
    const unit = unitOfTopic(topic);
    const tally = topic === downTopic(unit) ? this.#tallyOf(unit) : this.atControl;
    const name = nameOf(Refusal, refusal);
    tally[name] = (tally[name] ?? 0) + 1;
  }

  #tallyOf(unit: string): Tally {
    let tally = this.atUnits.get(unit);
    if (!tally) this.atUnits.set(unit, (tally = {}));
    return tally;
  }

  #record(topic: string, payload: Buffer): void {
    const key = keyOf(topic, payload);
    if (this.#known.has(key)) return;
    this.#known.add(key);
    const heard = this.#heard.get(topic) ?? [];
    heard.push(payload);
    this.#heard.set(topic, heard);
  }

  #last(topic: string, count: number): Buffer[] {
    return (this.#heard.get(topic) ?? []).slice(-count);
  }

  #pick(payloads: readonly Buffer[]): Buffer {
    return payloads[this.random.integer(0, payloads.length - 1)] as Buffer;
  }

  #shuffled(payloads: readonly Buffer[]): Buffer[] {
    return payloads
      .map((payload) => ({ payload, key: this.random.unit() }))
      .sort((a, b) => a.key - b.key)
      .map(({ payload }) => payload);
  }

  #noise(length: number): Buffer {
    return Buffer.from(Array.from({ length }, () => this.random.integer(0, 255)));
  }
}

/** What one bit changed in an envelope must be refused with, by where it is. */
function flipRefusal(at: number, flipped: Buffer): number {
  if (at === AT.version) return Refusal.wrongVersion;
  if (at === AT.keyId) return flipped[at] === 0 ? Refusal.notSealed : Refusal.unknownKey;
  if (at >= AT.counter && at < AT.counterEnd) return Refusal.badTag;
  return at < AT.sealed ? Refusal.notSealed : Refusal.badTag;
}

function keyOf(topic: string, payload: Buffer): string {
  return `${topic} ${payload.toString('latin1')}`;
}

function counterOf(payload: Buffer): number {
  return payload.readUInt32BE(AT.counter);
}
