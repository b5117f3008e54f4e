/**
 * What must be kept between two runs of a command that speaks with a unit: counters and replay
 * windows (SPEC CR-110 to CR-114). Rule: only one program at a time has a role, because no counter
 * may be used twice.
 */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { lock } from '../command-line/lock.js';
import { UnitPeer, newPeerState, type PeerState } from '../../protocol/host/unit-peer.js';
import { MAX_GENERATION, MAX_U32 } from '../../protocol/limits.js';
import { UserError } from '../exit-codes.js';
import {
  OWNER_FOLDER_MODE,
  OWNER_MODE,
  parseJson,
  readIfThere,
  toJson,
  writeWhole,
} from './files.js';
import { paths, type Fleet } from './folder.js';
import type { FleetUnit } from './schema.js';

/** Who watches only listens; who is in control seals messages to the units too. */
export type Role = 'watch' | 'control';

const counter = z.int().min(0).max(MAX_U32);
const generation = z.int().min(0).max(MAX_GENERATION);

export const stateSchema = z.strictObject({
  /** Provisioning that this is of: with another the unit's state begins anew (CR-128). */
  provisioned: generation.min(1),
  generation: generation.min(1),
  lastGeneration: generation,
  counter,
  up: z.strictObject({
    newest: counter,
    seen: z
      .int()
      .min(-(2 ** 31))
      .max(2 ** 31 - 1),
  }),
  birthCounter: counter,
  alive: z.boolean(),
  /** Id of the latest dispatch that was sent to the unit; 0 for none. */
  dispatchId: counter,
});

export type KeptState = z.infer<typeof stateSchema>;

/** The control room's end of one unit's conversation, in a file of its own. */
export class KeptPeer {
  readonly peer: UnitPeer;
  readonly #path: string;
  readonly #kept: KeptState;

  constructor(
    fleet: Fleet,
    readonly unit: FleetUnit,
    nowS: number,
  ) {
    this.#path = join(paths(fleet.folder).state('control'), `${unit.unitId}.json`);
    const text = readIfThere(this.#path);
    this.#kept = stateOf(unit, text === null ? null : parseJson(this.#path, text, stateSchema));
    this.peer = new UnitPeer(fleet.secret(), unit.unitId, this.#kept as PeerState, nowS);
  }

  /** Before a message leaves, and before one that came is acted on (CR-111). */
  keep(): void {
    writeWhole(this.#path, toJson(this.#kept), OWNER_MODE);
  }

  /** Of the latest that was sent to the unit; 0 for none. */
  get lastDispatchId(): number {
    return this.#kept.dispatchId;
  }

  /** An id that no dispatch to this unit has had: seconds since 1970, or above (CR-047). */
  nextDispatchId(nowS: number): number {
    this.#kept.dispatchId = Math.max(this.#kept.dispatchId + 1, nowS);
    return this.#kept.dispatchId;
  }
}

/** What a conversation with a unit goes on from: what was kept of it, as far as it still holds. */
export function stateOf(
  { provisioned, generation: latest }: FleetUnit,
  kept: KeptState | null,
): KeptState {
  const fresh = { provisioned, dispatchId: 0, ...newPeerState(latest) };
  if (!kept) return fresh;
  const { counter: used, dispatchId } = kept;
  if (kept.provisioned !== provisioned) return { ...fresh, counter: used, dispatchId };
  // Another command has given the unit new keys since.
  if (kept.generation < latest) return { ...kept, generation: latest, lastGeneration: latest - 1 };
  return kept;
}

/**
 * Takes a role for this process, until it ends or gives it back.
 * @throws UserError `inUse` if another process has it
 */
export function takeRole(fleet: Fleet, role: Role): () => void {
  const path = `${paths(fleet.folder).state(role)}.lock`;
  let held: ReturnType<typeof lock>;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: OWNER_FOLDER_MODE });
    held = lock(path);
  } catch (error) {
    throw new UserError('badFile', `${path}: could not be written: ${(error as Error).message}`);
  }
  if (typeof held === 'number') {
    throw new UserError(
      'inUse',
      `${path}: process ${held} has the role ${role} in this fleet; end it first ` +
        '(if it is none of these tools, remove the file)',
    );
  }
  const giveBack = held;
  const release = () => {
    process.off('exit', release);
    giveBack();
  };
  process.once('exit', release);
  return release;
}
