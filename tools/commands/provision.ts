/** `provision`: makes boards that run Espruino the units of the fleet, over their cables. */
import { SingleBar } from 'cli-progress';
import { Option, type Command } from 'commander';
import { readBundle, type BundleFiles } from '../board/bundle-files.js';
import { fit, unlockBoard, type Fitted } from '../board/fit.js';
import { LABEL_FORMATS, makeLabelFolder, writeLabel, type LabelFormat } from '../board/labels.js';
import { UserError } from '../exit-codes.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import { changeOptions, say, type ChangeFlags } from './options.js';
import { provisionAll } from './provision-all.js';

interface ProvisionFlags extends ChangeFlags {
  readonly port: string;
  readonly all?: boolean;
  readonly anew?: boolean;
  readonly unlock?: boolean;
  readonly labels?: string;
  readonly labelFormat: LabelFormat;
  readonly bundle?: string;
}

/** With where its label is, if it has one. */
export type Provisioned = Fitted & { readonly label?: string };

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
    return unlock(fleet, fleet.find(name), flags);
  }
  const firmware = readBundle(flags.bundle);
  if (flags.labels !== undefined && !flags.dryRun) makeLabelFolder(flags.labels);
  const one = (unit: FleetUnit) => provisionOne(fleet, unit, firmware, flags);
  if (name === undefined) return provisionAll(fleet, flags, one, told);
  const done = await one(fleet.find(name));
  say(flags, done, told(done));
}

async function provisionOne(
  fleet: Fleet,
  unit: FleetUnit,
  firmware: BundleFiles,
  flags: ProvisionFlags,
): Promise<Provisioned> {
  const { port, anew = false, dryRun = false, labels, labelFormat } = flags;
  const bar = progress(flags);
  try {
    const done = await fit(fleet, unit, firmware, { port, anew, dryRun }, bar.show);
    if (labels === undefined || dryRun) return done;
    return { ...done, label: await writeLabel(labels, labelFormat, unit) };
  } finally {
    bar.stop();
  }
}

async function unlock(fleet: Fleet, unit: FleetUnit, flags: ProvisionFlags): Promise<void> {
  const { unitId, callSign } = unit;
  const { port, dryRun = false } = flags;
  await unlockBoard(fleet, unit, { port, dryRun });
  const what = dryRun ? 'would take the password off' : 'took the password off';
  say(
    flags,
    { unitId, callSign, unlocked: !dryRun, dryRun },
    `${what} the console of ${callSign}; provision puts it back`,
  );
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
  if (isShown) bar.start(1, 0, { what: 'looking at the board' });
  return {
    show: (what: string, doneBytes: number, totalBytes: number) => {
      if (!isShown) return;
      bar.setTotal(Math.max(1, totalBytes));
      bar.update(totalBytes === 0 ? 1 : doneBytes, { what });
    },
    stop: () => bar.stop(),
  };
}

function told(done: Provisioned): string {
  const { callSign, unitId, generation, board, steps, newPassword, dryRun, label } = done;
  const which = `${callSign} (${unitId}), keys ${generation}`;
  const lines = steps.map((step) => `\n  ${step}`).join('');
  const labelled = label === undefined ? '' : `, label ${label}`;
  const did = dryRun
    ? `${which}, board ${board}: ${steps.length > 0 ? 'would be done' : 'nothing is missing'}${lines}`
    : `${which}: runs on board ${board}, console locked${labelled}`;
  const next = '\nits password for the broker is a new one: run fleet access, or it cannot connect';
  return `${did}${newPassword ? next : ''}`;
}
