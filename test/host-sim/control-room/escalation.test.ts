/** What becomes of alerts: the next unit, who is sent back, and what time alone decides. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { AlertStep } from '../../../host-sim/control-room/events.js';
import type { Scheme } from '../../../host-sim/schemes/schema.js';
import { Rig, NORTH, northOf, smallScheme } from './rig.js';

const test = suite('escalation');

function schemeFor(units: number, standDown = true): Scheme {
  const scheme = smallScheme();
  const rule = { ambulanceOnScene: standDown, unitOnScene: standDown };
  return { ...scheme, alerting: { ...scheme.alerting, units, standDown: rule } };
}

/** North's three vehicles, 1, 2 and 3 km away, and a call that alerted so many of them. */
function called(units = 1, standDown = true): Rig {
  const rig = new Rig(schemeFor(units, standDown));
  for (const i of [1, 2, 3]) rig.ready(`NO-V00${i}`, northOf(NORTH, i * 1000));
  rig.call();
  return rig;
}

const NEXT_AFTER_S = smallScheme().alerting.nextAfterS;

for (const [step, reason] of [
  ['declined', 'tooFar'],
  ['refused', 'deskFull'],
  ['unanswered', ''],
  ['expired', ''],
] as const) {
  test(`the next unit is alerted at once when one says ${step}`, () => {
    const rig = called();
    rig.step(rig.alertOf('NO-V001'), step, reason);
    assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  });
}

test('the next unit is alerted when one is silent, to the millisecond', () => {
  const rig = called();
  rig.pass(NEXT_AFTER_S - 0.001);
  assert.equal(rig.alerted(), ['NO-V001']);
  rig.pass(0.001);
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  assert.equal(rig.reasons('failed'), ['silent']);
});

test('the next unit is alerted when one dies before it came', () => {
  const rig = called();
  rig.step(rig.alertOf('NO-V001'), 'accepted');
  rig.report('NO-V001', { kind: 'alive', alive: false });
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  assert.equal(rig.reasons('failed'), ['unitDead']);
  // Its alert stands: it may sound when the link is back.
  assert.equal(rig.all('standDown'), []);
});

test('Y2: a unit that is called away is released, stood down, and another offered the job', () => {
  for (const before of [[], ['accepted'], ['accepted', 'onScene']] as AlertStep[][]) {
    const rig = called(1, false);
    for (const step of before) rig.step(rig.alertOf('NO-V001'), step);
    rig.report('NO-V001', { kind: 'crew', state: 'committed' });
    assert.equal(rig.reasons('failed'), ['released_police_priority']);
    assert.equal(rig.reasons('standDown'), ['released_police_priority']);
    assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  }
});

test('Y2: a crew that had accepted and declines for an emergency of its own is recorded so', () => {
  const rig = called();
  rig.step(rig.alertOf('NO-V001'), 'accepted');
  rig.step(rig.alertOf('NO-V001'), 'declined', 'otherEmergency');
  assert.equal(rig.all('step').at(-1)?.reasons, ['otherEmergency', 'released_police_priority']);
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
});

test('no more units than the scheme allows are alerted for one call', () => {
  const scheme = schemeFor(1);
  scheme.alerting.maxUnits = 2;
  const rig = new Rig(scheme);
  for (const i of [1, 2, 3]) rig.ready(`NO-V00${i}`, northOf(NORTH, i * 1000));
  rig.call();
  for (const unit of ['NO-V001', 'NO-V002']) rig.step(rig.alertOf(unit), 'declined');
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  assert.equal(rig.reasons('noAlert'), ['mostUnitsAlerted']);
});

test('a unit that becomes available is found while one is wanted, and not after', () => {
  const { retryAfterS, tryForS } = smallScheme().alerting;
  for (const [afterS, isAlerted] of [
    [1, true],
    [tryForS - retryAfterS, true],
    [tryForS + 1, false],
  ] as const) {
    const rig = new Rig(schemeFor(1));
    rig.call();
    assert.equal(rig.reasons('noAlert'), ['noUnitInReach']);
    rig.pass(afterS);
    rig.ready('NO-V001', NORTH);
    rig.pass(retryAfterS);
    assert.is(rig.alerted().length === 1, isAlerted, `after ${afterS} s`);
    // The same shortage is written once.
    assert.is(rig.all('noAlert').length, 1);
    assert.is(rig.coordinator.nextDueMs() === null, !isAlerted);
  }
});

test('when one has reached the patient the others are stood down, and who is there stays', () => {
  const rig = called(3);
  rig.step(rig.alertOf('NO-V002'), 'accepted');
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  assert.equal(
    rig.all('standDown').map(({ unit, reasons }) => [unit, ...reasons]),
    [
      ['NO-V002', 'otherUnitOnScene'],
      ['NO-V003', 'otherUnitOnScene'],
    ],
  );
});

test('when the ambulance is there, who still drives is stood down, and who is there stays', () => {
  const rig = called(2, false);
  rig.coordinator.state.scheme.alerting.standDown.ambulanceOnScene = true;
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  rig.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  assert.equal(
    rig.all('standDown').map(({ unit, reasons }) => [unit, ...reasons]),
    [['NO-V002', 'ambulanceOnScene']],
  );
});

test('where the scheme says so, nobody is stood down', () => {
  const rig = called(2, false);
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  rig.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  assert.equal(rig.all('standDown'), []);
});

test('a crew that finds no arrest ends it for the others', () => {
  const rig = called(2, false);
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  rig.step(rig.alertOf('NO-V001'), 'notAnArrest');
  assert.equal(rig.reasons('standDown'), ['notAnArrest']);
  rig.step(rig.alertOf('NO-V002'), 'declined');
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
});

test('an alert that nobody answers is over when it expires, and the unit is free', () => {
  const { expiresAfterS } = smallScheme().alerting;
  const rig = called();
  rig.pass(expiresAfterS - 0.001);
  assert.equal(rig.all('over'), []);
  rig.pass(0.001);
  assert.equal(rig.reasons('over'), ['expired']);
  assert.is(rig.coordinator.state.units.get('NO-V001')?.alertId, null);
});

test('a crew that accepts when its alert is over all but by the clock goes', () => {
  const rig = called();
  rig.pass(smallScheme().alerting.expiresAfterS);
  const id = rig.alertOf('NO-V001');
  rig.step(id, 'accepted');
  assert.is(rig.coordinator.state.units.get('NO-V001')?.alertId, id);
  assert.is(rig.coordinator.state.alerts.get(id)?.failed, '');
});

test('a job whose end nobody tells is over in time', () => {
  const { jobEndsAfterS } = smallScheme().alerting;
  const rig = called();
  rig.step(rig.alertOf('NO-V001'), 'accepted');
  rig.pass(jobEndsAfterS - 0.001);
  assert.equal(rig.all('over'), []);
  rig.pass(0.001);
  assert.equal(rig.reasons('over'), ['noWordOfEnd']);
  assert.is(rig.coordinator.nextDueMs(), null);
});

test('a step that is told twice counts once', () => {
  const rig = called();
  const id = rig.alertOf('NO-V001');
  rig.step(id, 'accepted');
  assert.equal(rig.step(id, 'accepted'), []);
});

for (const [name, input, reason] of [
  [
    'a step of an alert',
    { do: 'step', alertId: 7, step: 'seen', reason: '', stepAtMs: 0 },
    'unknownAlert',
  ],
  ['an ambulance', { do: 'ambulance', reference: 'A9', what: 'onScene' }, 'unknownAmbulance'],
  ['a unit', { do: 'unit', unit: 'X', report: { kind: 'alive', alive: true } }, 'unknownUnit'],
  [
    'a volunteer',
    { do: 'volunteer', volunteer: 'V', incident: 'C1', what: 'accepted' },
    'unknownVolunteer',
  ],
  [
    'an incident',
    { do: 'closeIncident', incident: 'C9', patients: 1, resuscitatedAndTransported: 0 },
    'unknownIncident',
  ],
] as const) {
  test(`${name} that is not known is noted and changes nothing`, () => {
    const rig = called();
    rig.take(input);
    assert.equal(rig.reasons('stray'), [reason]);
    assert.is(rig.alerted().length, 1);
  });
}

for (const [patients, resuscitated, isTaken] of [
  [0, 0, true],
  [1, 1, true],
  [1, 2, false],
  [-1, 0, false],
  [1.5, 0, false],
] as const) {
  test(`an incident closed with ${patients} patients, ${resuscitated} resuscitated`, () => {
    const rig = called();
    const counts = { patients, resuscitatedAndTransported: resuscitated };
    rig.take({ do: 'closeIncident', incident: 'C1', ...counts });
    assert.is(rig.all('closed').length === 1, isTaken);
    assert.equal(rig.reasons('standDown'), isTaken ? ['incidentClosed'] : []);
    if (!isTaken) assert.equal(rig.reasons('stray'), ['badCounts']);
  });
}

test('N8: that somebody of the crew wants to be asked how they are is kept', () => {
  const rig = called();
  rig.step(rig.alertOf('NO-V001'), 'welfare');
  assert.is(rig.all('step').at(-1)?.step, 'welfare');
  assert.is(rig.coordinator.state.alerts.get(rig.alertOf('NO-V001'))?.steps.welfare, rig.atMs);
});

test('Y4: more activations in a week than were forecast are warned of once, and block nothing', () => {
  const rig = new Rig({ ...schemeFor(1), expectedPerWeek: 2 });
  for (let i = 1; i <= 4; i++) {
    rig.ready('NO-V001', NORTH);
    rig.call({ callId: `C${i}`, ambulanceReference: `A${i}` });
    const id = rig.alertOf('NO-V001');
    for (const step of ['accepted', 'onScene', 'clear'] as const) rig.step(id, step);
    assert.is(rig.all('warning').length, i > 2 ? 1 : 0, `${i} calls`);
    rig.atMs += 3_600_000;
  }
  assert.is(rig.alerted().length, 4);
  const [warning] = rig.all('warning');
  assert.equal(
    [warning?.area, warning?.activations, warning?.expectedPerWeek, warning?.reasons],
    ['*', 3, 2, ['aboveForecast']],
  );
  rig.atMs += 7 * 86_400_000;
  rig.ready('NO-V001', NORTH);
  rig.call({ callId: 'C9', ambulanceReference: 'A9' });
  assert.is(rig.all('warning').length, 1);
});

test('L2, L3: who becomes fit to go is found within a second, not at the next look', () => {
  const fits: Record<string, (rig: Rig) => void> = {
    'its place is heard of for the first time': (rig) => rig.at('NO-V001', NORTH),
    'its crew is available again': (rig) =>
      void rig.report('NO-V002', { kind: 'crew', state: 'available' }),
    'its AED is ready again': (rig) =>
      void rig.report('NO-V003', { kind: 'aed', presence: 'present', readiness: 'ready' }),
  };
  for (const [what, happens] of Object.entries(fits)) {
    const rig = new Rig();
    rig.report('NO-V001', { kind: 'alive', alive: true });
    rig.report('NO-V001', { kind: 'crew', state: 'available' });
    rig.report('NO-V001', { kind: 'aed', presence: 'present', readiness: 'ready' });
    rig.ready('NO-V002', NORTH);
    rig.report('NO-V002', { kind: 'crew', state: 'unavailable' });
    rig.ready('NO-V003', NORTH);
    rig.report('NO-V003', { kind: 'aed', presence: 'present', readiness: 'fault' });
    rig.call();
    rig.pass(5);
    assert.equal(rig.alerted(), [], what);
    happens(rig);
    rig.pass(1);
    assert.is(rig.alerted().length, 1, what);
  }
});

test.run();
