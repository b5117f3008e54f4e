/** The linter's rules of this project: what each folder may name and import. */
import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { test } from 'uvu';
import * as assert from 'uvu/assert';

const eslint = new ESLint({
  cwd: fileURLToPath(new URL('../../', import.meta.url)),
  // The files do not exist, so there are no types for the rules that need them.
  overrideConfig: {
    languageOptions: { parserOptions: { projectService: false } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'off',
      '@typescript-eslint/no-misused-promises': 'off',
    },
  },
});

async function messages(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

const refused: [file: string, code: string, rule: string][] = [
  ['firmware/dispatch/x.ts', 'setTimeout(f, 1);', 'no-restricted-globals'],
  ['firmware/dispatch/x.ts', 'f(getTime());', 'no-restricted-globals'],
  ['firmware/dispatch/x.ts', 'f(new Date());', 'no-restricted-globals'],
  ['firmware/dispatch/x.ts', 'E.kickWatchdog();', 'no-restricted-globals'],
  ['firmware/dispatch/x.ts', "require('net');", 'no-restricted-globals'],
  ['firmware/dispatch/x.ts', 'f(process.memory(false));', 'no-restricted-globals'],
  ['firmware/espruino/x.ts', 'setInterval(f, 1);', 'no-restricted-globals'],
  ['firmware/espruino/x.ts', "throw 'late';", 'no-restricted-syntax'],
  ['firmware/espruino/x.ts', 'f(Math.random());', 'no-restricted-properties'],
  ['protocol/x.ts', 'f(new Map());', 'no-restricted-globals'],
  ['protocol/x.ts', 'f(Math.round(a));', 'no-restricted-properties'],
  ['protocol/x.ts', 'f(/a+/);', 'no-restricted-syntax'],
  ['protocol/x.ts', "f('a'.split(',', 1));", 'no-restricted-syntax'],
  ['protocol/x.ts', 'a.length = 0;', 'no-restricted-syntax'],
  ['protocol/x.ts', 'switch (a) { default: f(); case 1: f(); }', 'no-restricted-syntax'],
  ['protocol/x.ts', 'f(...a);', 'es-x/no-spread-elements'],
  ['protocol/x.ts', 'f({ ...a });', 'es-x/no-rest-spread-properties'],
  ['protocol/x.ts', 'class A extends B {}', 'no-restricted-syntax'],
  ['protocol/x.ts', "export { a } from '../firmware/unit.js';", 'no-restricted-imports'],
  ['protocol/x.ts', "export { a } from 'zod';", 'no-restricted-imports'],
  ['firmware/x.ts', "export { a } from '../host-sim/cli.js';", 'no-restricted-imports'],
  ['firmware/x.ts', "export { a } from '../tools/build/bundle.js';", 'no-restricted-imports'],
  ['host-sim/world/x.ts', "export { a } from '../../firmware/unit.js';", 'no-restricted-imports'],
  ['host-sim/x.ts', "export { a } from '../test/support/a.js';", 'no-restricted-imports'],
  ['tools/x.ts', "export { a } from '../firmware/unit.js';", 'no-restricted-imports'],
  ['tools/command-line/x.ts', "export { a } from '../cli.js';", 'no-restricted-imports'],
];
for (const [file, code, rule] of refused) {
  test(`${file} may not: ${code}`, async () => {
    const found = await messages(file, code);
    assert.ok(
      found.some((message) => message.startsWith(`${rule}: `)),
      found.join('\n') || 'nothing found',
    );
  });
}

const allowed: [file: string, code: string][] = [
  ['firmware/espruino/x.ts', 'setTimeout(f, getTime());'],
  ['firmware/dispatch/x.ts', "export { a } from '../../protocol/codes.js';"],
  ['protocol/messages/x.ts', "export { a } from '../table.js';\nf([...a]);"],
  ['protocol/x.ts', "throw new Error('a host program catches this');"],
  ['host-sim/x.ts', "export type { Clock } from '../firmware/ports/clock.js';\nf(new Map());"],
  ['tools/x.ts', "export { a } from 'zod';\nexport { b } from '../protocol/codes.js';"],
  ['test/x.ts', "export { a } from '../firmware/unit.js';"],
];
for (const [file, code] of allowed) {
  test(`${file} may: ${code.split('\n')[0]}`, async () => {
    assert.equal(await messages(file, code), []);
  });
}

test.run();
