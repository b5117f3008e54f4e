/**
 * Makes the event logs in fixtures/control-room: what happened to a control room, line by line, such
 * that its ledger comes to the published figures. All but the figures is made up, from a seed.
 * `node --import tsx test/support/event-logs.ts` writes them anew.
 */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { createCoordinator } from '../../host-sim/control-room/coordinator.js';
import type { AlertStep, Input } from '../../host-sim/control-room/events.js';
import { rosterOf, type RosterUnit } from '../../host-sim/schemes/roster.js';
import { loadScheme } from '../../host-sim/schemes/schema.js';
import { Random } from '../../host-sim/world/random.js';

export interface Happened {
  readonly atMs: number;
  readonly input: Input;
}

export interface Published {
  readonly scheme: string;
  readonly fromMs: number;
  readonly untilMs: number;
  /** Emergencies to which a unit went. */
  readonly responses: number;
  /** Beside those: a unit was alerted, and could not go. */
  readonly declined: number;
  readonly patients: number;
  readonly resuscitated: number;
}

/** Y3: "activated 40 times since its introduction on September 5 – with five patients…". */
export const WEST_YORKSHIRE: Published = {
  scheme: 'west-yorkshire',
  fromMs: Date.UTC(2017, 8, 5, 6),
  untilMs: Date.UTC(2017, 9, 23, 6),
  responses: 38,
  declined: 2,
  patients: 38,
  resuscitated: 5,
};

/** N1: "responded to 405 medical emergencies", "More than 400 patients". */
export const NORFOLK: Published = {
  scheme: 'norfolk',
  fromMs: Date.UTC(2016, 6, 18, 8),
  untilMs: Date.UTC(2017, 5, 30, 8),
  responses: 405,
  declined: 9,
  patients: 403,
  resuscitated: 31,
};

export function eventLog(published: Published): string {
  const { scheme: name, fromMs, untilMs, responses, declined, patients, resuscitated } = published;
  const scheme = loadScheme(name);
  const coordinator = createCoordinator(scheme);
  const random = new Random(405).fork(name);
  const log: Happened[] = [];
  const tell = (atMs: number, input: Input) => {
    log.push({ atMs, input });
    return coordinator.take(input, atMs);
  };
  const units = rosterOf(scheme).filter(({ kind }) => kind === 'station' || name !== 'norfolk');
  for (const { id: unit } of units) {
    tell(fromMs, { do: 'unit', unit, report: { kind: 'alive', alive: true } });
    tell(fromMs, { do: 'unit', unit, report: { kind: 'crew', state: 'available' } });
    const aed = { kind: 'aed', presence: 'present', readiness: 'ready' } as const;
    tell(fromMs, { do: 'unit', unit, report: aed });
  }
  const total = responses + declined;
  /** Every so many-th of all; true for just `count` of them. */
  const isOneOf = (i: number, count: number, of: number) =>
    Math.floor(((i + 1) * count) / of) > Math.floor((i * count) / of);
  let answered = 0;
  for (let i = 0; i < total; i++) {
    const atMs = Math.round(fromMs + ((untilMs - fromMs) * (i + random.unit() / 2 + 0.25)) / total);
    const unit = units[random.integer(0, units.length - 1)] as RosterUnit;
    const place = placeOf(
      unit,
      scheme.areas.find(({ id }) => id === unit.area),
      random,
    );
    if (!unit.place) {
      const report = { kind: 'position', place, fixAtMs: atMs - 5000, speedKmh: 0 } as const;
      tell(atMs - 5000, { do: 'unit', unit: unit.id, report });
    }
    const incident = `${name.slice(0, 1).toUpperCase()}${i + 1}`;
    const call = {
      callId: incident,
      place,
      address: `Call ${i + 1}`,
      determinant: '09E01',
      text: '',
      ambulanceReference: `A${i + 1}`,
    };
    const lines = tell(atMs, { do: 'call', call });
    const alertId = lines.find(({ what }) => what === 'alert')?.alertId as number;
    const step = (seconds: number, told: AlertStep, reason = '') => {
      const stepAtMs = atMs + Math.round(seconds * 1000);
      tell(stepAtMs, { do: 'step', alertId, step: told, reason, stepAtMs });
    };
    const closed = { do: 'closeIncident', incident } as const;
    const isDeclined = isOneOf(i, declined, total);
    if (isDeclined) step(random.between(5, 20), 'declined', 'otherEmergency');
    else {
      step(random.between(5, 40), 'accepted');
      step(random.between(150, 600), 'onScene');
      step(random.between(1200, 2400), 'clear');
    }
    // Some calls had no patient when the crew came.
    const j = isDeclined ? -1 : answered++;
    const isPatient = j >= 0 && isOneOf(j, patients, responses);
    const isSaved = isPatient && isOneOf(j, resuscitated, responses);
    const counts = { patients: Number(isPatient), resuscitatedAndTransported: Number(isSaved) };
    tell(atMs + 3_000_000, { ...closed, ...counts });
  }
  return log.map((each) => `${JSON.stringify(each)}\n`).join('');
}

function placeOf(
  unit: RosterUnit,
  area: { latitude: number; longitude: number } | undefined,
  random: Random,
) {
  const { latitude, longitude } = unit.place ?? area ?? { latitude: 0, longitude: 0 };
  const near = (degrees: number) => Number((degrees + random.between(-0.008, 0.008)).toFixed(4));
  return { latitude: near(latitude), longitude: near(longitude) };
}

export function logPath(scheme: string): string {
  return fileURLToPath(new URL(`../fixtures/control-room/${scheme}.ndjson`, import.meta.url));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const each of [WEST_YORKSHIRE, NORFOLK]) writeFileSync(logPath(each.scheme), eventLog(each));
}
