/**
 * A short time as the control room of one unit, for bench tests: greets it, sends it something, and
 * hears what it says of it.
 */
import type { MqttClient } from 'mqtt';
import { ControlState } from '../../protocol/codes.js';
import type { Fields } from '../../protocol/host/messages.js';
import type { Publication, Received } from '../../protocol/host/unit-peer.js';
import { stateTopic, upTopic } from '../../protocol/topics.js';
import { UserError } from '../exit-codes.js';
import { connectBroker } from './broker.js';
import type { Fleet } from './folder.js';
import type { FleetUnit } from './schema.js';
import { KeptPeer, takeRole } from './state.js';

/** A unit that is connected has its birth on the broker. */
const BIRTH_TIMEOUT_MS = 5_000;
/** Between two hellos that tell what was heard (CR-147). */
const HELLO_GAP_MS = 1_000;

export class UnitSession {
  /** The unit's latest birth. */
  birth: Fields = {};
  readonly kept: KeptPeer;
  readonly #client: MqttClient;
  readonly #release: () => void;
  readonly #listeners = new Set<(received: Received) => void>();
  #hello: NodeJS.Timeout | undefined;

  private constructor(kept: KeptPeer, client: MqttClient, release: () => void) {
    this.kept = kept;
    this.#client = client;
    this.#release = release;
    client.on('message', (topic, payload) => this.#take(topic, payload));
  }

  /** @throws UserError `noAnswer` if the unit is not connected, and what connecting throws */
  static async open(fleet: Fleet, unit: FleetUnit, url: string | undefined): Promise<UnitSession> {
    const release = takeRole(fleet, 'control');
    let client: MqttClient | undefined;
    try {
      const kept = new KeptPeer(fleet, unit, Math.floor(Date.now() / 1000));
      client = await connectBroker(fleet, 'tools.control', url);
      const session = new UnitSession(kept, client, release);
      const topics = [stateTopic(unit.unitId), upTopic(unit.unitId)];
      // Its last word, a birth or a death, is retained: it comes with the subscription.
      const isLastWord = ({ name }: Received) => name === 'birth' || name === 'death';
      const lastWord = session.wait(isLastWord, BIRTH_TIMEOUT_MS);
      await client.subscribeAsync(topics, { qos: 1 });
      if ((await lastWord)?.name === 'birth') return session;
      const name = `${unit.callSign} (${unit.unitId})`;
      throw new UserError('noAnswer', `${name}: is not connected to the broker; nothing was sent`);
    } catch (error) {
      await client?.endAsync(true);
      release();
      throw error;
    }
  }

  /** Seals and sends; resolves when the broker has it. */
  async send(name: string, fields: Fields): Promise<Publication> {
    const publication = this.kept.peer.seal(name, fields);
    await this.publish(publication);
    return publication;
  }

  async publish({ topic, payload }: Publication): Promise<void> {
    this.kept.keep();
    await this.#client.publishAsync(topic, payload, { qos: 1 });
  }

  /** The next message that is wanted, or null if none came in time. */
  wait(isWanted: (received: Received) => boolean, timeoutMs: number): Promise<Received | null> {
    return new Promise((resolve) => {
      const end = (received: Received | null) => {
        clearTimeout(timer);
        this.#listeners.delete(listener);
        resolve(received);
      };
      const listener = (received: Received) => {
        if (isWanted(received)) end(received);
      };
      const timer = setTimeout(() => end(null), timeoutMs);
      this.#listeners.add(listener);
    });
  }

  onMessage(listener: (received: Received) => void): void {
    this.#listeners.add(listener);
  }

  /** Tells the unit that nobody is here any more, and ends. */
  async close(): Promise<void> {
    clearTimeout(this.#hello);
    if (this.#client.connected) this.#greet(ControlState.away);
    await this.#client.endAsync();
    this.#release();
  }

  #take(topic: string, payload: Buffer): void {
    const received = this.kept.peer.open(topic, payload);
    // Not the unit's, or told before: it counts for nothing here.
    if (typeof received === 'number') return;
    this.kept.keep();
    if (received.name === 'birth') {
      this.birth = received.message;
      this.#greet(ControlState.onDuty);
    } else if (received.name === 'response' || received.name === 'status') {
      this.#hello ??= setTimeout(() => this.#greet(ControlState.onDuty), HELLO_GAP_MS);
    }
    for (const listener of [...this.#listeners]) listener(received);
  }

  /** New settings are kept when the control room is heard after them (CR-153). */
  confirmConfig(): void {
    this.#greet(ControlState.onDuty);
  }

  /** At QoS 0, because a time that the broker kept would be old (CR-077). */
  #greet(state: number): void {
    this.#hello = undefined;
    const { peer } = this.kept;
    const { topic, payload } = peer.seal('hello', {
      birthCounter: this.birth['birthCounter'],
      heardCounter: peer.state.up.newest,
      issuedAt: Date.now(),
      state,
    });
    this.kept.keep();
    this.#client.publish(topic, payload, { qos: 0 });
  }
}
