/** The ledger's file: what is in it stays, and what is wrong with it is said. */
import {
  appendFileSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Line } from '../../../host-sim/control-room/events.js';
import { openJournal, readJournal } from '../../../host-sim/control-room/journal.js';

const test = suite<{ folder: string; path: string }>('journal', { folder: '', path: '' });

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'journal-'));
  context.path = join(context.folder, 'ledger.ndjson');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

const line = (n: number): Line => ({ n, atMs: 1000 + n, what: 'training', text: 'é"\n' });

async function read(path: string): Promise<Line[]> {
  const lines: Line[] = [];
  for await (const each of readJournal(path)) lines.push(each);
  return lines;
}

test('what was added is read again, over several openings', async ({ path }) => {
  for (const lines of [[line(1), line(2)], [], [line(3)]]) {
    const journal = openJournal(path);
    journal.append(lines, true);
    assert.is(journal.torn, null);
    journal.close();
  }
  assert.equal(await read(path), [line(1), line(2), line(3)]);
});

test('each line is one line of text', ({ path }) => {
  const journal = openJournal(path);
  journal.append([line(1), line(2)], false);
  journal.close();
  assert.is(readFileSync(path, 'utf8').split('\n').length, 3);
});

test('a torn last line is kept aside, at whatever byte it is torn', async ({ folder, path }) => {
  const text = `${JSON.stringify(line(2))}\n`;
  const bytes = Buffer.from(text);
  for (let cut = 1; cut < bytes.length; cut++) {
    writeFileSync(path, `${JSON.stringify(line(1))}\n`);
    appendFileSync(path, bytes.subarray(0, cut));
    const { torn, append, close } = openJournal(path);
    assert.is(torn?.bytes, cut);
    assert.equal(readFileSync(torn?.keptIn as string), bytes.subarray(0, cut));
    append([line(2)], false);
    close();
    assert.equal(await read(path), [line(1), line(2)]);
  }
  // Each has a file of its own.
  assert.is(readdirSync(folder).length, bytes.length);
});

test('a torn line that is longer than what is read at once is found whole', ({ path }) => {
  for (const length of [65_535, 65_536, 65_537, 200_000]) {
    writeFileSync(path, `${JSON.stringify(line(1))}\n${'x'.repeat(length)}`);
    const journal = openJournal(path);
    assert.is(journal.torn?.bytes, length);
    journal.close();
  }
});

test('a ledger that is nothing but a torn line is empty', async ({ path }) => {
  writeFileSync(path, '{"n":1');
  const journal = openJournal(path);
  assert.is(journal.torn?.bytes, 6);
  journal.close();
  assert.equal(await read(path), []);
});

for (const [name, text, error] of [
  ['that is no JSON', '{"n":2,', /ledger\.ndjson:2: expected a line of JSON, found "\{\\"n\\":2,"/],
  ['that is missing', JSON.stringify(line(3)), /ledger\.ndjson:2: expected n 2, found 3/],
  ['without a time', '{"n":2,"what":"call"}', /ledger\.ndjson:2: expected atMs and what, found/],
] as const) {
  test(`a line in the middle ${name} is named`, async ({ path }) => {
    writeFileSync(path, `${JSON.stringify(line(1))}\n${text}\n${JSON.stringify(line(3))}\n`);
    const thrown = await read(path).catch((each: Error) => each);
    assert.ok(thrown instanceof Error);
    assert.match(thrown.message, error);
  });
}

test('a file that cannot be written is said to be so', ({ folder }) => {
  assert.throws(() => openJournal(folder), /cannot be written/);
});

test('after a write that failed the journal takes no more', ({ path }) => {
  const journal = openJournal(path);
  journal.close();
  assert.throws(() => journal.append([line(1)], false), /EBADF|bad file descriptor/);
  assert.throws(() => journal.append([line(1)], false), /a write failed before/);
});

test.run();
