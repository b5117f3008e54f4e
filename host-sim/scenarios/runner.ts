/** Runs a scenario on the bench and holds it against its checks. */
import { downTopic } from '../../protocol/topics.js';
import { UserError } from '../exit-codes.js';
import { Attacker } from '../world/attacker.js';
import { Bench } from '../bench/bench.js';
import {
  embeddedTcpNetwork,
  sweepBroker,
  simulatedNetwork,
  tcpNetwork,
  type BenchNetwork,
} from '../bench/networks.js';
import type { Order } from '../control-room/control-room.js';
import type { LedgerEntry } from '../control-room/ledger.js';
import type { Bundle } from '../espruino/bundle.js';
import { requireInterpreter } from '../interpreter/interpreter.js';
import { RealClock, SimulatedClock, type WorldClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { verdict, type Verdict } from './checks.js';
import { DayLedger } from './day-ledger.js';
import type { Happening, Scenario } from './schema.js';

export interface RunOptions {
  readonly bundle: Bundle;
  readonly seed?: number;
  /** A broker to use in real time. */
  readonly broker?: string;
  /** The interpreter for the units to run on, in real time; without a broker on an embedded one. */
  readonly interpreter?: string;
  /**
   * In real time, ends the run when every check has held for so long after the last event: what
   * must not happen then has only so long not to happen.
   */
  readonly settleS?: number;
}

export interface DispatchResult {
  readonly id: number;
  readonly unit: string;
  /** Milliseconds since the control room sent it, by step. */
  readonly steps: Record<string, number>;
  /** From the PUBLISH leaving the broker to the sounder's pin; null where that cannot be told. */
  readonly brokerToSounderMs: number | null;
  readonly refusal?: string;
}

/** What `sim run --json` prints. */
export interface RunResult {
  readonly scenario: string;
  readonly seed: number;
  readonly host: string;
  readonly units: readonly { id: string; callSign: string; alive: boolean; alarms: number }[];
  readonly dispatches: readonly DispatchResult[];
  /** Messages of an attacker, where the scenario has one. */
  readonly attackerSent?: number;
  readonly checks: readonly Verdict[];
  readonly passed: boolean;
  /** What the control room did and learnt, as lines for people. */
  readonly ledger: readonly string[];
}

export async function runScenario(scenario: Scenario, options: RunOptions): Promise<RunResult> {
  const seed = options.seed ?? scenario.seed;
  const startAtMs = Date.parse(scenario.startAt);
  if (options.broker) {
    await sweepBroker(
      options.broker,
      scenario.units.map(({ id }) => id),
    );
  }
  if (options.interpreter) requireInterpreter(options.interpreter);
  const time = await timeFor(startAtMs, options);
  const { clock, network } = time;
  const ledger = new DayLedger();
  const bench = new Bench({
    clock,
    random: new Random(seed),
    network,
    bundle: options.bundle,
    units: scenario.units,
    onControl: (event) => ledger.take(event),
    ...(options.interpreter === undefined ? {} : { interpreter: options.interpreter }),
  });
  const dispatches: LedgerEntry[] = [];
  const orders: Order[] = [];
  if (!network.hold && scenario.events.some((event) => event.do === 'hold')) {
    throw new UserError(
      'usage',
      `${scenario.name}: only the embedded broker can hold messages back: leave out --broker`,
    );
  }
  const isAttacked = scenario.events.some((event) => event.do === 'attack');
  const attacker = isAttacked
    ? new Attacker(clock, new Random(seed).fork('attacker'), network.connect('stranger'))
    : undefined;
  const stage = { clock, bench, network, attacker, dispatches, orders, ledger };
  await bench.ready();
  const zeroMs = clock.nowMs();
  for (const event of scenario.events) {
    clock.after(event.atS * 1000, () => happen(event, stage));
  }
  bench.start();
  const summary = () => summarise(scenario, seed, stage);
  const passMs = (ms: number) => time.run(zeroMs + ms);
  const durationMs = scenario.durationS * 1000;
  if (options.settleS === undefined) await passMs(durationMs);
  else await passUntilSettled(scenario, options.settleS * 1000, summary, passMs);
  const result = summary();
  const left = attacker?.close();
  const stopped = bench.stop();
  await time.runOut(clock.nowMs() + 1000);
  await Promise.all([stopped, left]);
  time.stop();
  return result;
}

/** A kind of time, and the network that goes with it. */
interface BenchTime {
  readonly clock: WorldClock;
  readonly network: BenchNetwork;
  /** Lets time pass until then. */
  run(untilMs: number): Promise<void>;
  /** Lets what ends take its time, where nobody else does. */
  runOut(untilMs: number): Promise<void>;
  stop(): void;
}

async function timeFor(startAtMs: number, options: RunOptions): Promise<BenchTime> {
  if (!options.broker && !options.interpreter) {
    const clock = new SimulatedClock(startAtMs);
    const network = await simulatedNetwork(clock);
    const run = (untilMs: number) => clock.runUntil(untilMs);
    return { clock, network, run, runOut: run, stop: () => {} };
  }
  const clock = new RealClock(startAtMs);
  const network = options.broker
    ? await tcpNetwork(clock, options.broker)
    : await embeddedTcpNetwork(clock, 0);
  const run = (untilMs: number) =>
    new Promise<void>((done) => clock.after(untilMs - clock.nowMs(), done));
  return { clock, network, run, runOut: async () => {}, stop: () => clock.stop() };
}

const LOOK_MS = 500;

async function passUntilSettled(
  scenario: Scenario,
  settleMs: number,
  summary: () => RunResult,
  passMs: (ms: number) => Promise<void>,
): Promise<void> {
  const lastMs = Math.max(0, ...scenario.events.map(({ atS }) => atS * 1000));
  let brokenAtMs = lastMs;
  for (let ms = lastMs; ms <= scenario.durationS * 1000; ms += LOOK_MS) {
    await passMs(ms);
    if (!summary().passed) brokenAtMs = ms;
    else if (ms - brokenAtMs >= settleMs) return;
  }
}

interface Stage {
  readonly clock: WorldClock;
  readonly bench: Bench;
  readonly network: BenchNetwork;
  readonly attacker: Attacker | undefined;
  readonly dispatches: LedgerEntry[];
  readonly orders: Order[];
  readonly ledger: DayLedger;
}

function happen(event: Happening, stage: Stage): void {
  if ('dispatch' in event) {
    happenToDispatch(event, stage);
    return;
  }
  const { clock, bench, network, attacker, dispatches } = stage;
  const { controlRoom } = bench;
  const vehicle = bench.vehicle(event.unit);
  switch (event.do) {
    case 'dispatch':
      dispatches.push(controlRoom.dispatch(event.unit, event));
      break;
    case 'config':
      note(stage, controlRoom.configure(event.unit, event.settings), inWords(event.settings));
      break;
    case 'command':
      note(stage, controlRoom.command(event.unit, event.command), event.command);
      break;
    case 'rotate':
      controlRoom.rotate(event.unit);
      break;
    case 'press':
      vehicle.press(event.button, event.forS * 1000);
      break;
    case 'drive':
      vehicle.gps.drive?.(event);
      break;
    case 'aed':
      vehicle.aed.seat(event.seated);
      break;
    case 'indicator':
      vehicle.aed.setIndicator(event.shows);
      break;
    case 'temperature':
      vehicle.aed.setTemperature(event.celsius);
      break;
    case 'power':
      if (event.on) vehicle.host.powerOn();
      else vehicle.host.cutPower();
      break;
    case 'link':
      bench.setLink(event.unit, event.up);
      break;
    case 'sky':
      vehicle.gps.setSky(event.visible);
      break;
    case 'attack':
      attacker?.attack(event.kind, event.unit, {
        count: event.count,
        ...(event.perS === undefined ? {} : { perS: event.perS }),
      });
      break;
    case 'hold': {
      const release = network.hold?.(downTopic(event.unit));
      if (release) clock.after(event.forS * 1000, release);
      break;
    }
  }
}

function inWords(settings: object): string {
  return Object.entries(settings)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}

/** A config or a command was sent. */
function note({ orders, ledger }: Stage, order: Order, what: string): void {
  orders.push(order);
  ledger.order(order, what);
}

function happenToDispatch(
  event: Extract<Happening, { dispatch: number }>,
  { bench, dispatches }: Stage,
): void {
  const { id } = dispatches[event.dispatch] as LedgerEntry;
  if (event.do === 'update') bench.controlRoom.update(id, event);
  else bench.controlRoom.standDown(id, event.reason);
}

function summarise(scenario: Scenario, seed: number, stage: Stage): RunResult {
  const { bench, attacker, dispatches, orders, ledger } = stage;
  const { controlRoom, vehicles } = bench;
  const outcome = { controlRoom, vehicles, dispatches, orders, ...(attacker && { attacker }) };
  const checks = scenario.checks.map((check) => verdict(check, outcome));
  return {
    scenario: scenario.name,
    seed,
    host: [...vehicles.values()][0]?.host.kind ?? 'none',
    units: scenario.units.map(({ id, callSign }) => ({
      id,
      callSign,
      alive: controlRoom.units.get(id)?.alive ?? false,
      alarms: bench.vehicle(id).alarms.beganAtMs.length,
    })),
    dispatches: dispatches.map(({ id, unit, steps, refusal }) => ({
      id,
      unit,
      steps,
      brokerToSounderMs: bench.brokerToSounderMs(id),
      ...(refusal === undefined ? {} : { refusal }),
    })),
    ...(attacker && { attackerSent: attacker.sent }),
    checks,
    passed: checks.every((check) => check.ok),
    ledger: ledger.lines,
  };
}
