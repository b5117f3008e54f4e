/**
 * A fleet folder: what a fleet is, in plain files. `fleet.json` and `units.json` are for version
 * control; `secrets` has the fleet's secret, and what is written with keys or passwords in it, and
 * `state` has the counters of who speaks with the units from here.
 */
import { existsSync, realpathSync } from 'node:fs';
import { join, relative } from 'node:path';
import { UnitKind } from '../../protocol/codes.js';
import { keysRecord } from '../../protocol/host/keys.js';
import { checkSettings, type UnitSettings } from '../../protocol/settings.js';
import { UserError } from '../exit-codes.js';
import { OWNER_MODE, parseJson, readText, toJson, writeWhole } from './files.js';
import { fleetSchema, unitsSchema, type FleetFile, type FleetUnit } from './schema.js';
import {
  brokerPassword,
  consolePassword,
  readOwnerFile,
  readSecretFile,
  secretCheck,
  secretFrom,
  type SecretSource,
} from './secret.js';

/**
 * MQTT users that are no units: the control room itself, and these tools where they watch and where
 * they take its place. None can be a unit id, because those have no dot.
 */
export const ROOM_USERS = ['control.room', 'tools.watch', 'tools.control'] as const;
export type RoomUser = (typeof ROOM_USERS)[number];

/** What a board is given to be this unit. Handle with care: it has keys and passwords. */
export interface UnitRecord {
  readonly unitId: string;
  readonly callSign: string;
  /** A UnitKind. */
  readonly kind: number;
  readonly settings: UnitSettings;
  /** Value of the record `keys` (SPEC CR-122), a byte string. */
  readonly keysRecord: string;
  /** Opens the board's console. */
  readonly consolePassword: string;
}

export const paths = (folder: string) => ({
  fleet: join(folder, 'fleet.json'),
  units: join(folder, 'units.json'),
  ignore: join(folder, '.gitignore'),
  secret: join(folder, 'secrets', 'fleet-secret'),
  wifiPassword: join(folder, 'secrets', 'wifi-password'),
  /** What `fleet export` writes. */
  records: join(folder, 'secrets', 'units.json'),
  access: (broker: string) => join(folder, 'secrets', 'access', broker),
  /** A unit's own, for a broker by TLS that asks for one. */
  certificate: (unitId: string) => join(folder, 'secrets', 'tls', `${unitId}.crt`),
  certificateKey: (unitId: string) => join(folder, 'secrets', 'tls', `${unitId}.key`),
  state: (role: string) => join(folder, 'state', role),
});

const IGNORE = '# Keys, passwords and counters: never under version control.\n/secrets/\n/state/\n';

export class Fleet {
  #secret: Buffer | null = null;

  constructor(
    readonly folder: string,
    readonly file: FleetFile,
    /** In the order of their ids, the retired ones too. */
    readonly units: readonly FleetUnit[],
    readonly source: SecretSource = {},
  ) {}

  get active(): FleetUnit[] {
    return this.units.filter(({ retired }) => retired === null);
  }

  /** The fleet's secret. @throws UserError `secret` if it is not there or not this fleet's */
  secret(): Buffer {
    if (this.#secret) return this.#secret;
    const secret = secretFrom(this.source) ?? readSecretFile(paths(this.folder).secret);
    if (secretCheck(secret) !== this.file.secretCheck) {
      const { fleet } = paths(this.folder);
      throw new UserError('secret', `the secret that was given is not that of ${fleet}`);
    }
    this.#secret = secret;
    return secret;
  }

  /** By call sign or unit id. @throws UserError `noSuchUnit`, also for a retired one */
  find(callSignOrId: string): FleetUnit {
    const named = this.units.filter(
      ({ unitId, callSign }) => unitId === callSignOrId || callSign === callSignOrId,
    );
    const unit = named.find(({ retired }) => retired === null);
    if (unit) return unit;
    const { units } = paths(this.folder);
    const [gone] = named;
    throw new UserError(
      'noSuchUnit',
      gone
        ? `${callSignOrId}: retired on ${gone.retired} (${units})`
        : `${callSignOrId}: no call sign or unit id in ${units}; fleet list shows them`,
    );
  }

  /** What a board is given to be this unit. */
  unit(callSignOrId: string): UnitRecord {
    return this.recordOf(this.find(callSignOrId));
  }

  recordOf(unit: FleetUnit): UnitRecord {
    const { unitId, callSign, kind, provisioned } = unit;
    const fixPeriodS = unit.fixPeriodS ?? this.file.fixPeriodS;
    const secret = this.secret();
    const [broker] = this.file.brokers as [FleetFile['brokers'][number]];
    const settings: UnitSettings = {
      unitId,
      callSign,
      kind: UnitKind[kind],
      host: broker.host,
      port: broker.port,
      user: unitId,
      password: brokerPassword(secret, unitId, provisioned),
      ssid: this.file.ssid,
      wifiPassword: readOwnerFile(paths(this.folder).wifiPassword) ?? '',
      ...(broker.tls ? { tls: true } : {}),
      ...((unit.tagReader ?? this.file.tagReader) ? { tagReader: true } : {}),
      ...(fixPeriodS === undefined ? {} : { fixPeriodS }),
    };
    const wrong = checkSettings(settings);
    if (typeof wrong === 'string') {
      throw new UserError('badFile', `${unitId}: settings that no unit takes: ${wrong} (CR-065)`);
    }
    return {
      unitId,
      callSign,
      kind: UnitKind[kind],
      settings,
      keysRecord: keysRecord(secret, unitId, provisioned),
      consolePassword: consolePassword(secret, unitId, provisioned),
    };
  }

  /** Password of a user that is no unit. */
  passwordOf(user: RoomUser): string {
    return brokerPassword(this.secret(), user, this.file.access);
  }

  /** Writes the list of units anew, in the order of their ids. */
  writeUnits(units: readonly FleetUnit[]): void {
    const sorted = units.toSorted((a, b) => (a.unitId < b.unitId ? -1 : 1));
    writeWhole(paths(this.folder).units, toJson(unitsSchema.parse(sorted)));
  }
}

/** @throws UserError that says where and what, if the folder is none or not whole */
export function openFleet(folder: string, source: SecretSource = {}): Fleet {
  const { fleet, units } = paths(folder);
  const hint = 'fleet init makes a fleet folder';
  const file = parseJson(fleet, readText(fleet, hint), fleetSchema);
  const list = parseJson(units, readText(units, hint), unitsSchema);
  const doubled = firstDoubled(list);
  if (doubled) throw new UserError('badFile', `${units}: ${doubled}`);
  return new Fleet(folder, file, list, source);
}

/**
 * For a file that is quoted where it is wrong.
 * @throws UserError `badFile` for one of the fleet's secrets
 */
export function refuseSecret(folder: string, path: string): void {
  const secrets = join(folder, 'secrets');
  if (!existsSync(path) || !existsSync(secrets)) return;
  if (relative(realpathSync(secrets), realpathSync(path)).startsWith('..')) return;
  throw new UserError('badFile', `${path}: expected a file to read, found one of the secrets`);
}

/** A unit id, or a call sign of two active units, that stands twice. */
export function firstDoubled(units: readonly FleetUnit[]): string | null {
  const seen = new Set<string>();
  for (const { unitId, callSign, retired } of units) {
    const names = [`unit id ${unitId}`, ...(retired === null ? [`call sign ${callSign}`] : [])];
    for (const name of names) {
      if (seen.has(name)) return `${name} stands twice`;
      seen.add(name);
    }
  }
  return null;
}

/** Makes a folder. @throws UserError `inUse` if there is one, which is left as it is */
export function createFleet(folder: string, file: FleetFile, secrets: NewSecrets): void {
  const at = paths(folder);
  for (const path of [at.fleet, at.units, at.secret, at.wifiPassword]) {
    if (existsSync(path)) throw new UserError('inUse', `${path}: is there already; left as it is`);
  }
  writeWhole(at.ignore, IGNORE);
  if (secrets.secret) writeWhole(at.secret, `${secrets.secret.toString('base64')}\n`, OWNER_MODE);
  if (secrets.wifiPassword) writeWhole(at.wifiPassword, `${secrets.wifiPassword}\n`, OWNER_MODE);
  writeWhole(at.units, toJson([]));
  // Last: the folder is one from here on.
  writeWhole(at.fleet, toJson(file));
}

export interface NewSecrets {
  /** Null where it comes from outside every time. */
  readonly secret: Buffer | null;
  readonly wifiPassword: string;
}
