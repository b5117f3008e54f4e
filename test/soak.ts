/**
 * `npm run soak -- --interpreter PATH`: the long runs on the real interpreter. Each is told as it
 * goes; the exit code says whether all held.
 */
import { Command } from 'commander';
import { findInterpreter } from '../host-sim/interpreter/interpreter.js';
import {
  cutPowerAtInstants,
  soakDispatches,
  soakReconnects,
  soakRoutine,
  type Sample,
} from './support/soak.js';

interface Flags {
  readonly interpreter?: string;
  readonly bundle?: string;
  readonly dispatches: number;
  readonly reconnects: number;
  readonly hours: number;
  readonly speed: number;
  readonly cuts: number;
  readonly seed: number;
}

const number = (text: string): number => {
  const value = Number(text);
  if (!(value >= 0)) throw new Error(`expected a number, found ${text}`);
  return value;
};

const flags = new Command('soak')
  .option('--interpreter <path>', "the real interpreter; by default the environment's ESPRUINO")
  .option('--bundle <path>', "the unit's bundle")
  .option('--dispatches <count>', 'dispatches and stand-downs, 0 for none', number, 10_000)
  .option('--reconnects <count>', 'connections lost and made again, 0 for none', number, 1000)
  .option('--hours <count>', 'hours of routine by a hurried clock, 0 for none', number, 24)
  .option('--speed <times>', 'how many times as fast that clock runs', number, 60)
  .option('--cuts <count>', 'power cuts at seeded instants, 0 for none', number, 200)
  .option('--seed <number>', 'of the instants and the route', number, 1)
  .parse()
  .opts<Flags>();

const say = (line: string): void =>
  console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);

function constancy(samples: readonly Sample[]): string {
  const used = samples.map(({ inUse }) => inUse);
  const first = used[0] ?? NaN;
  const last = used.at(-1) ?? NaN;
  return `variables in use: first ${first}, last ${last}, least ${Math.min(...used)}, most ${Math.max(...used)}`;
}

const interpreter = flags.interpreter ?? findInterpreter();
if (interpreter === null || interpreter === undefined) {
  console.error("soak: no interpreter. Name one by --interpreter or the environment's ESPRUINO.");
  process.exit(1);
}
const options = { interpreter, ...(flags.bundle ? { bundle: flags.bundle } : {}), say };
const { dispatches, reconnects, hours, speed, cuts, seed } = flags;
if (dispatches > 0) {
  const every = Math.max(1, Math.floor(dispatches / 50));
  const samples = await soakDispatches({ ...options, count: dispatches, every });
  say(`${dispatches} dispatches and stand-downs: ${constancy(samples)}`);
}
if (reconnects > 0) {
  const every = Math.max(1, Math.floor(reconnects / 20));
  const samples = await soakReconnects({ ...options, count: reconnects, every, speed });
  say(`${reconnects} reconnects: ${constancy(samples)}`);
}
if (hours > 0) {
  const routine = await soakRoutine({ ...options, hours, speed, seed });
  const { simulatedHours, connections, reports } = routine;
  say(
    `${simulatedHours.toFixed(1)} hours of routine, ${connections} connections, ${JSON.stringify(reports)}`,
  );
  say(constancy(routine.samples));
}
if (cuts > 0)
  say(
    `power cuts, seed ${seed}: ${JSON.stringify(await cutPowerAtInstants({ ...options, cuts, seed }))}`,
  );
process.exit(0);
