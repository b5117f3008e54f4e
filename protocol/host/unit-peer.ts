/**
 * The control room's end of the sealed conversation with one unit: what a control room's
 * integrator needs besides an MQTT client. It knows no socket and no file; its state is plain data
 * that the caller keeps, after every call.
 */
import { hostBytes } from '../bytes.js';
import { Command, Refusal } from '../codes.js';
import { MAX_ENVELOPE_BYTES, MAX_GENERATION, MAX_U32 } from '../limits.js';
import { openEnvelope, sealEnvelope } from '../seal/envelope.js';
import { createWindow, takeCounter, windowRefusal, type Window } from '../seal/window.js';
import { downTopic, stateTopic, unitOfTopic, upTopic } from '../topics.js';
import { nodeCiphers } from './ciphers.js';
import { deriveKeyBytes, deriveKeys, type UnitKeys } from './keys.js';
import { decodeMessage, encodeMessage, type Fields } from './messages.js';

/** What must be kept from one message to the next, and over a restart. Plain JSON. */
export interface PeerState {
  /** Generation that the unit's messages are sealed with, as far as is known. */
  generation: number;
  /** The generation before it, still valid; 0 for none. */
  lastGeneration: number;
  /** Last counter that was used down; 0 for none. */
  counter: number;
  /** Counters taken on the unit's `up` topic. */
  up: Window;
  /** Counter of the last birth that was taken, and whether no death of it came. */
  birthCounter: number;
  alive: boolean;
}

/** A message that proved itself. */
export interface Received {
  readonly name: string;
  readonly message: Fields;
  /** Orders the messages of one unit (SPEC CR-079). */
  readonly counter: number;
  readonly generation: number;
}

export interface Publication {
  readonly topic: string;
  readonly payload: Buffer;
  /** By which an `outcome` names it. */
  readonly counter: number;
}

/** The state of a unit that was just provisioned with this generation. */
export function newPeerState(generation = 1): PeerState {
  return {
    generation,
    lastGeneration: 0,
    counter: 0,
    up: createWindow(),
    birthCounter: 0,
    alive: false,
  };
}

export class UnitPeer {
  readonly #keys = new Map<number, UnitKeys>();

  /**
   * @param secret the fleet's
   * @param state kept by the caller; changed by every call that succeeds
   * @param nowS seconds since 1970. The counter goes on from there if it is behind, so that a
   *   state restored from a backup uses no counter again (SPEC CR-111).
   * @throws if the secret or the unit id is none
   */
  constructor(
    readonly secret: Uint8Array,
    readonly unitId: string,
    readonly state: PeerState,
    nowS: number,
  ) {
    this.#keysOf(state.generation);
    state.counter = Math.max(state.counter, Math.floor(nowS));
  }

  /**
   * Seals a message to the unit. Publish it with QoS 1, a `hello` with QoS 0.
   * @throws if a field is outside its limits, naming it
   */
  seal(name: string, fields: object): Publication {
    const message = encodeMessage(name, fields);
    const topic = downTopic(this.unitId);
    const { down } = this.#keysOf(this.state.generation);
    if (this.state.counter >= MAX_U32) throw new Error(`${this.unitId}: no counter is left`);
    const counter = ++this.state.counter;
    const payload = sealEnvelope(nodeCiphers, down, topic, counter, message);
    return { topic, payload: Buffer.from(payload, 'latin1'), counter };
  }

  /**
   * The command that gives the unit its next keys. They come into use here with the first message
   * that the unit sealed with them; sent again before, the command gives the same keys again.
   * @param nowMs milliseconds since 1970
   * @throws if there is no generation left: provision the unit with a new fleet secret
   */
  sealRotation(nowMs: number): Publication {
    const next = this.state.generation + 1;
    if (next > MAX_GENERATION) {
      throw new Error(`${this.unitId}: generation ${this.state.generation} is the last there is`);
    }
    return this.seal('command', {
      command: Command.rotateKeys,
      generation: next,
      issuedAt: Math.floor(nowMs),
      keys: deriveKeyBytes(this.secret, this.unitId, next),
    });
  }

  /** Opens what came on one of the unit's topics; a refusal code changes nothing. */
  open(topic: string, payload: Uint8Array): Received | number {
    const isState = topic === stateTopic(this.unitId);
    if (!isState && topic !== upTopic(this.unitId)) {
      return unitOfTopic(topic) === this.unitId ? Refusal.wrongDirection : Refusal.wrongUnit;
    }
    if (payload.length > MAX_ENVELOPE_BYTES) return Refusal.tooLong;
    const bytes = Buffer.from(payload).toString('latin1');
    const opened = openEnvelope(hostBytes, nodeCiphers, this.#validKeys(), topic, bytes);
    if (typeof opened === 'number') return opened;
    const decoded = decodeMessage(opened.message);
    if (typeof decoded === 'number') return decoded;
    const { name, message } = decoded;
    const refusal = isState
      ? this.#stateRefusal(name, message['birthCounter'] as number)
      : this.#upRefusal(name, opened.counter);
    if (refusal !== Refusal.none) return refusal;
    this.#take(name, message, opened.counter);
    this.#confirm(opened.keyId);
    return { name, message, counter: opened.counter, generation: opened.keyId };
  }

  /**
   * A state topic keeps its last message, which comes again with every subscription: it is taken
   * again as long as it is the last word.
   */
  #stateRefusal(name: string, birthCounter: number): number {
    if (name !== 'birth' && name !== 'death') return Refusal.wrongType;
    if (birthCounter < this.state.birthCounter) return Refusal.stale;
    const isDead = birthCounter === this.state.birthCounter && !this.state.alive;
    return isDead && name === 'birth' ? Refusal.replayed : Refusal.none;
  }

  #upRefusal(name: string, counter: number): number {
    if (!UP_NAMES.includes(name)) return Refusal.wrongType;
    return windowRefusal(this.state.up, counter);
  }

  #take(name: string, message: Fields, counter: number): void {
    const { state } = this;
    if (name === 'birth' || name === 'death') {
      state.birthCounter = message['birthCounter'] as number;
      state.alive = name === 'birth';
      // Whatever this control room believes, the unit takes nothing below this.
      if (name === 'birth') {
        state.counter = Math.max(state.counter, message['heardCounter'] as number);
      }
    } else takeCounter(state.up, counter);
  }

  /** A message under the next keys: the unit has them. */
  #confirm(generation: number): void {
    const { state } = this;
    if (generation !== state.generation + 1) return;
    state.lastGeneration = state.generation;
    state.generation = generation;
  }

  /**
   * The next generation too, at any time: only this secret's holder can have given it, and a state
   * restored from a backup may not know that it was given.
   */
  #validKeys() {
    const { generation, lastGeneration } = this.state;
    return [generation, generation + 1, lastGeneration]
      .filter((each) => each > 0 && each <= MAX_GENERATION)
      .map((each) => this.#keysOf(each).up);
  }

  #keysOf(generation: number): UnitKeys {
    let keys = this.#keys.get(generation);
    if (!keys) {
      keys = deriveKeys(this.secret, this.unitId, generation);
      this.#keys.set(generation, keys);
    }
    return keys;
  }
}

/** What a unit sends on its `up` topic. */
const UP_NAMES = ['receipt', 'response', 'aed', 'position', 'health', 'status', 'outcome'];
