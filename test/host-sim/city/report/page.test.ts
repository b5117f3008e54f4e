/** The report: whole in itself, labelled, and the same numbers as the statistics; CSV parses back. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { parseHTML } from 'linkedom';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../../host-sim/city/assumptions.js';
import { runCity } from '../../../../host-sim/city/city.js';
import { startOfDateMs } from '../../../../host-sim/city/local-time.js';
import { csvOf } from '../../../../host-sim/city/report/csv.js';
import { CANNOT_SAY, SAYS } from '../../../../host-sim/city/report/method.js';
import { pageOf } from '../../../../host-sim/city/report/page.js';
import { tablesOf } from '../../../../host-sim/city/report/table.js';
import { ScriptedUnits } from '../../../../host-sim/city/scripted-units.js';
import { statisticsOf } from '../../../../host-sim/city/statistics.js';
import { IncidentReader } from '../../../../host-sim/city/statistics/incidents.js';
import { createCoordinator } from '../../../../host-sim/control-room/coordinator.js';
import { rosterOf } from '../../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../../host-sim/schemes/schema.js';
import { Random } from '../../../../host-sim/world/random.js';
import { findChromium, openInChromium } from '../../../support/chromium.js';

const assumptions = readAssumptions();
const scheme = { ...loadScheme('london'), name: 'London <test> & more' };
const fromMs = startOfDateMs('2017-07-17');
const toMs = startOfDateMs('2017-07-31');

const reader = await (async () => {
  const lines: Parameters<IncidentReader['take']>[0][] = [];
  const { calls } = await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions, fromMs, toMs, seed: 7 },
    coordinator: createCoordinator(scheme),
    createUnits: (world) => new ScriptedUnits(world),
    onLine: (line) => lines.push(line),
  });
  const made = new IncidentReader(new Map(calls.map((call) => [call.callId, call])));
  for (const line of lines) made.take(line);
  return made;
})();
const { incidents } = reader;
const statistics = statisticsOf({
  ...{ scheme, fromMs, toMs, incidents, assumptions },
  forecastWarnings: reader.warnings,
  random: new Random(7),
});
const about = {
  units: 700,
  unitsAs: 'models',
  seed: 7,
  lines: 1234,
  ledgerSha256: 'ab'.repeat(32),
};
const page = pageOf({ scheme, assumptions, statistics, incidents, about });
const { document } = parseHTML(page);
const text = (document.body.textContent ?? '').replace(/\s+/g, ' ');

test('the page asks nothing of a network: no address, no script, no file', () => {
  assert.is(document.querySelectorAll('script, link, img, iframe, object, embed').length, 0);
  assert.not.match(page, /@import|url\(|src=|href="(?!#)/);
  const addresses = [...page.matchAll(/https?:\/\/[^"'\s<]+/g)].map(([address]) => address);
  // Names of XML vocabularies are no addresses to be asked.
  assert.ok(addresses.every((address) => address.startsWith('http://www.w3.org/')));
});

test('L12: it says what it cannot say, and gives every assumption with its source', () => {
  for (const line of [...SAYS, ...CANNOT_SAY]) assert.ok(text.includes(line), line);
  for (const group of Object.values(assumptions)) {
    for (const [name, { source }] of Object.entries(group as Record<string, { source: string }>)) {
      assert.ok(text.includes(name), name);
      assert.ok(text.includes(source.replace(/\s+/g, ' ')), source);
    }
  }
});

test('L11: each wave stands with its date and its areas', () => {
  for (const { name, goesLiveOn } of scheme.areas) {
    assert.ok(text.includes(name) && text.includes(goesLiveOn), name);
  }
});

test('each chart has a name, its numbers are numbers, and labels are what they should be', () => {
  const charts = [...document.querySelectorAll('figure .wide svg')];
  assert.is(charts.length, 5);
  for (const chart of charts) {
    assert.is(chart.getAttribute('role'), 'img');
    assert.ok((chart.getAttribute('aria-label') ?? '').length > 3);
    assert.not.match(chart.outerHTML, /NaN|undefined|Infinity/);
  }
  const labels = [...document.querySelectorAll('svg text')].map(({ textContent }) => textContent);
  for (const label of ['Croydon', 'CRO', '10 km', 'with units', 'ambulance alone', 'Wave 2']) {
    assert.ok(labels.includes(label), label);
  }
  assert.is(document.querySelectorAll('h1').length, 1);
  assert.is(document.querySelector('html')?.getAttribute('lang'), 'en-GB');
});

test('what comes from a scheme is text, never markup', () => {
  assert.ok(page.includes('London &lt;test&gt; &amp; more'));
  assert.is(document.querySelectorAll('test').length, 0);
});

test('the page and the table have the counts of the statistics', () => {
  const { activations, matched } = statistics.counts;
  assert.ok(activations > 0 && matched > activations);
  assert.ok(text.includes(`of ${matched} calls that met the criteria`));
  assert.match(tablesOf(statistics), new RegExp(`activations +│ +${activations} `));
});

test('CSV: one row for each incident, which parse back to the same counts', () => {
  const csv = csvOf(incidents, assumptions.crews.vehicleToPatientS.value);
  const rows = parse(csv, { columns: true }) as Record<string, string>[];
  assert.is(rows.length, incidents.length);
  assert.is(rows.filter(({ rule }) => rule !== '').length, statistics.counts.matched);
  assert.is(rows.filter((row) => row.unitFirst === 'true').length, statistics.counts.unitFirst);
  const alerted = rows.reduce((sum, row) => sum + Number(row.unitsAlerted), 0);
  assert.is(alerted, statistics.counts.alerts);
  assert.ok(rows.every(({ pickedUpAt }) => !Number.isNaN(Date.parse(pickedUpAt ?? ''))));
});

const chromium = findChromium();
if (chromium) {
  test('Chromium opens it without a network and with nothing on its console', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'report-'));
    try {
      const path = join(folder, 'report.html');
      writeFileSync(path, page);
      const opened = await openInChromium(chromium, path);
      assert.equal(opened.console, []);
      assert.ok(opened.document.includes(`<strong>${statistics.counts.activations}</strong>`));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
} else {
  console.log('left out: the report in Chromium, which is not installed');
}

test.run();
