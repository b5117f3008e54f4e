/**
 * Kills a control room at seeded instants while it works, starts it again on its ledger, and looks at
 * what reached the units: each call that was answered, or given again, sounds on one unit, once.
 */
import { readFileSync } from 'node:fs';
import { connectAsync, type MqttClient } from 'mqtt';
import { BENCH_SECRET } from '../../host-sim/bench/bench.js';
import { tcpNetwork } from '../../host-sim/bench/networks.js';
import { schemeVehicles, startVehicle } from '../../host-sim/bench/scheme-vehicles.js';
import type { Line } from '../../host-sim/control-room/events.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import type { IncidentView } from '../../host-sim/http/schemas.js';
import { RealClock } from '../../host-sim/world/clock.js';
import { Random } from '../../host-sim/world/random.js';
import type { Vehicle } from '../../host-sim/world/vehicle.js';
import { Step } from '../../protocol/codes.js';
import { newPeerState, UnitPeer } from '../../protocol/host/unit-peer.js';
import { everyUnitUp, unitOfTopic } from '../../protocol/topics.js';
import { controlFolder, startControl, TOKENS, type ControlChild } from './control-child.js';

export interface KillResult {
  readonly calls: number;
  readonly kills: number;
  /** Calls that were answered before the kill, and those that were given again. */
  readonly answered: number;
  readonly givenAgain: number;
  /** Kills before the control room had come up again. */
  readonly killedStarting: number;
  readonly linesOfLedger: number;
  /** What must not be: each with its call. Empty if all is well. */
  readonly faults: readonly string[];
}

const VEHICLES = 4;
/** From the request on; the decision and what follows lie in the first of these. */
const SOON_MS = 60;
const LATER_MS = 2500;
/** From the start of the process on. */
const STARTING_MS: [number, number] = [300, 1500];
const PATIENCE_MS = 30_000;

/** @param tell is told of each instant, for a person who waits */
export async function killControl(
  brokerUrl: string,
  instants: number,
  seed: number,
  tell: (text: string) => void = () => {},
): Promise<KillResult> {
  const run = await Run.start(brokerUrl, new Random(seed));
  try {
    for (let i = 1; i <= instants; i++) tell(`${i}/${instants} ${await run.oneCall(i)}`);
    return await run.result();
  } finally {
    await run.stop();
  }
}

class Run {
  readonly folder = controlFolder(VEHICLES);
  readonly clock = new RealClock();
  readonly vehicles: Vehicle[] = [];
  /** How often a unit told that it sounds, by dispatch. */
  readonly soundings = new Map<number, number>();
  readonly answeredIds: string[] = [];
  #spy: MqttClient | null = null;
  #child: ControlChild | null = null;
  #url = '';
  #kills = 0;
  #givenAgain = 0;
  #killedStarting = 0;
  readonly #faults: string[] = [];

  constructor(
    readonly brokerUrl: string,
    readonly random: Random,
  ) {}

  static async start(brokerUrl: string, random: Random): Promise<Run> {
    const run = new Run(brokerUrl, random);
    try {
      await run.#listen();
      // First, because what a unit says of its crew when it is born is said to whoever listens.
      await run.#startControl();
      const network = await tcpNetwork(run.clock, brokerUrl);
      const crew = { answer: 'accept', afterS: 0 } as const;
      for (const unit of schemeVehicles(run.folder.scheme, VEHICLES, crew)) {
        const own = random.fork(unit.id);
        run.vehicles.push(startVehicle(unit, run.clock, network, own, loadBundle()));
      }
      await run.#until('all units are known', async () => {
        const units = (await run.#get('/units')) as { alive: boolean; position: object | null }[];
        return units.every(({ alive, position }) => alive && position !== null);
      });
      // Where units are is in no line of the ledger: it is kept beside it every few seconds, and at
      // an orderly end.
      await run.#endInOrder();
      await run.#startControl();
      return run;
    } catch (error) {
      await run.stop();
      throw error;
    }
  }

  /** One call, one kill, one start; gives what happened in words. */
  async oneCall(number: number): Promise<string> {
    const { random } = this;
    const callId = `call-${number}`;
    const isSoon = random.integer(1, 10) <= 7;
    const afterMs = random.between(0, isSoon ? SOON_MS : LATER_MS);
    const answer = this.#giveCall(callId, number);
    await wait(afterMs);
    await this.#kill();
    let isAnswered = await answer;
    const wasAnswered = isAnswered;
    if (isAnswered) this.answeredIds.push(callId);
    const atStart = random.integer(1, 10) === 1;
    if (atStart) await this.#killStarting();
    await this.#startControl();
    if (!isAnswered) {
      this.#givenAgain++;
      await this.#until(`${callId} is answered`, async () => {
        isAnswered = await this.#giveCall(callId, number);
        return isAnswered;
      });
    }
    await this.#finish(callId);
    const again = wasAnswered ? 'answered before' : 'given again after';
    return `${callId} ${again} the kill at ${afterMs.toFixed(1)} ms${atStart ? ', killed starting' : ''}`;
  }

  async result(): Promise<KillResult> {
    await this.#endInOrder();
    const lines = readFileSync(this.folder.ledger, 'utf8').trimEnd().split('\n');
    const ledger = lines.map((line) => JSON.parse(line) as Line);
    this.#judge(ledger);
    return {
      calls: ledger.filter(({ what }) => what === 'call').length,
      kills: this.#kills,
      answered: this.answeredIds.length,
      givenAgain: this.#givenAgain,
      killedStarting: this.#killedStarting,
      linesOfLedger: ledger.length,
      faults: this.#faults,
    };
  }

  async stop(): Promise<void> {
    this.#child?.process.kill('SIGKILL');
    await this.#child?.ended;
    for (const { gps, host } of this.vehicles) {
      gps.stop();
      host.cutPower();
    }
    await this.#spy?.endAsync(true);
    this.clock.stop();
    this.folder.remove();
  }

  /** The ledger against what the units told and what their sounders did. */
  #judge(ledger: readonly Line[]): void {
    const fault = (text: string) => this.#faults.push(text);
    ledger.forEach(({ n }, i) => n !== i + 1 && fault(`line ${i + 1} has the number ${n}`));
    const calls = ledger.filter(({ what }) => what === 'call').map(({ incident }) => incident);
    if (new Set(calls).size < calls.length) fault('a call is in the ledger twice');
    for (const id of this.answeredIds) {
      if (!calls.includes(id)) fault(`${id} was answered and is not in the ledger`);
    }
    const alerts = ledger.filter(({ what }) => what === 'alert');
    const pairs = alerts.map(({ incident, unit }) => `${incident} ${unit}`);
    if (new Set(pairs).size < pairs.length) fault('a unit was alerted twice for one incident');
    for (const id of new Set(calls)) {
      const own = alerts.filter(({ incident }) => incident === id);
      const sounded = own.filter(({ alertId }) => this.soundings.has(alertId as number));
      if (sounded.length !== 1) fault(`${id}: expected one unit to sound, found ${sounded.length}`);
    }
    for (const [id, times] of this.soundings) {
      if (times !== 1) fault(`dispatch ${id} sounded ${times} times`);
      if (!alerts.some(({ alertId }) => alertId === id)) fault(`dispatch ${id} is in no ledger`);
    }
    const began = this.vehicles.reduce((sum, { alarms }) => sum + alarms.beganAtMs.length, 0);
    if (began !== this.soundings.size) {
      fault(`expected ${this.soundings.size} alarms at the pins, found ${began}`);
    }
  }

  /** Hears what the units tell, as their control room does. */
  async #listen(): Promise<void> {
    const peers = new Map<string, UnitPeer>();
    const spy = await connectAsync(this.brokerUrl);
    this.#spy = spy;
    spy.on('message', (topic, payload) => {
      const id = unitOfTopic(topic);
      const peer = peers.get(id) ?? new UnitPeer(BENCH_SECRET, id, newPeerState(), 0);
      peers.set(id, peer);
      const received = peer.open(topic, payload);
      if (typeof received === 'number' || received.name !== 'receipt') return;
      const { step, dispatchId } = received.message as { step: number; dispatchId: number };
      if (step !== Step.sounding) return;
      this.soundings.set(dispatchId, (this.soundings.get(dispatchId) ?? 0) + 1);
    });
    await spy.subscribeAsync(everyUnitUp(), { qos: 1 });
  }

  async #endInOrder(): Promise<void> {
    this.#child?.process.kill('SIGTERM');
    const code = await this.#child?.ended;
    if (code !== 0) this.#faults.push(`it ended with ${code} when it was told to end`);
  }

  async #startControl(): Promise<void> {
    this.#child = startControl(...this.folder.flags, '--broker', this.brokerUrl);
    const url = await this.#child.listening;
    if (url === null) throw new Error(`the control room did not come up:\n${this.#child.output()}`);
    this.#url = url;
  }

  async #kill(): Promise<void> {
    this.#kills++;
    this.#child?.process.kill('SIGKILL');
    await this.#child?.ended;
  }

  async #killStarting(): Promise<void> {
    this.#child = startControl(...this.folder.flags, '--broker', this.brokerUrl);
    await wait(this.random.between(...STARTING_MS));
    this.#killedStarting++;
    await this.#kill();
  }

  /** Whether it was answered with 2xx; a connection that breaks is no answer. */
  async #giveCall(callId: string, number: number): Promise<boolean> {
    const { latitude, longitude } = this.folder.scheme.areas[0] as never;
    const call = {
      callId,
      place: { latitude, longitude },
      address: `${number} Townley Road`,
      determinant: '09E01',
      text: 'Not breathing',
      ambulanceReference: `AMB-${number}`,
    };
    const response = await this.#post('/calls', call);
    if (response && !response.ok) throw new Error(`${callId}: ${await response.text()}`);
    return response !== null;
  }

  /** Waits until a unit has sounded and its crew accepted, closes the incident, and waits for its end. */
  async #finish(callId: string): Promise<void> {
    const incident = async () => (await this.#get(`/incidents/${callId}`)) as IncidentView;
    await this.#until(`${callId} is accepted`, async () =>
      (await incident()).alerts.some(({ steps }) => steps['accepted'] !== undefined),
    );
    await this.#post(`/incidents/${callId}/outcome`, {
      patients: 1,
      resuscitatedAndTransported: 0,
    });
    await this.#until(`${callId} is over`, async () =>
      (await incident()).alerts.every(({ steps, over }) => steps['stoodDown'] || over !== ''),
    );
    await this.#until('all is quiet', async () => this.vehicles.every((v) => !v.alarms.sounding));
  }

  async #get(path: string): Promise<unknown> {
    const response = await fetch(this.#url + path, { headers: authorization('viewer') });
    return response.json();
  }

  async #post(path: string, body: unknown): Promise<Response | null> {
    const headers = { 'content-type': 'application/json', ...authorization('ambulance') };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    try {
      return await fetch(this.#url + path, request);
    } catch {
      return null;
    }
  }

  async #until(what: string, condition: () => Promise<boolean>): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (performance.now() > endMs) {
        const ledger = readFileSync(this.folder.ledger, 'utf8').trimEnd().split('\n').slice(-40);
        const seen = [this.#child?.output(), 'the ledger ends with', ...ledger];
        throw new Error(`not within ${PATIENCE_MS / 1000} s: ${what}\n${seen.join('\n')}`);
      }
      await wait(20);
    }
  }
}

function authorization(role: keyof typeof TOKENS) {
  return { authorization: `Bearer ${TOKENS[role]}` };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
