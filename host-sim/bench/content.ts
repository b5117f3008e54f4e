/** Typical messages of every type, for what is measured by them. */
import * as codes from '../../protocol/codes.js';
import { GENERATION_BYTES } from '../../protocol/seal/keys.js';

const AT = 1767261600000;
const unitTime = { at: AT, clock: codes.ClockQuality.gps };
const job = { dispatchId: 1767261001 };
const step = { elapsedMs: 4200, ...unitTime };

/** 127 bytes. */
export const typicalDispatch = {
  ...job,
  category: codes.Category.cardiacArrest,
  expiresAt: AT + 900000,
  issuedAt: AT,
  latitudeE7: 515356130,
  longitudeE7: -1431520,
  ambulanceReference: 'LAS-0412771',
  address: '14 Camden High Street, NW1 0JH, 2nd floor',
  note: 'CPR in progress, door code 4471',
};

export const typicalPosition = {
  fix: codes.Fix.gps,
  reason: codes.PositionReason.periodic,
  latitudeE7: 515356130,
  longitudeE7: -1431520,
  speedCmPerS: 1340,
  courseCentiDeg: 27450,
  altitudeDm: 312,
  satellites: 9,
  hdopCenti: 95,
  fixAgeMs: 240,
  ...unitTime,
};

/** By the name of the message. */
export const typicalMessages: Readonly<Record<string, object>> = {
  dispatch: typicalDispatch,
  'stand-down': { ...job, reason: codes.StandDownReason.ambulanceOnScene },
  hello: { birthCounter: 4097, state: codes.ControlState.onDuty, issuedAt: AT },
  command: {
    command: codes.Command.rotateKeys,
    generation: 2,
    keys: '\x5a'.repeat(GENERATION_BYTES),
  },
  birth: {
    birthCounter: 4097,
    heardCounter: 1767261000,
    kind: codes.UnitKind.vehicle,
    callSign: 'KILO 21',
    firmware: '0.1.0',
    board: 'esp32-devkit',
    ...unitTime,
  },
  death: { birthCounter: 4097 },
  receipt: { ...job, step: codes.Step.sounding, refusal: codes.Refusal.none, ...step },
  response: {
    ...job,
    answer: codes.Answer.accept,
    reason: codes.DeclineReason.none,
    ...step,
  },
  aed: {
    presence: codes.Presence.present,
    readiness: codes.Readiness.unknown,
    reasons: codes.AedReason.notSensed,
    seenMsAgo: 1200,
    ...unitTime,
  },
  position: typicalPosition,
};
