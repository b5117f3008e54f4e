/** `sim scheme` as a person runs it: one seed, one hash; silence in a pipe; errors that say what. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { sim } from '../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'scheme-'));
test.after(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const THREE_DAYS = ['--from', '2017-07-10', '--to', '2017-07-12', '--units-as', 'model'];

test('JSON, CSV, report and ledger of a run agree, and the pipe has no progress in it', async () => {
  const files = ['--ledger', at('l.ndjson'), '--csv', at('i.csv'), '--report', at('r.html')];
  const run = await sim('scheme', 'london', ...THREE_DAYS, '--seed', '3', '--json', ...files);
  assert.is(run.code, 0, run.stderr);
  assert.is(run.stderr, '');
  const { units, lines, ledgerSha256, statistics } = JSON.parse(run.stdout);
  assert.is(units, 700);
  const ledger = readFileSync(at('l.ndjson'));
  assert.is(createHash('sha256').update(ledger).digest('hex'), ledgerSha256);
  assert.is(ledger.toString().trimEnd().split('\n').length, lines);
  assert.is(parse(readFileSync(at('i.csv')), { columns: true }).length, statistics.counts.calls);
  assert.ok(readFileSync(at('r.html'), 'utf8').includes(ledgerSha256));
});

test('the same seed gives the same hash, the real bundle in each unit; another seed another', async () => {
  const hashOf = async (seed: string) => {
    const range = ['--from', '2016-07-18', '--to', '2016-07-18', '--seed', seed];
    const { code, stdout, stderr } = await sim('scheme', 'norfolk', ...range);
    assert.is(code, 0, stderr);
    assert.match(stdout, /18 units \(the real bundle in each, powered while a call is near\)/);
    return /SHA-256 ([0-9a-f]{64})/.exec(stdout)?.[1];
  };
  const [first, again, other] = await Promise.all(['5', '5', '6'].map(hashOf));
  assert.ok(first);
  assert.is(again, first);
  assert.is.not(other, first);
});

test('what cannot be done is said in a line, with the exit code of its kind', async () => {
  const cases: [string[], number, RegExp][] = [
    [['bath'], 3, /sim: bath: neither a file nor one of the schemes london/],
    [['london', '--from', '2017-13-01'], 2, /Expected a date such as 2017-07-10/],
    [['london', '--from', '2017-07-10', '--to', '2017-07-09'], 2, /expected 2017-07-10 or later/],
    [['london', '--units', '30'], 2, /expected at least 31 units/],
    [['london', '--units-as', 'toys'], 2, /Allowed choices are bundle, model/],
    [['norfolk', '--assumptions', '/nowhere.json'], 4, /\/nowhere\.json: expected a JSON file/],
  ];
  const runs = await Promise.all(cases.map(([args]) => sim('scheme', ...args)));
  for (const [i, [args, code, says]] of cases.entries()) {
    const run = runs[i] as (typeof runs)[number];
    assert.is(run.code, code, `${args.join(' ')}: ${run.stderr}`);
    assert.match(run.stderr, says);
    assert.not.match(run.stderr, /\n +at /);
  }
});

test('a file that cannot be written is said before the run, not after it', async () => {
  const nowhere = join(folder, 'no', 'such', 'folder.html');
  const run = await sim('scheme', 'norfolk', '--units-as', 'model', '--report', nowhere);
  assert.is(run.code, 3);
  assert.match(run.stderr, /folder\.html: cannot be written/);
  assert.is(run.stdout, '');
});

test.run();
