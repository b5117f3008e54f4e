/** `sim scheme` as a person runs it: one seed, one hash; silence in a pipe; errors that say what. */
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { scheme, type SchemeFlags } from '../../host-sim/commands/scheme.js';
import { ExitCode, UserError, type ExitName } from '../../host-sim/exit-codes.js';
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

/** The command in this process, with what it prints. */
async function printed(name: string, flags: SchemeFlags): Promise<string> {
  const { log } = console;
  const lines: unknown[] = [];
  console.log = (line: unknown) => lines.push(line);
  try {
    await scheme(name, flags);
  } finally {
    console.log = log;
  }
  return lines.join('\n');
}

test('the same seed gives the same hash, the real bundle in each unit; another seed another', async () => {
  const hashOf = async (seed: number) => {
    const text = await printed('norfolk', { from: '2016-07-18', to: '2016-07-18', seed });
    assert.match(text, /18 units \(the real bundle in each, powered while a call is near\)/);
    return /SHA-256 ([0-9a-f]{64})/.exec(text)?.[1];
  };
  const [first, again, other] = [await hashOf(5), await hashOf(5), await hashOf(6)];
  assert.ok(first);
  assert.is(again, first);
  assert.is.not(other, first);
});

test('what cannot be done is said in a line, with the exit code of its kind', async () => {
  const cases: [string, SchemeFlags, ExitName, RegExp][] = [
    ['bath', {}, 'fileMissing', /bath: neither a file nor one of the schemes london/],
    ['london', { from: '2017-07-10', to: '2017-07-09' }, 'usage', /expected 2017-07-10 or later/],
    ['london', { units: 30 }, 'usage', /expected at least 31 units/],
    ['norfolk', { assumptions: '/no.json' }, 'badFile', /\/no\.json: expected a JSON file/],
  ];
  for (const [name, flags, exit, says] of cases) {
    const error = await printed(name, flags).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof UserError && error.exit === exit, String(error));
    assert.match(error.message, says);
  }
});

test('what the command line itself refuses is said in a line, as usage', async () => {
  const cases: [string[], RegExp][] = [
    [['--from', '2017-13-01'], /Expected a date such as 2017-07-10/],
    [['--units-as', 'toys'], /Allowed choices are bundle, model/],
  ];
  const runs = await Promise.all(cases.map(([args]) => sim('scheme', 'london', ...args)));
  for (const [i, [, says]] of cases.entries()) {
    const { code, stderr } = runs[i] as (typeof runs)[number];
    assert.is(code, ExitCode.usage, stderr);
    assert.match(stderr, says);
    assert.not.match(stderr, /\n +at /);
  }
});

test('a file that cannot be written is said before the run, not after it', async () => {
  const report = join(folder, 'no', 'such', 'folder.html');
  const run = printed('norfolk', { unitsAs: 'model', report });
  const error = await run.catch((thrown: unknown) => thrown);
  assert.ok(error instanceof UserError && error.exit === 'fileMissing', String(error));
  assert.match(error.message, /folder\.html: cannot be written/);
});

test.run();
