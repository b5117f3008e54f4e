/** `npm start`: the bench in real time, a line for each event, until Ctrl-C. */
import { readFileSync } from 'node:fs';
import { inWords } from '../../protocol/host/messages.js';
import { Bench } from '../bench/bench.js';
import { embeddedTcpNetwork, sweepBroker, tcpNetwork } from '../bench/networks.js';
import type { ControlEvent } from '../control-room/control-room.js';
import { loadBundle } from '../espruino/bundle.js';
import { UserError } from '../exit-codes.js';
import { requireInterpreter } from '../interpreter/interpreter.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { firstTimeOf } from '../world/gps-receiver.js';
import { Random } from '../world/random.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import { startFleet } from './start-fleet.js';

export interface StartFlags {
  readonly port: number;
  readonly broker?: string;
  readonly vehicles: number;
  readonly fleet?: string;
  readonly gps?: string;
  readonly interpreter?: string;
  readonly seed?: number;
  readonly bundle?: string;
  readonly json?: boolean;
}

/** From one dispatch to the next. */
const DISPATCH_PERIOD_MS = 60_000;
/** Time that the vehicles get to come up. */
const SETTLE_MS = 10_000;

export async function start(flags: StartFlags): Promise<void> {
  if (flags.fleet !== undefined) return startFleet(flags.fleet, flags);
  const bundle = loadBundle(flags.bundle);
  const gpsLog = flags.gps === undefined ? undefined : readLog(flags.gps);
  // A recorded log is of another day: the whole world then lives on that day.
  const clock = new RealClock((gpsLog && firstTimeOf(gpsLog)) ?? Date.now());
  const random = new Random(flags.seed ?? 1);
  if (flags.interpreter) requireInterpreter(flags.interpreter);
  const units = demoUnits(flags.vehicles);
  if (flags.broker) {
    await sweepBroker(
      flags.broker,
      units.map(({ id }) => id),
    );
  }
  const network = flags.broker
    ? await tcpNetwork(clock, flags.broker)
    : await embeddedTcpNetwork(clock, flags.port);
  const say = flags.json ? sayJson : sayInWords;
  const bench: Bench = new Bench({
    clock,
    random,
    network,
    bundle,
    units,
    ...(gpsLog ? { gpsLog } : {}),
    ...(flags.interpreter === undefined ? {} : { interpreter: flags.interpreter }),
    onControl: (event) => {
      say({ ...event, fields: { ...inWordsOrAsIs(event), ...latency(bench, event) } });
    },
    onUnit: (unit, what, atMs) => say({ atMs, unit, name: what, fields: {} }),
  });
  greet(flags, network.host, network.port, units);
  await bench.ready();
  bench.start();
  let dispatched = 0;
  const next = () => {
    const unit = units[dispatched % units.length] as ScenarioUnit;
    bench.controlRoom.dispatch(unit.id, demoJob(unit, ++dispatched, random));
    clock.after(DISPATCH_PERIOD_MS, next);
  };
  clock.after(SETTLE_MS, next);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await bench.stop();
  clock.stop();
}

function readLog(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    throw new UserError('fileMissing', `--gps: ${path}: no such log`);
  }
}

function greet(
  flags: StartFlags,
  host: string,
  port: number,
  units: readonly ScenarioUnit[],
): void {
  if (flags.json) return;
  const whose = flags.broker ? '' : ' (embedded)';
  console.log(`broker      mqtt://${host}:${port}${whose}`);
  console.log(`vehicles    ${units.map((unit) => unit.callSign).join(', ')}`);
  if (flags.interpreter) console.log(`units on    ${flags.interpreter}`);
  console.log(
    `a dispatch every ${DISPATCH_PERIOD_MS / 1000} s, the first in ${SETTLE_MS / 1000} s; Ctrl-C ends\n`,
  );
}

function inWordsOrAsIs({ name, fields }: ControlEvent) {
  return name === 'refused' ? fields : inWords(name, fields);
}

/** With the receipt `sounding`: how long the unit took, from the broker to the pin. */
function latency(bench: Bench, { name, fields }: ControlEvent): Record<string, number | null> {
  if (name !== 'receipt' || fields['step'] !== 3) return {};
  return { brokerToSounderMs: bench.brokerToSounderMs(fields['dispatchId'] as number) };
}

function sayJson(event: ControlEvent): void {
  console.log(JSON.stringify(event));
}

/** What a person at the terminal wants to see of a message; the rest is in --json. */
const SHOWN: Record<string, readonly string[]> = {
  dispatch: ['dispatchId', 'ambulanceReference', 'address'],
  'stand-down': ['dispatchId', 'reason'],
  birth: ['callSign', 'unitKind', 'firmware', 'board'],
  receipt: ['dispatchId', 'step', 'elapsedMs', 'brokerToSounderMs', 'clock'],
  response: ['dispatchId', 'answer', 'reason', 'elapsedMs'],
  aed: ['presence', 'readiness', 'reasons'],
  status: ['status', 'clock'],
  outcome: ['counter', 'refusal', 'clock'],
  position: ['reason', 'fix', 'latitude', 'longitude', 'speedKmh', 'satellites', 'clock'],
  health: ['uptimeS', 'freeVariables'],
  hello: ['state'],
};

function sayInWords({ atMs, unit, name, fields }: ControlEvent): void {
  const shown = { ...fields, ...readable(fields) };
  const parts = (SHOWN[name] ?? Object.keys(shown))
    .filter((key) => shown[key] !== undefined && shown[key] !== null && shown[key] !== '')
    .map((key) => `${key} ${shown[key]}`);
  const time = new Date(atMs).toISOString().substring(11, 23);
  console.log(`${time}  ${unit.padEnd(12)}  ${name.padEnd(10)}  ${parts.join(', ')}`);
}

/** Scaled integers of a position as people read them. */
function readable(fields: ControlEvent['fields']): Record<string, string> {
  const { latitudeE7, longitudeE7, speedCmPerS } = fields;
  if (typeof latitudeE7 !== 'number' || typeof longitudeE7 !== 'number') return {};
  return {
    latitude: (latitudeE7 / 1e7).toFixed(5),
    longitude: (longitudeE7 / 1e7).toFixed(5),
    ...(typeof speedCmPerS === 'number' ? { speedKmh: (speedCmPerS * 0.036).toFixed(0) } : {}),
  };
}
