/**
 * `npm run generate`: writes `protocol/generated/*.ts` from the message tables.
 * With `--check` it writes nothing and fails if a file is not what its table says.
 */
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format } from 'prettier';
import { envelope } from '../../protocol/envelope-table.js';
import { messageTables } from '../../protocol/registry.js';
import { codecSource } from './codec-source.js';

const folder = fileURLToPath(new URL('../../protocol/generated/', import.meta.url));
const style = { parser: 'typescript', printWidth: 100, singleQuote: true };

const wanted = new Map<string, string>();
for (const table of [envelope, ...messageTables]) {
  wanted.set(`${table.name}.ts`, await format(codecSource(table), style));
}

if (process.argv.includes('--check')) {
  const found = existsSync(folder) ? readdirSync(folder) : [];
  const stale = [...wanted].filter(
    ([name, source]) => !found.includes(name) || readFileSync(folder + name, 'utf8') !== source,
  );
  const surplus = found.filter((name) => !wanted.has(name));
  if (stale.length + surplus.length > 0) {
    const names = [...stale.map(([name]) => name), ...surplus].join(', ');
    console.error(`protocol/generated is not what the tables say (${names}): run npm run generate`);
    process.exitCode = 1;
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const [name, source] of wanted) writeFileSync(folder + name, source);
  console.log(`wrote ${wanted.size} files to protocol/generated`);
}
