/**
 * Who may do what on a fleet's broker, whatever broker it is (SPEC CR-036): each unit publishes to
 * its own `up` and `state` and hears its own `down`; the control room the other way round.
 */
import { createHmac } from 'node:crypto';
import {
  downTopic,
  everyUnitState,
  everyUnitUp,
  stateTopic,
  upTopic,
} from '../../../protocol/topics.js';
import { ROOM_USERS, type Fleet } from '../folder.js';
import { brokerPassword } from '../secret.js';

export interface Account {
  readonly user: string;
  readonly password: string;
  /** Bytes for the salt of the password's hash: the same for the same password. */
  readonly salt: Buffer;
  /** Topic filters. */
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
}

/**
 * Messages that the broker must be able to keep for one client. When the network of a city comes
 * back, every unit says all that it has at once; of what a control room then cannot take as fast,
 * brokers throw away all but a thousand by default: births too, and who is born looks dead.
 */
export function queueLength(accounts: readonly Account[]): number {
  return Math.max(1000, QUEUED_PER_UNIT * accounts.length);
}

const QUEUED_PER_UNIT = 50;

/** Files by their names, for a folder of the broker's. */
export type AccessFiles = Readonly<Record<string, string>>;

export function accountsOf(fleet: Fleet): Account[] {
  const secret = fleet.secret();
  const account = (user: string, password: string, publish: string[], subscribe: string[]) => {
    const salt = createHmac('sha256', secret).update(`salt ${password}`).digest();
    return { user, password, salt, publish, subscribe };
  };
  const units = fleet.active.map(({ unitId, provisioned }) =>
    account(
      unitId,
      brokerPassword(secret, unitId, provisioned),
      [upTopic(unitId), stateTopic(unitId)],
      [downTopic(unitId)],
    ),
  );
  const rooms = ROOM_USERS.map((user) =>
    account(user, fleet.passwordOf(user), user === 'tools.watch' ? [] : [downTopic('+')], [
      everyUnitUp(),
      everyUnitState(),
    ]),
  );
  return [...rooms, ...units];
}
