/**
 * `doctor` on a virtual board and a real broker: what it says, in words, of a bare board, of a unit
 * that works, and of what can be wrong between the two.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitCode } from '../../../tools/exit-codes.js';
import { finished, startSim } from '../../support/cli.js';
import { makeFleet, type TestFleet } from '../../support/fleet.js';
import {
  findMosquitto,
  freePort,
  startMosquittoWith,
  type Mosquitto,
} from '../../support/mosquitto.js';

const LIST =
  'call_sign,unit_id,area,type\nBX01,met-bx01,bexley,vehicle\nBX02,met-bx02,bexley,vehicle\n';
const PATIENCE_MS = 60_000;

const test = suite('doctor');
const mosquitto = findMosquitto();
const port = await freePort();
let made: TestFleet;
let broker: Mosquitto | undefined;
let board: VirtualBoard | undefined;

test.before(async () => {
  made = await makeFleet(port, LIST);
});
test.after(async () => {
  await board?.stop();
  await broker?.stop();
  made.remove();
});

interface VirtualBoard {
  readonly url: string;
  stop(): Promise<void>;
}

/** `sim board`, with a flash that it finds again. */
async function startBoard(...args: string[]): Promise<VirtualBoard> {
  const flash = join(made.folder, '..', 'board.flash');
  const child = startSim('board', '--port', '0', '--flash', flash, '--json', ...args);
  const ended = finished(child);
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk) =>
      resolve((JSON.parse(String(chunk).split('\n')[0] as string) as { board: string }).board),
    );
    void ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  const stop = async () => {
    child.kill('SIGINT');
    await ended;
  };
  return { url, stop };
}

async function startBroker(): Promise<Mosquitto> {
  await made.run('fleet', 'access', '--broker', 'mosquitto');
  const file = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
  return startMosquittoWith(mosquitto as string, file, port);
}

/** The ids of what it finds, and all its words. */
async function doctor(...args: string[]): Promise<{ ids: string[]; words: string }> {
  const { code, stdout, stderr } = await made.run('doctor', ...args);
  const ids = [...stdout.matchAll(/^([a-z-]+): /gm)].map(([, id]) => id as string);
  assert.is(code, ids.length > 0 ? ExitCode.checkFailed : ExitCode.ok, stderr);
  return { ids, words: stdout };
}

/** Asks until these, and nothing else, are found. */
function until(expected: readonly string[], ...args: string[]): Promise<string> {
  return looked((ids) => ids.join() === expected.join(), ...args);
}

/** Asks until what is found is right. */
async function looked(isRight: (ids: string[]) => boolean, ...args: string[]): Promise<string> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const { ids, words } = await doctor(...args);
    if (isRight(ids)) return words;
    assert.ok(performance.now() < endMs, words);
    await wait(500);
  }
}

if (mosquitto === null) {
  test.skip('left out, because Mosquitto is not installed', () => {});
} else {
  test('a bare board: what it lacks, and that provision is what to do', async () => {
    broker = await startBroker();
    board = await startBoard('--hold-buttons');
    const { ids, words } = await doctor('BX01', '--port', board.url, '--broker', '--for', '1');
    assert.equal(ids, [
      'no-boot-code',
      'other-bundle',
      'no-settings',
      'no-keys',
      'no-desk',
      'open-console',
      'not-running',
      'never-born',
    ]);
    assert.match(words, 'BX01 (met-bx01): 8 found');
    assert.match(
      words,
      'no-boot-code: nothing starts at power-on: no boot code\n  what to do: run provision',
    );
    assert.match(
      words,
      'never-born: the broker has never heard of it (1 s listened)\n  what to do: is it powered',
    );
  });

  test('a unit that works: nothing is wrong, by console and broker', async () => {
    const done = await made.run('provision', 'BX01', '--port', board!.url);
    assert.is(done.code, ExitCode.ok, done.stderr);
    const words = await until([], 'BX01', '--port', board!.url, '--broker', '--for', '2');
    assert.match(words, 'BX01 (met-bx01): nothing wrong is found');
  });

  test('the board of another unit, and no board at all', async () => {
    const { ids, words } = await doctor('BX02', '--port', board!.url);
    assert.equal(ids, ['no-console']);
    assert.match(words, /the password of this unit does not open it.*\n {2}what to do: hold both/);
    const gone = await doctor('BX02', '--port', 'tcp://127.0.0.1:1');
    assert.equal(gone.ids, ['no-console']);
    assert.match(gone.words, /no-console: --port tcp:\/\/127.0.0.1:1: cannot be opened/);
  });

  test('settings that have changed in the fleet since, by the console', async () => {
    const file = join(made.folder, 'fleet.json');
    const before = readFileSync(file, 'utf8');
    writeFileSync(file, before.replace('"ssid": "vehicle"', '"ssid": "another"'));
    const words = await until(['other-settings'], 'BX01', '--port', board!.url);
    assert.match(words, 'other-settings: its settings (broker, login, network, call sign) are not');
    assert.match(words, 'what to do: run provision');
    writeFileSync(file, before);
  });

  test('CR-128: --anew says that the broker must be told, and until it is the unit is out', async () => {
    const args = ['--port', board!.url];
    await made.run('fleet', 'rotate', 'BX01', '--yes');
    await until(['other-settings', 'other-keys'], 'BX01', ...args);
    const done = await made.run('provision', 'BX01', '--anew', ...args);
    assert.is(done.code, ExitCode.ok, done.stderr);
    assert.match(
      done.stdout,
      /^BX01 \(met-bx01\), keys 2: runs on board .*\nits password for the broker is a new one: run fleet access/,
    );
    await until([], 'BX01', ...args);
    // What the broker has of it yet is from before.
    const out = ['not-opened', 'never-born'];
    const words = await until(out, 'BX01', '--broker', '--for', '1');
    assert.match(words, 'not-opened: messages in its name did not prove themselves: unknownKey 1');
    assert.match(words, 'does the broker have the files of fleet access?');
    await made.run('fleet', 'access', '--broker', 'mosquitto');
    broker!.reload();
    // Else it would wait longer and longer between two tries.
    await board!.stop();
    board = await startBoard('--hold-buttons');
    // It is there again; what it says of its AED takes longer.
    await looked((ids) => !ids.some((id) => out.includes(id)), 'BX01', '--broker', '--for', '1');
    const again = await made.run('provision', 'BX01', '--port', board.url);
    assert.not.match(again.stdout, 'fleet access');
  });

  test('a unit that is switched off', async () => {
    await board!.stop();
    const words = await until(['dead'], 'BX01', '--broker', '--for', '1');
    assert.match(
      words,
      'dead: it was connected, and is not any more\n  what to do: is the vehicle',
    );
  });

  test('a broker that ends while it is listened to, and one that is not there', async () => {
    const listening = doctor('BX01', '--broker', '--for', '60');
    await wait(4000);
    await broker!.stop();
    const stoppedMs = performance.now();
    const { ids, words } = await listening;
    assert.ok(performance.now() - stoppedMs < 30_000, 'it does not listen on to nothing');
    assert.equal(ids, ['no-broker']);
    assert.match(
      words,
      /no-broker: the broker ended the connection\n {2}what to do: is the broker running/,
    );
    const none = await doctor('BX01', '--broker', '--for', '1');
    assert.equal(none.ids, ['no-broker']);
    assert.match(none.words, /no-broker: mqtt:\/\/127.0.0.1:\d+ as tools.watch: ECONNREFUSED/);
  });
}

test.run();
