/** Where the AED is, what is told of it, and when. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BAY_REPORT_MS,
  aedUsed,
  bracketChanged,
  checkedByHand,
  restocked,
  tagRead,
} from '../../../firmware/aed/bay.js';
import { SYMBOL, bayRig, put, readyRig } from './bay-rig.js';

const DATE = Date.UTC(2027, 5, 1);

test('CR-084: before the switch was read nothing is known, and the reasons say why', () => {
  const rig = bayRig();
  rig.run();
  assert.is(rig.state(), 'unknown unknown notSensed+sensorStale');
  assert.is(rig.bay.seenAtMs, null);
});

test('CR-083: every change is reported at the next run, and only changes', () => {
  const rig = bayRig({ aedProfile: 0 });
  for (const [closed, reports] of [
    [true, ['1000 present unknown notSensed']],
    [true, []],
    [false, ['1000 absent unknown notSensed']],
    [false, []],
    [true, ['1000 present unknown notSensed']],
  ] as const) {
    put(rig, closed);
    assert.equal(rig.takeReports(), reports);
  }
});

test('CR-083: reported at the start and then every 5 minutes without a change', () => {
  const rig = bayRig({ aedProfile: 0 });
  bracketChanged(rig.bay, true);
  assert.is(BAY_REPORT_MS, 300000);
  rig.wait(4 * BAY_REPORT_MS - 1);
  const times = rig.reports.map((report) => Number(report.split(' ')[0]));
  assert.equal(times, [1000, 301000, 601000, 901000]);
  rig.wait(1);
  assert.is(rig.reports.length, 5);
});

test('CR-083: another reason is a change, and so is another readiness for the same', () => {
  const rig = bayRig({ aedProfile: SYMBOL });
  put(rig, true);
  rig.takeReports();
  checkedByHand(rig.bay, rig.nowMs);
  rig.run();
  assert.is(rig.takeReports().length, 1);
  for (const deciC of [-1, 501]) {
    rig.read(deciC);
    rig.run();
    assert.is(rig.takeReports().length, 1, 'attention for another reason');
  }
});

test('CR-083: what the control room asks for is reported at once', () => {
  const rig = readyRig();
  rig.bay.reportAtMs = 0;
  rig.run();
  assert.is(rig.reports.length, 1);
});

test('L3: seated and blinking is ready, and says when it was last sure', () => {
  const rig = bayRig();
  put(rig, true);
  assert.is(rig.state(), 'present unknown notSensed');
  rig.blink(4);
  assert.is(rig.state(), 'present ready');
  assert.is(rig.bay.seenAtMs, rig.nowMs - 5000);
  assert.is(rig.reports.length, 2);
  rig.blink(30);
  assert.is(rig.reports.length, 2);
});

test('L3: lifted, it is not known to be ready; put back, it is seen anew', () => {
  const rig = readyRig();
  rig.light(true);
  put(rig, false);
  rig.light(false);
  assert.is(rig.state(), 'absent unknown');
  rig.blink(10);
  put(rig, true);
  assert.is(rig.state(), 'present unknown sensorStale');
  rig.blink(3);
  assert.is(rig.state(), 'present unknown sensorStale');
  rig.blink(1);
  assert.is(rig.state(), 'present ready');
});

test('rule 1: a lamp that stops is a fault', () => {
  const rig = readyRig();
  rig.wait(21000);
  assert.is(rig.state(), 'present fault dark');
  rig.blink(4);
  assert.is(rig.state(), 'present ready');
  rig.light(true);
  rig.wait(21000);
  assert.is(rig.state(), 'present fault steady');
});

for (const beyondMs of [-1, 0, 1]) {
  test(`rule 7: away after 60 s ${beyondMs < 0 ? '-' : '+'} ${Math.abs(beyondMs)} ms`, () => {
    const rig = readyRig();
    put(rig, false);
    const liftedMs = rig.nowMs;
    rig.nowMs += 60000 + beyondMs;
    rig.run();
    assert.is(rig.state(), beyondMs < 0 ? 'absent unknown' : 'absent unknown away');
    assert.is(rig.alarms.length, beyondMs < 0 ? 0 : 1);
    rig.wait(7200000);
    assert.is(rig.alarms.length, 1, 'once');
    assert.ok((rig.alarms[0] as number) >= liftedMs + 60000);
    put(rig, true);
    assert.is(rig.state(), 'present unknown sensorStale');
    put(rig, false);
    rig.wait(61000);
    assert.is(rig.alarms.length, 2, 'and again the next time');
  });
}

test('rule 7: put back in time is no alarm', () => {
  const rig = readyRig();
  for (let i = 0; i < 5; i++) {
    put(rig, false);
    rig.wait(59000);
    put(rig, true);
    rig.wait(59000);
  }
  assert.equal(rig.alarms, []);
});

test('rule 7: lifted during a job is a hint, and left behind after it an alarm', () => {
  const rig = readyRig();
  rig.bay.isJobOpen = true;
  put(rig, false);
  assert.ok(rig.bay.takenInJob);
  rig.wait(3600000);
  assert.is(rig.state(), 'absent unknown');
  assert.equal(rig.alarms, []);
  rig.bay.isJobOpen = false;
  const endedMs = rig.nowMs;
  rig.wait(59000);
  assert.is(rig.state(), 'absent unknown');
  assert.not.ok(rig.bay.takenInJob);
  rig.wait(2000);
  assert.is(rig.state(), 'absent unknown away');
  assert.equal(rig.alarms.length, 1);
  assert.ok((rig.alarms[0] as number) >= endedMs + 59000);
});

test('rule 7: an AED that was away before the job was not taken for it', () => {
  const rig = readyRig();
  put(rig, false);
  rig.wait(61000);
  rig.bay.isJobOpen = true;
  rig.wait(61000);
  assert.not.ok(rig.bay.takenInJob);
  assert.is(rig.state(), 'absent unknown away');
  rig.bay.isJobOpen = false;
  rig.wait(61000);
  assert.is(rig.alarms.length, 1);
});

test('rule 7: put back clears the hint', () => {
  const rig = readyRig();
  rig.bay.isJobOpen = true;
  put(rig, false);
  put(rig, true);
  assert.not.ok(rig.bay.takenInJob);
});

test('used is a fault until it is restocked, whatever its lamp says', () => {
  const rig = readyRig();
  aedUsed(rig.bay);
  rig.blink(4);
  assert.is(rig.state(), 'present fault usedNotRestocked');
  checkedByHand(rig.bay, rig.nowMs);
  rig.blink(1);
  assert.is(rig.state(), 'present fault usedNotRestocked', 'to look at it is not to restock it');
  restocked(rig.bay);
  rig.run();
  assert.is(rig.state(), 'present ready');
});

test('a tag that is not the expected one wants attention, until it is', () => {
  const reads: [string | null, string, string][] = [
    ['A1', 'A1', 'present ready'],
    ['A2', 'A1', 'present attention tagMismatch'],
    ['A1', '', 'present ready'],
    ['', 'A1', 'present ready'],
    [null, 'A1', 'present ready'],
  ];
  for (const [tag, aedTag, state] of reads) {
    const rig = readyRig({ aedTag });
    tagRead(rig.bay, tag);
    rig.blink(1);
    assert.is(rig.state(), state, `${tag} for ${aedTag}`);
    tagRead(rig.bay, '');
    rig.blink(1);
    assert.is(rig.state(), state, 'a reader that sees none for once says nothing');
    put(rig, false);
    put(rig, true);
    rig.blink(4);
    assert.is(rig.state(), 'present ready', 'and what comes back has not been read');
  }
});

test('L3: the oldest of the looks is told', () => {
  const rig = readyRig();
  rig.read(200);
  const readMs = rig.nowMs;
  rig.blink(4);
  assert.is(rig.bay.seenAtMs, readMs);
  rig.wait(599000);
  rig.blink(4);
  assert.is(rig.state(), 'present unknown sensorStale');
  rig.read(200);
  rig.blink(1);
  assert.is(rig.state(), 'present ready');
});

test('rule 5: near, cold and warm again', () => {
  const rig = readyRig();
  const states = [
    [200, 'present ready'],
    [30, 'present attention nearLimit'],
    [-1, 'present attention cold'],
    [501, 'present attention hot'],
    [200, 'present ready'],
  ] as const;
  for (const [deciC, state] of states) {
    rig.read(deciC);
    rig.blink(1);
    assert.is(rig.state(), state);
  }
});

test('rule 4: a date passes while its lamp still blinks', () => {
  const rig = readyRig({ padsExpireAt: DATE, batteryExpireAt: DATE + 1 }, DATE - 6e9);
  for (const [utcMs, state] of [
    [null, 'present ready'],
    [DATE - 5184000000, 'present attention padsDue'],
    [null, 'present attention padsDue'],
    [DATE, 'present fault batteryDue+padsExpired'],
    [DATE + 1, 'present fault padsExpired+batteryExpired'],
    [null, 'present fault padsExpired+batteryExpired'],
  ] as const) {
    rig.utcMs = utcMs;
    rig.run();
    assert.equal(rig.state().split(/[ +]/).sort(), state.split(/[ +]/).sort());
  }
});

test.run();
