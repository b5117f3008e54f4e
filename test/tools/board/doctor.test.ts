/**
 * `doctor` on a virtual board and a real broker: what it says, in words, of a bare board, of a unit
 * that works, and of what can be wrong between the two.
 */
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
async function until(expected: readonly string[], ...args: string[]): Promise<string> {
  const endMs = performance.now() + PATIENCE_MS;
  for (;;) {
    const { ids, words } = await doctor(...args);
    if (ids.join() === expected.join()) return words;
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
    console.log(words);
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
}

test.run();
