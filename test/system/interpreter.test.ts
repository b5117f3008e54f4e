/**
 * Whole units on the real interpreter, in real time and several at once: scenarios, logs of real
 * receivers, the spine on a real broker. An interpreter with an open socket spins a processor, so
 * the limits are wide here; simulated time judges the narrow ones.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { fixesOfLog, type PrintedFix } from '../../host-sim/commands/gps.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { runScenario, type RunResult } from '../../host-sim/scenarios/runner.js';
import { readScenario, type Scenario } from '../../host-sim/scenarios/schema.js';
import type { BudgetResult } from '../../host-sim/commands/budget.js';
import { ExitCode } from '../../host-sim/exit-codes.js';
import { finished, PLAIN_ENV, ROOT, type Finished } from '../support/cli.js';
import { gpsdLogNames, readGpsdLog } from '../support/gpsd-reference.js';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';
import { findMosquitto, startMosquitto } from '../support/mosquitto.js';

const test = suite('the real interpreter');
const command = findInterpreter();
const mosquitto = findMosquitto();

/** Those that need no more than a minute; the longer ones are for `sim run --interpreter`. */
const SCENARIOS = ['stand-down', 'power-cut'];
/** Short ones of three makers. */
const LOGS = ['garmin15x', 'gr601-w', 'bt451'];
const PATIENCE_FACTOR = 4;
const SETTLE_S = 4;

function patient(name: string): Scenario {
  const scenario = readScenario(join(ROOT, `host-sim/scenarios/${name}.json`));
  const checks = scenario.checks.map((check) =>
    check.kind === 'step' ? { ...check, withinMs: check.withinMs * PATIENCE_FACTOR } : check,
  );
  return { ...scenario, checks };
}

async function onInterpreter(name: string, broker?: string): Promise<RunResult> {
  return runScenario(patient(name), {
    bundle: loadBundle(),
    interpreter: command as string,
    settleS: SETTLE_S,
    ...(broker === undefined ? {} : { broker }),
  });
}

async function spineOnMosquitto(): Promise<RunResult> {
  const broker = await startMosquitto(mosquitto as string);
  try {
    return await onInterpreter('spine', broker.url);
  } finally {
    await broker.stop();
  }
}

/** With variables to spare: what it finds is the same, and it finds it sooner. */
function shortBudget(): Promise<Finished> {
  const args = ['budget', '--interpreter', command as string, '--minutes', '0.1', '--no-stack'];
  const line = ['--import', 'tsx', 'host-sim/cli.ts', ...args, '--json'];
  const env = { ...PLAIN_ENV, ESPRUINO_VARS: '5000' };
  return finished(spawn(process.execPath, line, { cwd: ROOT, env }));
}

function passed(result: RunResult): void {
  const failed = result.checks.filter((check) => !check.ok);
  assert.equal(failed, [], result.scenario);
  assert.is(result.host, 'interpreter');
}

if (command === null) {
  console.log('the real interpreter: left out, the environment has no ESPRUINO');
  for (const name of SCENARIOS) test.skip(`${name} on the interpreter`, () => {});
  test.skip('the spine on the interpreter, on Mosquitto', () => {});
  test.skip("real receivers' logs on the interpreter", () => {});
  test.skip('the budget on the interpreter', () => {});
} else {
  let measured: Promise<Finished>;
  const runs = new Map<string, Promise<RunResult>>();
  test.before(() => {
    for (const name of SCENARIOS) runs.set(name, onInterpreter(name));
    runs.set('spine', mosquitto === null ? onInterpreter('spine') : spineOnMosquitto());
    measured = shortBudget();
    // Whoever waits for it hears of it.
    for (const run of runs.values()) run.catch(() => {});
  });

  const where = mosquitto === null ? 'the embedded broker' : 'Mosquitto';
  if (mosquitto === null) console.log('the spine on Mosquitto: left out, it is not installed');
  test(`the spine on the interpreter, on ${where} (L2, L3, CR-040)`, async () => {
    passed((await runs.get('spine')) as RunResult);
  });

  const names = gpsdLogNames()?.filter((name) => LOGS.includes(name));
  if (!names?.length) {
    console.log(
      "real receivers' logs: left out, there is no ../shared/data/gps beside the project",
    );
    test.skip("real receivers' logs on the interpreter", () => {});
  }
  for (const name of names ?? []) {
    test(`${name} through a pseudo-terminal: what the stand-in makes of it`, async () => {
      const log = Buffer.from(readGpsdLog(name), 'latin1');
      const [there, here]: [PrintedFix[], PrintedFix[]] = [[], []];
      const counts = await fixesOfLog(log, (fix) => there.push(fix), undefined, command);
      assert.equal(counts, await fixesOfLog(log, (fix) => here.push(fix)));
      assert.ok(counts.fixes > 0);
      assert.equal(there.at(-1), here.at(-1));
      assert.is(there.length, here.length);
    });
  }

  for (const name of SCENARIOS) {
    test(`${name} on the interpreter (CR-040, CR-042)`, async () => {
      passed((await runs.get(name)) as RunResult);
    });
  }

  test('the budget is measured, and its verdict is what its figures say', async () => {
    const { code, stdout, stderr } = await measured;
    const { rows, troubles, overhead, passed } = JSON.parse(stdout) as BudgetResult;
    assert.equal(troubles, [], stderr);
    assert.ok(overhead > 0);
    const found = Object.fromEntries(rows.map((row) => [row.what, row.found]));
    const { variablesAfterBoot, variablesIdle, variablesPeak } = found as Record<string, number>;
    assert.ok((variablesAfterBoot as number) > 500, String(variablesAfterBoot));
    assert.ok((variablesPeak as number) > (variablesIdle as number), stdout);
    for (const { found, limit, ok } of rows) assert.is(ok, found === null || found <= limit);
    assert.is(
      passed,
      rows.every(({ ok }) => ok),
    );
    assert.is(code, passed ? ExitCode.ok : ExitCode.checkFailed);
  });
}

test.run();
