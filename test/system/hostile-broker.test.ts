/**
 * Whole units against a broker that does everything wrong: whatever it does, the unit shows nothing
 * that is not so, does not crash, sounds a dispatch once, and is back within the back-off.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { Packet } from 'mqtt-packet';
import { KEEP_ALIVE_PING_MS, PATIENCE_MS } from '../../firmware/link/session.js';
import { FIRST_WAIT_MS, LONGEST_WAIT_MS } from '../../firmware/link/back-off.js';
import { wiring } from '../../host-sim/world/wiring.js';
import { Random } from '../../host-sim/world/random.js';
import { bytesOf, oblige, type Caller } from '../support/hostile-broker.js';
import { Rig } from '../support/unit-rig.js';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';

const test = suite('a hostile broker');
const command = findInterpreter();
const SEED = 20_260_819;

/** The unit looks after its link this often. */
const LOOK_MS = 1000;
/** What a busy machine and the way to the broker may add. */
const SLACK_MS = { 'stand-in': 60, interpreter: 900 };

type Case = (rig: Rig) => Promise<void>;

/** A test for each host that there is. */
function onBothHosts(title: string, run: Case): void {
  test(`${title}, on the stand-in`, () => withRig(undefined, run));
  if (command === null) test.skip(`${title}, on the interpreter`, () => {});
  else test(`${title}, on the interpreter`, () => withRig(command, run));
}

async function withRig(interpreter: string | undefined, run: Case): Promise<void> {
  const rig = await Rig.start({ seed: SEED, ...(interpreter ? { interpreter } : {}) });
  try {
    await run(rig);
    assert.equal(rig.crashes, [], 'it crashed');
  } finally {
    await rig.stop();
  }
}

/** A dispatch that comes now sounds, once, and is acknowledged; then it is stood down. */
async function takesADispatch(rig: Rig, alarms = rig.alarms): Promise<void> {
  const { caller } = rig.broker;
  const { id, bytes } = rig.dispatch(1001);
  caller.write(bytes);
  await rig.until('it sounds', () => rig.steps('sounding', id) === 1);
  await rig.until('it is acknowledged', () => caller.count('puback', 1001) === 1);
  assert.is(rig.alarms, alarms + 1);
  caller.write(rig.standDown(1002, id));
  await rig.until('it is stood down', () => caller.count('puback', 1002) === 1);
  await rig.pass(2000);
  assert.is(rig.vehicle.alarms.sounding, false);
  assert.is(rig.steps('sounding', id), 1);
}

/** The step is told once; the receipt may come after the PUBACK. */
async function soundedOnce(rig: Rig, id: number, alarms = 1): Promise<void> {
  await rig.until('it sounds', () => rig.steps('sounding', id) > 0);
  assert.is(rig.steps('sounding', id), 1);
  assert.is(rig.alarms, alarms);
}

/** The broker does this to every connection until it has failed so often; then it obliges. */
async function failsFor(
  rig: Rig,
  times: number,
  answer: (caller: Caller, packet: Packet) => void,
): Promise<readonly Caller[]> {
  const { broker } = rig;
  const from = broker.callers.length;
  broker.answer = answer;
  const withinMs = times * (LONGEST_WAIT_MS + KEEP_ALIVE_PING_MS);
  await rig.until(
    `${times} connections fail`,
    () => broker.callers.slice(from).filter((each) => each.closedAtMs !== null).length >= times,
    withinMs,
  );
  broker.answer = oblige;
  assert.is(rig.armed, false, 'it shows itself as armed');
  await rig.untilArmed(LONGEST_WAIT_MS + LOOK_MS + SLACK_MS[rig.unit.kind]);
  return broker.callers.slice(from);
}

/** CR-090: half to the whole of a wait that doubles. */
function backsOff(rig: Rig, callers: readonly Caller[]): void {
  for (let failures = 1; failures < callers.length; failures++) {
    const endedMs = (callers[failures - 1] as Caller).closedAtMs as number;
    const waitedMs = (callers[failures] as Caller).openedAtMs - endedMs;
    const mostMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (failures - 1));
    const slackMs = SLACK_MS[rig.unit.kind];
    const found = `failure ${failures}: waited ${Math.round(waitedMs)} ms of ${mostMs}`;
    assert.ok(waitedMs >= mostMs / 2 - slackMs, found);
    assert.ok(waitedMs <= mostMs + slackMs, found);
  }
}

/** The unit ends this connection, shows that, and after a first failure is soon there again. */
async function comesBack(rig: Rig, caller: Caller): Promise<void> {
  const slackMs = SLACK_MS[rig.unit.kind];
  await rig.until('it closes', () => caller.closedAtMs !== null);
  const fromMs = (caller.closedAtMs as number) - slackMs;
  const shown = (armed: boolean, afterMs: number) =>
    rig.armedChanges.find((each) => each.armed === armed && each.atMs >= afterMs)?.atMs;
  await rig.until('it shows that', () => shown(false, fromMs) !== undefined, slackMs);
  const darkAtMs = shown(false, fromMs) as number;
  const withinMs = FIRST_WAIT_MS + slackMs;
  await rig.until('it is back', () => shown(true, darkAtMs) !== undefined, withinMs);
  // So that what it shows next is not taken for this.
  await rig.pass(2 * slackMs);
}

/** Nothing was shown or said as if this connection had come about. */
function neverBorn(callers: readonly Caller[]): void {
  for (const { heard } of callers) {
    assert.not.ok(
      heard.some(({ cmd }) => cmd === 'publish'),
      'it published',
    );
  }
}

/** By the world's timers. */
function byteByByte(rig: Rig, caller: Caller, bytes: string): void {
  [...bytes].forEach((byte, i) => {
    rig.clock.after(2 * i, () => caller.writePart(byte, i === bytes.length - 1));
  });
}

onBothHosts('packets that come byte by byte are taken as they are', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  const { id, bytes } = rig.dispatch(7);
  byteByByte(rig, caller, rig.hello() + bytes + bytesOf({ cmd: 'pingresp' }));
  await rig.until('it is acknowledged', () => caller.count('puback', 7) === 1);
  await soundedOnce(rig, id);
  byteByByte(rig, caller, rig.standDown(8, id));
  await rig.until('it is stood down', () => caller.count('puback', 8) === 1);
  assert.is(rig.broker.callers.length, 1);
});

onBothHosts('CONNACK and SUBACK byte by byte open a session', async (rig) => {
  rig.broker.answer = (caller, packet) => {
    if (packet.cmd === 'connect') byteByByte(rig, caller, '\x20\x02\x00\x00');
    else if (packet.cmd === 'subscribe') {
      const { messageId = 0 } = packet;
      byteByByte(rig, caller, bytesOf({ cmd: 'suback', messageId, granted: [1] }));
    } else oblige(caller, packet);
  };
  await rig.untilArmed();
  assert.is(rig.broker.callers.length, 1);
  await takesADispatch(rig);
});

onBothHosts('a packet split anywhere in its header is one packet', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  // First byte, the length's two bytes, the topic's length, the topic.
  for (const [index, cut] of [1, 2, 3, 4, 9].entries()) {
    const { id, bytes } = rig.dispatch(20 + index);
    assert.ok(bytes.charCodeAt(1) > 127, 'the length has two bytes');
    caller.writePart(bytes.substring(0, cut), false);
    await rig.pass(40);
    assert.is(caller.count('puback', 20 + index), 0);
    caller.writePart(bytes.substring(cut), true);
    await rig.until('it is acknowledged', () => caller.count('puback', 20 + index) === 1);
    await soundedOnce(rig, id, index + 1);
    caller.write(rig.standDown(30 + index, id));
    await rig.until('it is stood down', () => caller.count('puback', 30 + index) === 1);
    await rig.pass(2000);
  }
  assert.is(rig.broker.callers.length, 1);
});

onBothHosts('of 200 packets in one segment none is lost and none taken twice', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  const issuedAt = Math.floor(rig.clock.nowMs());
  const { birthCounter } = rig.peer.state;
  const hello = { birthCounter, heardCounter: 0, issuedAt, state: 1 };
  const packets = Array.from({ length: 199 }, (_, i) => rig.publish(i + 1, 'hello', hello));
  const { id, bytes } = rig.dispatch(200);
  packets.splice(100, 0, bytes);
  caller.write(packets.join(''));
  await rig.until('all are acknowledged', () => caller.count('puback') >= 200);
  await rig.pass(500);
  for (let i = 1; i <= 200; i++) assert.is(caller.count('puback', i), 1, `packet id ${i}`);
  assert.is(rig.steps('sounding', id), 1);
  assert.is(rig.alarms, 1);
  assert.is(rig.broker.callers.length, 1);
});

onBothHosts('a payload of 3 kB is refused, and the next dispatch sounds', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  const topic = 'cr/1/unit/met-x1/down';
  const payload = Buffer.alloc(3000, 0x84);
  const flags = { qos: 1, retain: false, dup: false } as const;
  const { id, bytes } = rig.dispatch(10);
  const long = bytesOf({ cmd: 'publish', topic, payload, messageId: 9, ...flags });
  caller.write(long + bytes);
  await rig.until('both are acknowledged', () => caller.count('puback') === 2);
  assert.is(caller.count('puback', 9), 1);
  await soundedOnce(rig, id);
  assert.is(rig.broker.callers.length, 1);
});

onBothHosts('a refused CONNACK is no connection (CR-070, CR-090, CR-091)', async (rig) => {
  const callers = await failsFor(rig, 4, (caller, packet) => {
    if (packet.cmd !== 'connect') return;
    caller.say({ cmd: 'connack', returnCode: 5, sessionPresent: false });
  });
  neverBorn(callers.slice(0, -1));
  backsOff(rig, callers);
  await takesADispatch(rig);
});

onBothHosts('a SUBACK of 0x80 is no subscription (CR-070, CR-090, CR-091)', async (rig) => {
  const callers = await failsFor(rig, 3, (caller, packet) => {
    if (packet.cmd === 'subscribe') {
      caller.say({ cmd: 'suback', messageId: packet.messageId as number, granted: [0x80] });
    } else oblige(caller, packet);
  });
  neverBorn(callers.slice(0, -1));
  backsOff(rig, callers);
  await takesADispatch(rig);
});

onBothHosts('five redeliveries of one packet id are one alarm (CR-041, CR-044)', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  const { id, bytes } = rig.dispatch(7);
  caller.write(bytes);
  await rig.until('it is acknowledged', () => caller.count('puback', 7) === 1);
  const again = String.fromCharCode(bytes.charCodeAt(0) | 8) + bytes.substring(1);
  for (let times = 2; times <= 6; times++) {
    caller.write(again);
    await rig.until(`${times} times`, () => caller.count('puback', 7) === times);
  }
  assert.is(rig.alarms, 1);
  caller.write(rig.standDown(8, id));
  await rig.until('it is stood down', () => caller.count('puback', 8) === 1);
  await rig.pass(2000);
  // In one segment, and after it was stood down.
  caller.write(again.repeat(5));
  await rig.until('all are acknowledged', () => caller.count('puback', 7) === 11);
  await rig.pass(2000);
  assert.is(rig.alarms, 1, 'a second alarm');
  assert.is(rig.steps('sounding', id), 1);
  assert.is(rig.unit.readOutput(wiring.sounder).level, 0);
});

/** The broker falls silent: nothing, or all but PINGRESP; it is taken for dead in its time. */
function silence(answer: (caller: Caller, packet: Packet) => void, forMs: number): Case {
  return async (rig) => {
    await rig.untilArmed();
    const { caller } = rig.broker;
    const { id, bytes } = rig.dispatch(7);
    caller.write(bytes);
    await rig.until('it sounds', () => caller.count('puback', 7) === 1);
    rig.broker.answer = answer;
    const fromMs = rig.clock.nowMs();
    await rig.pass(forMs);
    // It asked, waited, closed, and is trying again; the alarm does not care.
    const slackMs = SLACK_MS[rig.unit.kind] + LOOK_MS;
    const closedAtMs = caller.closedAtMs ?? Infinity;
    assert.ok(closedAtMs - fromMs >= PATIENCE_MS, `closed after ${closedAtMs - fromMs} ms`);
    const mostMs = KEEP_ALIVE_PING_MS + PATIENCE_MS + 2 * LOOK_MS + slackMs;
    assert.ok(closedAtMs - fromMs <= mostMs, `closed after ${closedAtMs - fromMs} ms`);
    const out = rig.armedChanges.find(({ armed, atMs }) => !armed && atMs > fromMs);
    const darkMs = (out?.atMs ?? Infinity) - closedAtMs;
    assert.ok(darkMs <= SLACK_MS[rig.unit.kind], `the green lamp went out ${darkMs} ms after that`);
    assert.ok(rig.vehicle.alarms.sounding, 'it fell silent');
    rig.broker.answer = oblige;
    await rig.untilArmed(LONGEST_WAIT_MS + PATIENCE_MS + slackMs);
    assert.is(rig.alarms, 1);
    rig.broker.caller.write(rig.standDown(8, id));
    await rig.until('it is stood down', () => rig.steps('stoodDown', id) === 1);
  };
}

const allButPings = (caller: Caller, packet: Packet): void => {
  if (packet.cmd !== 'pingreq') oblige(caller, packet);
};

test('PINGRESP withheld: a new connection within 30 s (CR-092), on the stand-in', () =>
  withRig(undefined, silence(allButPings, 40_000)));
test('half-open for a minute: taken for dead within 30 s (CR-092), on the stand-in', () =>
  withRig(
    undefined,
    silence(() => {}, 60_000),
  ));

// In real time, so both at once, and the silence as long as the unit's patience takes.
const REAL_SILENCE_MS = KEEP_ALIVE_PING_MS + PATIENCE_MS + 5000;
const bothSilences = 'PINGRESP withheld, and half-open for 35 s (CR-092), on the interpreter';
if (command === null) test.skip(bothSilences, () => {});
else {
  test(bothSilences, async () => {
    await Promise.all([
      withRig(command, silence(allButPings, REAL_SILENCE_MS)),
      withRig(
        command,
        silence(() => {}, REAL_SILENCE_MS),
      ),
    ]);
  });
}

onBothHosts('a connect that hangs leaves the alarm on, and is survived (CR-042)', async (rig) => {
  await rig.untilArmed();
  const { broker } = rig;
  const { id, bytes } = rig.dispatch(7);
  broker.caller.write(bytes);
  await rig.until('it sounds', () => broker.caller.count('puback', 7) === 1);
  const hangMs = 6000;
  const hang = { atMs: rig.clock.nowMs(), over: false };
  if (rig.unit.kind === 'stand-in') {
    broker.hangs = true;
    broker.caller.close();
    await rig.pass(hangMs);
    broker.hangs = false;
    hang.over = true;
  } else {
    void broker.hangFor(hangMs).then(() => (hang.over = true));
    await rig.until('it is over', () => hang.over);
  }
  const shown = rig.armedChanges.filter(({ atMs }) => atMs < hang.atMs + hangMs).at(-1);
  assert.is(shown?.armed, false, 'it shows itself as armed while it cannot hear');
  await rig.untilArmed(2 * LONGEST_WAIT_MS);
  assert.ok(rig.vehicle.alarms.sounding, 'it fell silent');
  assert.is(rig.alarms, 1);
  broker.caller.write(rig.standDown(8, id));
  await rig.until('it is stood down', () => rig.steps('stoodDown', id) === 1);
});

onBothHosts('no CONNACK at all: given up after 10 s (CR-090, CR-092)', async (rig) => {
  const [silent] = await failsFor(rig, 1, () => {});
  const heldMs = ((silent as Caller).closedAtMs as number) - (silent as Caller).openedAtMs;
  assert.ok(heldMs >= PATIENCE_MS - 100, `${heldMs} ms`);
  assert.ok(heldMs <= PATIENCE_MS + 2 * LOOK_MS + SLACK_MS[rig.unit.kind], `${heldMs} ms`);
  neverBorn([silent as Caller]);
});

onBothHosts(`garbage ends the connection, not the unit (seed ${SEED}, CR-091)`, async (rig) => {
  const random = new Random(SEED);
  const garbage = (length: number) =>
    String.fromCharCode(...Array.from({ length }, () => random.integer(0, 255)));
  // In place of CONNACK: its length says "whole", so that it need not be waited for.
  const callers = await failsFor(rig, 3, (caller, packet) => {
    if (packet.cmd === 'connect') caller.write(`\xf3\x40${garbage(500)}`);
  });
  neverBorn(callers.slice(0, -1));
  // On an open session: a packet type that is none, then a PUBLISH whose topic is longer than it.
  for (const bytes of ['\x00\x00', `\xf0\x10${garbage(16)}`, `\x32\x06\xff\xff${garbage(4)}`]) {
    const { caller } = rig.broker;
    caller.write(bytes);
    await comesBack(rig, caller);
  }
  assert.is(rig.alarms, 0);
  await takesADispatch(rig);
});

onBothHosts('a length that no packet has ends the connection (CR-091)', async (rig) => {
  await rig.untilArmed();
  const { caller } = rig.broker;
  caller.write('\x32\xff\xff\xff\xff\x01');
  await comesBack(rig, caller);
  await takesADispatch(rig);
});

test('a packet of 256 MB that never ends is no sign of life (CR-092), on the stand-in', () =>
  withRig(undefined, endless));
// With 30 s in real time, beside nothing else.
if (command === null) test.skip('a packet that never ends, on the interpreter', () => {});
else {
  test('a packet of 256 MB that never ends is no sign of life (CR-092), on the interpreter', () =>
    withRig(command, endless));
}

/** The broker announces a packet of the greatest length and then trickles. */
async function endless(rig: Rig): Promise<void> {
  await rig.untilArmed();
  const { caller } = rig.broker;
  const fromMs = rig.clock.nowMs();
  caller.write('\x32\xff\xff\xff\x7f\x00\x15cr/1/unit/met-x1/down\x00\x09');
  const trickle = () => {
    if (caller.closedAtMs !== null) return;
    caller.write('a'.repeat(500));
    rig.clock.after(500, trickle);
  };
  trickle();
  const mostMs = KEEP_ALIVE_PING_MS + PATIENCE_MS + 2 * LOOK_MS;
  await rig.until('it closes', () => caller.closedAtMs !== null, mostMs + 1000);
  assert.ok((caller.closedAtMs as number) - fromMs > PATIENCE_MS);
  await comesBack(rig, caller);
  await takesADispatch(rig);
}

test.run();
