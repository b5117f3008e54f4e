/**
 * A dispatch to one unit of a fleet and to all of it at once, over real sockets: from the call that
 * publishes it to the unit's socket and to its sounder's pin, beside the same for bare mqtt.js
 * subscribers in the same rounds. Whoever publishes, the units, the subscribers and an embedded
 * broker share one Node process and its one core; only a broker of its own does not.
 */
import { quantileSorted } from 'simple-statistics';
import type { Bundle } from '../espruino/bundle.js';
import { demoJob } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { bareTopic, startFleet, until, type Fleet } from './fleet.js';
import { embeddedTcpNetwork, tcpNetwork } from './networks.js';
import { spreadOf, type Spread } from './spread.js';

/** Of all samples of all rounds. */
export interface Times {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

export interface FleetRow {
  readonly to: 'one' | 'all';
  readonly socket: Times;
  readonly pin: Times;
  readonly bare: Times;
  /** Pin against bare, of each round's median and of its slowest. */
  readonly ratioP50: Spread;
  readonly ratioMax: Spread;
  /** CPU time of this process until the last has sounded, or the last bare one has it: by round. */
  readonly pinCpuMs: Spread;
  readonly bareCpuMs: Spread;
}

export interface FleetResult {
  readonly broker: string;
  readonly units: number;
  readonly rounds: number;
  readonly messagesARound: number;
  readonly rows: readonly FleetRow[];
  /** Of all dispatches of all rounds. */
  readonly dispatched: number;
  readonly sounded: number;
  readonly soundedTwice: number;
}

/** Milliseconds from the publishing, of each message; and of CPU, of each publishing. */
interface Samples {
  readonly pinCpu: number[];
  readonly bareCpu: number[];
  readonly socket: number[];
  readonly pin: number[];
  readonly bare: number[];
}

/** A dispatch's envelope, as a unit gets it. */
const PAYLOAD = Buffer.alloc(150);

/** @param broker its URL; an embedded one if there is none. One round is run before the first that counts. */
export async function measureFleet(
  bundle: Bundle,
  units: number,
  rounds: number,
  messages: number,
  broker?: string,
): Promise<FleetResult> {
  const clock = new RealClock();
  const network = broker ? await tcpNetwork(clock, broker) : await embeddedTcpNetwork(clock, 0);
  const fleet = await startFleet(bundle, clock, network, units, units);
  const run = new Run(fleet, clock);
  const one: Samples[] = [];
  const all: Samples[] = [];
  try {
    for (let round = 0; round <= rounds; round++) {
      const [toOne, toAll] = [await run.toEach(messages), await run.toAll()];
      if (round > 0) one.push(toOne);
      if (round > 0) all.push(toAll);
    }
  } finally {
    await fleet.close();
    clock.stop();
  }
  return {
    broker: broker ?? 'embedded (aedes), in the same process',
    units,
    rounds,
    messagesARound: messages,
    rows: [rowOf('one', one), rowOf('all', all)],
    ...run.sounded(),
  };
}

class Run {
  readonly #random = new Random(1);
  #number = 0;

  constructor(
    readonly fleet: Fleet,
    readonly clock: RealClock,
  ) {}

  /** To one unit after the other, each beside one bare subscriber. */
  async toEach(messages: number): Promise<Samples> {
    const samples: Samples = { socket: [], pin: [], bare: [], pinCpu: [], bareCpu: [] };
    for (let i = 0; i < messages; i++) {
      const index = this.#number % this.fleet.units.length;
      await this.#dispatch([index], samples);
      await this.#publish([index], samples);
    }
    return samples;
  }

  async toAll(): Promise<Samples> {
    const samples: Samples = { socket: [], pin: [], bare: [], pinCpu: [], bareCpu: [] };
    const everyone = this.fleet.units.map((_, index) => index);
    await this.#dispatch(everyone, samples);
    await this.#publish(everyone, samples);
    return samples;
  }

  /** By the units' own receipts: how many of the dispatches sounded, and how many more than once. */
  sounded() {
    const { soundings } = this.fleet;
    const twice = [...soundings.values()].filter((times) => times > 1);
    return { dispatched: this.#number, sounded: soundings.size, soundedTwice: twice.length };
  }

  /** Publishes to all of these in one go once they are quiet, and waits until each has sounded. */
  async #dispatch(indices: readonly number[], into: Samples): Promise<void> {
    const { units, bench, socketAtMs } = this.fleet;
    const chosen = indices.map((index) => units[index] as ScenarioUnit);
    const alarmsOf = (unit: ScenarioUnit) => bench.vehicle(unit.id).alarms;
    await until(() => chosen.every((unit) => !alarmsOf(unit).sounding));
    const before = chosen.map((unit) => alarmsOf(unit).beganAtMs.length);
    const jobs = chosen.map((unit) => demoJob(unit, ++this.#number, this.#random));
    socketAtMs.clear();
    const cpu = process.cpuUsage();
    const beganAtMs = this.clock.nowMs();
    const entries = chosen.map((unit, i) => bench.controlRoom.dispatch(unit.id, jobs[i] as never));
    await until(() =>
      chosen.every((unit, i) => alarmsOf(unit).beganAtMs.length > (before[i] ?? 0)),
    );
    into.pinCpu.push(msSince(cpu));
    for (const [i, unit] of chosen.entries()) {
      into.socket.push((socketAtMs.get(unit.id) as number) - beganAtMs);
      into.pin.push((alarmsOf(unit).beganAtMs[before[i] as number] as number) - beganAtMs);
    }
    for (const { id } of entries) bench.controlRoom.standDown(id);
    await until(() => entries.every(({ steps }) => steps['stoodDown'] !== undefined));
  }

  async #publish(indices: readonly number[], into: Samples): Promise<void> {
    const { bare, publisher } = this.fleet;
    const arrivals = indices.map(
      (index) =>
        new Promise<number>((resolve) => {
          bare[index]?.once('message', () => resolve(this.clock.nowMs()));
        }),
    );
    const cpu = process.cpuUsage();
    const beganAtMs = this.clock.nowMs();
    for (const index of indices) publisher.publish(bareTopic(index), PAYLOAD, { qos: 1 });
    const atMs = await Promise.all(arrivals);
    into.bareCpu.push(msSince(cpu));
    for (const each of atMs) into.bare.push(each - beganAtMs);
  }
}

function rowOf(to: FleetRow['to'], rounds: readonly Samples[]): FleetRow {
  const times = (of: keyof Samples) => timesOf(rounds.flatMap((round) => round[of]));
  const ratios = (of: (times: Times) => number) =>
    spreadOf(rounds.map(({ pin, bare }) => of(timesOf(pin)) / of(timesOf(bare))));
  return {
    to,
    socket: times('socket'),
    pin: times('pin'),
    bare: times('bare'),
    ratioP50: ratios(({ p50Ms }) => p50Ms),
    ratioMax: ratios(({ maxMs }) => maxMs),
    pinCpuMs: spreadOf(rounds.flatMap(({ pinCpu }) => pinCpu)),
    bareCpuMs: spreadOf(rounds.flatMap(({ bareCpu }) => bareCpu)),
  };
}

function timesOf(samplesMs: readonly number[]): Times {
  const sorted = [...samplesMs].sort((a, b) => a - b);
  const [p50Ms, p95Ms, p99Ms] = [0.5, 0.95, 0.99].map((p) => quantileSorted(sorted, p));
  return { p50Ms, p95Ms, p99Ms, maxMs: sorted.at(-1) } as Times;
}

function msSince(cpu: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(cpu);
  return (user + system) / 1000;
}
