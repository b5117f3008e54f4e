/** The fleet folder: its list, secret and counters, in process. */
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { profileOf } from '../../../firmware/aed/profiles.js';
import { Refusal } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { deriveKeys } from '../../../protocol/host/keys.js';
import { encodeMessage } from '../../../protocol/host/messages.js';
import { MAX_CALL_SIGN_CHARS, MAX_UNIT_ID_CHARS } from '../../../protocol/limits.js';
import { sealEnvelope } from '../../../protocol/seal/envelope.js';
import { upTopic } from '../../../protocol/topics.js';
import { UserError } from '../../../tools/exit-codes.js';
import { AED_MODELS } from '../../../tools/fleet/aed-models.js';
import { configOf } from '../../../tools/fleet/config.js';
import { createFleet, openFleet, paths } from '../../../tools/fleet/folder.js';
import type { FleetUnit } from '../../../tools/fleet/schema.js';
import { newSecret, secretCheck, secretFrom } from '../../../tools/fleet/secret.js';
import { KeptPeer, takeRole } from '../../../tools/fleet/state.js';
import { unitsFromCsv } from '../../../tools/fleet/units-csv.js';
import { WatchState } from '../../../tools/fleet/watch-state.js';

const test = suite('fleet folder');
const place = mkdtempSync(join(tmpdir(), 'fleet-folder-'));
test.after(() => rmSync(place, { recursive: true }));

const NOW_S = 1_795_000_000;
let made = 0;

function newFleet(secret = newSecret()) {
  const folder = join(place, String(made++));
  const brokers = [{ host: '127.0.0.1', port: 1883, tls: false }];
  const names = { service: 'met', scheme: 'london', ssid: 'vehicle' };
  const rest = { access: 1, defaults: { volumePercent: 80 }, secretCheck: secretCheck(secret) };
  createFleet(folder, { version: 1, brokers, ...names, ...rest }, { secret, wifiPassword: '' });
  openFleet(folder).writeUnits(unitsOf('call_sign,area,type\nBX01,Bexley,vehicle\n'));
  return folder;
}

function unitsOf(csv: string): readonly FleetUnit[] {
  const result = unitsFromCsv(csv, 'met', []);
  if ('units' in result) return result.units;
  throw new Error(JSON.stringify(result.faults));
}

function faultsOf(csv: string, existing: readonly FleetUnit[] = []) {
  const result = unitsFromCsv(csv, 'met', existing);
  if ('faults' in result) return result.faults;
  throw new Error('it was taken');
}

function failsWith(exit: string, what: RegExp, work: () => unknown): void {
  try {
    work();
  } catch (error) {
    assert.instance(error, UserError);
    assert.is((error as UserError).exit, exit);
    return assert.match((error as UserError).message, what);
  }
  assert.unreachable('it was accepted');
}

test('a call sign and a unit id have their limits', () => {
  const row = (callSign: string, id: string) =>
    `call_sign,unit_id,area,type\n${callSign},${id},Bexley,vehicle\n`;
  for (const length of [MAX_CALL_SIGN_CHARS - 1, MAX_CALL_SIGN_CHARS]) {
    assert.is(unitsOf(row('B'.repeat(length), 'id'))[0]?.callSign.length, length);
  }
  const [tooLong] = faultsOf(row('B'.repeat(MAX_CALL_SIGN_CHARS + 1), 'id'));
  assert.is(tooLong?.expected, `at most ${MAX_CALL_SIGN_CHARS} characters`);
  for (const length of [MAX_UNIT_ID_CHARS - 1, MAX_UNIT_ID_CHARS]) {
    assert.is(unitsOf(row('BX01', 'i'.repeat(length)))[0]?.unitId.length, length);
  }
  const [bad] = faultsOf(row('BX01', 'i'.repeat(MAX_UNIT_ID_CHARS + 1)));
  assert.is(bad?.name, 'unit_id');
  // Made of service and call sign, an id has the same limit.
  const [made] = faultsOf(row('BX-123456789012', ''));
  assert.is(made?.name, 'call_sign');
});

test('every bad row is named, with line, column, expected and found', () => {
  const faults = faultsOf(
    [
      'call_sign,area,type,pads_expire,latitude,longitude',
      'BX01,Bexley,vehicle,2027-02-31,,',
      'BX02,Bexley,car,,,',
      'BX03,Bexley,station,,51.4,',
      'BX04,Bexley,vehicle,,51.4,0.1',
      'BX05,Bexley',
      'BX06,Bexley,vehicle,,,',
      'BX06,Bexley,vehicle,,,',
    ].join('\n'),
  );
  assert.equal(
    faults.map(({ line, column, name }) => [line, column, name]),
    [
      [2, 4, 'pads_expire'],
      [3, 3, 'type'],
      [4, 6, 'longitude'],
      [5, 5, 'latitude'],
      [5, 6, 'longitude'],
      [6, 0, ''],
      [8, 1, 'call_sign'],
      [8, 1, 'call_sign'],
    ],
  );
  assert.match(faults.at(-1)?.found ?? '', /"BX06", line 7/);
});

test('a unit id is never given again; a call sign is, when its unit has retired', () => {
  const csv = 'call_sign,area,type\nBX01,Bexley,vehicle\n';
  const [unit] = unitsOf(csv) as [FleetUnit];
  const retired = { ...unit, retired: '2026-01-31' };
  assert.match(faultsOf(csv, [retired])[0]?.found ?? '', /retired on 2026-01-31/);
  const other = 'call_sign,unit_id,area,type\nBX01,bx01-2,Bexley,vehicle\n';
  assert.ok('units' in unitsFromCsv(other, 'met', [retired]));
  assert.is(faultsOf(other, [unit])[0]?.name, 'call_sign');
});

test('the AED models are those that the unit knows', () => {
  for (const [name, code] of Object.entries(AED_MODELS)) assert.is(profileOf(code).name, name);
  assert.is(profileOf(Object.keys(AED_MODELS).length).name, 'unknown');
});

test("a config is the protocol's defaults, the fleet's, the AED's and the unit's own", () => {
  const fleet = openFleet(newFleet());
  const [unit] = unitsOf(
    'call_sign,area,type,aed_model,pads_expire\nBX01,Bexley,vehicle,LIFEPAK CR2,2027-05-31\n',
  ) as [FleetUnit];
  const config = configOf(fleet.file, { ...unit, settings: { turnDeg: 30 } });
  assert.is(config.parkedPeriodS, 60);
  assert.is(config.volumePercent, 80);
  assert.is(config.aedProfile, 9);
  assert.is(config.padsExpireAt, Date.parse('2027-06-01'));
  assert.is(config.turnDeg, 30);
});

test('the secret comes from a file of its owner, a variable or a descriptor', () => {
  const secret = newSecret();
  const folder = newFleet(secret);
  const { secret: path } = paths(folder);
  assert.equal(openFleet(folder).secret(), secret);
  chmodSync(path, 0o640);
  failsWith('secret', /expected mode 600, found 640; run chmod 600/, () =>
    openFleet(folder).secret(),
  );
  process.env['FLEET_TEST'] = secret.toString('base64');
  assert.equal(openFleet(folder, { secretEnv: 'FLEET_TEST' }).secret(), secret);
  assert.equal(secretFrom({ secretFd: openSync(path, 'r') }), secret);
  process.env['FLEET_TEST'] = newSecret().toString('base64');
  failsWith('secret', /not that of/, () => openFleet(folder, { secretEnv: 'FLEET_TEST' }).secret());
  for (const [bytes, isEnough] of [
    [31, false],
    [32, true],
    [33, true],
  ] as const) {
    process.env['FLEET_TEST'] = Buffer.alloc(bytes, 1).toString('base64');
    const read = () => secretFrom({ secretEnv: 'FLEET_TEST' });
    if (isEnough) assert.is(read()?.length, bytes);
    else failsWith('secret', /32 bytes or more, found 31 bytes/, read);
  }
  delete process.env['FLEET_TEST'];
  failsWith('secret', /not set/, () => secretFrom({ secretEnv: 'FLEET_TEST' }));
});

test('CR-110 to CR-112 counters and windows hold from one run to the next', () => {
  const folder = newFleet();
  const open = () => {
    const fleet = openFleet(folder);
    return new KeptPeer(fleet, fleet.find('BX01'), NOW_S);
  };
  const first = open();
  const { counter } = first.peer.seal('stand-down', { dispatchId: 1, issuedAt: 0, reason: 1 });
  const dispatchId = first.nextDispatchId(NOW_S);
  first.keep();
  const second = open();
  const next = second.peer.seal('stand-down', { dispatchId: 1, issuedAt: 0, reason: 1 });
  assert.is(next.counter, counter + 1);
  assert.is(second.nextDispatchId(NOW_S), dispatchId + 1);
  second.peer.state.up.newest = 99;
  second.keep();
  assert.is(open().peer.state.up.newest, 99);
  // Provisioned again: a new state, but for the own counter (CR-128).
  const fleet = openFleet(folder);
  fleet.writeUnits(fleet.units.map((unit) => ({ ...unit, provisioned: 2, generation: 2 })));
  const { state } = open().peer;
  assert.is(state.up.newest, 0);
  assert.is(state.generation, 2);
  assert.ok(state.counter > counter);
});

test('CR-112 who watches keeps the windows of all units, also of those not watched this time', () => {
  const folder = newFleet();
  const rows = 'call_sign,area,type\nBX01,Bexley,vehicle\nBX02,Bexley,vehicle\n';
  openFleet(folder).writeUnits(unitsOf(rows));
  const fleet = openFleet(folder);
  const said = (id: string) => {
    const { up } = deriveKeys(fleet.secret(), id, 1);
    const fields = { status: 1, reason: 0, at: 0, clock: 1 };
    const sealed = sealEnvelope(nodeCiphers, up, upTopic(id), 7, encodeMessage('status', fields));
    return Buffer.from(sealed, 'latin1');
  };
  const open = (state: WatchState, id: string) => state.open(id, upTopic(id), said(id));
  const first = new WatchState(fleet, fleet.units, NOW_S);
  const ids = ['met-bx01', 'met-bx02'];
  for (const id of ids) assert.type(open(first, id), 'object', id);
  first.keep();
  const [one] = fleet.units as [FleetUnit];
  const second = new WatchState(fleet, [one], NOW_S);
  assert.is(open(second, 'met-bx01'), Refusal.replayed);
  assert.is(open(second, 'met-bx02'), Refusal.wrongUnit, 'it is not watched');
  second.keep();
  const third = new WatchState(fleet, fleet.units, NOW_S);
  for (const id of ids) assert.is(open(third, id), Refusal.replayed, id);
  // Nothing was taken, so nothing is written.
  const path = `${paths(folder).state('watch')}.json`;
  rmSync(path);
  third.keep();
  assert.not.ok(existsSync(path));
});

test('a role is of one process at a time, and free again when that has ended', () => {
  const fleet = openFleet(newFleet());
  const file = `${paths(fleet.folder).state('control')}.lock`;
  const release = takeRole(fleet, 'control');
  assert.is(Number(readFileSync(file, 'utf8')), process.pid);
  assert.is(statSync(file).mode & 0o077, 0);
  takeRole(fleet, 'watch')();
  release();
  writeFileSync(file, `${process.ppid}\n`);
  failsWith('inUse', /process \d+ has the role control/, () => takeRole(fleet, 'control'));
  assert.is(readFileSync(file, 'utf8'), `${process.ppid}\n`);
  // Of a process that is no more; of none, after a power cut; and of one with this one's id, which
  // in a container every program may have.
  for (const text of ['999999999', '', `${process.pid}\n`]) {
    writeFileSync(file, text);
    takeRole(fleet, 'control')();
    assert.not.ok(existsSync(file), text);
  }
});

test('the files say where they are wrong, and are left as they were', () => {
  const folder = newFleet();
  const { units } = paths(folder);
  const text = readFileSync(units, 'utf8').replace('"vehicle"', '"tram"');
  writeFileSync(units, text);
  failsWith(
    'badFile',
    /units\.json:5:13: 0\.kind: expected one of vehicle, station, found "tram"/,
    () => openFleet(folder),
  );
  assert.is(readFileSync(units, 'utf8'), text);
  failsWith('fileMissing', /fleet init makes/, () => openFleet(join(place, 'none')));
});

test.run();
