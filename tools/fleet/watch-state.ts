/**
 * The conversations of all units as who watches hears them, in one file. Rule: it is written from
 * time to time, not with each message: a disk takes milliseconds for that, and a broker throws away
 * what hundreds of units say meanwhile. What a crash forgets could be shown once more if somebody
 * played it again; no counter is at stake, because a watcher seals nothing.
 */
import { z } from 'zod';
import { UnitPeer, type PeerState, type Received } from '../../protocol/host/unit-peer.js';
import { Refusal } from '../../protocol/codes.js';
import { OWNER_MODE, parseJson, readIfThere, writeWhole } from './files.js';
import { paths, type Fleet } from './folder.js';
import type { FleetUnit } from './schema.js';
import { stateOf, stateSchema } from './state.js';

const fileSchema = z.record(z.string(), stateSchema);

export class WatchState {
  readonly #path: string;
  readonly #kept: z.infer<typeof fileSchema>;
  readonly #peers = new Map<string, UnitPeer>();
  #isChanged = false;

  /** @param units whose messages are to be opened; what is kept of the others stays */
  constructor(fleet: Fleet, units: readonly FleetUnit[], nowS: number) {
    this.#path = `${paths(fleet.folder).state('watch')}.json`;
    const text = readIfThere(this.#path);
    this.#kept = text === null ? {} : parseJson(this.#path, text, fileSchema);
    for (const unit of units) {
      const { unitId } = unit;
      const state = stateOf(unit, this.#kept[unitId] ?? null);
      this.#kept[unitId] = state;
      this.#peers.set(unitId, new UnitPeer(fleet.secret(), unitId, state as PeerState, nowS));
    }
  }

  /** @returns a Refusal if it does not prove itself as this unit's, or was heard before */
  open(unitId: string, topic: string, payload: Buffer): Received | number {
    const received = this.#peers.get(unitId)?.open(topic, payload) ?? Refusal.wrongUnit;
    if (typeof received !== 'number') this.#isChanged = true;
    return received;
  }

  keep(): void {
    if (!this.#isChanged) return;
    writeWhole(this.#path, JSON.stringify(this.#kept), OWNER_MODE);
    this.#isChanged = false;
  }
}
