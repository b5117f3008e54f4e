/**
 * Issue: fleet tools, shows 4. Whatever the commands that need no broker are asked for, well or ill,
 * what is secret is in no output, and in no file but those for it. The others: the fleet page's test.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { UnitPeer, newPeerState } from '../../../protocol/host/unit-peer.js';
import { openFleet } from '../../../tools/fleet/folder.js';
import { tools } from '../../support/fleet.js';
import { FleetSecrets, filesIn, isForSecrets } from '../../support/secrets.js';

const test = suite('secrets');
const WIFI = 'a password of the network';
const OTHER_SECRET = Buffer.alloc(32, 9).toString('base64');
const place = mkdtempSync(join(tmpdir(), 'fleet-secrets-'));
const folder = join(place, 'fleet');
const list = join(place, 'list.csv');
const capture = join(place, 'capture');
let said = '';

test.before(async () => {
  process.env['FLEET_WIFI'] = WIFI;
  process.env['FLEET_OTHER'] = OTHER_SECRET;
  process.env['FLEET_SHORT'] = OTHER_SECRET.slice(0, 20);
  writeFileSync(list, 'call_sign,area,type\nBX01,Bexley,vehicle\nBX02,Bexley,vehicle\n');
});
test.after(() => rmSync(place, { recursive: true }));

async function run(line: string, isWell: boolean): Promise<string> {
  for (const json of [[], ['--json']]) {
    const { code, stdout, stderr } = await tools(...line.split(' '), '--fleet', folder, ...json);
    said += stdout + stderr;
    assert.is(code === 0, isWell, `${line}: ${code} ${stderr}`);
    if (/^fleet (init|add|retire) (?!.*dry)/.test(line)) return stdout;
  }
  return said;
}

test('what the commands say has nothing that is secret', async () => {
  const init = 'fleet init --service met --scheme london --ssid v --broker mqtt://127.0.0.1:1';
  const wifi = '--wifi-password-env FLEET_WIFI';
  for (const line of [
    `${init} ${wifi} --dry-run`,
    `${init} ${wifi}`,
    `fleet add ${list} --dry-run`,
    `fleet add ${list}`,
  ]) {
    await run(line, true);
  }
  const secret = openFleet(folder).secret();
  const peer = new UnitPeer(secret, 'met-bx01', newPeerState(), Math.floor(Date.now() / 1000));
  const order = { dispatchId: 1, issuedAt: 0, reason: 1 };
  const [keys, sealed] = [peer.sealRotation(Date.now()), peer.seal('stand-down', order)];
  const forms = [keys, sealed].map(({ payload }) => payload.toString('hex'));
  writeFileSync(capture, forms.map((form) => `1 ${keys.topic} ${form}\n`).join(''));
  for (const line of [
    'fleet list',
    'fleet show BX01',
    'fleet access --broker mosquitto --dry-run',
    'fleet access --broker mosquitto',
    'fleet access --broker rabbitmq',
    'fleet access --broker emqx',
    'fleet export --dry-run',
    'fleet export',
    'fleet rotate BX02 --dry-run',
    'fleet rotate BX02 --yes',
    'fleet retire BX02 --dry-run',
    'dispatch BX01 --reference TEST --dry-run',
    'stand-down BX01 7 --dry-run',
    'config set BX01 volumePercent=50 --dry-run',
    'command BX01 rotateKeys --dry-run',
    `decode ${forms[0]}`,
    `decode ${forms[0]} --unit BX01`,
    `decode --capture ${capture}`,
    'fleet retire BX02 --yes',
  ]) {
    await run(line, true);
  }
  assert.match(said, /rotateKeys/);
  assert.match(said, /96 bytes, not shown/);
});

test('nor has what they say of what went wrong', async () => {
  const secretFile = join(folder, 'secrets/fleet-secret');
  const secret = readFileSync(secretFile, 'utf8');
  const { records } = { records: readFileSync(join(folder, 'secrets/units.json'), 'utf8') };
  const spoilt = join(place, 'spoilt');
  writeFileSync(spoilt, records.slice(0, 300));
  for (const line of [
    'fleet init --service a --scheme b --ssid c --broker mqtt://d --wifi-password-env FLEET_WIFI',
    'fleet init --service a --scheme b --ssid c --broker mqtt://user:password@d',
    // What is secret, where something else is asked for.
    `fleet add ${secretFile}`,
    `fleet add ${spoilt}`,
    `decode --capture ${secretFile}`,
    `decode --capture ${spoilt}`,
    'fleet export --secret-env FLEET_OTHER',
    'fleet export --secret-env FLEET_SHORT',
    'fleet export --secret-env NOT_SET',
    'fleet export --secret-fd 1000',
    'fleet show BX02',
    'fleet rotate',
    'dispatch BX01 --reference TEST',
    'dispatch BX01 --reference TEST --yes',
    'watch',
    'decode 00',
  ]) {
    await run(line, false);
  }
  for (const text of [secret.slice(0, -8), `${secret.trim()}!`, `${OTHER_SECRET}\n`]) {
    writeFileSync(secretFile, text);
    await run('fleet export', false);
  }
  writeFileSync(secretFile, secret);
  const others = { 'the wifi password': WIFI, 'another secret': OTHER_SECRET.slice(0, 20) };
  assert.equal(new FleetSecrets(folder, others).in(said), []);
});

test('files have it only where it belongs, for their owner alone', () => {
  const secrets = new FleetSecrets(folder, { 'the wifi password': WIFI });
  const holders: string[] = [];
  for (const { name, isOpenToOthers, content } of filesIn(folder)) {
    if (isForSecrets(name)) assert.not.ok(isOpenToOthers, `${name} is open to others`);
    if (secrets.in(content).length > 0) holders.push(name);
  }
  // The brokers are given hashes, and the control room its own password.
  assert.equal(holders.toSorted(), [
    'secrets/access/emqx/control.room.password',
    'secrets/access/mosquitto/control.room.password',
    'secrets/access/rabbitmq/control.room.password',
    'secrets/fleet-secret',
    'secrets/units.json',
    'secrets/wifi-password',
  ]);
  for (const { content } of filesIn(folder).filter(({ name }) => name.endsWith('.password'))) {
    assert.equal(secrets.in(content), ['control.room']);
  }
  assert.match(readFileSync(join(folder, '.gitignore'), 'utf8'), /^\/secrets\/\n\/state\/$/m);
});

test('the search finds each form of what it looks for', () => {
  const secrets = new FleetSecrets(folder);
  const bytes = openFleet(folder).secret();
  for (const form of [
    bytes,
    bytes.toString('hex'),
    bytes.toString('hex').toUpperCase(),
    ...[0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift, 7), bytes, Buffer.alloc(3, 7)]).toString('base64'),
    ),
    bytes.toString('base64url'),
  ]) {
    assert.equal(secrets.in(form), ['the secret']);
  }
  const { settings, consolePassword } = openFleet(folder).unit('BX01');
  const found = secrets.in(`x${settings.password}y${Buffer.from(consolePassword).toString('hex')}`);
  assert.equal(found, ['password of met-bx01, 1', 'console of met-bx01, 1']);
});

test.run();
