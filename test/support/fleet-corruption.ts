/**
 * Seeded corruptions of what the fleet tools read: a list, a fleet folder's files, a capture. What
 * must come of each: the file is taken, or one clear error with place and cause and the named exit
 * code; and nothing is half-written.
 */
import { lstatSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnitPeer, newPeerState } from '../../protocol/host/unit-peer.js';
import { Random } from '../../host-sim/world/random.js';
import { UserError, type ExitName } from '../../tools/exit-codes.js';
import { captured, decode } from '../../tools/fleet/decode.js';
import { createFleet, openFleet, paths } from '../../tools/fleet/folder.js';
import { KeptPeer } from '../../tools/fleet/state.js';
import { secretCheck } from '../../tools/fleet/secret.js';
import { unitsFromCsv } from '../../tools/fleet/units-csv.js';
import type { FleetUnit } from '../../tools/fleet/schema.js';
import { listOf } from './fleet.js';

export const SECRET = Buffer.alloc(32, 7);
const NOW_S = 1_795_000_000;

/** One way of spoiling a text, at a place of chance. */
const SPOILERS: readonly ((text: string, random: Random) => string)[] = [
  (text, random) => text.slice(0, random.integer(0, text.length - 1)),
  (text, random) => replaced(text, random, 1, String.fromCharCode(random.integer(0, 255))),
  (text, random) => replaced(text, random, random.integer(1, 40), ''),
  (text, random) => replaced(text, random, 0, text.slice(0, random.integer(1, 60))),
  (text, random) =>
    replaced(
      text,
      random,
      0,
      ['"', ',', '\n', '{', '\u00e9', '\0'][random.integer(0, 5)] as string,
    ),
  (text, random) => {
    const lines = text.split('\n');
    lines.splice(random.integer(0, lines.length - 1), 1);
    return lines.join('\n');
  },
];

function replaced(text: string, random: Random, count: number, by: string): string {
  const at = random.integer(0, Math.max(0, text.length - 1));
  return text.slice(0, at) + by + text.slice(at + count);
}

/** How often each was taken, and how often refused by which code. */
export type Tally = Record<string, number>;

/** @throws if a corruption is met otherwise than it must be, with the seed and what was found */
export function searchCorruptions(seed: number, runs: number): Tally {
  const place = mkdtempSync(join(tmpdir(), 'corruptions-'));
  const tally: Tally = {};
  try {
    for (let run = 0; run < runs; run++) {
      const random = new Random(seed + run);
      const kinds = Object.keys(KINDS);
      const kind = kinds[run % kinds.length] as keyof typeof KINDS;
      try {
        const outcome = `${kind}: ${KINDS[kind](random, join(place, String(run)))}`;
        tally[outcome] = (tally[outcome] ?? 0) + 1;
      } catch (error) {
        throw new Error(`corruption of ${kind}, seed ${seed + run}: ${(error as Error).message}`);
      }
    }
  } finally {
    rmSync(place, { recursive: true });
  }
  return tally;
}

const spoil = (text: string, random: Random) =>
  (SPOILERS[random.integer(0, SPOILERS.length - 1)] as (typeof SPOILERS)[number])(text, random);

const KINDS = {
  list: (random: Random): string => {
    const text = spoil(listOf(20), random);
    const result = unitsFromCsv(text, 'met', []);
    if ('units' in result) return 'taken';
    const lines = text.split('\n').length;
    for (const { line, expected, found } of result.faults) {
      demand(line >= 1 && line <= lines, `line ${line} of ${lines}`);
      demand(expected !== '' && found !== '', 'a fault without a cause');
    }
    return 'refused';
  },
  fleet: (random: Random, folder: string) => spoiltFile(random, folder, paths(folder).fleet),
  units: (random: Random, folder: string) => spoiltFile(random, folder, paths(folder).units),
  secret: (random: Random, folder: string) => spoiltFile(random, folder, paths(folder).secret),
  state: (random: Random, folder: string) =>
    spoiltFile(random, folder, join(paths(folder).state('control'), 'met-bx001.json')),
  capture: (random: Random): string => {
    const { topic, payload } = new UnitPeer(SECRET, 'met-bx001', newPeerState(), NOW_S).seal(
      'stand-down',
      { dispatchId: 1, issuedAt: NOW_S * 1000, reason: 1 },
    );
    const line = spoil(`${NOW_S} ${topic} ${payload.toString('hex')}`, random);
    const caught = captured(line);
    if (typeof caught === 'string') return 'refused as a line';
    const decoded = decode(caught.payload, { secret: SECRET, topics: [caught.topic] });
    if (typeof decoded === 'string') {
      demand(decoded.length > 10, 'a refusal without a cause');
      return 'refused as a message';
    }
    return 'taken';
  },
};

/** Spoils a file of a fleet folder, and then does with the folder what reads and changes it. */
function spoiltFile(random: Random, folder: string, path: string): string {
  makeFolder(folder);
  writeFileSync(path, spoil(readFileSync(path, 'utf8'), random));
  return useSpoilt(folder, path);
}

/**
 * Uses a fleet folder of which this file is not as it should be.
 * @returns `taken`, or the name of the exit code
 * @throws if what comes of it is not what must come of it
 */
export function useSpoilt(folder: string, path: string): string {
  const before = contents(folder);
  let refusal: ExitName | undefined;
  try {
    const fleet = openFleet(folder);
    fleet.unit('met-bx001');
    const kept = new KeptPeer(fleet, fleet.find('met-bx001'), NOW_S);
    kept.keep();
    fleet.writeUnits(fleet.units);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    refusal = error.exit;
    const expectedExits: ExitName[] = ['badFile', 'fileMissing', 'secret', 'noSuchUnit'];
    demand(expectedExits.includes(refusal), `exit ${refusal}`);
    const names = [path, folder, 'met-bx001'];
    demand(
      names.some((name) => error.message.includes(name)),
      `no place: ${error.message}`,
    );
    demand(!error.message.includes(SECRET.toString('base64')), 'the secret in an error');
    if (refusal === 'badFile' && path.endsWith('.json')) {
      const hasPlace = /:\d+:\d+:|stands twice|settings|could not be read/;
      demand(hasPlace.test(error.message), `no line: ${error.message}`);
    }
    // What was refused is as it was found, to the byte.
    const after = contents(folder);
    for (const [name, text] of before) demand(after.get(name) === text, `${name} was changed`);
  }
  const left = [...contents(folder).keys()].filter((name) => name.endsWith('.new'));
  demand(left.length === 0, `left behind: ${left.join(', ')}`);
  return refusal ?? 'taken';
}

export function makeFolder(folder: string, units = 5): void {
  const file = {
    version: 1 as const,
    service: 'met',
    scheme: 'london',
    brokers: [{ host: '127.0.0.1', port: 1883, tls: false }],
    ssid: 'vehicle',
    secretCheck: secretCheck(SECRET),
    access: 1,
    defaults: {},
  };
  createFleet(folder, file, { secret: SECRET, wifiPassword: '' });
  const list = unitsFromCsv(listOf(units), 'met', []) as { units: FleetUnit[] };
  const fleet = openFleet(folder);
  fleet.writeUnits(list.units);
  const again = openFleet(folder);
  new KeptPeer(again, again.find('met-bx001'), NOW_S).keep();
}

export function contents(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true }) as string[];
  const files = names.map((name) => join(folder, name)).filter((name) => lstatSync(name).isFile());
  return new Map(files.map((name) => [name, readFileSync(name, 'latin1')]));
}

function demand(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}
