/**
 * Every clause of SPEC.md has a test that names it in its title, or stands below with the folder
 * in which its test belongs; and every id that is named anywhere is a clause.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { CLAUSES, SPEC } from './spec-text.js';
import { path } from './tables.js';

/**
 * Clauses that no test names yet, by the folder in which it belongs: they are of how a peer
 * behaves, or of how the whole is set up. Once a test there names one, it can go from this list.
 */
const ELSEWHERE: Readonly<Record<string, readonly string[]>> = {
  'test/tools': ['CR-036', 'CR-067'],
  'test/firmware': ['CR-064', 'CR-141', 'CR-143', 'CR-152', 'CR-153', 'CR-155'],
};

const ROOMS = ['protocol', 'firmware', 'host-sim', 'tools', 'test'];

interface Source {
  readonly file: string;
  readonly text: string;
}

function sources(folder: string): Source[] {
  return readdirSync(path(folder), { withFileTypes: true }).flatMap((entry) => {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'dist' ? [] : sources(file);
    if (!/\.(ts|js|md|cddl|json)$/.test(entry.name)) return [];
    return [{ file, text: readFileSync(path(file), 'utf8') }];
  });
}

const all = ROOMS.flatMap(sources);
const idsIn = (text: string): string[] => text.match(/\bCR-\d{3}\b/g) ?? [];

/** Ids in the titles of tests: the first argument of `test(…)`. */
const titled = new Set(
  all
    .filter(({ file }) => file.endsWith('.test.ts'))
    .flatMap(({ text }) => [...text.matchAll(/\btest\(\s*(['"`])([\s\S]*?)\1/g)])
    .flatMap(([, , title]) => idsIn(title!)),
);

test('every clause has one place in the text, and ids rise within a section', () => {
  assert.is(new Set(CLAUSES).size, CLAUSES.length);
  assert.ok(CLAUSES.length > 0);
  for (const part of SPEC.split(/^## /m)) {
    const ids = [...part.matchAll(/^\*\*(CR-\d{3})\*\* /gm)].map(([, id]) => id!);
    assert.equal(ids, [...ids].sort());
  }
});

test('every clause is named by a test, or has a place where its test belongs', () => {
  const placed = new Set(Object.values(ELSEWHERE).flat());
  const without = CLAUSES.filter((id) => !titled.has(id) && !placed.has(id));
  assert.equal(without, []);
});

test('every id that is named is a clause', () => {
  for (const { file, text } of all) {
    for (const id of idsIn(text)) assert.ok(CLAUSES.includes(id), `${file} names ${id}`);
  }
});

test('the lists name clauses, once each, and folders that there are', () => {
  const listed = Object.values(ELSEWHERE).flat();
  assert.is(new Set(listed).size, listed.length);
  for (const id of listed) assert.ok(CLAUSES.includes(id), id);
  for (const folder of Object.keys(ELSEWHERE)) assert.ok(existsSync(path(folder)), folder);
});

test.run();
