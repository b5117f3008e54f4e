/** One board on its cable made a unit of the fleet; what the fleet folder must know of it is noted. */
import type { Fleet } from '../fleet/folder.js';
import { UserError } from '../exit-codes.js';
import type { FleetUnit } from '../fleet/schema.js';
import type { BundleFiles } from './bundle-files.js';
import { BoardConsole } from './console.js';
import {
  isIssued,
  keep,
  noteIssued,
  passwordsOf,
  wantedUnit,
  withUnusedKeys,
} from './from-fleet.js';
import { openLine } from './line.js';
import { planProvisioning, type Plan } from './plan.js';
import { bringUp, lookAtBoard, restart, unlock, type ProvisionEvents } from './provision.js';
import { generationOf, type WantedUnit } from './wanted-unit.js';

export interface FitOptions {
  /** As `openLine` takes it. */
  readonly port: string;
  readonly anew: boolean;
  readonly dryRun: boolean;
}

/** What became of one board. */
export interface Fitted {
  readonly unitId: string;
  readonly callSign: string;
  /** Of the keys that it is provisioned with. */
  readonly generation: number;
  /** Its serial number. */
  readonly board: string;
  readonly steps: readonly string[];
  /** It has a password that the broker may not know yet. */
  readonly newPassword: boolean;
  readonly dryRun: boolean;
}

/**
 * @throws UserError `board` if it does not answer, is refused, or does not take it; `badFile` or
 * `secret` for what is wrong in the fleet folder, before the board is touched
 */
export async function fit(
  fleet: Fleet,
  unit: FleetUnit,
  firmware: BundleFiles,
  options: FitOptions,
  onProgress: NonNullable<ProvisionEvents['onProgress']>,
): Promise<Fitted> {
  const now = new Date();
  const wantedOf = (which: FleetUnit) =>
    wantedUnit(fleet, which, firmware, Math.floor(now.getTime() / 1000));
  wantedOf(unit);
  const board = new BoardConsole(await openLine(options.port), {
    passwords: passwordsOf(fleet, unit),
  });
  try {
    const facts = await lookAtBoard(board);
    const chosen = options.anew ? withUnusedKeys(fleet, unit, facts) : unit;
    const wanted = wantedOf(chosen);
    const wasIssued = isIssued(fleet, chosen);
    const plan = planProvisioning(facts, wanted, { anew: options.anew, isIssued: wasIssued });
    if ('why' in plan) {
      await restart(board);
      throw new UserError('board', `${unit.callSign}: ${plan.why}`);
    }
    if (options.dryRun) await restart(board);
    else {
      if (chosen !== unit) keep(fleet, chosen);
      const onIssue = () => noteIssued(fleet, chosen, facts.serial, now.toISOString().slice(0, 10));
      await bringUp(board, plan, { onIssue, onProgress });
    }
    return fitted(wanted, plan, facts.serial, wasIssued, options);
  } finally {
    await board.close();
  }
}

function fitted(
  wanted: WantedUnit,
  { steps }: Plan,
  board: string,
  wasIssued: boolean,
  { dryRun }: FitOptions,
): Fitted {
  const generation = generationOf(wanted);
  return {
    unitId: wanted.unitId,
    callSign: wanted.callSign,
    generation,
    board,
    steps: steps.map((step) =>
      step.kind === 'erase'
        ? `erase ${step.name}: ${step.why}`
        : `write ${step.name}, ${step.bytes.length} bytes`,
    ),
    newPassword: generation > 1 && !wasIssued,
    dryRun,
  };
}

/** Takes the password off the console of a unit's board. */
export async function unlockBoard(
  fleet: Fleet,
  unit: FleetUnit,
  { port, dryRun }: Omit<FitOptions, 'anew'>,
): Promise<void> {
  const passwords = passwordsOf(fleet, unit);
  const board = new BoardConsole(await openLine(port), { passwords });
  try {
    await board.greet();
    if (!dryRun) await unlock(board);
    await board.leave();
  } finally {
    await board.close();
  }
}
