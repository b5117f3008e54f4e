/** The commands for boards, as processes (issue: fleet tools, shows 2 and 4). */
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { deriveKeyBytes } from '../../../protocol/host/keys.js';
import { ExitCode } from '../../../tools/exit-codes.js';
import { openFleet } from '../../../tools/fleet/folder.js';
import { BoardPort } from '../../../host-sim/console/port.js';
import { CableBoard } from '../../support/cable-board.js';
import { makeFleet, tools as allTools, type TestFleet } from '../../support/fleet.js';

const LIST =
  'call_sign,unit_id,area,type\nBX01,met-bx01,bexley,vehicle\nBX 02,met-bx02,bexley,vehicle\n';
const NO_PORT = 1;

const test = suite('provision, doctor and flash as commands');
let made: TestFleet;
const board = new CableBoard({ buttonsHeld: true });
let port: BoardPort;
/** All that the commands have said. */
let said = '';

test.before(async () => {
  made = await makeFleet(NO_PORT, LIST);
  port = await BoardPort.open(board.board);
});
test.after(() => {
  port.close();
  made.remove();
});

async function tools(...args: string[]) {
  const done = await made.run(...args);
  said += done.stdout + done.stderr;
  return done;
}

test('a dry run prints the plan, and changes neither board nor fleet', async () => {
  const before = readdirSync(made.folder);
  const done = await tools('provision', 'BX01', '--port', port.url, '--dry-run');
  assert.is(done.code, ExitCode.ok, done.stderr);
  assert.match(done.stdout, /would be done\n  write unit.0, .*\n  write keys.0, 113 bytes\n/);
  assert.equal(board.flash.names(), []);
  assert.equal(readdirSync(made.folder), before);
});

test('provision writes, verifies, labels, and doctor then finds nothing wrong', async () => {
  const labels = join(made.folder, 'labels');
  const args = ['--port', port.url, '--labels', labels, '--label-format', 'svg', '--json'];
  const done = await tools('provision', 'BX01', ...args);
  assert.is(done.code, ExitCode.ok, done.stderr);
  assert.is(done.stderr, '', 'silent where no terminal is');
  const result = JSON.parse(done.stdout) as { label: string; board: string };
  assert.match(readFileSync(result.label, 'utf8'), />BX01<\/text>/);
  const boards = JSON.parse(readFileSync(join(made.folder, 'boards.json'), 'utf8')) as object;
  assert.equal(Object.keys(boards), ['met-bx01']);
  const doctor = await tools('doctor', 'BX01', '--port', port.url, '--json');
  const { findings } = JSON.parse(doctor.stdout) as { findings: object[] };
  assert.equal(findings, []);
  assert.is(doctor.code, ExitCode.ok);
});

test('another unit is refused on that board; --unlock is for its own unit only', async () => {
  const other = await tools('provision', 'BX 02', '--port', port.url);
  assert.is(other.code, ExitCode.board, other.stdout);
  assert.match(other.stderr, /console is locked, and the password of this unit does not open it/);
  const unlocked = await tools('provision', 'BX01', '--unlock', '--port', port.url, '--json');
  assert.is(unlocked.code, ExitCode.ok, unlocked.stderr);
  const inService = await tools('provision', 'BX 02', '--port', port.url);
  assert.match(inService.stderr, /was in service as met-bx01 .*--anew/);
  assert.is(inService.code, ExitCode.board);
});

test('CR-128: --anew takes the next generation of the keys', async () => {
  const done = await tools('provision', 'BX01', '--anew', '--port', port.url, '--json');
  assert.is(done.code, ExitCode.ok, done.stderr);
  const { generation, newPassword } = JSON.parse(done.stdout) as Record<string, unknown>;
  assert.is(generation, 2);
  assert.is(newPassword, true, 'the broker has to know it: fleet access');
  assert.is(openFleet(made.folder).find('BX01').provisioned, 2);
});

test('no board and no unit have exit codes of their own', async () => {
  const cases: [string[], number, RegExp][] = [
    [['provision', 'BX01', '--port', 'tcp://127.0.0.1:1'], ExitCode.board, /cannot be opened/],
    [['provision', 'BX01', '--port', '/dev/no-such-port'], ExitCode.board, /Serial ports here/],
    [['provision', '--port', port.url], ExitCode.usage, /--all/],
  ];
  for (const [args, code, what] of cases) {
    const done = await tools(...args);
    assert.is(done.code, code, `${args.join(' ')}: ${done.stderr}`);
    assert.match(done.stderr, what);
  }
});

test('flash ends with the code of a bad file where the hash is another', async () => {
  const folder = join(made.folder, 'release');
  mkdirSync(folder);
  writeFileSync(join(folder, 'espruino_esp32.bin'), Buffer.from([0xe9]));
  const image = join(folder, 'espruino_esp32.bin');
  const done = await allTools('flash', image, '--sha256', '0'.repeat(64));
  assert.is(done.code, ExitCode.badFile);
  assert.match(done.stderr, /expected SHA-256 0{64}, found [0-9a-f]{64}/);
  assert.is(done.stdout, '');
});

test('no secret is in what the commands say, nor in a file that anybody may read', () => {
  const fleet = openFleet(made.folder);
  const secrets = [fleet.secret().toString('base64'), fleet.secret().toString('hex')];
  for (const generation of [1, 2]) {
    const keys = Buffer.from(deriveKeyBytes(fleet.secret(), 'met-bx01', generation), 'latin1');
    for (let at = 0; at < keys.length; at += 16) {
      const key = keys.subarray(at, at + 16);
      secrets.push(
        key.toString('hex'),
        key.toString('latin1'),
        key.toString('base64').slice(0, 20),
      );
    }
  }
  for (const name of ['BX01', 'BX 02']) {
    const { consolePassword, settings } = fleet.unit(name);
    secrets.push(consolePassword, settings.password);
  }
  const files = readdirSync(made.folder, { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => join(each.parentPath, each.name))
    .filter((path) => (statSync(path).mode & 0o077) !== 0);
  assert.ok(files.some((path) => path.endsWith('boards.json')));
  const texts = [said, ...files.map((path) => readFileSync(path, 'latin1'))];
  for (const secret of secrets) assert.not.ok(texts.some((text) => text.includes(secret)));
});

test.run();
