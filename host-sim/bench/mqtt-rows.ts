/**
 * The whole unit on the interpreter beside MQTT.js, bare, on another: from a PUBLISH leaving the
 * broker to a pin, a burst of messages, and from power to armed. Both say by the same line to the
 * bench when their pin goes on.
 */
import { connectAsync } from 'mqtt';
import type { Bundle } from '../espruino/bundle.js';
import { ControlLine } from '../interpreter/control-line.js';
import { Interpreter } from '../interpreter/interpreter.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { ALARM_HZ } from '../world/vehicle.js';
import { wiring } from '../world/wiring.js';
import { Bench } from './bench.js';
import { median } from './median.js';
import { embeddedTcpNetwork } from './networks.js';
import { moduleExpression } from './peer.js';
import { spreadOf, type Spread } from './spread.js';

export interface MqttRows {
  /** From power to the birth that the control room took. */
  readonly bootMs: Spread;
  readonly unitMs: Spread;
  /** Null without a peer. */
  readonly peerMs: Spread | null;
  readonly ratio: Spread | null;
  /** Messages a second of a burst at QoS 1, each acknowledged. */
  readonly unitBurst: Spread;
  readonly peerBurst: Spread | null;
  readonly burstRatio: Spread | null;
}

export const BURST = 1000;
const PEER_TOPIC = 'bench/peer';
const LOOK_MS = 2;
const PATIENCE_MS = 60_000;

/** One round more is run before the first that counts. */
export async function measureMqtt(
  bundle: Bundle,
  command: string,
  peer: string | null,
  rounds: number,
  messages: number,
): Promise<MqttRows> {
  const clock = new RealClock();
  const network = await embeddedTcpNetwork(clock, 0);
  const random = new Random(1);
  const unit = { ...demoUnits(1)[0], crew: { answer: 'none', afterS: 0 } } as ScenarioUnit;
  const options = { clock, random, network, bundle, units: [unit], interpreter: command };
  const lab = new Bench(options);
  const { host } = lab.vehicle(unit.id);
  const room = lab.controlRoom;
  const left = new Map<string, number>();
  network.onPublishSent((topic, _payload, atMs) => left.set(topic, atMs));
  const publisher = await connectAsync(`mqtt://${network.host}:${network.port}`);
  const downTopic = `cr/1/unit/${unit.id}/down`;
  let toneAtMs = 0;
  // When it happened by the unit's own clock: its word of it comes later, behind all that follows.
  host.onOutput((pin, { frequencyHz }, atMs) => {
    if (pin === wiring.sounder && frequencyHz === ALARM_HZ && toneAtMs === 0) toneAtMs = atMs;
  });
  const other = peer === null ? null : await startPeer(command, peer, network.port, clock);

  const dispatchOnce = async (number: number): Promise<number> => {
    toneAtMs = 0;
    const entry = room.dispatch(unit.id, demoJob(unit, number, random));
    await until('the tone', () => toneAtMs > 0);
    const ms = toneAtMs - (left.get(downTopic) as number);
    room.standDown(entry.id);
    await until('silence', () => entry.steps['stoodDown'] !== undefined);
    return ms;
  };
  const payload = Buffer.alloc(170, 0x41);
  const peerOnce = async (): Promise<number> => {
    const atMs = (other as Peer).nextMs();
    publisher.publish(PEER_TOPIC, payload, { qos: 1 });
    return (await atMs) - (left.get(PEER_TOPIC) as number);
  };
  const burst = async (topic: string, taken: () => Promise<number>): Promise<number> => {
    const before = await taken();
    const startMs = clock.nowMs();
    for (let i = 0; i < BURST; i++) publisher.publish(topic, payload, { qos: 1 });
    let count = 0;
    while (count < BURST) {
      if (clock.nowMs() - startMs > PATIENCE_MS) throw new Error(`${topic}: ${count} of a burst`);
      await rest(50);
      count = (await taken()) - before;
    }
    if (count > BURST) throw new Error(`${topic}: ${count} of a burst, some twice`);
    return (1000 * BURST) / (clock.nowMs() - startMs);
  };
  const refused = async () => {
    const counts = (await host.inspect('counts')) as { refused: number[] };
    return counts.refused.reduce((sum, count) => sum + count, 0);
  };

  const taken = { bootMs: [] as number[], unitMs: [] as number[], peerMs: [] as number[] };
  const bursts = { unit: [] as number[], peer: [] as number[] };
  try {
    await lab.ready();
    for (let round = -1; round < rounds; round++) {
      const births = room.units.get(unit.id)?.birthCounter ?? 0;
      host.cutPower();
      await rest(100);
      const powerAtMs = clock.nowMs();
      host.powerOn();
      await until('its birth', () => {
        const state = room.units.get(unit.id);
        return state?.alive === true && state.birthCounter > births;
      });
      const bootMs = clock.nowMs() - powerAtMs;
      await rest(1500);
      const unitMs: number[] = [];
      const peerMs: number[] = [];
      for (let i = 0; i < messages; i++) {
        unitMs.push(await dispatchOnce(round * messages + i));
        if (other) peerMs.push(await peerOnce());
      }
      const unitBurst = await burst(downTopic, refused);
      const peerBurst = other ? await burst(PEER_TOPIC, other.count) : null;
      if (round < 0) continue;
      taken.bootMs.push(bootMs);
      taken.unitMs.push(median(unitMs));
      if (other) taken.peerMs.push(median(peerMs));
      bursts.unit.push(unitBurst);
      if (peerBurst !== null) bursts.peer.push(peerBurst);
    }
  } finally {
    await other?.close();
    await publisher.endAsync(true);
    await lab.stop();
    clock.stop();
  }
  const overPeer = (own: readonly number[], others: readonly number[]) =>
    other ? spreadOf(own.map((value, round) => value / (others[round] as number))) : null;
  return {
    bootMs: spreadOf(taken.bootMs),
    unitMs: spreadOf(taken.unitMs),
    peerMs: other ? spreadOf(taken.peerMs) : null,
    ratio: overPeer(taken.unitMs, taken.peerMs),
    unitBurst: spreadOf(bursts.unit),
    peerBurst: other ? spreadOf(bursts.peer) : null,
    burstRatio: overPeer(bursts.unit, bursts.peer),
  };
}

interface Peer {
  /** World time of its next message. */
  nextMs(): Promise<number>;
  /** Messages that it took since its start. */
  count(): Promise<number>;
  close(): Promise<void>;
}

async function startPeer(command: string, text: string, port: number, clock: RealClock) {
  let heard = (_atMs: number): void => {};
  // World time at the interpreter's time 0, as a unit's is found: what came the fastest tells best.
  let zeroMs = Infinity;
  const line = await ControlLine.open({
    onNews: (kind, text) => {
      const unitMs = Number(text.split(' ').at(-1)) * 1000;
      if (kind !== 'o' && kind !== 't') return;
      zeroMs = Math.min(zeroMs, clock.nowMs() - unitMs);
      if (kind === 'o') heard(zeroMs + unitMs);
    },
  });
  const interpreter = new Interpreter(command);
  const close = async () => {
    await interpreter.dispose();
    await line.close();
  };
  try {
    await interpreter.write({
      '.boot0': line.shim(),
      '.bootcde': `${moduleExpression('MQTT', 'mqtt')};E.setConsole(null,{force:true});`,
      mqtt: text,
    });
    interpreter.powerOn();
    await line.ask(PEER_PROGRAM.replace('PORT', String(port)).replace(/\n */g, ''));
    for (let tries = 0; (await line.ask('subscribed')) !== true; tries++) {
      if (tries > 200) throw new Error('MQTT.js does not subscribe');
      await rest(50);
    }
  } catch (error) {
    await close();
    throw error;
  }
  const peer: Peer = {
    nextMs: () => new Promise((resolve) => (heard = resolve)),
    count: async () => (await line.ask('messages')) as number,
    close,
  };
  return peer;
}

/** The bare callback: it turns a pin on. */
const PEER_PROGRAM = `(function () {
  global.subscribed = false;
  global.messages = 0;
  var pin = new Pin("D27");
  var mqtt = require("MQTT").create("127.0.0.1", { port: PORT, client_id: "peer" });
  mqtt.on("connected", function () { mqtt.subscribe("${PEER_TOPIC}", { qos: 1 }); });
  mqtt.on("subscribed", function () { subscribed = true; });
  mqtt.on("message", function () { messages++; if (messages) digitalWrite(pin, 1); });
  setTimeout(function () { mqtt.connect(); }, 10);
  return 1;
})()`;

function rest(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function until(what: string, condition: () => boolean): Promise<void> {
  for (let waitedMs = 0; !condition(); waitedMs += LOOK_MS) {
    if (waitedMs > PATIENCE_MS) throw new Error(`waited in vain for: ${what}`);
    await rest(LOOK_MS);
  }
}
