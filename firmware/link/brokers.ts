/**
 * Where the broker is: a list of `host:port` with a blank between two, tried in its order (CR-155).
 * After one that does not answer comes the next; after a session that ended, the first again.
 */
import type { Link } from './link.js';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
}

/**
 * Whether a text is a list that can be used: empty, or `host:port` with one blank between two.
 * @rare
 */
export function areBrokers(text: string): boolean {
  if (text === '') return true;
  const list = text.split(' ');
  for (let i = 0; i < list.length; i++) {
    const broker = addressOf(list[i] as string);
    const isPort = broker.port >= 1 && broker.port <= 65535;
    if (!isPort || broker.host === '' || broker.host + ':' + broker.port !== list[i]) return false;
  }
  return true;
}

/**
 * From the next connection on these; without any, the provisioned one. True if they are others.
 * @rare
 */
export function useBrokers(link: Link, text: string): boolean {
  const list = text === '' ? link.settings.host + ':' + link.settings.port : text;
  if (list === link.brokers) return false;
  link.brokers = list;
  link.brokerAt = 0;
  return true;
}

/**
 * The one to try now.
 * @rare
 */
export function brokerNow(link: Link): BrokerAddress {
  const list = link.brokers.split(' ');
  return addressOf(list[link.brokerAt % list.length] as string);
}

/** @rare */
function addressOf(broker: string): BrokerAddress {
  const colon = broker.indexOf(':');
  return {
    host: broker.substr(0, Math.max(colon, 0)),
    port: parseInt(broker.substr(colon + 1), 10),
  };
}
