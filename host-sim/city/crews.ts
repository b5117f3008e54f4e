/**
 * What a crew does with an alert, decided at its first tone: the answer, and when it is where. The
 * same whether the unit is a model or the real bundle, whose alarm is then what the times follow.
 */
import type { Place } from '../control-room/events.js';
import type { Random } from '../world/random.js';
import type { Assumptions } from './assumptions.js';
import type { CityCall } from './calls.js';
import { personS } from './draws.js';
import type { Travel } from './travel.js';

export interface Answer {
  readonly what: 'accept' | 'decline' | 'none';
  readonly atMs: number;
}

export interface Journey {
  readonly departAtMs: number;
  readonly sceneAtMs: number;
  readonly patientAtMs: number;
  /** Null where an ambulance's defibrillator is there before, or the patient is in no arrest. */
  readonly aedUsedAtMs: number | null;
  readonly handedOverAtMs: number;
  readonly clearAtMs: number;
}

/** Within this it is there already, and drives nowhere (L4). */
export const ON_SCENE_M = 75;

export function answerOf(soundedAtMs: number, assumptions: Assumptions, random: Random): Answer {
  const { acceptShare, silentShare, answerS } = assumptions.crews;
  const share = random.unit();
  const atMs = soundedAtMs + Math.round(personS(answerS.value, random) * 1000);
  if (share < acceptShare.value) return { what: 'accept', atMs };
  return { what: share < acceptShare.value + silentShare.value ? 'none' : 'decline', atMs };
}

/**
 * From an accepted alert to the crew being free again.
 * @param waits it stands at a station with its crew indoors
 * @param isThere it was within ON_SCENE_M of the call
 */
export function journeyOf(
  acceptedAtMs: number,
  from: Place,
  waits: boolean,
  isThere: boolean,
  call: CityCall,
  assumptions: Assumptions,
  travel: Travel,
  random: Random,
): Journey {
  const { vehicleToPatientS, aedOnToShockS, clearAfterS } = assumptions.crews;
  const turnoutS = isThere
    ? 0
    : personS(assumptions.units.turnoutS.value[waits ? 'station' : 'vehicle'], random);
  const departAtMs = acceptedAtMs + ms(turnoutS);
  const roadS = isThere ? 0 : travel.responseS(from, call.place, departAtMs);
  const sceneAtMs = departAtMs + ms(roadS);
  const patientAtMs = sceneAtMs + ms(vehicleToPatientS.value);
  const ambulanceAtPatientMs = call.ambulanceAtMs + ms(vehicleToPatientS.value);
  const isFirst = patientAtMs < ambulanceAtPatientMs;
  const handedOverAtMs = Math.max(patientAtMs, ambulanceAtPatientMs) + ms(30);
  return {
    departAtMs,
    sceneAtMs,
    patientAtMs,
    aedUsedAtMs:
      isFirst && call.finding === 'arrest' ? patientAtMs + ms(aedOnToShockS.value) : null,
    handedOverAtMs,
    clearAtMs: handedOverAtMs + ms(personS(clearAfterS.value, random)),
  };
}

function ms(seconds: number): number {
  return Math.round(seconds * 1000);
}
