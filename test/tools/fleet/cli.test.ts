/** The fleet commands as they end: exit codes, dry runs, confirmation. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitCode, type ExitName } from '../../../tools/exit-codes.js';
import { finished } from '../../support/cli.js';
import { listOf, makeFleet, startTools, type TestFleet } from '../../support/fleet.js';

const test = suite('fleet commands');
/** Where no broker is: port 1 is nobody's. */
const NO_BROKER = 1;
let made: TestFleet;

test.before(async () => {
  made = await makeFleet(NO_BROKER, listOf(3));
});
test.after(() => made.remove());

const units = () => readFileSync(join(made.folder, 'units.json'), 'utf8');

async function ends(exit: ExitName, what: RegExp, ...args: string[]): Promise<void> {
  const { code, stderr } = await made.run(...args);
  assert.is(code, ExitCode[exit], stderr);
  assert.match(stderr, what);
  assert.not.match(stderr, /\n +at /, 'a stack is for programmers');
}

test('a process ends with the code of its error, and one line', async () => {
  const child = startTools(['fleet', 'show', 'NOBODY', '--fleet', made.folder]);
  const { code, stdout, stderr } = await finished(child);
  assert.is(code, ExitCode.noSuchUnit);
  assert.match(stderr, /^tools: NOBODY: no call sign or unit id in .*\n$/);
  assert.is(stdout, '');
});

test('a bad list changes nothing, and each fault is in JSON too', async () => {
  const list = join(made.folder, '../bad.csv');
  writeFileSync(list, 'call_sign,area,type\nZZ01,Bexley,vehicle\nBX001,Bexley,tram\n');
  const before = units();
  const { code, stdout, stderr } = await made.run('fleet', 'add', list, '--json');
  assert.is(code, ExitCode.badFile);
  assert.match(
    stderr,
    /bad\.csv:3: column 3 \(type\): expected one of vehicle, station, found "tram"/,
  );
  assert.equal(JSON.parse(stdout).faults, [
    { line: 3, column: 3, name: 'type', expected: 'one of vehicle, station', found: '"tram"' },
  ]);
  assert.is(units(), before);
});

test('a dry run changes nothing', async () => {
  const before = units();
  for (const args of [
    ['fleet', 'retire', 'BX001'],
    ['fleet', 'rotate', '--all'],
    ['config', 'set', 'BX001', 'volumePercent=50'],
  ]) {
    const { code, stderr } = await made.run(...args, '--dry-run');
    assert.is(code, 0, stderr);
  }
  assert.is(units(), before);
});

test('what goes wrong has its exit code', async () => {
  await ends('notConfirmed', /BX001 \(met-bx001\)\? No terminal/, 'fleet', 'retire', 'BX001');
  await ends('notConfirmed', /BX001 \(met-bx001\)/, 'command', 'BX001', 'locate');
  await ends('noSuchUnit', /NOBODY: no call sign or unit id/, 'fleet', 'show', 'NOBODY');
  await ends(
    'usage',
    /volumePercent: expected 30 to 100, found 29/,
    'config',
    'set',
    'BX001',
    'volumePercent=29',
  );
  await ends(
    'brokerUnreachable',
    /127\.0\.0\.1:1 as tools\.control/,
    'command',
    'BX001',
    'locate',
    '--yes',
  );
  await ends('secret', /not set/, 'command', 'BX001', 'locate', '--yes', '--secret-env', 'NOT_SET');
});

test('a retired unit is in no list but that of the retired', async () => {
  await made.run('fleet', 'retire', 'BX003', '--yes');
  const list = async (...args: string[]) =>
    JSON.parse((await made.run('fleet', 'list', '--json', ...args)).stdout).length;
  assert.is(await list(), 2);
  assert.is(await list('--retired'), 3);
  await ends('noSuchUnit', /BX003: retired on/, 'fleet', 'show', 'BX003');
});

test.run();
