/** The settings that the control room gives: put in force, kept once control was heard, or given up. */
import { openBytes } from '../../protocol/bytes.js';
import { Refusal } from '../../protocol/codes.js';
import { decodeConfig } from '../../protocol/generated/config.js';
import { OUTCOME_TYPE } from '../../protocol/generated/outcome.js';
import { configureBay } from '../aed/bay.js';
import { confirmConfig, isTrialOver, rollBack, tryConfig } from '../config/config.js';
import { areBrokers, useBrokers } from '../link/brokers.js';
import { CloseReason, closeSession } from '../link/session.js';
import { setEnRoute } from '../position/tracker.js';
import { wake } from '../time/tasks.js';
import type { Unit } from '../unit.js';
import { setAlert } from './alarm-and-desk.js';
import { lookAtBay } from './bay.js';
import { tell } from './news.js';
import { Task } from './task.js';

/**
 * Takes settings on trial.
 * @param body the message that holds them
 * @returns a refusal code, or null if flash did not take them
 * @rare
 */
export function takeSettings(
  unit: Unit,
  body: string,
  counter: number,
  nowMs: number,
): number | null {
  const keeper = unit.keeper;
  const before = keeper.config;
  const bytes = unit.ports.bytes;
  const config = decodeConfig(openBytes(bytes, body), bytes);
  if (typeof config === 'number' || !areBrokers(config.brokers)) {
    tell(unit, OUTCOME_TYPE, counter, Refusal.badSetting, 0, 0);
    return Refusal.none;
  }
  const isOther = config.brokers !== before.brokers;
  // A new connection may take long, and somebody waits for an answer.
  if (isOther && unit.desk.jobs.length > 0) {
    tell(unit, OUTCOME_TYPE, counter, Refusal.jobOpen, 0, 0);
    return Refusal.none;
  }
  const replaced = keeper.trialCounter;
  const refusal = tryConfig(keeper, config, body, counter, nowMs);
  if (refusal !== Refusal.none) return refusal;
  if (replaced !== 0 && replaced !== keeper.trialCounter) {
    tell(unit, OUTCOME_TYPE, replaced, Refusal.rolledBack, 0, 0);
  }
  if (keeper.config === before) tell(unit, OUTCOME_TYPE, counter, Refusal.none, 0, 0);
  else putInForce(unit);
  return Refusal.none;
}

/**
 * All that is in force.
 * @rare
 */
export function applySettings(unit: Unit): void {
  putInForce(unit);
  followBrokers(unit);
}

/**
 * Goes to the brokers that are in force, the first of them first. Not before the message that named
 * them is acknowledged (CR-153).
 * @rare
 */
export function followBrokers(unit: Unit): void {
  if (!useBrokers(unit.link, unit.keeper.config.brokers)) return;
  closeSession(unit.session, CloseReason.newSettings);
  // The end of a connection moves on to the next.
  unit.link.brokerAt = 0;
}

/**
 * From now on the parts work by what is in force.
 * @rare
 */
function putInForce(unit: Unit): void {
  const config = unit.keeper.config;
  unit.tracker.rates = config;
  // The next report comes at the new rate.
  setEnRoute(unit.tracker, unit.tracker.isEnRoute, unit.ports.clock.nowMs());
  wake(unit.tasks, Task.tracker);
  unit.crew.lockSpeedKmH = config.lockSpeedKmH;
  setAlert(unit, config);
  configureBay(unit.bay, config);
  lookAtBay(unit);
  wake(unit.tasks, Task.bay);
}

/** What is due by time, or because the control room was just heard. */
export function runSettings(unit: Unit, nowMs: number): void {
  const keeper = unit.keeper;
  if (isTrialOver(keeper, nowMs)) giveUp(unit);
  if (keeper.givenUp !== 0) tellGivenUp(unit);
}

/**
 * A `hello` of this connection: what is on trial works.
 * @rare
 */
export function settingsWork(unit: Unit): void {
  const counter = confirmConfig(unit.keeper);
  if (counter !== 0) tell(unit, OUTCOME_TYPE, counter, Refusal.none, 0, 0);
}

/** @rare */
function giveUp(unit: Unit): void {
  rollBack(unit.keeper);
  applySettings(unit);
}

/** @rare */
function tellGivenUp(unit: Unit): void {
  tell(unit, OUTCOME_TYPE, unit.keeper.givenUp, Refusal.rolledBack, 0, 0);
  unit.keeper.givenUp = 0;
  wake(unit.tasks, Task.desk);
}
