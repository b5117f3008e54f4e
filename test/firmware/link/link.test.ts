/** The link tries for ever, first the network and then the broker, with a wait that grows. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { LONGEST_WAIT_MS } from '../../../firmware/link/back-off.js';
import {
  JOIN_PATIENCE_MS,
  linkClosed,
  linkOpened,
  runLink,
  type Link,
} from '../../../firmware/link/link.js';
import { createOutbox } from '../../../firmware/link/outbox.js';
import { CloseReason, Phase, createSession } from '../../../firmware/link/session.js';
import { REST_MS } from '../../../firmware/time/tasks.js';
import { createFakePorts, obliging } from '../../support/fake-ports.js';

const OPTIONS = {
  clientId: 'MP-1',
  user: '',
  password: '',
  keepAliveS: 30,
  willTopic: 'will',
  willPayload: 'death',
};

function fitted(unitId = 'MP-1') {
  const ports = createFakePorts();
  const attempts: number[] = [];
  ports.net.onPacket = obliging;
  const session = createSession(ports.net, ports.clock, createOutbox(), 'up', ['down'], {
    onOpen: () => linkOpened(link),
    onMessage: () => {},
    onOversized: () => {},
    onTaken: () => {},
    onClose: () => linkClosed(link, ports.clock.nowMs()),
    wrapPayload: (_topic, body) => body,
  });
  const link: Link = {
    session,
    network: ports.network,
    settings: { unitId, host: '10.0.0.1', port: 1883, ssid: 'car', wifiPassword: 'key' },
    crc32: ports.system.crc32,
    boot: 1,
    birth: '',
    brokers: '10.0.0.1:1883',
    brokerAt: 0,
    recoveries: 0,
    beforeConnect: () => {
      attempts.push(ports.clock.nowMs());
      return OPTIONS;
    },
    failures: 0,
    joinAtMs: 0,
    isStranded: false,
    connectAtMs: 0,
  };
  /** Looks after the link as its task does. */
  const run = (ms: number): void => {
    const untilMs = ports.clock.nowMs() + ms;
    while (ports.clock.nowMs() < untilMs) {
      const delayMs = runLink(link, ports.clock.nowMs());
      assert.ok(delayMs > 0 && delayMs <= REST_MS);
      ports.clock.advance(Math.min(delayMs, untilMs - ports.clock.nowMs()));
    }
  };
  return { ports, link, session, attempts, run };
}

/** Times between attempts. */
function gaps(attempts: readonly number[]): number[] {
  return attempts.slice(1).map((atMs, i) => atMs - (attempts[i] as number));
}

test('opens at once where the network is there', () => {
  const { ports, session, attempts, run } = fitted();
  run(1000);
  assert.is(session.phase, Phase.open);
  assert.equal(attempts, [0]);
  assert.equal(ports.network.joins, []);
  assert.equal(ports.trace.slice(0, 3), ['call 10.0.0.1:1883', 'connect', 'subscribe']);
});

test('CR-091: without a network it is joined again and again, for ever', () => {
  const { ports, attempts, run } = fitted();
  ports.network.up = false;
  run(24 * 3600 * 1000);
  assert.ok(JOIN_PATIENCE_MS <= 20000);
  assert.is(ports.network.joins.length, (24 * 3600 * 1000) / JOIN_PATIENCE_MS);
  assert.equal(ports.network.joins.slice(0, 2), ['0 car key', JOIN_PATIENCE_MS + ' car key']);
  assert.equal(attempts, [], 'no attempt without a network');
  ports.network.up = true;
  run(1000);
  assert.is(attempts.length, 1);
});

test('CR-090: the wait doubles up to 30 s, and CR-091: it never gives up', () => {
  const { ports, link, attempts, run } = fitted();
  ports.net.manner = 'refuses';
  run(12 * 3600 * 1000);
  const waits = gaps(attempts);
  [1000, 2000, 4000, 8000, 16000, 30000].forEach((step, i) => {
    const wait = waits[i] as number;
    assert.ok(wait >= step / 2 && wait <= step, `wait ${i + 1} is ${wait}`);
  });
  for (const wait of waits.slice(5)) {
    assert.ok(wait >= LONGEST_WAIT_MS / 2 && wait <= LONGEST_WAIT_MS);
  }
  assert.ok(attempts.length > (12 * 3600) / 31);
  assert.is(link.session.closeReason, CloseReason.unreachable);
  assert.is(link.failures, attempts.length);
});

test('the wait is short again after a session that opened', () => {
  const { ports, link, session, attempts, run } = fitted();
  ports.net.manner = 'refuses';
  run(300000);
  assert.ok(link.failures > 10);
  ports.net.manner = 'opens';
  run(31000);
  assert.is(session.phase, Phase.open);
  assert.is(link.failures, 0);
  ports.net.far.drop();
  const before = attempts.length;
  run(2000);
  assert.is(attempts.length, before + 1, 'once, within 1 s and the period');
  assert.is(session.phase, Phase.open);
});

test('a broker that refuses the login does not reset the wait', () => {
  const { ports, link, attempts, run } = fitted();
  ports.net.onPacket = (far, packet) => {
    if (packet.cmd === 'connect') far.say({ cmd: 'connack', returnCode: 5, sessionPresent: false });
  };
  run(600000);
  assert.is(link.session.closeReason, CloseReason.connectRefused);
  assert.is(link.session.refusedWith, 5);
  assert.ok(attempts.length < 35, `${attempts.length} attempts in 10 minutes`);
});

test('a call that blocks counts its wait from its end', () => {
  const { ports, attempts, run } = fitted();
  ports.net.manner = 'refuses';
  ports.net.blocksMs = 75000;
  run(78000);
  assert.is(attempts.length, 2);
  assert.ok((gaps(attempts)[0] as number) > 75000 + 500);
});

test('the network goes and comes: the session is watched, and made again', () => {
  const { ports, session, run } = fitted();
  run(5000);
  ports.network.up = false;
  ports.net.onPacket = () => {};
  run(33000);
  assert.is(session.phase, Phase.closed, 'half-open is found without the network');
  assert.is(session.closeReason, CloseReason.silent);
  ports.network.up = true;
  ports.net.onPacket = obliging;
  run(2000);
  assert.is(session.phase, Phase.open);
});

test('1000 units that lose the same broker do not come back together', () => {
  const bySecond = new Map<number, number>();
  for (let unit = 0; unit < 1000; unit++) {
    const { link } = fitted('MP-' + unit);
    link.failures = 5;
    linkClosed(link, 0);
    const second = Math.floor(link.connectAtMs / 1000);
    bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
  }
  assert.ok(Math.max(...bySecond.values()) < 120, 'no second has more than its share');
});

test.run();
