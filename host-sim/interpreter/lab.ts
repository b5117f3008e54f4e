/** One unit on the interpreter around an embedded broker, to be measured. */
import { setTimeout as wait } from 'node:timers/promises';
import { Bench } from '../bench/bench.js';
import { embeddedTcpNetwork } from '../bench/networks.js';
import type { Bundle } from '../espruino/bundle.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { Interpreter, type Files } from './interpreter.js';
import type { InterpreterHost } from './unit-host.js';

export const PATIENCE_MS = 60_000;

export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!(await condition())) {
    if (performance.now() > endMs) throw new Error(`the budget waited in vain for ${what}`);
    await wait(50);
  }
}

/** The number after a word on the console of a process that runs only this. */
export async function printed(
  command: string,
  files: Files,
  word: string,
  env: Record<string, string> = {},
): Promise<number> {
  const interpreter = new Interpreter(command, env);
  try {
    await interpreter.write(files);
    let said = '';
    interpreter.powerOn({ onConsole: (_bytes, last) => (said = last) });
    const found = () => new RegExp(`${word} (\\d+)\\.`).exec(said);
    await until(word, () => found() !== null);
    return Number(found()?.[1]);
  } finally {
    await interpreter.dispose();
  }
}

export interface Lab {
  readonly bench: Bench;
  readonly unit: ScenarioUnit;
  readonly random: Random;
  readonly host: InterpreterHost;
  readonly events: string[];
}

export async function withLab<T>(
  bundle: Bundle,
  command: string,
  unit: ScenarioUnit,
  extra: { files?: Files; env: Record<string, string> },
  work: (lab: Lab) => Promise<T>,
): Promise<T> {
  const clock = new RealClock();
  const network = await embeddedTcpNetwork(clock, 0);
  const random = new Random(1);
  const events: string[] = [];
  const bench = new Bench({
    clock,
    random,
    network,
    bundle,
    units: [unit],
    interpreter: command,
    interpreterExtra: extra,
    onUnit: (_unit, what) => {
      if (what !== 'SOUNDS') events.push(what);
    },
  });
  try {
    await bench.ready();
    const host = bench.vehicle(unit.id).host as InterpreterHost;
    return await work({ bench, unit, random, host, events });
  } finally {
    await bench.stop();
    clock.stop();
  }
}

export const isAlive = ({ bench, unit }: Lab) =>
  bench.controlRoom.units.get(unit.id)?.alive === true;
export const answers = ({ host }: Lab) =>
  host.evaluate('1').then(
    () => true,
    () => false,
  );

export async function exhaustions({ host }: Lab): Promise<string[]> {
  const { exhaustions: times, uncaught } = (await host.inspect('counts')) as Record<string, number>;
  return [
    ...(times ? [`${times} exhaustions`] : []),
    ...(uncaught ? [`${uncaught} uncaught`] : []),
  ];
}
