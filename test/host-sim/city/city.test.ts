/** A city under its scheme: repeats with its seed, alerts nobody early, and never holds an ambulance. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import { runCity, type CityRun } from '../../../host-sim/city/city.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { ScriptedUnits } from '../../../host-sim/city/scripted-units.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import type { KnownLine } from '../../../host-sim/control-room/lines.js';
import { rosterOf } from '../../../host-sim/schemes/roster.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';

const FROM = startOfDateMs('2017-07-08');
const TO = startOfDateMs('2017-07-13');

interface Ran extends CityRun {
  readonly lines: readonly Line[];
}

async function runLondon(seed: number, changed = readAssumptions()): Promise<Ran> {
  const scheme = loadScheme('london');
  const lines: Line[] = [];
  const run = await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions: changed, fromMs: FROM, toMs: TO, seed },
    coordinator: createCoordinator(scheme),
    createUnits: (world) => new ScriptedUnits(world),
    onLine: (line) => lines.push(line),
  });
  return { ...run, lines };
}

const london = await runLondon(1);

function linesOf<W extends KnownLine['what']>(ran: Ran, what: W) {
  return ran.lines.filter((line) => line.what === what) as Extract<KnownLine, { what: W }>[];
}

test('the same seed gives the same ledger, line by line; another gives another', async () => {
  assert.equal((await runLondon(1)).lines, london.lines);
  assert.not.equal((await runLondon(2)).lines, london.lines);
});

test('the ledger counts its lines without a gap, in order of time', () => {
  let lastMs = 0;
  for (const [i, { n, atMs }] of london.lines.entries()) {
    assert.is(n, i + 1);
    assert.ok(atMs >= lastMs);
    lastMs = atMs;
  }
});

test('L10: only areas that are live are alerted: the pilot before 10 July, wave 1 from then on', () => {
  const matched = new Map(linesOf(london, 'matched').map((line) => [line.incident, line]));
  const waves = { before: new Set<number>(), after: new Set<number>() };
  for (const { incident, atMs } of linesOf(london, 'alert')) {
    const when = atMs < startOfDateMs('2017-07-10') ? 'before' : 'after';
    waves[when].add(matched.get(incident)?.wave as number);
  }
  assert.equal([...waves.before], [0]);
  assert.equal([...waves.after].sort(), [0, 1]);
});

test('L7: a call outside the criteria alerts nobody', () => {
  const arrest = new Set(['09E01', '31E01']);
  const outside = london.calls.filter(({ determinant }) => !arrest.has(determinant));
  const alerted = new Set(linesOf(london, 'alert').map(({ incident }) => incident));
  assert.ok(outside.length > 50 && alerted.size > 20);
  assert.ok(outside.every(({ callId }) => !alerted.has(callId)));
});

test('L8: the ambulance is where it is when it is, whatever units do', async () => {
  const changed = structuredClone(readAssumptions());
  changed.crews.acceptShare.value = 0.56;
  changed.crews.silentShare.value = 0.2;
  const reluctant = await runLondon(1, changed);
  const arrivals = (ran: Ran) =>
    linesOf(ran, 'ambulance')
      .filter(({ state }) => state === 'onScene')
      .map(({ incident, atMs }) => [incident, atMs]);
  assert.equal(arrivals(reluctant), arrivals(london));
  assert.equal(reluctant.calls, london.calls);
  assert.not.equal(linesOf(reluctant, 'alert').length, linesOf(london, 'alert').length);
});

test('every incident is closed, and every accepted alert ends', () => {
  const closed = new Set(linesOf(london, 'closed').map(({ incident }) => incident));
  assert.is(closed.size, london.calls.length);
  const ends = new Set(['clear', 'stoodDown']);
  const ended = linesOf(london, 'step').filter(({ step }) => ends.has(step));
  const endedIds = new Set(ended.map(({ alertId }) => alertId));
  const accepted = linesOf(london, 'step').filter(({ step }) => step === 'accepted');
  assert.ok(accepted.length > 20);
  assert.ok(accepted.every(({ alertId }) => endedIds.has(alertId)));
});

test('Y2: as often as assumed an emergency of their own takes a crew away, and another unit is alerted', async () => {
  const changed = structuredClone(readAssumptions());
  changed.units.calledAwayShare.value = 0.5;
  const busy = await runLondon(1, changed);
  const away = (ran: Ran) =>
    linesOf(ran, 'failed').filter(({ reasons }) => reasons.includes('released_police_priority'));
  const accepted = linesOf(busy, 'step').filter(({ step }) => step === 'accepted').length;
  // Half of those on the way, of whom some were stood down before it came.
  const share = away(busy).length / accepted;
  assert.ok(share > 0.2 && share < 0.5, `${away(busy).length} of ${accepted}`);
  assert.ok(away(london).length < accepted * 0.06);
  const sentBack = new Set(
    linesOf(busy, 'standDown').map(({ alertId, atMs }) => `${alertId} ${atMs}`),
  );
  for (const { alertId, atMs } of away(busy)) assert.ok(sentBack.has(`${alertId} ${atMs}`));
  assert.ok(linesOf(busy, 'alert').length > linesOf(london, 'alert').length * 1.05);
});

test('Y2: a crew that is on a call of its own service is not alerted', () => {
  const crews = new Map<string, string>();
  for (const line of london.lines as KnownLine[]) {
    if (line.what === 'unit' && line.report.kind === 'crew')
      crews.set(line.unit, line.report.state);
    if (line.what === 'alert') assert.is(crews.get(line.unit), 'available');
  }
});

test.run();
