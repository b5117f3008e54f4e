/** Each file of tests is run, and by one process only. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ROOT } from '../support/cli.js';

const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};

test('every file of tests belongs to one of the `test:` scripts, and every script has some', () => {
  const parts = Object.entries(scripts).flatMap(([name, command]) => {
    const pattern = /bin\.js test "(.*)"$/.exec(command)?.[1];
    return name.startsWith('test:') ? [{ name, pattern: new RegExp(pattern as string) }] : [];
  });
  const files = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  const tests = files.filter((file) => file.endsWith('.test.ts') && !file.includes('must-fail'));
  assert.ok(tests.length > 100);
  const runBy = tests.map((file) => parts.filter(({ pattern }) => pattern.test(file)));
  for (const [i, by] of runBy.entries()) assert.is(by.length, 1, tests[i] as string);
  assert.equal(new Set(runBy.flat()), new Set(parts));
});

test.run();
