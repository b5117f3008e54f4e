/** The way from these tools to the fleet's broker. */
import { connectAsync, type MqttClient } from 'mqtt';
import { UserError } from '../exit-codes.js';
import type { Fleet, RoomUser } from './folder.js';
import type { FleetFile } from './schema.js';

const CONNECT_TIMEOUT_MS = 10_000;

/**
 * Connects as one of the fleet's own users.
 * @param url instead of the fleet's first broker
 * @throws UserError `brokerUnreachable`, with what to do
 */
export async function connectBroker(
  fleet: Fleet,
  user: RoomUser,
  url: string | undefined,
): Promise<MqttClient> {
  const [first] = fleet.file.brokers as [FleetFile['brokers'][number]];
  const where = url ?? `mqtt${first.tls ? 's' : ''}://${first.host}:${first.port}`;
  try {
    return await connectAsync(
      where,
      {
        clientId: user,
        username: user,
        password: fleet.passwordOf(user),
        clean: true,
        connectTimeout: CONNECT_TIMEOUT_MS,
      },
      false,
    );
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const cause = code === undefined ? message : String(code);
    throw new UserError(
      'brokerUnreachable',
      `${where} as ${user}: ${cause}; is the broker there, with the files that fleet access writes?`,
    );
  }
}
