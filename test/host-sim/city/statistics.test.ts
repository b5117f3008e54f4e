/** The statistics of ledgers made by hand, to the last figure. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import type { CityCall } from '../../../host-sim/city/calls.js';
import { startOfDateMs } from '../../../host-sim/city/local-time.js';
import { statisticsOf, type Statistics } from '../../../host-sim/city/statistics.js';
import { IncidentReader } from '../../../host-sim/city/statistics/incidents.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import { Random } from '../../../host-sim/world/random.js';
import { tinyScheme } from './tiny-scheme.js';

const assumptions = readAssumptions();
const TO_PATIENT_S = assumptions.crews.vehicleToPatientS.value;
const FROM = startOfDateMs('2017-07-10');
const TO = startOfDateMs('2017-07-24');
const DAY_S = 86_400;

type Entry = Omit<Line, 'n' | 'atMs'>;

/** Writes a ledger: seconds from FROM, and what then happened. */
class Hand {
  readonly lines: Line[] = [];
  readonly calls: CityCall[] = [];
  #alerts = 0;

  at(s: number, entry: Entry): void {
    this.lines.push({ n: this.lines.length + 1, atMs: FROM + s * 1000, ...entry } as Line);
  }

  /** Picked up at `s`, with the control room 60 s later, and the ambulance on scene 480 s later. */
  call(s: number, areaId: 'croydon' | 'enfield', finding: CityCall['finding'] = 'arrest'): string {
    const incident = `I${this.calls.length + 1}`;
    const place = { latitude: 51.4, longitude: -0.1 };
    const call = { callId: incident, place, determinant: '09E01', text: 'x', address: 'x' };
    const times = { pickedUpAtMs: FROM + s * 1000, codedAtMs: FROM + (s + 60) * 1000 };
    const ambulanceAtMs = FROM + (s + 480) * 1000;
    this.calls.push({ ...call, ...times, areaId, finding, ambulanceAtMs, bystanderCpr: false });
    this.at(s + 60, {
      what: 'call',
      incident,
      call: { ...call, ambulanceReference: `${incident}-A` },
    });
    const matched = { rule: 'notBreathing', area: areaId, wave: areaId === 'croydon' ? 0 : 1 };
    this.at(s + 60, { what: 'matched', incident, ...matched });
    this.at(s + 480, { what: 'ambulance', incident, state: 'onScene' });
    return incident;
  }

  alert(
    s: number,
    incident: string,
    unit: string,
    steps: Readonly<Record<string, number>>,
  ): number {
    const alertId = ++this.#alerts;
    this.at(s, { what: 'alert', incident, unit, alertId, reasons: [] });
    for (const [step, atS] of Object.entries(steps)) {
      const stepAtMs = FROM + atS * 1000;
      this.at(atS, { what: 'step', incident, unit, alertId, step, reasons: [], stepAtMs });
    }
    return alertId;
  }

  close(s: number, incident: string, patients: number, resuscitatedAndTransported: number): void {
    this.at(s, { what: 'closed', incident, patients, resuscitatedAndTransported });
  }

  statistics(truths = this.calls): Statistics {
    const reader = new IncidentReader(new Map(truths.map((call) => [call.callId, call])));
    for (const line of this.lines) reader.take(line);
    return statisticsOf({
      scheme: tinyScheme(),
      fromMs: FROM,
      toMs: TO,
      incidents: reader.incidents,
      forecastWarnings: reader.warnings,
      assumptions,
      random: new Random(1),
    });
  }
}

function handMade(): Hand {
  const hand = new Hand();
  // In the pilot: the unit is there at 240 s, the ambulance at 480 s; a second unit is stood down.
  const first = hand.call(0, 'croydon');
  const steps = { sounding: 62, accepted: 70, onScene: 240, aedTaken: 241, handedOver: 600 };
  hand.alert(60, first, 'CRO-V001', steps);
  const second = hand.alert(60, first, 'CRO-V002', { sounding: 61, accepted: 75 });
  hand.at(240, { what: 'standDown', incident: first, unit: 'CRO-V002', alertId: second });
  hand.close(2000, first, 1, 1);
  // Declined by one, not answered by the other; the ambulance is first.
  const declined = hand.call(100, 'croydon', 'other');
  hand.alert(160, declined, 'CRO-V003', { sounding: 161, declined: 170 });
  hand.alert(170, declined, 'CRO-V004', { sounding: 171 });
  hand.close(3000, declined, 1, 0);
  // Before the area's date, and after it: there the unit comes after the ambulance.
  const before = hand.call(200, 'enfield');
  const none = { considered: [], more: {}, wanted: 0, criteriaVersion: 1 };
  const why = { reasons: ['beforeGoLive'], final: true };
  hand.at(260, { what: 'noAlert', incident: before, ...why, ...none });
  hand.close(3000, before, 1, 0);
  const after = hand.call(DAY_S, 'enfield');
  const late = { sounding: DAY_S + 61, accepted: DAY_S + 66, onScene: DAY_S + 500 };
  hand.alert(DAY_S + 60, after, 'ENF-V001', { ...late, aedTaken: DAY_S + 501 });
  hand.close(DAY_S + 3000, after, 2, 0);
  hand.at(DAY_S + 3001, { what: 'warning', area: '*', reasons: ['moreThanForecast'] });
  return hand;
}

test('N1, Y3: activations, responses, patients and resuscitated are counted apart', () => {
  assert.equal(handMade().statistics().counts, {
    calls: 4,
    matched: 4,
    activations: 3,
    alerts: 5,
    responses: 3,
    declined: 1,
    unanswered: 1,
    stoodDown: 1,
    unitFirst: 1,
    patients: 3,
    resuscitatedAndTransported: 1,
  });
});

test('L2, L4: the times of each step, from the call to the patient', () => {
  const { times } = handMade().statistics();
  const medianOf = (name: keyof typeof times) => times[name]?.median.value;
  assert.is(times.callToAlertS?.count, 3);
  assert.is(medianOf('callToAlertS'), 60);
  assert.is(medianOf('codedToAlertS'), 0);
  assert.is(medianOf('alertToSoundingS'), 1);
  // 70 − 62 of the alert that was accepted first, and 66 − 61.
  assert.is(medianOf('soundingToAcceptanceS'), 6.5);
  assert.is(medianOf('callToAedS'), (240 + 500) / 2 + TO_PATIENT_S);
  assert.is(medianOf('callToAmbulanceS'), 480 + TO_PATIENT_S);
  assert.is(times.callToFirstS?.mean, (240 + 480 + 480) / 3 + TO_PATIENT_S);
});

test('L10, L12: by area and wave, before and after the date, pilot apart from roll-out', () => {
  const { byArea, byWave, pilot, rollout, noAlertReasons } = handMade().statistics();
  const enfield = byArea.find(({ id }) => id === 'enfield');
  assert.is(enfield?.before.counts.matched, 1);
  assert.is(enfield?.before.counts.activations, 0);
  assert.is(enfield?.after.counts.activations, 1);
  assert.is(enfield?.after.counts.unitFirst, 0);
  assert.equal(
    byWave.map(({ wave, goesLiveOn, areas }) => ({ wave, goesLiveOn, areas })),
    [
      { wave: 0, goesLiveOn: '2017-07-01', areas: ['Croydon'] },
      { wave: 1, goesLiveOn: '2017-07-11', areas: ['Enfield'] },
    ],
  );
  assert.is(pilot.counts.activations, 2);
  assert.is(pilot.callToFirstS?.mean, (240 + 480) / 2 + TO_PATIENT_S);
  assert.is(rollout.counts.activations, 1);
  assert.equal(noAlertReasons, { beforeGoLive: 1 });
});

test('Y4: by week, beside the forecast', () => {
  const { byWeek, expectedPerWeek, forecastWarnings } = handMade().statistics();
  assert.equal(
    byWeek.map(({ matched, activations, liveAreas }) => [matched, activations, liveAreas]),
    [
      [4, 3, 1],
      [0, 0, 2],
    ],
  );
  assert.is(expectedPerWeek, 3);
  assert.is(forecastWarnings, 1);
});

test('L12: survivors: of arrests in live areas, more with units, within their interval', () => {
  const { lives } = handMade().statistics();
  assert.ok(lives);
  assert.is(lives.arrests, 2);
  assert.ok(Math.abs(lives.survivorsAlone - 2 * 0.079) < 1e-9);
  assert.ok(lives.survivorsWithUnits > lives.survivorsAlone);
  assert.ok(lives.more.low >= 0 && lives.more.low <= lives.more.value);
  assert.ok(lives.more.value <= lives.more.high);
});

test('a ledger without the truth has no survivors, and times from when the call was had', () => {
  const { lives, times, counts } = handMade().statistics([]);
  assert.is(lives, null);
  assert.is(counts.activations, 3);
  assert.is(times.callToAlertS?.median.value, 0);
});

test('Y3: 40 activations with 5 resuscitated and transported; N1: 405 responses', () => {
  const log = (incidents: number, resuscitated: number) => {
    const hand = new Hand();
    for (let i = 0; i < incidents; i++) {
      const incident = hand.call(i * 2000, 'croydon');
      const s = i * 2000 + 60;
      hand.alert(s, incident, 'CRO-V001', { sounding: s + 1, accepted: s + 9 });
      hand.close(s + 1500, incident, 1, i < resuscitated ? 1 : 0);
    }
    return hand.statistics().counts;
  };
  const yorkshire = log(40, 5);
  assert.is(yorkshire.activations, 40);
  assert.is(yorkshire.resuscitatedAndTransported, 5);
  assert.is(log(405, 0).responses, 405);
});

test('L14: volunteers stand apart: told, accepted, first with an AED, and in no figure of units', () => {
  const plain = handMade().statistics();
  const hand = handMade();
  const told = (s: number, volunteer: string, steps: Readonly<Record<string, number>>) => {
    hand.at(s, { what: 'alertVolunteer', incident: 'I1', volunteer, standard: 'first-aid' });
    for (const [step, atS] of Object.entries(steps)) {
      hand.at(atS, { what: 'volunteer', incident: 'I1', volunteer, step });
    }
  };
  told(60, 'V1', { sent: 60, accepted: 80, onScene: 200, aedTaken: 200 });
  told(60, 'V2', { sent: 60, declined: 90 });
  told(90, 'V3', { sent: 90, silent: 150 });
  const with3 = hand.statistics();
  const { callToVolunteerS, callToVolunteerAedS, ...counts } = with3.volunteers ?? {};
  assert.equal(counts, {
    incidents: 1,
    alerted: 3,
    accepted: 1,
    declined: 1,
    noAnswer: 1,
    onScene: 1,
    withAed: 1,
    firstAtPatient: 1,
    firstWithAed: 1,
  });
  assert.is(callToVolunteerS?.median.value, 200);
  assert.is(callToVolunteerAedS?.median.value, 200);
  assert.equal(with3.counts, plain.counts);
  assert.equal(with3.times, plain.times);
  assert.equal(with3.lives, plain.lives);
});

test('who was passed over, and who was alerted all the same, once a call', () => {
  const hand = handMade();
  const near = { travelS: 60, errorM: 10 };
  const considered = [
    { unit: 'CRO-V007', ...near, reasons: ['crewCommitted', 'aedAbsent'] },
    { unit: 'CRO-V008', ...near, reasons: ['crewCommitted'] },
  ];
  for (const s of [60, 90])
    hand.at(s, { what: 'passedOver', incident: 'I1', considered, more: {} });
  const ids = { incident: 'I1', unit: 'CRO-V009', alertId: 99 };
  hand.at(95, { what: 'alert', ...ids, reasons: ['skillNotCurrent'] });
  const { passedOver, alertedWith } = hand.statistics();
  assert.equal(passedOver, { crewCommitted: 2, aedAbsent: 1 });
  assert.equal(alertedWith, { skillNotCurrent: 1 });
});

test('nothing at all gives zeroes and unknowns', () => {
  const { counts, times, lives, pilot } = new Hand().statistics();
  assert.is(
    Object.values(counts).reduce((sum, value) => sum + value, 0),
    0,
  );
  assert.ok(Object.values(times).every((spread) => spread === null));
  assert.is(lives, null);
  assert.is(pilot.callToFirstS, null);
});

test.run();
