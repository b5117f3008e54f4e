/**
 * Keeps the unit connected: network, then socket, then session, each tried again for ever with a
 * back-off that has jitter. Nothing here restarts the unit: the far end may be away for days.
 */
import type { Network } from '../ports/network.js';
import { backOffMs } from './back-off.js';
import { brokerNow } from './brokers.js';
import type { ConnectOptions } from './packets.js';
import { REST_MS } from '../time/tasks.js';
import { Phase, flush, openSession, quietForMs, watchSession, type Session } from './session.js';

/** How often the link is looked after while it waits for something. */
export const LINK_PERIOD_MS = 1000;
/** Failures in a row after which the network is joined anew, although it gave an address. */
export const REJOIN_AFTER_FAILURES = 6;
/** Time that the network gets to give an address before it is asked again. */
export const JOIN_PATIENCE_MS = 10000;

export interface LinkSettings {
  readonly unitId: string;
  readonly host: string;
  readonly port: number;
  readonly ssid: string;
  readonly wifiPassword: string;
}

export interface Link {
  readonly session: Session;
  readonly network: Network;
  readonly settings: LinkSettings;
  readonly crc32: (bytes: string) => number;
  /** Makes the jitter of one boot differ from that of the next. */
  readonly boot: number;
  /**
   * Called before each attempt, for what the broker is to be told; null if there is to be none. The
   * attempt blocks everything, so outputs must be left in a state that may last.
   */
  readonly beforeConnect: () => ConnectOptions | null;
  /** What this connection's session opens with; '' when that is said. */
  birth: string;
  /** `host:port` with a blank between two, and which of them is next (`brokers.ts`). */
  brokers: string;
  brokerAt: number;
  /** Times that the network was joined anew. */
  recoveries: number;
  /** Failures since the last session that opened. */
  failures: number;
  /** The address may be one that leads nowhere. */
  isStranded: boolean;
  joinAtMs: number;
  connectAtMs: number;
}

/** Looks after the link; gives the time until it wants to be called again. */
export function runLink(link: Link, nowMs: number): number {
  const session = link.session;
  if (link.isStranded || !link.network.isUp()) {
    if (nowMs >= link.joinAtMs) {
      link.joinAtMs = nowMs + JOIN_PATIENCE_MS;
      link.isStranded = false;
      link.network.join(link.settings.ssid, link.settings.wifiPassword);
    }
  } else if (session.phase === Phase.closed && nowMs >= link.connectAtMs) {
    if (link.joinAtMs !== 0 && link.failures > 0) link.recoveries++;
    link.joinAtMs = 0;
    const options = link.beforeConnect();
    if (options === null) linkClosed(link, nowMs);
    else {
      const broker = brokerNow(link);
      openSession(session, broker.host, broker.port, options);
    }
  }
  watchSession(session, nowMs);
  flush(session);
  // The wait before an attempt is not made longer by half a period (CR-090).
  if (session.phase === Phase.closed && link.connectAtMs > nowMs) {
    return Math.min(link.connectAtMs - nowMs, LINK_PERIOD_MS);
  }
  return Math.max(LINK_PERIOD_MS, Math.min(quietForMs(session, nowMs), REST_MS));
}

/** The session opened: the next failure is again a first one. */
export function linkOpened(link: Link): void {
  link.failures = 0;
  link.brokerAt = -1;
}

/**
 * A session ended, or could not be made: wait before the next.
 * @rare
 */
export function linkClosed(link: Link, nowMs: number): void {
  link.failures++;
  link.brokerAt++;
  if (link.failures % REJOIN_AFTER_FAILURES === 0) link.isStranded = true;
  link.connectAtMs = nowMs + backOffMs(link.failures, link.settings.unitId, link.boot, link.crc32);
}
