/** What host-sim/README.md says, held to the code and to the tests that it names. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { REASONS } from '../../host-sim/control-room/reasons.js';

const test = suite("the bench's README");
const root = fileURLToPath(new URL('../../', import.meta.url));
const bench = join(root, 'host-sim');
const text = readFileSync(join(bench, 'README.md'), 'utf8');

/** The rows of the table under a heading, as cells, without its head. */
function rows(heading: string): string[][] {
  const [, rest = ''] = `\n${text}`.split(`\n${heading}\n`);
  const [section = ''] = rest.split(/^#+ /m);
  const lines = section.split('\n');
  const table = lines.filter((line) => line.startsWith('|')).slice(2);
  return table
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((c) => c.trim()));
}

const ids = (letter: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${letter}${i + 1}`);
const IDS = [...ids('L', 15), ...ids('Y', 8), ...ids('N', 8)];
const requirements = rows('## Requirements of the control room');

/** Titles of the tests of a file; where one is made from a table, as it stands in the source. */
function titles(file: string): string[] {
  const source = readFileSync(file, 'utf8');
  const found = source.matchAll(/\btest\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g);
  return [...found].map((match) => match[2] as string);
}

test('every requirement stands in its table once, and no other', () => {
  assert.equal(
    requirements.map(([id]) => id),
    IDS,
  );
});

for (const [id, does, shown] of requirements) {
  test(`${id}: the test that is named is there, and bears its name`, () => {
    assert.ok(does !== '');
    const [, name, path, title] = /^\[(.+)\]\(\.\.\/(.+)\) › “(.+)”$/.exec(shown as string) ?? [];
    assert.ok(name && path && title, shown);
    assert.match(path, new RegExp(`/${name}\\.test\\.ts$`));
    const file = join(root, path);
    assert.ok(existsSync(file), path);
    const found = titles(file).filter((each) => each.includes(title));
    assert.ok(found.length > 0, `${path} has no “${title}”`);
    assert.ok(
      found.every((each) => new RegExp(`\\b${id}\\b`).test(each)),
      `${found.join('; ')} does not name ${id}`,
    );
  });
}

test('every reason of the control room stands in its table, in the same words', () => {
  assert.equal(
    rows('## Reasons'),
    Object.entries(REASONS).map(([code, meaning]) => [`\`${code}\``, meaning]),
  );
});

test('every reason of the table is given somewhere', () => {
  const folder = join(bench, 'control-room');
  const files = (readdirSync(folder, { recursive: true }) as string[])
    .filter((file) => file.endsWith('.ts') && file !== 'reasons.ts')
    .map((file) => readFileSync(join(folder, file), 'utf8'));
  for (const code of Object.keys(REASONS)) {
    assert.ok(
      files.some((source) => new RegExp(`['\\s{]${code}['?:\\s]`).test(source)),
      code,
    );
  }
});

test('every folder of the bench stands in the map, and every link leads somewhere', () => {
  const folders = readdirSync(bench, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
  const map = rows('# The bench').flatMap(
    ([cell]) => /^\[`(.+)\/`\]/.exec(cell as string)?.[1] ?? [],
  );
  assert.equal(map.sort(), folders.sort());
  for (const [, link] of text.matchAll(/\]\(([^)#]+)\)/g)) {
    assert.ok(existsSync(join(bench, link as string)), link);
  }
});

test.run();
