/** What one incident is measured by: seconds between its steps, null for what did not happen. */
import type { AlertStep } from '../../control-room/events.js';
import type { AlertRecord, IncidentRecord } from './incidents.js';

export interface Measures {
  /** From the call being picked up to the first alert. */
  readonly callToAlertS: number | null;
  /** From the control room having the call to the first alert: its own share (L2). */
  readonly codedToAlertS: number | null;
  /**
   * From an alert to the control room learning of its first tone, of the alert that sounded first:
   * by one clock, as a unit's own may be some tenths of a second off.
   */
  readonly alertToSoundingS: number | null;
  /** From the first tone to the crew's acceptance, of the alert that was accepted first. */
  readonly soundingToAcceptanceS: number | null;
  /** From the call being picked up to a unit's AED at the patient. */
  readonly callToAedS: number | null;
  /** To the ambulance's crew at the patient. */
  readonly callToAmbulanceS: number | null;
  /** To whichever of the two was there first: the first defibrillator. */
  readonly callToFirstS: number | null;
  /** To the first volunteer at the patient, and to the first of them with an AED. */
  readonly callToVolunteerS: number | null;
  readonly callToVolunteerAedS: number | null;
  /** Who brought the first AED or defibrillator; null where nobody's time is known. */
  readonly firstWithAed: 'unit' | 'volunteer' | 'ambulance' | null;
  /** A unit was on scene before the ambulance (L4); null where the ambulance's time is unknown. */
  readonly unitFirst: boolean | null;
}

/** @param vehicleToPatientS from a vehicle's stop to the patient, for any crew */
export function measuresOf(incident: IncidentRecord, vehicleToPatientS: number): Measures {
  const { alerts, volunteers, codedAtMs, truth, ambulanceOnSceneAtMs } = incident;
  const startAtMs = truth?.pickedUpAtMs ?? codedAtMs;
  const firstAlert = alerts[0];
  const sounded = earliest(alerts, 'sounding');
  const accepted = earliest(alerts, 'accepted');
  const withAed = alerts.filter(({ steps }) => steps.aedTaken !== undefined);
  const arrived = earliest(withAed, 'onScene') ?? earliest(withAed, 'alreadyOnScene');
  const sceneAtMs = arrived && stepOf(arrived, ['onScene', 'alreadyOnScene']);
  const toPatient = (atMs: number | null | undefined) =>
    atMs == null ? null : (atMs - startAtMs) / 1000 + vehicleToPatientS;
  const [aedS, ambulanceS] = [toPatient(sceneAtMs), toPatient(ambulanceOnSceneAtMs)];
  const volunteerS = (step: 'onScene' | 'aedTaken') =>
    least(volunteers.map(({ steps }) => seconds(startAtMs, steps[step])));
  const volunteerAedS = volunteerS('aedTaken');
  return {
    callToAlertS: firstAlert ? (firstAlert.atMs - startAtMs) / 1000 : null,
    codedToAlertS: firstAlert ? (firstAlert.atMs - codedAtMs) / 1000 : null,
    alertToSoundingS: sounded ? seconds(sounded.atMs, sounded.heard.sounding) : null,
    soundingToAcceptanceS: accepted
      ? seconds(accepted.steps.sounding, accepted.steps.accepted)
      : null,
    callToAedS: aedS,
    callToAmbulanceS: ambulanceS,
    callToFirstS: least([aedS, ambulanceS]),
    callToVolunteerS: volunteerS('onScene'),
    callToVolunteerAedS: volunteerAedS,
    firstWithAed: firstOf({ unit: aedS, volunteer: volunteerAedS, ambulance: ambulanceS }),
    unitFirst: ambulanceS === null ? null : aedS !== null && aedS < ambulanceS,
  };
}

function earliest(alerts: readonly AlertRecord[], step: AlertStep): AlertRecord | null {
  let first: AlertRecord | null = null;
  for (const alert of alerts) {
    const atMs = alert.steps[step];
    if (atMs !== undefined && (!first || atMs < (first.steps[step] as number))) first = alert;
  }
  return first;
}

function stepOf(alert: AlertRecord, steps: readonly AlertStep[]): number | null {
  const times = steps.flatMap((step) => alert.steps[step] ?? []);
  return times.length > 0 ? Math.min(...times) : null;
}

function seconds(fromMs: number | undefined, toMs: number | undefined): number | null {
  return fromMs === undefined || toMs === undefined ? null : (toMs - fromMs) / 1000;
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

function firstOf<Who extends string>(times: Readonly<Record<Who, number | null>>): Who | null {
  const first = least(Object.values(times));
  const who = Object.keys(times) as Who[];
  return who.find((each) => first !== null && times[each] === first) ?? null;
}
