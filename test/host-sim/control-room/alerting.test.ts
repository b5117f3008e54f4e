/** Whom the control room alerts for a call, and whom not. Names begin with the requirement's id. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { Rig, MORNING_MS, NORTH, SOUTH, STATION, aCall, northOf, smallScheme } from './rig.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import type { LineOf } from '../../../host-sim/control-room/lines.js';
import { loadScheme } from '../../../host-sim/schemes/schema.js';

const test = suite('alerting units');

/** North's three vehicles, 1, 2 and 3 km away. */
function threeReady(scheme = smallScheme()): Rig {
  const rig = new Rig(scheme);
  for (const i of [1, 2, 3]) rig.ready(`NO-V00${i}`, northOf(NORTH, i * 1000));
  return rig;
}

const oneUnit = () => {
  const scheme = smallScheme();
  return { ...scheme, alerting: { ...scheme.alerting, units: 1 } };
};

test('L1: a station is a unit, and has its place without a receiver', () => {
  const rig = new Rig(oneUnit());
  rig.ready('NO-V001', STATION);
  rig.report('NO-STATION', { kind: 'alive', alive: true });
  rig.report('NO-STATION', { kind: 'crew', state: 'available' });
  rig.report('NO-STATION', { kind: 'aed', presence: 'present', readiness: 'ready' });
  rig.atMs += 86_400_000;
  rig.at('NO-V001', STATION);
  rig.call({ place: STATION });
  assert.equal(rig.alerted(), ['NO-STATION']);
  assert.is(rig.all('alert')[0]?.errorM, 0);
});

test('L2: ambulance and units leave in one turn, the ambulance first, and the skew is kept', () => {
  const rig = threeReady();
  const whats = rig.call().map(({ what }) => what);
  assert.equal(whats, ['call', 'ambulance', 'matched', 'alert', 'alert']);
  rig.atMs += 180;
  const id = rig.alertOf('NO-V001');
  rig.step(id, 'sent');
  assert.is(rig.all('step')[0]?.skewMs, 180);
});

test('L2: no unit waits for a word of the ambulance crew', () => {
  const rig = threeReady();
  rig.call({ ambulanceEtaS: 30 });
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
});

for (const [name, report, code] of [
  ['crew is unavailable', { kind: 'crew', state: 'unavailable' }, 'crewUnavailable'],
  ['crew has said nothing', { kind: 'crew', state: 'unknown' }, 'crewUnknown'],
  ['AED is away', { kind: 'aed', presence: 'absent', readiness: 'unknown' }, 'aedAbsent'],
  ['AED has a fault', { kind: 'aed', presence: 'present', readiness: 'fault' }, 'aedNotReady'],
  [
    'AED needs attention',
    { kind: 'aed', presence: 'present', readiness: 'attention' },
    'aedNotReady',
  ],
  ['AED is unknown', { kind: 'aed', presence: 'present', readiness: 'unknown' }, 'aedUnknown'],
  [
    'AED is not known to be there',
    { kind: 'aed', presence: 'unknown', readiness: 'ready' },
    'aedUnknown',
  ],
  ['unit is dead', { kind: 'alive', alive: false }, 'unitDead'],
] as const) {
  test(`L3: a unit whose ${name} is passed over, and the line says why`, () => {
    const rig = threeReady(oneUnit());
    rig.report('NO-V001', report);
    rig.call();
    assert.equal(rig.alerted(), ['NO-V002']);
    const [passed] = rig.all('passedOver');
    assert.equal(
      passed?.considered.map(({ unit, reasons }) => [unit, ...reasons]),
      [['NO-V001', code]],
    );
  });
}

test('L3: where the scheme says so, the crew is told that it has no AED', () => {
  const scheme = oneUnit();
  scheme.eligibility = { ...scheme.eligibility, aedAbsent: 'tellCrew' };
  const rig = threeReady(scheme);
  rig.report('NO-V001', { kind: 'aed', presence: 'absent', readiness: 'unknown' });
  rig.call();
  assert.equal(rig.all('alert')[0]?.reasons, ['aedAbsent']);
  const [effect] = rig.effects();
  assert.ok(effect?.do === 'alert');
  assert.is(effect.call.text, 'NO AED WITH YOU. Not breathing.');
});

test('L4: a crew that is there already is on scene, and first', () => {
  const rig = threeReady(oneUnit());
  rig.call();
  rig.step(rig.alertOf('NO-V001'), 'alreadyOnScene');
  const step = rig.all('step').at(-1);
  assert.equal([step?.step, step?.first], ['alreadyOnScene', true]);
});

test('L4: first on scene is who came before the ambulance and every other unit', () => {
  const rig = threeReady();
  rig.call();
  rig.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  assert.is(rig.all('step').at(-1)?.first, false);
});

test('L5: a job ends by the hand-over and the word clear, not by the arrival', () => {
  const rig = threeReady(oneUnit());
  rig.call();
  const id = rig.alertOf('NO-V001');
  for (const step of ['accepted', 'onScene', 'handedOver'] as const) rig.step(id, step);
  assert.is(rig.coordinator.state.units.get('NO-V001')?.alertId, id);
  rig.step(id, 'clear');
  assert.is(rig.coordinator.state.units.get('NO-V001')?.alertId, null);
  assert.is(rig.coordinator.state.alerts.get(id)?.steps.handedOver, rig.atMs);
});

test('L7: a call that does not meet the criteria alerts nobody; the version is kept', () => {
  const rig = threeReady();
  rig.call({ determinant: '26A02' });
  assert.equal(rig.alerted(), []);
  const [line] = rig.all('noAlert');
  assert.equal([line?.reasons, line?.final, line?.criteriaVersion], [['notMatched'], true, 1]);
});

test('L7: the criteria of the day decide', () => {
  const scheme = smallScheme();
  const [first] = scheme.criteria;
  const rule = { ...first!.rules[0]!, determinants: ['31D'] };
  scheme.criteria = [first!, { version: 2, from: '2017-07-11', rules: [rule] }];
  const rig = threeReady(scheme);
  rig.call({ determinant: '31D02' });
  assert.equal(rig.alerted(), []);
  // Midnight in London is 23:00 UTC in summer.
  rig.atMs = Date.UTC(2017, 6, 10, 23);
  for (const i of [1, 2, 3]) rig.at(`NO-V00${i}`, northOf(NORTH, i * 1000));
  rig.call({ callId: 'C2', determinant: '31D02' });
  assert.is(rig.alerted().length, 2);
  assert.is(rig.all('matched')[0]?.criteriaVersion, 2);
});

for (const reference of ['', '  ']) {
  test(`L8: a call whose ambulance is “${reference}” alerts nobody, until it has one`, () => {
    const rig = threeReady();
    rig.call({ ambulanceReference: reference });
    assert.equal(rig.alerted(), []);
    assert.equal(rig.all('callRefused')[0]?.reasons, ['noAmbulance']);
    rig.call();
    assert.is(rig.alerted().length, 2);
  });
}

test('L8, Y8: what units do or leave undone gives no line about the ambulance', () => {
  const rig = threeReady();
  rig.call();
  rig.step(rig.alertOf('NO-V001'), 'declined', 'other');
  rig.report('NO-V002', { kind: 'alive', alive: false });
  rig.pass(3600);
  assert.equal(
    rig.all('ambulance').map(({ state }) => state),
    ['sent'],
  );
});

test('L8: another ambulance for the same call takes nothing back', () => {
  const rig = threeReady();
  rig.call();
  rig.call({ ambulanceReference: 'A200' });
  assert.equal(rig.all('callAgain')[0]?.changed, ['ambulanceReference']);
  assert.equal(
    rig.all('ambulance').map(({ reference }) => reference),
    ['A100', 'A200'],
  );
  assert.is(rig.alerted().length, 2);
});

test('L9: through a closed gate nobody is alerted, and the line says so', () => {
  const rig = threeReady();
  rig.capacity('north', false);
  rig.call();
  assert.equal(rig.alerted(), []);
  assert.equal(rig.reasons('noAlert'), ['gateClosed']);
  rig.capacity('north', true);
  assert.is(rig.alerted().length, 2);
});

test('L9: a unit of an area whose gate is closed is not alerted for a call of another', () => {
  const rig = threeReady(oneUnit());
  rig.ready('SO-V001', northOf(NORTH, 100));
  rig.capacity('south', false);
  rig.call();
  assert.equal(rig.alerted(), ['NO-V001']);
  assert.equal(rig.all('passedOver')[0]?.considered[0]?.reasons, ['gateClosed']);
});

test('L9: only the partner changes its gate; who else tries is noted', () => {
  const rig = threeReady();
  const close = { do: 'capacity', area: 'north', open: false, by: 'someone' } as const;
  const partner = 'metropolitan-police';
  const tries = [
    [{ partner, role: 'ambulance', reason: 'busy' }, ['notThePartner']],
    [{ partner: 'city-police', role: 'partner', reason: 'busy' }, ['unknownPartner']],
    [{ partner, role: 'partner', reason: ' ' }, ['noReason']],
    [{ partner, role: 'partner', reason: 'busy', area: 'east' }, ['unknownArea']],
  ] as const;
  for (const [change] of tries) rig.take({ ...close, ...change });
  assert.equal(
    rig.all('capacityRefused').map(({ reasons }) => reasons),
    tries.map(([, reasons]) => [...reasons]),
  );
  rig.call();
  assert.is(rig.alerted().length, 2);
});

test('L9: a gate that closes mid-job ends nothing', () => {
  const rig = threeReady();
  rig.call();
  rig.step(rig.alertOf('NO-V001'), 'accepted');
  rig.capacity('*', false);
  rig.pass(60);
  assert.equal(rig.all('standDown'), []);
  assert.equal(rig.all('capacity')[0]?.because, 'public order');
  // But nobody else is alerted for it: the second was silent.
  assert.equal(rig.reasons('noAlert'), ['gateClosed']);
});

test('L10: to the second of midnight in London, summer time', () => {
  const midnight = Date.UTC(2017, 6, 9, 23);
  for (const [atMs, count] of [
    [midnight - 1, 0],
    [midnight, 1],
    [midnight + 1, 1],
  ] as const) {
    const rig = new Rig(oneUnit(), atMs);
    rig.ready('SO-V001', SOUTH);
    rig.call({ place: SOUTH });
    assert.is(rig.alerted().length, count, new Date(atMs).toISOString());
    if (count === 0) assert.equal(rig.reasons('noAlert'), ['beforeGoLive']);
  }
});

test('L10: a call of the day before stays one after midnight', () => {
  const rig = new Rig(oneUnit(), Date.UTC(2017, 6, 9, 22, 59, 50));
  rig.ready('SO-V001', SOUTH);
  rig.call({ place: SOUTH });
  rig.pass(600);
  assert.equal(rig.alerted(), []);
});

test('L10: a unit whose own area is not live is not alerted for a live one', () => {
  const rig = new Rig(oneUnit(), MORNING_MS - 2 * 86_400_000);
  rig.ready('SO-V001', NORTH);
  rig.call();
  assert.equal(rig.alerted(), []);
  assert.equal(rig.all('noAlert')[0]?.considered[0]?.reasons, ['beforeGoLive']);
});

test('a call outside every area alerts nobody', () => {
  const rig = threeReady();
  rig.call({ place: { latitude: 52.5, longitude: -1.9 } });
  assert.equal(rig.reasons('noAlert'), ['outsideAreas']);
});

test('a scheme that has ended alerts nobody (N7)', () => {
  const rig = threeReady(smallScheme({ endsOn: '2017-07-09' }));
  rig.call();
  assert.equal(rig.reasons('noAlert'), ['schemeNotRunning']);
});

test('L13: the crew is told of the nearest public AED, with its access and hours', () => {
  const aed = { where: 'Library', access: 'yes', hours: 'Mo-Fr 09:00-17:00' };
  const scheme = smallScheme({
    publicAeds: [
      { id: 'far', ...northOf(NORTH, 400), ...aed, where: 'Station' },
      { id: 'near', ...northOf(NORTH, 120), ...aed },
    ],
  });
  const rig = threeReady(scheme);
  rig.call();
  const [effect] = rig.effects();
  assert.ok(effect?.do === 'alert');
  const told = 'Not breathing. Public AED 120 m: Library (yes Mo-Fr 09:00-17:00)';
  assert.is(effect.call.text, told);
});

test('Y1: respiratory arrest alerts firearms officers in West Yorkshire, and nobody in Norfolk', () => {
  for (const [name, place, unit, isAlerted] of [
    ['west-yorkshire', { latitude: 53.81, longitude: -1.54 }, 'LEE-V001', true],
    ['norfolk', { latitude: 52.63, longitude: 1.297 }, 'NOR-V001', false],
  ] as const) {
    const rig = new Rig(loadScheme(name), Date.UTC(2017, 9, 1, 12));
    rig.ready(unit, place);
    const lines = rig.call({ place, determinant: '06E01' });
    assert.equal(rig.alerted(), isAlerted ? [unit] : [], name);
    if (!isAlerted) continue;
    assert.equal(rig.all('matched')[0]?.category, 'respiratoryArrest');
    assert.is(
      lines.findIndex(({ what }) => what === 'ambulance'),
      1,
    );
  }
});

test('Y1: a unit without the capability that the scheme needs is passed over', () => {
  const scheme = oneUnit();
  scheme.fleet = scheme.fleet.map((each) => ({ ...each, capabilities: [] }));
  const rig = threeReady(scheme);
  rig.call();
  assert.equal(rig.all('noAlert')[0]?.considered[0]?.reasons, ['capabilityMissing']);
});

test('Y2: who attends an emergency of their own service is passed over', () => {
  const rig = threeReady(oneUnit());
  rig.report('NO-V001', { kind: 'crew', state: 'committed' });
  rig.call();
  assert.equal(rig.alerted(), ['NO-V002']);
  assert.equal(rig.all('passedOver')[0]?.considered[0]?.reasons, ['crewCommitted']);
});

test('Y5: the sooner unit by travel time, with the age of its position as an error radius', () => {
  const rig = new Rig(oneUnit());
  // Nearer when it was heard, but a minute ago and at 60 km/h: it may be 1 km farther.
  rig.ready('NO-V001', NORTH);
  rig.ready('NO-V002', NORTH);
  rig.at('NO-V001', northOf(NORTH, 1000), 60, rig.atMs);
  rig.atMs += 60_000;
  rig.at('NO-V002', northOf(NORTH, 1900), 60, rig.atMs);
  rig.call({ ambulanceEtaS: 420 });
  const [alert] = rig.all('alert');
  assert.equal([alert?.unit, alert?.ambulanceEtaS], ['NO-V002', 420]);
  const at40 = 30 + ((1900 + 15) * 1.3) / (40 / 3.6);
  assert.ok(Math.abs((alert?.travelS as number) - at40) <= 2, String(alert?.travelS));
  assert.is(alert?.errorM, 15);
});

test('Y5: at the greatest age a position counts, a second later it does not', () => {
  for (const [ageS, isAlerted] of [
    [899, true],
    [900, true],
    [901, false],
  ] as const) {
    const rig = new Rig(oneUnit());
    rig.ready('NO-V001', northOf(NORTH, 1000));
    rig.atMs += ageS * 1000;
    rig.call();
    assert.is(rig.alerted().length === 1, isAlerted, `${ageS} s`);
    if (!isAlerted) {
      assert.equal(rig.all('noAlert')[0]?.considered[0]?.reasons, ['positionStale']);
    }
  }
});

test('a unit that never told where it is is counted', () => {
  const rig = new Rig();
  rig.report('NO-V001', { kind: 'alive', alive: true });
  rig.call();
  const [line] = rig.all('noAlert');
  assert.equal([line?.reasons, line?.more], [['noUnitInReach'], { positionUnknown: 5 }]);
});

test('Y6: with an AED in a kit the crew goes, and is told what nobody has confirmed', () => {
  const rig = new Rig(loadScheme('west-yorkshire'), Date.UTC(2017, 9, 1, 12));
  const place = { latitude: 53.81, longitude: -1.54 };
  rig.ready('LEE-V001', place);
  rig.report('LEE-V001', { kind: 'aed', presence: 'unknown', readiness: 'unknown' });
  rig.call({ place });
  const [effect] = rig.effects();
  assert.ok(effect?.do === 'alert');
  assert.match(effect.call.text, /^CHECK YOUR AED\./);
});

for (const [id, name] of [
  ['L6', 'london'],
  ['Y7', 'west-yorkshire'],
] as const) {
  test(`${id}: nobody on board whose training counts on the day: not alerted`, () => {
    const scheme = loadScheme(name);
    const [{ id: skill, validForDays } = { id: '', validForDays: 0 }] = scheme.skills;
    const unit = name === 'london' ? 'CRO-V001' : 'LEE-V001';
    const area = scheme.areas.find(({ code }) => unit.startsWith(code))!;
    const trainedOn = '2017-09-05';
    for (const [days, isAlerted] of [
      [-1, false],
      [0, true],
      [validForDays - 1, true],
      [validForDays, true],
      [validForDays + 1, false],
    ] as const) {
      const rig = new Rig(scheme, Date.parse(`${trainedOn}T12:00Z`) + days * 86_400_000);
      rig.ready(unit, area);
      rig.report(unit, { kind: 'crewing', responders: ['P1'] });
      rig.take({ do: 'training', responder: 'P1', skill, trainedOn });
      rig.call({ place: area });
      assert.is(rig.alerted().length > 0, isAlerted, `${days} days`);
    }
  });
}

test('L6: a unit needs no name of an officer', () => {
  const rig = threeReady();
  rig.call();
  assert.is(rig.alerted().length, 2);
});

test('L6: in London one on board who is trained suffices, in West Yorkshire all have to be', () => {
  for (const [holders, isAlerted] of [
    ['one', true],
    ['all', false],
  ] as const) {
    const scheme = oneUnit();
    scheme.eligibility = { ...scheme.eligibility, skillHolders: holders };
    const rig = threeReady(scheme);
    rig.report('NO-V001', { kind: 'crewing', responders: ['P1', 'P2'] });
    for (const [responder, trainedOn] of [
      ['P1', '2017-01-01'],
      ['P2', '2015-01-01'],
    ] as const) {
      rig.take({ do: 'training', responder, skill: 'bls-aed', trainedOn });
    }
    rig.call();
    assert.is(rig.alerted()[0] === 'NO-V001', isAlerted, holders);
  }
  assert.is(loadScheme('london').eligibility.skillHolders, 'one');
  assert.is(loadScheme('west-yorkshire').eligibility.skillHolders, 'all');
});

test('N6: in Norfolk lapsed training is warned of, and stops no alert', () => {
  const rig = new Rig(loadScheme('norfolk'), Date.UTC(2017, 9, 1, 12));
  const place = { latitude: 52.63, longitude: 1.297 };
  rig.ready('NOR-V001', place);
  rig.report('NOR-V001', { kind: 'crewing', responders: ['F1'] });
  rig.take({ do: 'training', responder: 'F1', skill: 'bls-aed', trainedOn: '2016-07-01' });
  rig.call({ place });
  assert.equal(rig.all('alert')[0]?.reasons, ['skillNotCurrent']);
  const [effect] = rig.effects();
  // The control room is warned; the crew is told nothing of it.
  assert.ok(effect?.do === 'alert' && effect.call.text === 'Not breathing.');
});

test('N2: in Norfolk, for a patient who is unconscious and not breathing', () => {
  const place = { latitude: 52.63, longitude: 1.297 };
  for (const [determinant, isAlerted] of [
    ['09E01', true],
    ['9-E-1', true],
    ['31E01', true],
    ['31D02', false],
    ['10D02', false],
  ] as const) {
    const rig = new Rig(loadScheme('norfolk'), Date.UTC(2016, 7, 1, 12));
    rig.ready('NOR-V001', place);
    rig.call({ place, determinant });
    assert.is(rig.alerted().length === 1, isAlerted, determinant);
  }
});

test('a line names at most twelve units that were passed over, and counts the rest', () => {
  for (const [vehicles, named, counted] of [
    [11, 11, undefined],
    [12, 12, undefined],
    [13, 12, 1],
  ] as const) {
    const scheme = smallScheme({ stations: [] });
    scheme.fleet = [{ ...scheme.fleet[0]!, vehicles }];
    const rig = new Rig(scheme);
    for (const unit of rig.coordinator.state.units.keys()) rig.at(unit, NORTH);
    for (const unit of rig.coordinator.state.units.keys()) {
      rig.report(unit, { kind: 'crew', state: 'unavailable' });
    }
    rig.call();
    const [line] = rig.all('noAlert');
    assert.is(line?.considered.length, named);
    assert.is(line?.more['crewUnavailable'], counted);
  }
});

test('a call that is given twice is one', () => {
  const rig = threeReady();
  rig.call();
  rig.call({ text: 'Choking.' });
  assert.is(rig.alerted().length, 2);
  assert.equal(rig.all('callAgain')[0]?.changed, ['text']);
  assert.is(rig.coordinator.state.incidents.size, 1);
});

test('what a call says otherwise is told to those on their way, and to who is alerted next', () => {
  const rig = threeReady(oneUnit());
  rig.call();
  const [first] = rig.all('alert');
  const place = northOf(NORTH, 300);
  const now = { text: 'Behind the church.', place };
  rig.call(now);
  const told = rig.all('update');
  assert.equal(
    told.map(({ unit, alertId, revision }) => [unit, alertId, revision]),
    [['NO-V001', first?.alertId, 1]],
  );
  const [effect] = rig.coordinator.effects(told[0] as Line);
  assert.ok(effect?.do === 'update');
  assert.equal([effect.call.text, effect.call.place], ['Behind the church.', place]);
  assert.equal(rig.coordinator.unconfirmed().at(-1), effect, 'until the broker has it');
  rig.take({ do: 'updateSent', alertId: effect.alertId, revision: 1 });
  rig.take({ do: 'updateSent', alertId: effect.alertId, revision: 1 });
  assert.is(rig.all('updateSent').length, 1);
  assert.not.ok(rig.coordinator.unconfirmed().some((each) => each.do === 'update'));
  rig.call(now);
  assert.is(rig.all('update').length, 1, 'the same again is no news');
  rig.call({ ...now, address: '', determinant: '09E02' });
  assert.is(rig.all('update').length, 1, 'nothing that a crew needs');
  rig.step(rig.alertOf('NO-V001'), 'declined', 'tooFar');
  const next = rig.all('alert').at(-1) as LineOf<'alert'>;
  const [alert] = rig.coordinator.effects(next);
  assert.ok(alert?.do === 'alert');
  assert.equal([alert.unit, alert.call.place], ['NO-V002', place]);
  rig.call({ ...now, text: 'Round the back.' });
  assert.equal(
    rig
      .all('update')
      .map(({ unit, revision }) => [unit, revision])
      .slice(1),
    [['NO-V002', 2]],
  );
  rig.step(rig.alertOf('NO-V002'), 'accepted');
  rig.step(rig.alertOf('NO-V002'), 'onScene');
  rig.call({ ...now, text: 'Second door.' });
  assert.is(rig.all('update').length, 2, 'who is there sees for themselves');
});

test('a unit on an alert gets no other', () => {
  const rig = threeReady(oneUnit());
  rig.call();
  rig.call({ callId: 'C2', ambulanceReference: 'A101' });
  assert.equal(rig.alerted(), ['NO-V001', 'NO-V002']);
  assert.equal(rig.all('passedOver')[0]?.considered[0]?.reasons, ['onAlert']);
});

test('two units that need as long are taken by their ids', () => {
  const rig = new Rig(oneUnit());
  rig.ready('NO-V003', NORTH);
  rig.ready('NO-V002', NORTH);
  rig.take({ do: 'call', call: aCall() });
  assert.equal(rig.alerted(), ['NO-V002']);
});

test.run();
