/** The README's commands, run as they are written. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { PLAIN_ENV, ROOT, finished, outputLine } from '../support/cli.js';

const test = suite('README');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

/** Lines of the `sh` blocks, without their comments. */
const commands = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)]
  .flatMap(([, block]) => (block as string).split('\n'))
  .map((line) => line.replace(/ +#.*$/, '').trim())
  .filter((line) => line !== '');

/** A group of its own, so that Ctrl-C can be sent to npm and what it runs, as a terminal does. */
function shell(command: string) {
  const options = { cwd: ROOT, env: PLAIN_ENV, detached: true, stdio: 'pipe' as const };
  return spawn('sh', ['-c', command], options);
}

/** These contain this very test, or what CI runs beside it: `.ci/run` is where they are run. */
const RUN_BY_CI = ['npm cit', 'npm run check', 'npm test', 'npm run build'];

for (const command of commands) {
  if (RUN_BY_CI.includes(command)) {
    test(`${command}: CI runs it`, () => {
      const ci = readFileSync(join(ROOT, '.ci/run'), 'utf8');
      const scripts = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).scripts;
      // `npm cit` is `npm ci`, which builds, and `npm test`.
      assert.ok(/^npm cit\b/m.test(ci) && /^npm run -s check\b/m.test(ci));
      assert.is(scripts.prepare, 'npm run -s build');
    });
  } else if (command.includes('npm start')) {
    test(`${command}: comes up and ends by Ctrl-C`, async () => {
      const child = shell(command.replace('npm ci && ', ''));
      const ended = finished(child);
      await outputLine(child, 'birth');
      process.kill(-(child.pid as number), 'SIGINT');
      const { stderr, stdout } = await ended;
      assert.match(stdout, /vehicles +BX01, BX02, BX03/);
      assert.not.match(stderr, /Error/);
    });
  } else {
    test(command, async () => {
      const { code, stdout, stderr } = await finished(shell(command));
      assert.is(code, 0, stdout + stderr);
      assert.ok(stdout.length > 0);
    });
  }
}

test('every scenario stands in the README, and no other', () => {
  const rows = [...readme.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
  assert.ok(rows.length > 0);
  for (const name of rows) {
    const scenario = readFileSync(join(ROOT, `host-sim/scenarios/${name}.json`), 'utf8');
    assert.is(JSON.parse(scenario).name, name);
  }
});

test.run();
