/**
 * The way of a dispatch: from its PUBLISH leaving the broker to the sounder's pin, beside a bare
 * mqtt.js subscriber on that broker.
 */
import { connectAsync, type MqttClient } from 'mqtt';
import type { Bundle } from '../espruino/bundle.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { ALARM_HZ } from '../world/vehicle.js';
import { wiring } from '../world/wiring.js';
import { Bench } from './bench.js';
import { median } from './median.js';
import { embeddedTcpNetwork } from './networks.js';
import { spreadOf, type Spread } from './spread.js';

export interface BrokerRow {
  readonly host: string;
  readonly peer: string;
  readonly ratio: Spread;
  readonly unitMs: Spread;
  readonly peerMs: Spread;
}

interface Round {
  readonly unitMs: number;
  readonly bareMs: number;
  readonly ratio: number;
}

const BARE_TOPIC = 'bench/bare';
const PATIENCE_MS = 5000;

/** One round more is run before the first that counts. */
export async function measureBroker(
  bundle: Bundle,
  rounds: number,
  messages: number,
): Promise<BrokerRow> {
  const rig = await setUp(bundle);
  const taken: Round[] = [];
  try {
    await rig.measure(messages);
    for (let i = 0; i < rounds; i++) taken.push(await rig.measure(messages));
  } finally {
    await rig.close();
  }
  return {
    host: rig.host,
    peer: 'bare mqtt.js subscriber',
    ratio: spreadOf(taken.map((round) => round.ratio)),
    unitMs: spreadOf(taken.map((round) => round.unitMs)),
    peerMs: spreadOf(taken.map((round) => round.bareMs)),
  };
}

async function setUp(bundle: Bundle) {
  const clock = new RealClock();
  const network = await embeddedTcpNetwork(clock, 0);
  const random = new Random(1);
  const unit = { ...demoUnits(1)[0], crew: { answer: 'none', afterS: 0 } } as ScenarioUnit;
  const lab = new Bench({ clock, random, network, bundle, units: [unit] });
  const { host } = lab.vehicle(unit.id);
  const url = `mqtt://${network.host}:${network.port}`;
  const subscriber = await connectAsync(url);
  await subscriber.subscribeAsync(BARE_TOPIC, { qos: 1 });
  const publisher = await connectAsync(url);
  const leftAtMs = new Map<string, number>();
  let dispatchPayload: Buffer = Buffer.alloc(150);
  network.onPublishSent((topic, payload, atMs) => {
    leftAtMs.set(topic, atMs);
    if (payload.length > 100 && topic !== BARE_TOPIC) dispatchPayload = payload;
  });
  lab.start();
  await until(() => lab.controlRoom.units.get(unit.id)?.alive === true);

  const tone = firstTone(lab.vehicle(unit.id).host);
  const dispatchOnce = async (number: number): Promise<number> => {
    const entry = lab.controlRoom.dispatch(unit.id, demoJob(unit, number, random));
    const toneAtMs = await tone();
    const ms = toneAtMs - (leftAtMs.get(`cr/1/unit/${unit.id}/down`) as number);
    lab.controlRoom.standDown(entry.id);
    await until(() => entry.steps['stoodDown'] !== undefined);
    return ms;
  };
  const bareOnce = async (): Promise<number> => {
    const arrived = arrival(subscriber, clock);
    publisher.publish(BARE_TOPIC, dispatchPayload, { qos: 1 });
    const atMs = await arrived;
    return atMs - (leftAtMs.get(BARE_TOPIC) as number);
  };

  return {
    host: host.kind,
    measure: async (messages: number): Promise<Round> => {
      const unitMs: number[] = [];
      const bareMs: number[] = [];
      for (let i = 0; i < messages; i++) {
        unitMs.push(await dispatchOnce(i));
        bareMs.push(await bareOnce());
      }
      const medians = { unitMs: median(unitMs), bareMs: median(bareMs) };
      return { ...medians, ratio: medians.unitMs / medians.bareMs };
    },
    close: async () => {
      await subscriber.endAsync();
      await publisher.endAsync();
      await lab.stop();
      clock.stop();
    },
  };
}

type Host = ReturnType<Bench['vehicle']>['host'];

/** Gives a function that waits for the next tone on the sounder's pin. */
function firstTone(host: Host): () => Promise<number> {
  let heard: ((atMs: number) => void) | undefined;
  host.onOutput((pin, state, atMs) => {
    if (pin === wiring.sounder && state.frequencyHz === ALARM_HZ) heard?.(atMs);
  });
  return () => new Promise((resolve) => (heard = resolve));
}

function arrival(client: MqttClient, clock: RealClock): Promise<number> {
  return new Promise((resolve) => client.once('message', () => resolve(clock.nowMs())));
}

async function until(condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error('the bench waited in vain for its unit');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
