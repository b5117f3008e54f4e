/**
 * `npm run bench`: what the unit costs, as ratios within one interleaved run. Now one row: from a
 * PUBLISH leaving the broker to the sounder's pin, beside a bare mqtt.js subscriber on that broker.
 */
import Table from 'cli-table3';
import { connectAsync, type MqttClient } from 'mqtt';
import { Bench } from '../bench/bench.js';
import { embeddedTcpNetwork } from '../bench/networks.js';
import { median } from '../bench/median.js';
import { loadBundle } from '../espruino/bundle.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { wiring } from '../world/wiring.js';

export interface BenchFlags {
  readonly rounds: number;
  readonly messages: number;
  readonly bundle?: string;
  readonly json?: boolean;
}

interface Round {
  readonly unitMs: number;
  readonly bareMs: number;
  readonly ratio: number;
}

const BARE_TOPIC = 'bench/bare';
const PATIENCE_MS = 5000;

export async function bench(flags: BenchFlags): Promise<void> {
  const rig = await setUp(flags);
  const rounds: Round[] = [];
  try {
    await rig.measure(flags.messages);
    for (let i = 0; i < flags.rounds; i++) rounds.push(await rig.measure(flags.messages));
  } finally {
    await rig.close();
  }
  const spread = (of: (round: Round) => number) => {
    const values = rounds.map(of);
    return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
  };
  const result = {
    rounds: flags.rounds,
    messagesARound: flags.messages,
    brokerToSounder: {
      host: rig.host,
      peer: 'bare mqtt.js subscriber',
      ratio: spread((round) => round.ratio),
      unitMs: spread((round) => round.unitMs),
      peerMs: spread((round) => round.bareMs),
    },
  };
  console.log(flags.json ? JSON.stringify(result, null, 2) : inWords(result));
}

async function setUp(flags: BenchFlags) {
  const bundle = loadBundle(flags.bundle);
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
    if (pin === wiring.sounder && state.frequencyHz > 0) heard?.(atMs);
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

interface Spread {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

function inWords(result: {
  rounds: number;
  messagesARound: number;
  brokerToSounder: { host: string; peer: string; ratio: Spread; unitMs: Spread; peerMs: Spread };
}): string {
  const { host, peer, ratio, unitMs, peerMs } = result.brokerToSounder;
  const shown = (spread: Spread, unit: string) =>
    `${spread.median.toFixed(2)}${unit} [${spread.least.toFixed(2)} ${spread.most.toFixed(2)}]`;
  const table = new Table({
    head: ['PUBLISH leaves the broker', 'p50: median of rounds [least most]'],
    style: { head: [], border: [] },
  });
  table.push(
    [`→ sounder's pin, unit on the ${host}`, shown(unitMs, ' ms')],
    [`→ callback of a ${peer}`, shown(peerMs, ' ms')],
    ['ratio', shown(ratio, ' x')],
  );
  return `${table.toString()}\n${result.rounds} rounds of ${result.messagesARound} messages each, in turn`;
}
