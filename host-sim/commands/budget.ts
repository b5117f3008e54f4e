/**
 * `npm run budget`: what the unit takes of an interpreter with the ESP32's memory layout, against
 * the limits of `firmware/budget.json`. An aim is where a figure ought to be; only a limit fails.
 */
import { readFileSync } from 'node:fs';
import Table from 'cli-table3';
import { loadBundle } from '../espruino/bundle.js';
import { ExitCode } from '../exit-codes.js';
import { measure, type Layout } from '../interpreter/budget-run.js';
import { requireInterpreter } from '../interpreter/interpreter.js';
import { smallestStack } from '../interpreter/stack.js';

export interface BudgetFlags {
  readonly interpreter: string;
  readonly minutes: number;
  /** False leaves out the search for the smallest stack. */
  readonly stack: boolean;
  readonly bundle?: string;
  readonly json?: boolean;
}

interface Limit {
  readonly limit: number;
  readonly aim?: number;
}

interface Budget {
  readonly minifiedBytes: number;
  readonly onInterpreter: Readonly<Record<string, Limit>>;
}

export interface BudgetRow extends Limit {
  readonly what: string;
  /** Null where this interpreter cannot tell. */
  readonly found: number | null;
  readonly ok: boolean;
}

/** What `npm run budget -- --json` prints. */
export interface BudgetResult {
  readonly layout: Layout;
  readonly minutes: number;
  /** Variables of the bench itself, which are taken off. */
  readonly overhead: number;
  readonly rows: readonly BudgetRow[];
  readonly troubles: readonly string[];
  readonly notes: readonly string[];
  readonly passed: boolean;
}

const FILE = new URL('../../firmware/budget.json', import.meta.url);
/** Of the ESP32's build. */
const VARIABLE_BYTES = 14;
/** The build's own stack. */
const STACK_BYTES = 25_000;

export async function budget(flags: BudgetFlags): Promise<void> {
  requireInterpreter(flags.interpreter);
  const bundle = loadBundle(flags.bundle);
  const allowed = JSON.parse(readFileSync(FILE, 'utf8')) as Budget;
  const measured = await measure(flags.interpreter, bundle, flags.minutes);
  const notes: string[] = [];
  const { layout, overhead } = measured;
  if (layout.variableBytes !== VARIABLE_BYTES) {
    notes.push(
      `a variable has ${layout.variableBytes} bytes here and ${VARIABLE_BYTES} on an ESP32: figures differ`,
    );
  }
  const stack = flags.stack
    ? await smallestStack(flags.interpreter, bundle, overhead, STACK_BYTES)
    : null;
  if (!flags.stack) notes.push('the smallest stack was not looked for');
  else if (stack === null) notes.push('the stack of this build is fixed: nothing to look for');
  const found: Record<string, number | null> = {
    variablesAfterBoot: measured.afterBoot,
    variablesIdle: measured.idle,
    variablesOpenDispatch: measured.openDispatch,
    variablesPeak: measured.peak,
    stackBytes: stack,
    flashWritesAnHourIdle: measured.flashWritesAnHour.idle,
    flashWritesAnHourWorst: measured.flashWritesAnHour.worst,
  };
  const rows = [
    row('minifiedBytes', { limit: allowed.minifiedBytes }, bundle.bytes.length),
    ...Object.entries(allowed.onInterpreter).map(([what, limit]) =>
      row(what, limit, found[what] ?? null),
    ),
  ];
  const result: BudgetResult = {
    layout,
    minutes: flags.minutes,
    overhead: overhead.asked,
    rows,
    troubles: measured.troubles,
    notes,
    passed: rows.every(({ ok }) => ok) && measured.troubles.length === 0,
  };
  console.log(flags.json ? JSON.stringify(result, null, 2) : inWords(result));
  process.exitCode = result.passed ? ExitCode.ok : ExitCode.checkFailed;
}

function row(what: string, limit: Limit, found: number | null): BudgetRow {
  return { what, ...limit, found, ok: found === null || found <= limit.limit };
}

function inWords({ rows, layout, overhead, minutes, troubles, notes, passed }: BudgetResult) {
  const table = new Table({
    head: ['what', 'found', 'limit', 'aim', ''],
    style: { head: [], border: [] },
  });
  for (const { what, found, limit, aim, ok } of rows) {
    const missed = aim !== undefined && found !== null && found > aim;
    const said = ok ? (missed ? `${(found as number) - aim} above the aim` : 'ok') : 'OVER';
    table.push([what, found ?? '-', limit, aim ?? '', said]);
  }
  return [
    table.toString(),
    `${layout.variables} variables of ${layout.variableBytes} bytes, of which the bench takes ${overhead}; ` +
      `worst of ${minutes} minutes`,
    ...troubles.map((trouble) => `TROUBLE  ${trouble}`),
    ...notes,
    passed ? 'within the budget' : 'OVER THE BUDGET',
  ].join('\n');
}
