/**
 * What a control room keeps beside its ledger, because it changes with every message: its end of the
 * sealed conversation with each unit, and where units and volunteers are. If the file is lost or
 * old, nothing is sent twice under one number (SPEC CR-111), and positions come with time.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { PeerState } from '../../protocol/host/unit-peer.js';
import { UserError } from '../exit-codes.js';
import type { State } from './state.js';

const place = z.object({ latitude: z.number(), longitude: z.number() });
const peer = z.object({
  generation: z.int(),
  lastGeneration: z.int(),
  counter: z.int(),
  up: z.object({ newest: z.int(), seen: z.int() }),
  birthCounter: z.int(),
  alive: z.boolean(),
});

const keptSchema = z.object({
  peers: z.record(z.string(), peer),
  positions: z.record(z.string(), z.object({ place, fixAtMs: z.number(), speedKmh: z.number() })),
  volunteers: z.record(z.string(), place),
});

/** Its place is taken in one step: a crash leaves the old file or the new one. */
export function writeKept(
  path: string,
  peers: Record<string, PeerState>,
  { positions, volunteers }: State['heard'],
): void {
  const kept = {
    peers,
    positions: Object.fromEntries(positions),
    volunteers: Object.fromEntries(volunteers),
  };
  writeFileSync(`${path}.new`, JSON.stringify(kept), { flush: true });
  renameSync(`${path}.new`, path);
}

/** Fills `heard`; a file that is not there is that of a new ledger. */
export function readKept(path: string, heard: State['heard']): Record<string, PeerState> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UserError('badFile', `${path}: cannot be read: ${(error as Error).message}`);
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const kept = keptSchema.safeParse(value);
  if (!kept.success) {
    const what = 'expected what a control room keeps of its units';
    throw new UserError('badFile', `${path}: ${what}, found something else: move it away`);
  }
  for (const [id, position] of Object.entries(kept.data.positions)) {
    heard.positions.set(id, position);
  }
  for (const [id, at] of Object.entries(kept.data.volunteers)) heard.volunteers.set(id, at);
  return kept.data.peers;
}
