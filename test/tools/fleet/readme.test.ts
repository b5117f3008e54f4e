/**
 * Issue: fleet tools, shows 4 and 5. The fleet page's commands, run as they are written; and then
 * every file and all output that they made, searched for what is secret.
 */
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openFleet } from '../../../tools/fleet/folder.js';
import { ROOT, outputLine } from '../../support/cli.js';
import { tools } from '../../support/fleet.js';
import { findMosquitto } from '../../support/mosquitto.js';
import { FleetSecrets, filesIn, isForSecrets } from '../../support/secrets.js';
import { Shell } from '../../support/shell.js';

const test = suite('fleet page');
const page = readFileSync(join(ROOT, 'tools/README.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block as string).split('\n'))
  .filter((line) => line !== '');

const home = mkdtempSync(join(tmpdir(), 'fleet-page-'));
const folder = join(home, 'fleet');
const shell = new Shell(home);
const background: ChildProcess[] = [];

test.after(async () => {
  for (const child of background.toReversed()) {
    const ended = new Promise((resolve) => child.on('close', resolve));
    process.kill(-(child.pid as number), 'SIGTERM');
    await ended;
  }
  rmSync(home, { recursive: true });
});

if (!findMosquitto()) {
  test.skip('Mosquitto is not installed', () => {});
} else {
  test('from an empty folder to a watched fleet, by the commands as they stand', async () => {
    const saidBy = new Map<string, string>();
    for (const command of commands) {
      if (/^(mosquitto|npm start)/.test(command)) {
        const child = shell.start(command);
        background.push(child);
        if (command.startsWith('npm start')) await outputLine(child, 'Ctrl-C ends');
        continue;
      }
      const { code, said } = await shell.run(command);
      assert.is(code, 0, `${command}\n${said}`);
      saidBy.set(command.replace(/^npm run -s tools -- | --fleet.*| BX.*/g, ''), said);
    }
    assert.match(saidBy.get('fleet add tools/example-list.csv') ?? '', /added 3 units/);
    assert.match(saidBy.get('watch') ?? '', /3 of 3 units connected/);
    assert.match(saidBy.get('dispatch') ?? '', /sounding[\s\S]*accept/);
    const [unit] = openFleet(folder).units.filter(({ callSign }) => callSign === 'BX02');
    assert.is(unit?.settings['volumePercent'], 60);
    assert.is(unit?.configVersion, 1);
    assert.is(unit?.generation, 2);
  });

  test('what is said twice is refused once: windows hold between two runs of watch', async () => {
    const { stdout, stderr } = await tools('watch', '--json', '--for', '3', '--fleet', folder);
    shell.output += stdout + stderr;
    const births = stdout.split('\n').filter((line) => line.includes('"birth"'));
    assert.is(births.length, 3, stdout);
    assert.not.match(stdout, /"name":"refused"/);
  });

  test('no secret is in what the commands, the broker and the units said, nor where it does not belong', () => {
    const secrets = new FleetSecrets(folder);
    assert.equal(secrets.in(shell.output), []);
    const files = filesIn(folder);
    for (const { name, isOpenToOthers } of files.filter((each) => isForSecrets(each.name))) {
      assert.not.ok(isOpenToOthers, `${name} is open to others`);
    }
    assert.equal(
      files
        .filter(({ content }) => secrets.in(content).length > 0)
        .map(({ name }) => name)
        .toSorted(),
      [
        'secrets/access/mosquitto/control.room.password',
        'secrets/fleet-secret',
        'secrets/units.json',
      ],
    );
  });
}

test.run();
