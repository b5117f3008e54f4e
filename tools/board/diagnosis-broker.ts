/** What is wrong with a unit by what the broker heard of it. Pure. */
import { AedReason, ClockQuality, Fix, Presence, Readiness } from '../../protocol/codes.js';
import { nameOf } from '../../protocol/host/messages.js';
import { MAX_AED_AGE_MS, MAX_FIX_AGE_MS } from '../fleet/troubles.js';
import { ageMs, newestClock, refusedByUnit, type WatchedUnit } from '../fleet/watch-model.js';
import { PROVISION, type Row } from './diagnosis-row.js';

/** A health report goes out every 5 minutes; one may get lost. */
export const MAX_HEALTH_AGE_MS = 11 * 60_000;

/** What the broker told while it was listened to. */
export interface BrokerFacts {
  readonly unit: WatchedUnit;
  readonly nowMs: number;
  readonly listenedS: number;
}

export const brokerRows: readonly Row<BrokerFacts>[] = [
  [
    'not-opened',
    ({ unit }) => {
      const refused = Object.entries(unit.refused).map(([name, count]) => `${name} ${count}`);
      return refused.length > 0
        ? `messages in its name did not prove themselves: ${refused.join(', ')}`
        : null;
    },
    'badTag or unknownKey: is it the right fleet, and was it provisioned since fleet rotate? ' +
      'Else somebody else speaks in its name',
  ],
  [
    'never-born',
    ({ unit, listenedS }) =>
      unit.link === 'never' ? `the broker has never heard of it (${listenedS} s listened)` : null,
    'is it powered, in the network, and the broker’s address right? Run doctor on its console; ' +
      'does the broker have the files of fleet access?',
  ],
  [
    'dead',
    ({ unit }) => (unit.link === 'down' ? 'it was connected, and is not any more' : null),
    'is the vehicle’s network up and the unit powered? If both, run doctor on its console',
  ],
  [
    'other-call-sign',
    ({ unit }, { wanted: { callSign } }) => {
      const told = unit.latest['birth']?.fields['callSign'];
      return told === undefined || told === callSign
        ? null
        : `it calls itself ${told}, the fleet calls it ${callSign}`;
    },
    PROVISION,
  ],
  [
    'other-version',
    ({ unit }, { version }) => {
      const told = unit.latest['birth']?.fields['firmware'];
      return told === undefined || told === version
        ? null
        : `it runs version ${told}, ${version} is built here`;
    },
    PROVISION,
  ],
  [
    'silent',
    ({ unit, nowMs }) => {
      const age = ageMs(unit.latest['health'], null, nowMs);
      return unit.link === 'up' && age !== null && age > MAX_HEALTH_AGE_MS
        ? `its last report of its health is ${minutes(age)} old`
        : null;
    },
    'the link is half open, or the unit hangs: its watchdog restarts it; switch it off and on if not',
  ],
  [
    'failing',
    ({ unit }) => {
      const health = unit.latest['health']?.fields ?? {};
      const names = [
        'failedBoots',
        'uncaughtErrors',
        'exhaustions',
        'lateTasks',
        'droppedMessages',
      ];
      const told = names.filter((name) => Number(health[name] ?? 0) > 0);
      return told.length > 0 ? told.map((name) => `${name} ${health[name]}`).join(', ') : null;
    },
    'send its health report to who builds the bundle; a unit with failedBoots: look at its supply',
  ],
  [
    'refusing',
    ({ unit }) => {
      const refused = Object.entries(refusedByUnit(unit)).map(
        ([name, count]) => `${name} ${count}`,
      );
      return refused.length > 0 ? `it has refused messages: ${refused.join(', ')}` : null;
    },
    'badTag, replayed, wrongUnit: somebody tampers with the broker; fromFuture: the control ' +
      'room’s clock; unknownKey: provision after fleet rotate',
  ],
  [
    'no-clock',
    ({ unit }) => {
      const clock = newestClock(unit);
      return clock === ClockQuality.unknown || clock === ClockQuality.drifting
        ? `its clock is ${nameOf(ClockQuality, clock)}`
        : null;
    },
    'give the GPS antenna the sky; is the control room there to say hello?',
  ],
  [
    'no-fix',
    ({ unit, nowMs }) => {
      const position = unit.latest['position'];
      if (!position) return null;
      const { fix } = position.fields;
      if (fix === Fix.surveyed) return null;
      const age = ageMs(position, 'fixAgeMs', nowMs);
      if (age === null) return 'it has had no fix since its start';
      return fix === Fix.none || age > MAX_FIX_AGE_MS
        ? `its last fix is ${minutes(age)} old`
        : null;
    },
    'is the GPS receiver wired to D16 and its antenna under the sky? badSentences in health: its baud',
  ],
  [
    'no-aed',
    ({ unit }) => {
      const presence = unit.latest['aed']?.fields['presence'];
      return presence === undefined || presence === Presence.present
        ? null
        : `the AED is ${presence === Presence.absent ? 'not in its bracket' : 'not known to be there'}`;
    },
    'seat the AED; if it is seated, look at the bracket switch and its wire (D4)',
  ],
  [
    'aed-fault',
    ({ unit }) => {
      const aed = unit.latest['aed']?.fields;
      const isGood = aed?.['readiness'] === Readiness.ready;
      if (!aed || isGood || aed['presence'] !== Presence.present) return null;
      const why = bitNames(Number(aed['reasons']));
      return `the AED is not known to be ready: ${nameOf(Readiness, Number(aed['readiness']))}${why}`;
    },
    'look at the AED itself: lamp, pads, battery, temperature; notSensed alone needs a daily look',
  ],
  [
    'old-aed',
    ({ unit, nowMs }) => {
      const age = ageMs(unit.latest['aed'], 'seenMsAgo', nowMs);
      return age !== null && age > MAX_AED_AGE_MS
        ? `what is known of the AED is ${minutes(age)} old`
        : null;
    },
    'look at the AED, and at the sensor over its lamp (D32)',
  ],
];

function bitNames(bits: number): string {
  const names = Object.entries(AedReason).filter(([, bit]) => (bits & bit) !== 0);
  return names.length > 0 ? ` (${names.map(([name]) => name).join(', ')})` : '';
}

function minutes(ms: number): string {
  return `${Math.round(ms / 60_000)} min`;
}
