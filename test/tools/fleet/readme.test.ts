/**
 * The fleet page's commands, run as they are written; and then every file and all output that they
 * made, searched for what is secret.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { unpackKeys } from '../../../protocol/seal/keys.js';
import { deriveKeyBytes } from '../../../protocol/host/keys.js';
import { ROOM_USERS, openFleet, paths } from '../../../tools/fleet/folder.js';
import { PLAIN_ENV, ROOT, outputLine } from '../../support/cli.js';
import { findMosquitto } from '../../support/mosquitto.js';

const test = suite('fleet page');
const page = readFileSync(join(ROOT, 'tools/README.md'), 'utf8');
const commands = [...page.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block as string).split('\n'))
  .filter((line) => line !== '');

const home = mkdtempSync(join(tmpdir(), 'fleet-page-'));
const folder = join(home, 'fleet');
/** The commands' standard output and error, and those of what goes on in other terminals. */
let output = '';
const background: ChildProcess[] = [];

/** In a group of its own, so that it ends with what it started. */
function shell(command: string) {
  // Debian has Mosquitto where not every user's PATH leads.
  const env = { ...PLAIN_ENV, HOME: home, PATH: `${process.env['PATH']}:/usr/sbin` };
  const child = spawn('sh', ['-c', command], { cwd: ROOT, env, detached: true, stdio: 'pipe' });
  child.stdout.on('data', (chunk) => (output += chunk));
  child.stderr.on('data', (chunk) => (output += chunk));
  return child;
}

async function run(command: string): Promise<{ code: number | null; said: string }> {
  const before = output.length;
  const child = shell(command);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { code, said: output.slice(before) };
}

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
        const child = shell(command);
        background.push(child);
        if (command.startsWith('npm start')) await outputLine(child, 'Ctrl-C ends');
        continue;
      }
      const { code, said } = await run(command);
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
    const said = (await run('npm run -s tools -- watch --json --for 3 --fleet ~/fleet')).said;
    const births = said.split('\n').filter((line) => line.includes('"birth"'));
    assert.is(births.length, 3, said);
    assert.not.match(said, /refused/);
  });

  test('secrets are where they belong, for their owner alone, and nowhere else', async () => {
    for (const wrong of [
      'fleet show nobody',
      'fleet add tools/README.md',
      'fleet init --service a --scheme b --ssid c --broker mqtt://d',
      'fleet list --secret-env NOT_SET',
      'dispatch BX01 --reference TEST-2',
      'decode 00',
    ]) {
      await run(`npm run -s tools -- ${wrong} --fleet ~/fleet </dev/null`);
    }
    const fleet = openFleet(folder);
    const secrets = new Map<string, Buffer>([['the secret', fleet.secret()]]);
    const passwords: string[] = ROOM_USERS.map((user) => fleet.passwordOf(user));
    for (const { unitId } of fleet.units) {
      const { keysRecord, settings, consolePassword } = fleet.unit(unitId);
      passwords.push(settings.password, consolePassword);
      const keys = unpackKeys(keysRecord)?.keys as string;
      const next = deriveKeyBytes(fleet.secret(), unitId, 2);
      for (let at = 0; at < 96; at += 16) {
        secrets.set(`${unitId} key ${at}`, Buffer.from(keys.slice(at, at + 16), 'latin1'));
        secrets.set(`${unitId} next key ${at}`, Buffer.from(next.slice(at, at + 16), 'latin1'));
      }
    }
    const found = (bytes: Buffer): string[] => {
      const text = bytes.toString('latin1');
      const inText = passwords.filter((password) => text.includes(password));
      const named = [...secrets].filter(([, secret]) => leaks(text, secret));
      return [...inText.map(() => 'a password'), ...named.map(([name]) => name)];
    };
    assert.equal(found(Buffer.from(output)), []);
    let withSecrets = 0;
    for (const name of readdirSync(folder, { recursive: true }) as string[]) {
      const path = join(folder, name);
      const status = statSync(path);
      const isPrivate = /^(secrets|state)(\/|$)/.test(name);
      if (isPrivate) assert.is(status.mode & 0o077, 0, `${name} is open to others`);
      if (!status.isFile()) continue;
      const here = found(readFileSync(path));
      if (here.length > 0) withSecrets++;
      if (!name.startsWith('secrets/')) assert.equal(here, [], name);
    }
    // The search finds what is there: the secret, the exported records, the control room's password.
    assert.is(withSecrets, 3);
    assert.equal(found(readFileSync(paths(folder).secret)), ['the secret']);
  });
}

/** As bytes, hexadecimal digits or base64, which has three ways to fall on other bytes. */
function leaks(text: string, secret: Buffer): boolean {
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .slice(4, 18),
  );
  const forms = [secret.toString('latin1'), secret.toString('hex'), ...shifted];
  const urls = shifted.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'));
  return [...forms, ...urls].some((form) => text.includes(form));
}

test.run();
