/** What units tell over MQTT, in the words of the control room's ledger. */
import {
  Answer,
  CrewStatus,
  DeclineReason,
  Fix,
  PositionReason,
  Presence,
  Readiness,
  Refusal,
  Step,
} from '../../protocol/codes.js';
import { nameOf, type Fields } from '../../protocol/host/messages.js';
import type { ControlEvent } from './control-room.js';
import type { AedPresence, AedReadiness, AlertStep, CrewState, Input } from './events.js';

/** Undefined for what decides nothing, such as a unit's health. */
export function inputOf(event: ControlEvent): Input | undefined {
  const { unit, name, fields, atMs } = event;
  switch (name) {
    case 'birth':
    case 'death':
      return { do: 'unit', unit, report: { kind: 'alive', alive: name === 'birth' } };
    case 'status':
      return { do: 'unit', unit, report: { kind: 'crew', state: crewOf(fields) } };
    case 'aed': {
      const presence = nameOf(Presence, number(fields, 'presence')) as AedPresence;
      const readiness = nameOf(Readiness, number(fields, 'readiness')) as AedReadiness;
      return { do: 'unit', unit, report: { kind: 'aed', presence, readiness } };
    }
    case 'position':
      return positionOf(unit, fields, atMs);
    case 'receipt': {
      const step = nameOf(Step, number(fields, 'step')) as AlertStep;
      const refusal = nameOf(Refusal, number(fields, 'refusal'));
      return stepOf(fields, step, step === 'refused' ? refusal : '', atMs);
    }
    case 'response': {
      const answer = nameOf(Answer, number(fields, 'answer'));
      const step = ({ accept: 'accepted', decline: 'declined' }[answer] ?? answer) as AlertStep;
      const reason = nameOf(DeclineReason, number(fields, 'reason'));
      return stepOf(fields, step, step === 'declined' && reason !== 'none' ? reason : '', atMs);
    }
    default:
      return undefined;
  }
}

function stepOf(fields: Fields, step: AlertStep, reason: string, atMs: number): Input {
  // A unit that does not know the time yet tells none.
  const stepAtMs = (fields['at'] as number | null) ?? atMs;
  return { do: 'step', alertId: number(fields, 'dispatchId'), step, reason, stepAtMs };
}

function crewOf(fields: Fields): CrewState {
  const status = nameOf(CrewStatus, number(fields, 'status'));
  if (status === 'committedElsewhere') return 'committed';
  return status === 'available' || status === 'unavailable' ? status : 'unknown';
}

/** The loss of a fix says nothing of where the unit is, and a missed one not where it is now. */
function positionOf(unit: string, fields: Fields, atMs: number): Input | undefined {
  const { latitudeE7, longitudeE7, speedCmPerS, fixAgeMs, at } = fields;
  const isNow = fields['fix'] !== Fix.none && fields['reason'] !== PositionReason.missed;
  if (!isNow || typeof latitudeE7 !== 'number' || typeof longitudeE7 !== 'number') return undefined;
  const place = { latitude: latitudeE7 / 1e7, longitude: longitudeE7 / 1e7 };
  const fixAtMs = ((at as number | null) ?? atMs) - ((fixAgeMs as number | null) ?? 0);
  const speedKmh = ((speedCmPerS as number | null) ?? 0) * 0.036;
  return { do: 'unit', unit, report: { kind: 'position', place, fixAtMs, speedKmh } };
}

function number(fields: Fields, name: string): number {
  return fields[name] as number;
}
