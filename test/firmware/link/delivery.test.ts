/**
 * Session and outbox against a broker whose connection breaks anywhere, in the middle of a packet
 * too: every message that counts arrives at least once and in order, whatever happens.
 */
import fc from 'fast-check';
import { generate, parser, type Packet } from 'mqtt-packet';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { MAX_IN_FLIGHT, MAX_WAITING, createOutbox, post } from '../../../firmware/link/outbox.js';
import {
  Phase,
  createSession,
  flush,
  openSession,
  watchSession,
} from '../../../firmware/link/session.js';
import type { SocketEvents } from '../../../firmware/ports/net.js';
import { FakeClock } from '../../support/fake-ports.js';

const SEED = 20260802;
const OPTIONS = {
  clientId: 'x',
  user: '',
  password: '',
  keepAliveS: 30,
  willTopic: 'w',
  willPayload: 'd',
};

/** The unit's side, two pipes of bytes, and a broker that remembers what came to it. */
class Line {
  readonly clock = new FakeClock(1000);
  readonly outbox = createOutbox();
  /** Payloads in the order in which they first came. */
  readonly arrived: string[] = [];
  private toBroker = '';
  private toUnit = '';
  private events: SocketEvents | null = null;
  private broker = parser();
  /** What the broker knows by packet id: only a repeat may use an id again. */
  private readonly byId = new Map<number, string>();
  readonly session = createSession(
    { connect: (_host, _port, events) => this.call(events) },
    this.clock,
    this.outbox,
    'up',
    ['down'],
    {
      onOpen: () => {},
      onMessage: () => {},
      onOversized: () => {},
      onTaken: () => {},
      onClose: () => this.forget(),
      wrapPayload: (_topic, body) => body,
    },
  );

  private call(events: SocketEvents) {
    this.events = events;
    this.broker = parser();
    this.broker.on('packet', (packet: Packet) => this.answer(packet));
    return { write: (bytes: string) => void (this.toBroker += bytes), close: () => this.forget() };
  }
  private forget(): void {
    this.events = null;
    this.toBroker = '';
    this.toUnit = '';
  }
  private answer(packet: Packet): void {
    const messageId = packet.messageId as number;
    if (packet.cmd === 'connect')
      this.reply({ cmd: 'connack', returnCode: 0, sessionPresent: true });
    if (packet.cmd === 'subscribe') this.reply({ cmd: 'suback', messageId, granted: [1] });
    if (packet.cmd === 'pingreq') this.reply({ cmd: 'pingresp' });
    if (packet.cmd !== 'publish') return;
    const payload = packet.payload.toString();
    const isKnown = this.arrived.includes(payload);
    if (isKnown) assert.ok(packet.dup, 'what came before comes again as a repeat');
    if (packet.dup && isKnown) assert.is(this.byId.get(messageId), payload, 'with its id');
    if (!isKnown) this.arrived.push(payload);
    this.byId.set(messageId, payload);
    this.reply({ cmd: 'puback', messageId });
  }
  private reply(packet: Packet): void {
    this.toUnit += generate(packet).toString('latin1');
  }

  connect(): void {
    if (this.session.phase !== Phase.closed) return;
    openSession(this.session, 'host', 1883, OPTIONS);
    this.events?.onConnect();
  }
  lose(): void {
    const events = this.events;
    this.forget();
    events?.onClose();
  }
  carryUp(count: number): void {
    const bytes = this.toBroker.substring(0, count);
    this.toBroker = this.toBroker.substring(count);
    this.broker.parse(Buffer.from(bytes, 'latin1'));
  }
  carryDown(count: number): void {
    const bytes = this.toUnit.substring(0, count);
    this.toUnit = this.toUnit.substring(count);
    if (bytes !== '') this.events?.onData(bytes);
  }
  /** All goes through, both ways, as long as there is something. */
  flow(): void {
    while (this.toBroker !== '' || this.toUnit !== '') {
      this.carryUp(100000);
      this.carryDown(100000);
    }
  }
  wait(seconds: number): void {
    for (let i = 0; i < seconds; i++) {
      this.clock.advance(1000);
      watchSession(this.session, this.clock.nowMs());
    }
  }
  say(type: number, content: string, keep: boolean): void {
    post(this.outbox, type, content, keep);
    flush(this.session);
  }
}

interface Model {
  kept: string[];
  latest: Map<number, string>;
  /** Messages in the box after the last step: the model posts no more than fit. */
  waiting: number;
}

/** What must hold after every step. */
function check(model: Model, line: Line): void {
  const inFlight = line.outbox.waiting.filter((message) => message.packetId !== 0);
  model.waiting = line.outbox.waiting.length;
  assert.ok(model.waiting <= MAX_WAITING);
  assert.ok(inFlight.length <= MAX_IN_FLIGHT);
  assert.is(new Set(inFlight.map((message) => message.packetId)).size, inFlight.length);
  const arrived = line.arrived.filter((content) => content.startsWith('kept'));
  assert.equal(arrived, model.kept.slice(0, arrived.length), 'in order, none left out');
}

function step(name: string, run: (line: Line, model: Model) => void, fits = 0) {
  return {
    check: (model: Readonly<Model>) => fits === 0 || model.waiting + fits <= MAX_WAITING,
    run: (model: Model, line: Line) => {
      run(line, model);
      check(model, line);
    },
    toString: () => name,
  };
}

const steps = [
  fc.constant(
    step(
      'say what counts',
      (line, model) => {
        model.kept.push('kept ' + model.kept.length);
        line.say(66, model.kept[model.kept.length - 1] as string, true);
      },
      3,
    ),
  ),
  fc.tuple(fc.constantFrom(68, 69), fc.nat(9999)).map(([type, n]) =>
    step(
      `say a state ${type}`,
      (line, model) => {
        model.latest.set(type, `state ${type} ${model.latest.size} ${n} ${line.clock.nowMs()}`);
        line.say(type, model.latest.get(type) as string, false);
        line.clock.advance(1);
      },
      3,
    ),
  ),
  fc.integer({ min: 1, max: 80 }).map((n) => step(`up ${n}`, (line) => line.carryUp(n))),
  fc.integer({ min: 1, max: 20 }).map((n) => step(`down ${n}`, (line) => line.carryDown(n))),
  fc.constant(step('lose', (line) => line.lose())),
  fc.constant(step('connect', (line) => line.connect())),
  fc.constantFrom(1, 2, 3, 31).map((n) => step(`wait ${n} s`, (line) => line.wait(n))),
  fc.constant(step('flow', (line) => line.flow())),
];

/** The connection holds at last: everything that waits goes through. */
function heal(line: Line): void {
  line.lose();
  line.connect();
  line.flow();
}

function property(firstPacketId: number) {
  return fc.property(fc.commands(steps, { maxCommands: 200, size: 'max' }), (commands) => {
    const line = new Line();
    const model: Model = { kept: [], latest: new Map(), waiting: 0 };
    line.outbox.lastPacketId = firstPacketId;
    fc.modelRun(() => ({ model, real: line }), commands);
    heal(line);
    const kept = line.arrived.filter((content) => content.startsWith('kept'));
    assert.equal(kept, model.kept, 'every one that counts arrived');
    for (const state of model.latest.values()) assert.ok(line.arrived.includes(state), state);
    assert.is(line.outbox.waiting.length, 0);
    assert.is(line.outbox.dropped, 0);
  });
}

test('CR-093: nothing that fits is lost, and it arrives in order', () => {
  fc.assert(property(0), { seed: SEED, numRuns: 400 });
});

test('the same where packet ids wrap round', () => {
  fc.assert(property(65530), { seed: SEED, numRuns: 400 });
});

test('CR-094: what does not fit is counted, to the message', () => {
  const line = new Line();
  const said = MAX_WAITING + 15;
  for (let i = 0; i < said; i++) line.say(66, 'kept ' + i, true);
  heal(line);
  assert.is(line.outbox.dropped, 15);
  assert.is(line.arrived.length, MAX_WAITING);
  assert.is(line.arrived[0], 'kept 15', 'the oldest went');
});

test.run();
