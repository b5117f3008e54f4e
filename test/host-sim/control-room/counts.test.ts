/** What ledgers come to: the published figures, from event logs, and by area and wave. */
import { readFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { countsOf, type LedgerCounts } from '../../../host-sim/control-room/counts.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';
import {
  NORFOLK,
  WEST_YORKSHIRE,
  eventLog,
  logPath,
  type Happened,
} from '../../support/event-logs.js';
import { MORNING_MS, NORTH, Rig, SOUTH, northOf } from './rig.js';

const test = suite('counts');

function countsOfLog(scheme: string): LedgerCounts {
  const coordinator = createCoordinator(loadScheme(scheme));
  const lines: Line[] = [];
  for (const text of readFileSync(logPath(scheme), 'utf8').trimEnd().split('\n')) {
    const { atMs, input } = JSON.parse(text) as Happened;
    lines.push(...coordinator.take(input, atMs));
  }
  return countsOf(lines);
}

test('Y3: 40 activations, five patients resuscitated and transported', () => {
  const { activations, resuscitatedAndTransported } = countsOfLog('west-yorkshire');
  assert.equal([activations, resuscitatedAndTransported], [40, 5]);
});

test('Y4: far more than the couple of calls a week that were forecast', () => {
  const coordinator = createCoordinator(loadScheme('west-yorkshire'));
  const warnings = readFileSync(logPath('west-yorkshire'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((text) => JSON.parse(text) as Happened)
    .flatMap(({ input, atMs }) => coordinator.take(input, atMs))
    .filter(({ what }) => what === 'warning');
  // Seven weeks, one warning in each.
  assert.ok(warnings.length >= 5 && warnings.length <= 7, String(warnings.length));
});

test('N1: 405 medical emergencies responded to; patients are counted apart', () => {
  const { responses, patients, activations } = countsOfLog('norfolk');
  assert.is(responses, 405);
  assert.is(patients, 403);
  assert.is(activations, 414);
});

for (const published of [WEST_YORKSHIRE, NORFOLK]) {
  test(`the event log of ${published.scheme} is the one that is made from its seed`, () => {
    assert.ok(readFileSync(logPath(published.scheme), 'utf8') === eventLog(published));
  });
}

test('L12: areas and their waves are counted apart, and add up', () => {
  const rig = new Rig();
  rig.ready('NO-V001', NORTH);
  rig.ready('SO-V001', northOf(SOUTH, 1000));
  rig.call();
  rig.call({ callId: 'C2', ambulanceReference: 'A2', place: SOUTH });
  rig.call({ callId: 'C3', ambulanceReference: 'A3', determinant: '26A01' });
  rig.step(rig.alertOf('NO-V001'), 'accepted');
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  rig.step(rig.alertOf('SO-V001'), 'declined', 'tooFar');
  const { byArea, ...total } = countsOf(rig.lines);
  assert.equal(
    byArea.map((of) => [of.area, of.wave, of.calls, of.activations, of.responses, of.firstOnScene]),
    [
      ['north', 0, 1, 1, 1, 1],
      ['south', 1, 1, 1, 0, 0],
      [null, null, 1, 0, 0, 0],
    ],
  );
  assert.equal([total.calls, total.matched, total.activations, total.responses], [3, 2, 2, 1]);
  assert.equal(total.noAlert, { notMatched: 1 });
});

test('L4, N8: first on scene, and crews that want to be asked how they are', () => {
  const rig = new Rig(undefined, MORNING_MS);
  for (const unit of ['NO-V001', 'NO-V002']) rig.ready(unit, NORTH);
  rig.call();
  const id = rig.alertOf('NO-V001');
  for (const step of ['alreadyOnScene', 'clear', 'welfare'] as const) rig.step(id, step);
  const { firstOnScene, arrivals, welfare, accepted } = countsOf(rig.lines);
  assert.equal([firstOnScene, arrivals, welfare, accepted], [1, 1, 1, 1]);
});

test.run();
