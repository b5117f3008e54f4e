/**
 * Whether a broker that has a fleet's access files keeps every unit to its own topics (SPEC CR-036),
 * whatever broker it is. Brokers answer what is not allowed in ways of their own, by silence, by a
 * code or by ending the connection: so what counts is what arrives.
 */
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import * as assert from 'uvu/assert';
import {
  downTopic,
  everyUnitState,
  everyUnitUp,
  stateTopic,
  upTopic,
} from '../../protocol/topics.js';
import { openFleet } from '../../tools/fleet/folder.js';

/** So many at a time: one after the other waits for the network most of the time. */
const BATCH = 50;
/** Longest wait for an answer that some brokers do not give. */
const ANSWER_MS = 1_000;
const SETTLE_MS = 100;

export class BrokerRights {
  readonly #url: string;
  readonly #open = new Set<MqttClient>();
  /** What came to each, as `topic text`. */
  readonly #heard = new WeakMap<MqttClient, string[]>();
  readonly #fleet: ReturnType<typeof openFleet>;
  readonly ids: readonly string[];

  constructor(folder: string, port: number) {
    this.#url = `mqtt://127.0.0.1:${port}`;
    this.#fleet = openFleet(folder);
    this.ids = this.#fleet.active.map(({ unitId }) => unitId);
  }

  /** What is open is ended, however a test goes. */
  close(): void {
    for (const client of this.#open) client.end(true);
  }

  passwordOf(user: string): string {
    return user.includes('.')
      ? this.#fleet.passwordOf(user as 'control.room')
      : this.#fleet.unit(user).settings.password;
  }

  /** Resolves when the broker has the birth of so many. */
  async hasBorn(count: number): Promise<void> {
    const room = await this.#login('control.room');
    const topics = new Set<string>();
    const isWhole = new Promise<void>((resolve) => {
      room.on('message', (topic) => topics.add(topic).size === count && resolve());
    });
    await room.subscribeAsync(everyUnitState(), { qos: 1 });
    await isWhole;
    await room.endAsync();
  }

  /** Publishes as this unit, on its own topic. */
  async says(id: string, text: string): Promise<void> {
    const client = await this.#login(id);
    await client.publishAsync(upTopic(id), text, { qos: 1 });
    await client.endAsync();
  }

  async lets(user: string, password: string, isIn: boolean): Promise<void> {
    const client = await this.#login(user, { password }).catch(() => null);
    assert.is(client !== null, isIn, user);
    await client?.endAsync();
  }

  /** Each unit of these is refused with its neighbour's password; so are other wrong ones. */
  async refusesForeignPasswords(ids: readonly string[]): Promise<void> {
    const wrong: (readonly [user: string, password: string])[] = [
      ...ids.map((id) => [id, this.passwordOf(this.#after(id))] as const),
      [ids[0] as string, ''],
      ['met-nobody', this.passwordOf(ids[0] as string)],
      ['control.room', this.passwordOf(ids[0] as string)],
      ['control.room', this.passwordOf('tools.watch')],
      [ids[0] as string, this.passwordOf('control.room')],
    ];
    const letIn: string[] = [];
    await inBatches(wrong, async ([user, password]) => {
      const client = await this.#login(user, { password }).catch((error: Error) => error);
      if (!(client instanceof Error)) letIn.push(user);
      else assert.match(client.message, /Not authorized|Bad username or password/);
    });
    assert.equal(letIn, []);
  }

  /** A unit says what it has to, and hears what is for it; the control room the other way round. */
  async allowsOwnTopics(ids: readonly string[]): Promise<void> {
    const room = await this.#login('control.room');
    const heard = this.#heardBy(room);
    await room.subscribeAsync([everyUnitUp(), everyUnitState()], { qos: 1 });
    const got = new Map<string, string[]>();
    await inBatches(ids, async (id) => {
      const will = { topic: stateTopic(id), payload: Buffer.from('gone'), qos: 1, retain: true };
      const client = await this.#login(id, { will: will as NonNullable<IClientOptions['will']> });
      got.set(id, this.#heardBy(client));
      await client.subscribeAsync(downTopic(id), { qos: 1 });
      await client.publishAsync(upTopic(id), 'up', { qos: 1 });
      await client.publishAsync(stateTopic(id), 'born', { qos: 1, retain: true });
      await room.publishAsync(downTopic(id), 'order', { qos: 1 });
      await until(() => got.get(id)?.length === 1);
      assert.equal(got.get(id), [`${downTopic(id)} order`]);
      client.stream.destroy();
    });
    const said = () => heard.filter((each) => /(up|born|gone)$/.test(each));
    await until(() => said().length === 3 * ids.length);
    const expected = ids.flatMap((id) => [
      `${upTopic(id)} up`,
      `${stateTopic(id)} born`,
      `${stateTopic(id)} gone`,
    ]);
    assert.equal(said().toSorted(), expected.toSorted());
    await room.endAsync();
  }

  /** What units and those who only watch ask for beyond their own, they are not given. */
  async hidesForeignTopics(ids: readonly string[]): Promise<void> {
    const room = await this.#login('control.room');
    const filtersOf = (id: string) => {
      const neighbour = this.#after(id);
      return [
        '#',
        'cr/#',
        'cr/1/unit/#',
        '+/+/+/+/+',
        'cr/1/unit/+/down',
        downTopic(neighbour),
        `cr/1/unit/${neighbour}/+`,
        everyUnitUp(),
        stateTopic(neighbour),
      ];
    };
    for (let filter = 0; filter < filtersOf('').length; filter++) {
      const heard = new Map<string, string[]>();
      const thieves: MqttClient[] = [];
      await inBatches(ids, async (id) => {
        const thief = await this.#login(id);
        heard.set(id, this.#heardBy(thief));
        thieves.push(thief);
        await answer(thief, thief.subscribeAsync(filtersOf(id)[filter] as string, { qos: 1 }));
      });
      await inBatches(ids, async (id) => {
        await room.publishAsync(downTopic(this.#after(id)), 'for the neighbour', { qos: 1 });
      });
      await Promise.all(thieves.map((client) => roundTrip(client)));
      await settled();
      for (const [id, messages] of heard) {
        const foreign = messages.filter((each) => !each.startsWith(downTopic(id)));
        assert.equal(foreign, [], `${id} asked for ${filtersOf(id)[filter]}`);
      }
      await Promise.all(thieves.map((client) => client.endAsync(true)));
    }
    await this.#hidesOrdersFromWatchers(room, ids[0] as string);
    await room.endAsync();
  }

  async #hidesOrdersFromWatchers(room: MqttClient, id: string): Promise<void> {
    const watcher = await this.#login('tools.watch');
    const heard = this.#heardBy(watcher);
    await answer(watcher, watcher.subscribeAsync([downTopic('+'), '#'], { qos: 1 }));
    await room.publishAsync(downTopic(id), 'for the unit', { qos: 1 });
    await roundTrip(watcher);
    await settled();
    assert.equal(
      heard.filter((each) => each.startsWith(downTopic(id))),
      [],
    );
    await watcher.endAsync(true);
  }

  /** Nothing that one unit says arrives in another's name, nor as the control room's. */
  async refusesForgery(ids: readonly string[]): Promise<void> {
    const room = await this.#login('control.room');
    const heard = this.#heardBy(room);
    await room.subscribeAsync([everyUnitUp(), everyUnitState()], { qos: 1 });
    const forgers = [...ids, 'tools.watch'];
    const toVictims: string[][] = [];
    await inBatches(forgers, async (id) => {
      const victim = await this.#login(this.#after(id));
      toVictims.push(this.#heardBy(victim));
      await victim.subscribeAsync(downTopic(this.#after(id)), { qos: 1 });
    });
    await roundTrip(room);
    await settled();
    // What units said before, and the broker has kept.
    heard.length = 0;
    const forged = Buffer.from('forged');
    for (const topicOf of [upTopic, stateTopic, downTopic]) {
      for (const retain of [false, true]) {
        await inBatches(forgers, async (id) => {
          const topic = topicOf(this.#after(id));
          const thief = await this.#login(id);
          await answer(thief, thief.publishAsync(topic, forged, { qos: 1, retain }));
          await thief.endAsync(true);
          // The last will of one that is cut off.
          const will = { topic, payload: forged, qos: 1 as const, retain };
          const dying = await this.#login(id, { will }).catch(() => null);
          dying?.stream.destroy();
          const next = await this.#login(id);
          await roundTrip(next);
          await next.endAsync(true);
        });
      }
    }
    await roundTrip(room);
    await settled();
    assert.equal(heard, []);
    assert.equal(toVictims.flat(), []);
    await room.endAsync();
    // Nor has the broker kept it for who comes later.
    const later = await this.#login('control.room');
    const kept = this.#heardBy(later);
    await later.subscribeAsync([everyUnitUp(), everyUnitState()], { qos: 1 });
    await roundTrip(later);
    await settled();
    assert.equal(
      kept.filter((each) => each.endsWith('forged')),
      [],
    );
    await later.endAsync();
    this.close();
  }

  /** Who connects by the client id of another gets nothing of what waits for that one. */
  async keepsSessions(id: string, thiefId: string): Promise<void> {
    const kept = { clean: false, clientId: id };
    const owner = await this.#login(id, kept);
    await owner.subscribeAsync(downTopic(id), { qos: 1 });
    await owner.endAsync();
    const room = await this.#login('control.room');
    await room.publishAsync(downTopic(id), 'waits', { qos: 1 });
    const thief = await this.#login(thiefId, kept).catch(() => null);
    const stolen = thief ? this.#heardBy(thief) : [];
    if (thief) await roundTrip(thief);
    await settled();
    assert.equal(stolen, []);
    await thief?.endAsync(true);
    const again = await this.#login(id, kept);
    const given = this.#heardBy(again);
    await until(() => given.length > 0);
    assert.equal(given, [`${downTopic(id)} waits`]);
    await again.endAsync();
    await room.endAsync();
  }

  #heardBy(client: MqttClient): string[] {
    return this.#heard.get(client) as string[];
  }

  /** The next unit of the fleet, whose topics are none of this one's. */
  #after(id: string): string {
    return this.ids[(this.ids.indexOf(id) + 1) % this.ids.length] as string;
  }

  /** Connects once, and fails at the first refusal. */
  async #login(username: string, options: IClientOptions = {}): Promise<MqttClient> {
    const password = options.password ?? this.passwordOf(username);
    const own = { username, password, clientId: username, reconnectPeriod: 0 };
    const client = connect(this.#url, { ...own, clean: true, ...options });
    this.#open.add(client);
    client.once('close', () => this.#open.delete(client));
    // From the first: what a broker has kept may come with its first word.
    const heard: string[] = [];
    client.on('message', (topic, payload) => heard.push(`${topic} ${payload.toString()}`));
    this.#heard.set(client, heard);
    await new Promise<void>((resolve, reject) => {
      client.once('connect', () => resolve());
      client.on('error', reject);
      client.once('close', () => reject(new Error('Not authorized: the connection was closed')));
    });
    return client;
  }
}

/** Waits for the answer to a request, however it is answered. */
async function answer(client: MqttClient, request: Promise<unknown>): Promise<void> {
  await Promise.race([
    request.catch(() => {}),
    new Promise<void>((resolve) => client.once('close', () => resolve())),
    new Promise((resolve) => setTimeout(resolve, ANSWER_MS).unref()),
  ]);
}

/** What the broker had done for this connection before has arrived when this resolves. */
async function roundTrip(client: MqttClient): Promise<void> {
  if (client.connected) await answer(client, client.unsubscribeAsync('none'));
}

/** What a broker does between two connections is done a moment later in some. */
const settled = () => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

async function until(isSo: () => boolean): Promise<void> {
  const endMs = performance.now() + 10_000;
  while (!isSo() && performance.now() < endMs) {
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function inBatches<T>(items: readonly T[], work: (item: T) => Promise<unknown>) {
  for (let at = 0; at < items.length; at += BATCH) {
    await Promise.all(items.slice(at, at + BATCH).map(work));
  }
}
