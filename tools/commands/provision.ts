/** `provision`: makes boards that run Espruino the units of the fleet, over their cables. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SingleBar } from 'cli-progress';
import { Option, type Command } from 'commander';
import { readBundle, type BundleFiles } from '../board/bundle-files.js';
import { BoardConsole } from '../board/console.js';
import type { LabelFormat } from '../board/label.js';
import { openLine } from '../board/line.js';
import { generationOf, planProvisioning, type Step } from '../board/plan.js';
import { bringUp, lookAtBoard, restart, unlock } from '../board/provision.js';
import {
  isIssued,
  keep,
  noteIssued,
  passwordsOf,
  wantedUnit,
  withUnusedKeys,
} from '../board/wanted.js';
import { ExitCode, UserError } from '../exit-codes.js';
import { writeWhole } from '../fleet/files.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { changeOptions, say, type ChangeFlags } from './options.js';

const LABEL_FORMATS: readonly LabelFormat[] = ['pdf', 'svg'];

interface ProvisionFlags extends ChangeFlags {
  readonly port: string;
  readonly all?: boolean;
  readonly anew?: boolean;
  readonly unlock?: boolean;
  readonly labels?: string;
  readonly labelFormat: LabelFormat;
  readonly bundle?: string;
}

/** What became of one board. */
interface Provisioned {
  readonly unitId: string;
  readonly callSign: string;
  readonly generation: number;
  readonly board: string;
  readonly steps: readonly string[];
  readonly dryRun: boolean;
  readonly label?: string;
}

export function addProvision(program: Command): void {
  changeOptions(program.command('provision'))
    .description('makes a board that runs Espruino a unit; run again, it goes on where it was')
    .argument('[unit]', 'call sign or unit id')
    .requiredOption('--port <port>', 'a serial port such as /dev/ttyUSB0, or tcp://HOST:PORT')
    .option('--all', 'every unit that has no board yet, one after the other')
    .option('--anew', 'a board that was in service begins anew, with keys it never had')
    .option('--unlock', "only takes the password off the board's console")
    .option('--labels <folder>', 'writes a label for each unit there')
    .addOption(
      new Option('--label-format <format>', 'of labels').choices(LABEL_FORMATS).default('pdf'),
    )
    .option('--bundle <file>', "the unit's bundle, if not the one just built")
    .action(provision);
}

async function provision(name: string | undefined, flags: ProvisionFlags): Promise<void> {
  if ((name === undefined) !== (flags.all ?? false)) {
    throw new UserError('usage', 'expected the call sign of one unit, or --all');
  }
  const fleet = openFleet(flags.fleet, flags);
  if (flags.unlock) {
    if (name === undefined) throw new UserError('usage', '--unlock: expected one call sign');
    return unlockOne(fleet, fleet.find(name), flags);
  }
  const firmware = readBundle(flags.bundle);
  if (name === undefined) return provisionAll(fleet, firmware, flags);
  const done = await provisionOne(fleet, fleet.find(name), firmware, flags);
  say(flags, done, told(done));
}

async function provisionOne(
  fleet: Fleet,
  unit: FleetUnit,
  firmware: BundleFiles,
  flags: ProvisionFlags,
): Promise<Provisioned> {
  const { anew = false, dryRun = false } = flags;
  const now = new Date();
  const board = await openBoard(fleet, unit, flags);
  try {
    const facts = await lookAtBoard(board);
    const chosen = anew ? withUnusedKeys(fleet, unit, facts) : unit;
    const wanted = wantedUnit(fleet, chosen, firmware, Math.floor(now.getTime() / 1000));
    const plan = planProvisioning(facts, wanted, { anew, isIssued: isIssued(fleet, chosen) });
    if ('why' in plan) {
      await restart(board);
      throw new UserError('board', `${unit.callSign}: ${plan.why}`);
    }
    const done = {
      unitId: unit.unitId,
      callSign: unit.callSign,
      generation: generationOf(wanted),
      board: facts.serial,
      steps: plan.steps.map(stepText),
      dryRun,
    };
    if (dryRun) {
      await restart(board);
      return done;
    }
    if (chosen !== unit) keep(fleet, chosen);
    const bar = progress(flags);
    try {
      await bringUp(board, plan, {
        onIssue: () => noteIssued(fleet, chosen, facts.serial, now.toISOString().slice(0, 10)),
        onProgress: bar.show,
      });
    } finally {
      bar.stop();
    }
    return flags.labels === undefined
      ? done
      : { ...done, label: await writeLabel(flags.labels, flags.labelFormat, unit) };
  } finally {
    await board.close();
  }
}

/** Enter, or a line from a program, means that the next board is connected. */
async function provisionAll(
  fleet: Fleet,
  firmware: BundleFiles,
  flags: ProvisionFlags,
): Promise<void> {
  const left = fleet.active.filter((unit) => !isIssued(fleet, unit));
  const answers = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
  const done: Provisioned[] = [];
  const skipped: string[] = [];
  while (left[0]) {
    const [unit] = left;
    const { callSign, unitId } = unit;
    process.stderr.write(
      `${callSign} (${unitId}): connect its board, then Enter; s skips it, q ends: `,
    );
    const answer = await answers.next();
    const word = answer.done ? 'q' : answer.value.trim();
    if (word === 'q') break;
    if (word === 's') {
      skipped.push(callSign);
      left.shift();
      continue;
    }
    try {
      const one = await provisionOne(fleet, unit, firmware, flags);
      done.push(one);
      left.shift();
      if (!flags.json) console.log(told(one));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      console.error(`tools: ${error.message}`);
    }
  }
  process.stdin.destroy();
  process.stderr.write('\n');
  const rest = [...skipped, ...left.map(({ callSign }) => callSign)];
  const text = `${done.length} done, ${rest.length} left${rest.length > 0 ? `: ${rest.join(', ')}` : ''}`;
  say(flags, { done, left: rest }, text);
  if (rest.length > 0) process.exitCode = ExitCode.checkFailed;
}

async function unlockOne(fleet: Fleet, unit: FleetUnit, flags: ProvisionFlags): Promise<void> {
  const { unitId, callSign } = unit;
  const dryRun = flags.dryRun ?? false;
  const board = await openBoard(fleet, unit, flags);
  try {
    if (dryRun) await board.greet();
    else await unlock(board);
  } finally {
    await board.close();
  }
  const what = dryRun ? 'would take the password off' : 'took the password off';
  say(
    flags,
    { unitId, callSign, unlocked: !dryRun, dryRun },
    `${what} the console of ${callSign}; provision puts it back`,
  );
}

async function openBoard(fleet: Fleet, unit: FleetUnit, { port }: ProvisionFlags) {
  // First: a secret that is not there must not be noticed half-way.
  const passwords = passwordsOf(fleet, unit);
  return new BoardConsole(await openLine(port), { passwords });
}

async function writeLabel(folder: string, format: LabelFormat, unit: FleetUnit): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const { label } = await import('../board/label.js');
  // Call signs may have spaces and slashes; unit ids may not.
  const path = join(folder, `${unit.unitId}.${format}`);
  writeWhole(path, await label(unit, format));
  return path;
}

function progress({ json }: ProvisionFlags) {
  const bar = new SingleBar({
    format: '{bar} {percentage}% {what}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
    noTTYOutput: false,
  });
  const isShown = process.stderr.isTTY && !json;
  if (isShown) bar.start(1, 0, { what: '' });
  return {
    show: (what: string, doneBytes: number, totalBytes: number) => {
      if (!isShown) return;
      bar.setTotal(Math.max(1, totalBytes));
      bar.update(totalBytes === 0 ? 1 : doneBytes, { what });
    },
    stop: () => bar.stop(),
  };
}

function stepText(step: Step): string {
  return step.kind === 'erase'
    ? `erase ${step.name}: ${step.why}`
    : `write ${step.name}, ${step.bytes.length} bytes`;
}

function told({ callSign, unitId, generation, board, steps, dryRun, label: path }: Provisioned) {
  const lines = steps.map((step) => `  ${step}`);
  if (dryRun) {
    const what = lines.length > 0 ? 'would be done' : 'nothing is missing';
    return [`${callSign} (${unitId}), keys ${generation}, board ${board}: ${what}`, ...lines].join(
      '\n',
    );
  }
  const labelled = path === undefined ? '' : `, label ${path}`;
  return `${callSign} (${unitId}), keys ${generation}: runs on board ${board}, console locked${labelled}`;
}
