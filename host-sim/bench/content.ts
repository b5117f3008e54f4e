/** Typical messages of every type, for what is measured by them. */
import * as codes from '../../protocol/codes.js';
import type { Aed } from '../../protocol/generated/aed.js';
import type { Birth } from '../../protocol/generated/birth.js';
import type { Command } from '../../protocol/generated/command.js';
import { defaultConfig, type Config } from '../../protocol/generated/config.js';
import type { Death } from '../../protocol/generated/death.js';
import type { Dispatch } from '../../protocol/generated/dispatch.js';
import type { Health } from '../../protocol/generated/health.js';
import type { Hello } from '../../protocol/generated/hello.js';
import type { Outcome } from '../../protocol/generated/outcome.js';
import type { Position } from '../../protocol/generated/position.js';
import type { Receipt } from '../../protocol/generated/receipt.js';
import type { Response } from '../../protocol/generated/response.js';
import type { StandDown } from '../../protocol/generated/stand-down.js';
import type { Status } from '../../protocol/generated/status.js';
import type { Update } from '../../protocol/generated/update.js';
import { GENERATION_BYTES } from '../../protocol/seal/keys.js';

const AT = 1767261600000;
const unitTime = { at: AT, clock: codes.ClockQuality.gps };
const job = { dispatchId: 1767261001 };
const step = { elapsedMs: 4200, ...unitTime };

export const typicalDispatch: Dispatch = {
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

export const typicalPosition: Position = {
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

interface Messages {
  dispatch: Dispatch;
  'stand-down': StandDown;
  hello: Hello;
  command: Command;
  update: Update;
  config: Config;
  birth: Birth;
  death: Death;
  receipt: Receipt;
  response: Response;
  aed: Aed;
  position: Position;
  health: Health;
  status: Status;
  outcome: Outcome;
}

/** By the name of the message. */
export const typicalMessages: Messages = {
  dispatch: typicalDispatch,
  'stand-down': { ...job, issuedAt: AT, reason: codes.StandDownReason.ambulanceOnScene },
  hello: { birthCounter: 4097, heardCounter: 8233, issuedAt: AT, state: codes.ControlState.onDuty },
  command: {
    command: codes.Command.rotateKeys,
    generation: 2,
    issuedAt: AT,
    keys: '\x5a'.repeat(GENERATION_BYTES),
  },
  update: {
    ...job,
    revision: 1,
    expiresAt: AT + 900000,
    issuedAt: AT + 60000,
    latitudeE7: 515356130,
    longitudeE7: -1431520,
    address: '14 Camden High Street, NW1 0JH, rear entrance',
    note: 'Family waits at the gate',
  },
  config: { ...defaultConfig(), version: 3, issuedAt: AT, aedTag: '04A2B91C' },
  birth: {
    birthCounter: 4097,
    heardCounter: 1767261000,
    configVersion: 3,
    unitKind: codes.UnitKind.vehicle,
    callSign: 'KILO 21',
    firmware: '0.1.0',
    board: 'esp32-devkit',
    ...unitTime,
  },
  death: { birthCounter: 4097 },
  receipt: { ...job, step: codes.Step.sounding, refusal: codes.Refusal.none, ...step },
  response: { ...job, answer: codes.Answer.accept, reason: codes.DeclineReason.none, ...step },
  aed: {
    presence: codes.Presence.present,
    readiness: codes.Readiness.unknown,
    reasons: codes.AedReason.notSensed,
    seenMsAgo: 1200,
    temperatureDeciC: 214,
    ...unitTime,
  },
  position: typicalPosition,
  health: {
    uptimeS: 35210,
    freeVariables: 1180,
    refusedTooLong: 0,
    refusedWrongVersion: 0,
    refusedNotSealed: 0,
    refusedUnknownKey: 0,
    refusedBadTag: 0,
    refusedReplayed: 2,
    refusedStale: 0,
    refusedFromFuture: 0,
    refusedWrongUnit: 0,
    refusedWrongDirection: 0,
    refusedMalformed: 0,
    droppedMessages: 0,
    connections: 3,
    recoveries: 0,
    uncaughtErrors: 0,
    exhaustions: 0,
    lateTasks: 1,
    badChecksums: 12,
    badSentences: 0,
    restartCause: codes.RestartCause.powerOn,
    ranOut: 0,
    failedBoots: 0,
    ...unitTime,
  },
  status: {
    status: codes.CrewStatus.available,
    reason: codes.DeclineReason.none,
    ...unitTime,
  },
  outcome: { counter: 1767261002, refusal: codes.Refusal.none, ...unitTime },
};
