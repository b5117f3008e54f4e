/** `sim run FILE`: one scenario, its ledger and its checks. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Table from 'cli-table3';
import { ExitCode } from '../exit-codes.js';
import { loadBundle } from '../espruino/bundle.js';
import { runScenario, type RunResult } from '../scenarios/runner.js';
import { readScenario } from '../scenarios/schema.js';

export interface RunFlags {
  readonly seed?: number;
  readonly broker?: string;
  readonly interpreter?: string;
  readonly bundle?: string;
  readonly json?: boolean;
  /** The ledger's lines, and nothing else. */
  readonly ledger?: boolean;
}

export async function run(file: string, flags: RunFlags): Promise<void> {
  const scenario = readScenario(scenarioPath(file));
  const result = await runScenario(scenario, {
    bundle: loadBundle(flags.bundle),
    ...(flags.seed === undefined ? {} : { seed: flags.seed }),
    ...(flags.broker === undefined ? {} : { broker: flags.broker }),
    ...(flags.interpreter === undefined ? {} : { interpreter: flags.interpreter }),
  });
  if (flags.json) console.log(JSON.stringify(result, null, 2));
  else console.log(flags.ledger ? result.ledger.join('\n') : inWords(scenario.about, result));
  process.exitCode = result.passed ? ExitCode.ok : ExitCode.checkFailed;
}

/** A path, or the name of a scenario of the project. */
function scenarioPath(file: string): string {
  if (existsSync(file)) return file;
  const own = fileURLToPath(new URL(`../scenarios/${file}.json`, import.meta.url));
  return existsSync(own) ? own : file;
}

function inWords(about: string, result: RunResult): string {
  const parts = [
    `${result.scenario}: ${about}`,
    `seed ${result.seed}, units on the ${result.host}`,
    ledgerTable(result),
    ...result.checks.map(({ ok, id, detail }) => `${ok ? 'pass' : 'FAIL'}  ${id}: ${detail}`),
    result.passed
      ? 'passed'
      : `FAILED; again by: npm run -s sim -- run ${result.scenario} --seed ${result.seed}`,
  ];
  return parts.join('\n');
}

function ledgerTable(result: RunResult): string {
  const steps = [...new Set(result.dispatches.flatMap(({ steps }) => Object.keys(steps)))];
  const table = new Table({
    head: ['dispatch', 'unit', ...steps, 'broker to sounder'],
    style: { head: [], border: [] },
  });
  for (const dispatch of result.dispatches) {
    const ms = (value: number | null | undefined) => (value == null ? '-' : `${value} ms`);
    const times = steps.map((step) => ms(dispatch.steps[step]));
    table.push([dispatch.id, dispatch.unit, ...times, ms(dispatch.brokerToSounderMs)]);
  }
  return table.toString();
}
