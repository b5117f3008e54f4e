/** What the fleet folder says of boards: what each is to become, and which have become one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { keysRecord } from '../../protocol/host/keys.js';
import { MAX_GENERATION } from '../../protocol/limits.js';
import { UserError } from '../exit-codes.js';
import { parseJson, readText, toJson, writeWhole } from '../fleet/files.js';
import { openFleet, type Fleet } from '../fleet/folder.js';
import { day, unitId, type FleetUnit } from '../fleet/schema.js';
import { consolePassword } from '../fleet/secret.js';
import type { BundleFiles } from './bundle-files.js';
import { readCertificate } from './certificate.js';
import type { BoardFacts } from './facts.js';
import type { WantedUnit } from './wanted-unit.js';

/** Passwords of earlier generations that are tried on a board that comes back. */
const EARLIER_PASSWORDS = 4;

/** By unit id: the board that was last finished with the unit's keys. No secrets. */
const boardsSchema = z.record(
  unitId,
  z.strictObject({
    generation: z.int().min(1).max(MAX_GENERATION),
    /** As the board gives it: its MAC address. */
    serial: z.string(),
    issued: day,
  }),
);

type Boards = z.infer<typeof boardsSchema>;

const boardsFile = (fleet: Fleet) => join(fleet.folder, 'boards.json');

export function readBoards(fleet: Fleet): Boards {
  const path = boardsFile(fleet);
  return existsSync(path) ? parseJson(path, readText(path, ''), boardsSchema) : {};
}

/** Notes that a board is about to run with the unit's keys. */
export function noteIssued(fleet: Fleet, unit: FleetUnit, serial: string, today: string): void {
  const entry = { generation: unit.provisioned, serial, issued: today };
  const boards = { ...readBoards(fleet), [unit.unitId]: entry };
  const sorted = Object.entries(boards).toSorted(([a], [b]) => (a < b ? -1 : 1));
  writeWhole(boardsFile(fleet), toJson(Object.fromEntries(sorted)));
}

export function isIssued(fleet: Fleet, unit: FleetUnit): boolean {
  return readBoards(fleet)[unit.unitId]?.generation === unit.provisioned;
}

/** The unit with a generation of keys that no board has had, if the present one may have been used. */
export function withUnusedKeys(fleet: Fleet, unit: FleetUnit, facts: BoardFacts): FleetUnit {
  const used = Math.max(
    isIssued(fleet, unit) ? unit.generation : unit.provisioned - 1,
    facts.unitId === unit.unitId ? (facts.keys?.generation ?? 0) : 0,
  );
  if (used < unit.provisioned) return unit;
  const next = used + 1;
  if (next <= MAX_GENERATION) return { ...unit, provisioned: next, generation: next };
  const what = `generation ${MAX_GENERATION} of its keys is used up`;
  throw new UserError('secret', `${unit.unitId}: ${what}: the fleet needs a new secret`);
}

/** Writes one unit anew, among the others as they are on disk by now. */
export function keep(fleet: Fleet, unit: FleetUnit): void {
  const { units } = openFleet(fleet.folder);
  fleet.writeUnits(units.map((each) => (each.unitId === unit.unitId ? unit : each)));
}

export function wantedUnit(
  fleet: Fleet,
  unit: FleetUnit,
  firmware: BundleFiles,
  nowS: number,
): WantedUnit {
  const { unitId: id, callSign, settings, consolePassword: password } = fleet.recordOf(unit);
  const later = Array.from(
    { length: Math.min(unit.generation + 1, MAX_GENERATION) - unit.provisioned },
    (_, i) => keysRecord(fleet.secret(), id, unit.provisioned + 1 + i),
  );
  return {
    unitId: id,
    callSign,
    settings,
    certificate: settings.tls === true ? readCertificate(fleet, id, nowS) : null,
    keysRecord: keysRecord(fleet.secret(), id, unit.provisioned),
    laterKeysRecords: later,
    consolePassword: password,
    firmware,
    nowS,
  };
}

/** The unit's present password, then those of the generations before. */
export function passwordsOf(fleet: Fleet, unit: FleetUnit): string[] {
  const oldest = Math.max(1, unit.provisioned - EARLIER_PASSWORDS);
  return Array.from({ length: unit.provisioned - oldest + 1 }, (_, i) =>
    consolePassword(fleet.secret(), unit.unitId, unit.provisioned - i),
  );
}
