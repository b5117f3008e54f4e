/**
 * The section "Fitting a board" of the fleet page: its commands run as they stand there, on a fleet
 * as the section before leaves one, with its broker; and then every file and all output searched
 * for what is secret (issue: fleet tools, shows 4 and 5).
 */
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT, outputLine } from '../../support/cli.js';
import { makeFleet, type TestFleet } from '../../support/fleet.js';
import { readPdfLabel } from '../../support/label-content.js';
import {
  findMosquitto,
  freePort,
  startMosquittoWith,
  type Mosquitto,
} from '../../support/mosquitto.js';
import { FleetSecrets, filesIn, isForSecrets } from '../../support/secrets.js';
import { Shell } from '../../support/shell.js';

const test = suite('fitting a board');
const page = readFileSync(join(ROOT, 'tools/README.md'), 'utf8');
const section = /\n## Fitting a board\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
const commands = [...section.matchAll(/```bash\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block as string).split('\n'))
  .filter((line) => line !== '');

/** A unit that has just started may have no fix yet; for each further look. */
const LOOKS = 8;

const mosquitto = findMosquitto();
const port = await freePort();
let made: TestFleet;
let home: string;
let shell: Shell;
let broker: Mosquitto | undefined;
let board: ChildProcess | undefined;

test.before(async () => {
  made = await makeFleet(port, readFileSync(join(ROOT, 'tools/example-list.csv'), 'utf8'));
  home = dirname(made.folder);
  shell = new Shell(home);
  await made.run('fleet', 'access', '--broker', 'mosquitto');
  release(join(home, 'espruino'));
});
test.after(async () => {
  await switchOff();
  await broker?.stop();
  made.remove();
});

/** What looks like a release of Espruino, and the hash of its image as sha256sum writes it. */
function release(folder: string): void {
  mkdirSync(folder);
  const image = Buffer.from([0xe9, 1, 2, 3]);
  const sha256 = createHash('sha256').update(image).digest('hex');
  writeFileSync(join(folder, 'espruino_esp32.bin'), image);
  writeFileSync(join(folder, 'espruino_esp32.bin.sha256'), `${sha256}  espruino_esp32.bin\n`);
  writeFileSync(join(folder, 'bootloader.bin'), Buffer.from([0xe9]));
  writeFileSync(join(folder, 'partitions_espruino.bin'), Buffer.from([0xaa, 0x50]));
}

/** As Ctrl-C does: to all that the shell has started. */
async function switchOff(): Promise<void> {
  if (!board) return;
  const ended = new Promise((resolve) => (board as ChildProcess).on('close', resolve));
  process.kill(-(board.pid as number), 'SIGINT');
  await ended;
  board = undefined;
}

if (mosquitto === null) {
  test.skip('left out, because Mosquitto is not installed', () => {});
} else {
  test('a board becomes a unit that connects, by the commands as they stand', async () => {
    const conf = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    broker = await startMosquittoWith(mosquitto, conf, port);
    const said: string[] = [];
    for (const command of commands) {
      if (command.includes('sim -- board')) {
        await switchOff();
        const child = shell.start(command);
        board = child;
        await outputLine(child, 'Ctrl-C switches it off');
        continue;
      }
      let done = await shell.run(command);
      for (let look = 1; done.code === 1 && command.includes('doctor') && look < LOOKS; look++) {
        await wait(1000);
        done = await shell.run(command);
      }
      assert.is(done.code, 0, `${command}\n${done.said}`);
      said.push(done.said);
    }
    const [flash, dryRun, provisioned, byBroker, byConsole, again, unlocked] = said;
    assert.match(flash ?? '', /write-flash .*0x10000 .*espruino_esp32.bin/);
    assert.match(dryRun ?? '', /would be done\n {2}write unit.0, /);
    assert.match(
      provisioned ?? '',
      /^BX10 \(met-bx10\), keys 1: runs on board .*label .*met-bx10.pdf/m,
    );
    assert.match(byBroker ?? '', 'BX10 (met-bx10): nothing wrong is found');
    assert.match(byConsole ?? '', 'BX10 (met-bx10): nothing wrong is found');
    assert.match(again ?? '', /^BX10 \(met-bx10\), keys 1: runs on board/m);
    assert.match(unlocked ?? '', 'took the password off the console of BX10');
    const label = readPdfLabel(readFileSync(join(home, 'labels/met-bx10.pdf')));
    assert.equal(label, { code: 'met-bx10 BX10', texts: ['BX10', 'met-bx10', 'met'] });
    const boards = readFileSync(join(made.folder, 'boards.json'), 'utf8');
    assert.match(boards, '"met-bx10"');
  });

  test('secrets are where they belong, for their owner alone, and nowhere else', () => {
    const secrets = new FleetSecrets(made.folder);
    assert.equal(secrets.in(shell.output), []);
    const inFiles = filesIn(home).filter(({ content }) => secrets.in(content).length > 0);
    for (const { name, isOpenToOthers } of inFiles) assert.not.ok(isOpenToOthers, name);
    const outside = inFiles
      .map(({ name }) => name)
      .filter((name) => !isForSecrets(name.replace(/^fleet\//, '')));
    // A board that is no virtual one has them in its own flash.
    assert.equal(outside, ['board.flash']);
    assert.ok(inFiles.some(({ name }) => name === 'fleet/secrets/fleet-secret'));
  });
}

test.run();
