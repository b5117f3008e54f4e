/** The bay says whether the AED is there; ready it never says, because nobody has looked. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BAY_REPORT_MS,
  bayReadiness,
  bayReasons,
  bracketChanged,
  createBay,
  runBay,
} from '../../../firmware/aed/bay.js';
import { AedReason, Presence, Readiness } from '../../../protocol/codes.js';

function fitted() {
  const bench = { reports: 0 };
  const bay = createBay(() => bench.reports++);
  return { bench, bay };
}

test('CR-084: before the switch was read the AED is unknown, and the reasons say why', () => {
  const { bay } = fitted();
  assert.is(bay.presence, Presence.unknown);
  assert.is(bayReasons(bay), AedReason.notSensed | AedReason.sensorStale);
});

test('CR-083: every change is reported at once, and only changes', () => {
  const { bench, bay } = fitted();
  const changes: [boolean, number, number][] = [
    [true, Presence.present, 1],
    [true, Presence.present, 1],
    [false, Presence.absent, 2],
    [false, Presence.absent, 2],
    [true, Presence.present, 3],
  ];
  for (const [closed, presence, reports] of changes) {
    bracketChanged(bay, closed);
    assert.is(bay.presence, presence);
    assert.is(bench.reports, reports);
  }
});

test('an open switch, or a cut wire, is absent from the first reading', () => {
  const { bench, bay } = fitted();
  bracketChanged(bay, false);
  assert.is(bay.presence, Presence.absent);
  assert.is(bench.reports, 1);
});

test('CR-083: reported at the start and then every 5 minutes without a change', () => {
  const { bench, bay } = fitted();
  assert.is(BAY_REPORT_MS, 300000);
  let nowMs = 40;
  for (let i = 1; i <= 10; i++) {
    const delayMs = runBay(bay, nowMs);
    assert.is(bench.reports, i);
    assert.is(delayMs, BAY_REPORT_MS);
    assert.is(runBay(bay, nowMs + 1000), BAY_REPORT_MS - 1000);
    assert.is(bench.reports, i);
    nowMs += delayMs;
  }
});

test('CR-084: it is never ready, in no state', () => {
  const { bay } = fitted();
  for (const closed of [null, true, false]) {
    if (closed !== null) bracketChanged(bay, closed);
    assert.is(bayReadiness(), Readiness.unknown);
    assert.ok((bayReasons(bay) & AedReason.notSensed) !== 0, 'and a reason is given');
  }
  assert.is(bayReasons(bay), AedReason.notSensed);
});

test.run();
