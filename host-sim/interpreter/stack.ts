/** The smallest stack that the unit can live on, by search: there is nothing that could be asked. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from '../espruino/bundle.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import type { Overhead } from './budget-run.js';
import { exhaustions, isAlive, printed, withLab } from './lab.js';
import { variablesFor } from './variables.js';

const LEAST_STACK_BYTES = 4000;
const STACK_STEP_BYTES = 500;
const DEPTH = `var depth = 0; function deeper() { depth++; deeper(); } setTimeout(deeper, 10);
setTimeout(function () { print("DEEP " + depth + "."); }, 500);`;

/** The smallest stack on which a dispatch is sounded and answered; null if the build has a fixed one. */
export async function smallestStack(
  command: string,
  bundle: Bundle,
  { asked }: Overhead,
  mostBytes: number,
): Promise<number | null> {
  const depthOn = (bytes: number) =>
    printed(command, { '.bootcde': DEPTH }, 'DEEP', { ESPRUINO_STACK: String(bytes) });
  if ((await depthOn(LEAST_STACK_BYTES)) === (await depthOn(mostBytes))) return null;
  let [fails, passes] = [LEAST_STACK_BYTES, mostBytes];
  if (!(await passesOn(command, bundle, asked, mostBytes))) return Infinity;
  while (passes - fails > STACK_STEP_BYTES) {
    const bytes = Math.round((fails + passes) / 2);
    if (await passesOn(command, bundle, asked, bytes)) passes = bytes;
    else fails = bytes;
  }
  return passes;
}

/** From power to an answered dispatch takes a third of this. */
const TRIAL_MS = 20_000;

async function passesOn(
  command: string,
  bundle: Bundle,
  asked: number,
  stackBytes: number,
): Promise<boolean> {
  const env = {
    ...variablesFor(asked),
    ESPRUINO_STACK: String(stackBytes),
  };
  const unit = { ...demoUnits(1)[0], crew: { answer: 'accept', afterS: 0.5 } } as ScenarioUnit;
  return withLab(bundle, command, unit, { env }, async (lab) => {
    const { bench, random, events } = lab;
    const endMs = performance.now() + TRIAL_MS;
    const holds = async (condition: () => boolean): Promise<boolean> => {
      while (!condition()) {
        if (performance.now() > endMs || events.length > 0) return false;
        await wait(50);
      }
      return true;
    };
    bench.start();
    const known = () => bench.controlRoom.units.get(unit.id)?.latest['position']?.['fix'];
    if (!(await holds(() => isAlive(lab) && Number(known()) > 0))) return false;
    const entry = bench.controlRoom.dispatch(unit.id, demoJob(unit, 1, random));
    if (!(await holds(() => entry.steps['accepted'] !== undefined))) return false;
    const troubles = await exhaustions(lab).catch(() => ['it does not answer']);
    return troubles.length === 0 && events.length === 0;
  });
}
