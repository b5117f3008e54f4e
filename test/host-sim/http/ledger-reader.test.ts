/** A ledger's file read from any line on, while it grows. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { openLedgerReader } from '../../../host-sim/http/ledger-reader.js';
import { PAGE_LINES } from '../../../host-sim/http/limits.js';

const test = suite<{ folder: string; path: string }>("a ledger's reader");

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'ledger-'));
  context.path = join(context.folder, 'ledger.ndjson');
  writeFileSync(context.path, '');
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

/** Lines with text of more than one byte a letter, and of many lengths. */
function linesOf(first: number, count: number): string {
  return Array.from({ length: count }, (_, i) => {
    const n = first + i;
    return `${JSON.stringify({ n, atMs: n, what: 'call', text: 'é'.repeat(n % 90) })}\n`;
  }).join('');
}

async function numbersFrom(reader: Awaited<ReturnType<typeof openLedgerReader>>, from: number) {
  const numbers: number[] = [];
  for (let next = from; ;) {
    const lines = await reader.lines(next);
    if (lines.length === 0) return numbers;
    numbers.push(...lines.map(({ n }) => n));
    next += lines.length;
  }
}

const upTo = (first: number, last: number) =>
  Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => first + i);

test('every line from any on, at a page less one, a page, and one more', async ({ path }) => {
  const reader = await openLedgerReader(path);
  assert.equal(await numbersFrom(reader, 1), []);
  let count = 0;
  for (const total of [PAGE_LINES - 1, PAGE_LINES, PAGE_LINES + 1, 3 * PAGE_LINES]) {
    appendFileSync(path, linesOf(count + 1, total - count));
    count = total;
    for (const from of [1, PAGE_LINES, PAGE_LINES + 1, total, total + 1]) {
      assert.equal(await numbersFrom(reader, from), upTo(from, total), `${from} of ${total}`);
    }
  }
  await reader.close();
});

test('a line whose end is not there yet is not told, and then whole', async ({ path }) => {
  const reader = await openLedgerReader(path);
  const text = Buffer.from(linesOf(1, 3));
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: text.length }), async (cut) => {
      writeFileSync(path, text.subarray(0, cut));
      const own = await openLedgerReader(path);
      const whole = text.subarray(0, cut).toString('latin1').split('\n').length - 1;
      assert.equal(await numbersFrom(own, 1), upTo(1, whole));
      appendFileSync(path, text.subarray(cut));
      assert.equal(await numbersFrom(own, 1), [1, 2, 3]);
      await own.close();
    }),
    { seed: 6, numRuns: 50 },
  );
  await reader.close();
});

test('asked by many at once it gives each the same', async ({ path }) => {
  writeFileSync(path, linesOf(1, 2 * PAGE_LINES + 5));
  const reader = await openLedgerReader(path);
  const all = await Promise.all([1, 2, 3, 4].map(() => numbersFrom(reader, 3)));
  for (const numbers of all) assert.equal(numbers, upTo(3, 2 * PAGE_LINES + 5));
  await reader.close();
});

test.run();
