/** What the commands that send something to a unit have in common. */
import { Refusal } from '../../protocol/codes.js';
import { encodeMessage, nameOf, type Fields } from '../../protocol/host/messages.js';
import { UserError } from '../exit-codes.js';
import type { Fleet } from '../fleet/folder.js';
import type { FleetUnit } from '../fleet/schema.js';
import type { UnitSession } from '../fleet/unit-session.js';
import type { UnitFlags } from './options.js';

export const nowS = () => Math.floor(Date.now() / 1000);

/** An MQTT client takes long to load: not for the commands that do without. */
export async function openSession(
  fleet: Fleet,
  unit: FleetUnit,
  { broker }: UnitFlags,
): Promise<UnitSession> {
  const { UnitSession } = await import('../fleet/unit-session.js');
  return UnitSession.open(fleet, unit, broker);
}

/** @throws UserError `usage`, naming the field, before anybody is asked or anything is sent */
export function checkFields(name: string, fields: Fields): void {
  try {
    encodeMessage(name, fields);
  } catch (error) {
    throw new UserError('usage', (error as Error).message);
  }
}

/**
 * Sends what the unit answers with an outcome (CR-156), and waits for that.
 * @throws UserError `checkFailed` if the unit refused it, `noAnswer` if it said nothing
 */
export async function order(
  session: UnitSession,
  message: 'command' | 'config',
  fields: Fields,
  who: string,
  flags: UnitFlags,
): Promise<void> {
  let counter = 0;
  const answer = session.wait(
    ({ name, message: said }) => name === 'outcome' && said['counter'] === counter,
    flags.follow * 1000,
  );
  ({ counter } = await session.send(message, fields));
  if (message === 'config') session.confirmConfig();
  const outcome = await answer;
  if (!outcome) {
    throw new UserError(
      'noAnswer',
      `${who}: no outcome of the ${message} within ${flags.follow} s`,
    );
  }
  const refusal = outcome.message['refusal'] as number;
  if (refusal !== Refusal.none) {
    throw new UserError('checkFailed', `${who}: refused: ${nameOf(Refusal, refusal)}`);
  }
}
