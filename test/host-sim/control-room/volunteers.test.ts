/** Volunteers: beside the units, never one of them. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { timelineOf } from '../../../host-sim/control-room/counts.js';
import type { Scheme } from '../../../host-sim/schemes/schema.js';
import { Rig, MORNING_MS, NORTH, SOUTH, northOf, smallScheme } from './rig.js';

const test = suite('volunteers');

function volunteer(rig: Rig, id: string, metres: number, change: object = {}): void {
  const standard = 'approved-first-aid';
  const known = { standard, verifiedUntil: '2017-12-31', available: true };
  const place = northOf(NORTH, metres);
  rig.take({ do: 'volunteerIs', volunteer: id, ...known, place, ...change });
}

function told(rig: Rig): string[] {
  return rig.all('alertVolunteer').map(({ volunteer: id }) => id);
}

test('L14: the nearest who are verified and available are told, in the same turn as the units', () => {
  const rig = new Rig();
  rig.ready('NO-V001', NORTH);
  for (const [i, metres] of [700, 100, 300, 500].entries()) volunteer(rig, `V${i}`, metres);
  const whats = rig.call().map(({ what }) => what);
  assert.equal(told(rig), ['V1', 'V2', 'V3']);
  assert.ok(whats.includes('alert') && whats.includes('alertVolunteer'));
});

for (const [name, change, isTold] of [
  ['is verified until today', { verifiedUntil: '2017-07-10' }, true],
  ['was verified until yesterday', { verifiedUntil: '2017-07-09' }, false],
  ['has no approved standard', { standard: 'none' }, false],
  ['is not available', { available: false }, false],
  ['has said no place', { place: null }, false],
  ['is 799 m away', { place: northOf(NORTH, 799) }, true],
  ['is 801 m away', { place: northOf(NORTH, 801) }, false],
] as const) {
  test(`L14: a volunteer who ${name} is ${isTold ? '' : 'not '}told`, () => {
    const rig = new Rig();
    volunteer(rig, 'V1', 100, change);
    rig.call();
    assert.is(told(rig).length === 1, isTold);
  });
}

function answer(rig: Rig, id: string, what: 'sent' | 'accepted' | 'declined' | 'onScene'): void {
  rig.take({ do: 'volunteer', volunteer: id, incident: 'C1', what });
}

/** So many of them, each 50 m farther than the one before. */
function row(rig: Rig, count: number): void {
  for (let i = 1; i <= count; i++) volunteer(rig, `V${i}`, 50 * i);
}

const RULE = smallScheme().volunteers as NonNullable<Scheme['volunteers']>;

test('L14: who declines is replaced by the next at once, and nobody is told twice', () => {
  const rig = new Rig();
  row(rig, 6);
  rig.call();
  answer(rig, 'V2', 'declined');
  assert.equal(told(rig), ['V1', 'V2', 'V3', 'V4']);
  answer(rig, 'V2', 'declined');
  answer(rig, 'V1', 'accepted');
  assert.is(told(rig).length, 4);
});

test('L14: who is silent is replaced after a while, and counts again when they come all the same', () => {
  const rig = new Rig();
  row(rig, 9);
  rig.call();
  for (const id of ['V1', 'V2']) answer(rig, id, 'sent');
  answer(rig, 'V3', 'accepted');
  rig.pass(RULE.nextAfterS - 0.001);
  assert.is(told(rig).length, 3);
  rig.pass(0.001);
  assert.equal(told(rig).slice(3), ['V4', 'V5']);
  answer(rig, 'V1', 'accepted');
  answer(rig, 'V4', 'declined');
  assert.is(told(rig).length, 5, 'V1, V3 and V5 are as many as are wanted');
});

test('L14: so many are told in all, and none once the ambulance is there', () => {
  const rig = new Rig();
  row(rig, 20);
  rig.call();
  for (let i = 1; i <= RULE.maxInAll; i++) answer(rig, `V${i}`, 'declined');
  assert.is(told(rig).length, RULE.maxInAll);
  const other = new Rig();
  row(other, 20);
  other.call();
  other.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  answer(other, 'V1', 'declined');
  other.pass(RULE.nextAfterS * 2);
  assert.is(told(other).length, RULE.atOnce);
});

test('L14: before the first day of a scheme’s volunteers none is told', () => {
  const from = (day: string) => smallScheme({ volunteers: { ...RULE, from: day } });
  for (const [day, count] of [
    ['2017-07-10', 1],
    ['2017-07-11', 0],
  ] as const) {
    const rig = new Rig(from(day));
    volunteer(rig, 'V1', 100);
    rig.call();
    assert.is(told(rig).length, count, day);
  }
});

test('L14: the network’s word that comes late confirms, and takes no silence back', () => {
  const rig = new Rig();
  volunteer(rig, 'V1', 100);
  rig.call();
  rig.pass(RULE.nextAfterS);
  assert.is(rig.coordinator.unconfirmed().length, 1, 'silent is not sent');
  answer(rig, 'V1', 'sent');
  assert.is(rig.coordinator.unconfirmed().length, 0);
  assert.is(rig.coordinator.state.incidents.get('C1')?.volunteers.get('V1')?.step, 'silent');
});

test('L14: a volunteer counts as no unit', () => {
  const rig = new Rig();
  volunteer(rig, 'V1', 100);
  rig.call();
  rig.take({ do: 'volunteer', volunteer: 'V1', incident: 'C1', what: 'accepted' });
  rig.take({ do: 'volunteer', volunteer: 'V1', incident: 'C1', what: 'onScene' });
  assert.equal(rig.reasons('noAlert'), ['noUnitInReach']);
  rig.ready('NO-V001', NORTH);
  rig.ready('NO-V002', NORTH);
  rig.pass(smallScheme().alerting.retryAfterS);
  assert.is(rig.alerted().length, 2);
});

test('L14: what a volunteer is told names no patient, and no line says where one is', () => {
  const rig = new Rig();
  volunteer(rig, 'V1', 123);
  rig.call({ text: 'John Smith, 64, not breathing.' });
  const effect = rig.effects().find((each) => each.do === 'alertVolunteer');
  assert.equal(effect, { do: 'alertVolunteer', volunteer: 'V1', incident: 'C1' });
  const lines = rig.lines.filter(({ what }) => what.toLowerCase().includes('volunteer'));
  assert.not.match(JSON.stringify(lines), /Smith|latitude/);
});

test('L14: neither the roll-out nor the gate of the partner keeps volunteers back', () => {
  const rig = new Rig(smallScheme(), MORNING_MS - 2 * 86_400_000);
  rig.capacity('north', false);
  volunteer(rig, 'V1', 100);
  volunteer(rig, 'V2', 0, { place: SOUTH });
  rig.call();
  rig.call({ callId: 'C2', ambulanceReference: 'A2', place: SOUTH });
  assert.equal(told(rig), ['V1', 'V2']);
  assert.equal(rig.alerted(), []);
});

test('L14: a call that does not meet the criteria is none for volunteers', () => {
  const rig = new Rig();
  volunteer(rig, 'V1', 100);
  rig.call({ determinant: '26A02' });
  assert.equal(told(rig), []);
});

test('N5: ambulance, fire crew and volunteers stand on one timeline', () => {
  const rig = new Rig();
  rig.ready('NO-V001', NORTH);
  volunteer(rig, 'V1', 100);
  rig.call();
  rig.take({ do: 'volunteer', volunteer: 'V1', incident: 'C1', what: 'onScene' });
  rig.step(rig.alertOf('NO-V001'), 'onScene');
  rig.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  assert.equal(
    timelineOf(rig.lines, 'C1').map(({ who, what }) => `${who} ${what}`),
    [
      'ambulance sent',
      'unit alerted',
      'volunteer alerted',
      'volunteer onScene',
      'unit onScene',
      'ambulance onScene',
    ],
  );
});

test.run();
