/** The control room at work: what it keeps before it is done, and what it goes on with. */
import { EventEmitter } from 'node:events';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BENCH_SECRET } from '../../../host-sim/bench/bench.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import { ASK_PERIOD_MS } from '../../../host-sim/control-room/asking.js';
import { SET_ASIDE } from '../../../host-sim/control-room/counters.js';
import { startService, type Service } from '../../../host-sim/control-room/service.js';
import { UserError } from '../../../host-sim/exit-codes.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { hostBytes } from '../../../protocol/bytes.js';
import { Answer, Command, CrewStatus, PositionReason, Step } from '../../../protocol/codes.js';
import { nodeCiphers } from '../../../protocol/host/ciphers.js';
import { deriveKeys } from '../../../protocol/host/keys.js';
import { decodeMessage, encodeMessage, type Fields } from '../../../protocol/host/messages.js';
import { openEnvelope, sealEnvelope } from '../../../protocol/seal/envelope.js';
import { unitOfTopic } from '../../../protocol/topics.js';
import { MORNING_MS, NORTH, aCall, northOf, smallScheme } from './rig.js';

interface Published {
  readonly unit: string;
  readonly name: string;
  readonly fields: Fields;
  readonly counter: number;
  /** What stood in the ledger when it was published. */
  readonly ledger: string;
  readonly done: () => void;
}

/** Stands for mqtt.js: the broker's word comes when a test gives it. */
class FakeClient extends EventEmitter {
  readonly published: Published[] = [];
  connected = true;

  constructor(readonly ledger: string) {
    super();
  }

  subscribe(): void {}

  publish(topic: string, payload: Buffer, _: object, done: () => void): void {
    const unit = unitOfTopic(topic);
    const { down } = deriveKeys(BENCH_SECRET, unit, 1);
    const bytes = payload.toString('latin1');
    const opened = openEnvelope(hostBytes, nodeCiphers, [down], topic, bytes);
    if (typeof opened === 'number') throw new Error(`refused with ${opened}`);
    const decoded = decodeMessage(opened.message);
    if (typeof decoded === 'number') throw new Error(`refused with ${decoded}`);
    const { name, message: fields } = decoded;
    const ledger = readFileSync(this.ledger, 'utf8');
    this.published.push({ unit, name, fields, counter: opened.counter, ledger, done });
  }

  sent(name: string): Published[] {
    return this.published.filter((each) => each.name === name);
  }

  async endAsync(): Promise<void> {
    this.connected = false;
  }
}

interface Context {
  folder: string;
  ledger: string;
  clock: SimulatedClock;
}

const test = suite<Context>('the control room at work');
/** Of all messages of a test, over restarts. */
let counter = 0;

test.before.each((context) => {
  context.folder = mkdtempSync(join(tmpdir(), 'service-'));
  context.ledger = join(context.folder, 'ledger.ndjson');
  context.clock = new SimulatedClock(MORNING_MS);
});
test.after.each(({ folder }) => rmSync(folder, { recursive: true }));

function oneUnit() {
  const scheme = smallScheme();
  return { ...scheme, alerting: { ...scheme.alerting, units: 1 } };
}

async function start({ ledger, clock }: Context, scheme = oneUnit()) {
  const client = new FakeClient(ledger);
  const lines: Line[] = [];
  const service = await startService({
    scheme,
    ledger,
    clock,
    secret: BENCH_SECRET,
    connect: () => client as unknown as MqttClient,
    onLine: (line) => lines.push(line),
  });
  client.emit('connect');
  const say = (unit: string, level: string, name: string, fields: object) => {
    const topic = `cr/1/unit/${unit}/${level}`;
    const body = encodeMessage(name, { at: clock.nowMs(), clock: 3, ...fields });
    const { up } = deriveKeys(BENCH_SECRET, unit, 1);
    const payload = sealEnvelope(nodeCiphers, up, topic, ++counter, body);
    client.emit('message', topic, Buffer.from(payload, 'latin1'));
  };
  return { client, lines, service, say };
}

type Started = Awaited<ReturnType<typeof start>>;

const NO_FIGURES = { courseCentiDeg: null, altitudeDm: null, satellites: null, hdopCenti: null };

/** A unit as it tells of itself when it starts. */
function arrive({ say }: Started, unit: string, metres: number): void {
  const kind = { unitKind: 1, callSign: unit, firmware: '1', board: 'esp32' };
  say(unit, 'state', 'birth', { birthCounter: 1, heardCounter: 0, configVersion: 0, ...kind });
  say(unit, 'up', 'status', { status: CrewStatus.available, reason: 0 });
  const aed = { presence: 1, readiness: 1, reasons: 0, seenMsAgo: 0, temperatureDeciC: null };
  say(unit, 'up', 'aed', aed);
  position({ say }, unit, metres, PositionReason.periodic);
}

function position({ say }: Pick<Started, 'say'>, unit: string, metres: number, reason: number) {
  const place = northOf(NORTH, metres);
  say(unit, 'up', 'position', {
    fix: 1,
    reason,
    latitudeE7: Math.round(place.latitude * 1e7),
    longitudeE7: Math.round(place.longitude * 1e7),
    speedCmPerS: 0,
    fixAgeMs: 500,
    ...NO_FIGURES,
  });
}

function call(service: Service, change = {}): void {
  service.take({ do: 'call', call: aCall(change) });
}

test('L2: what is sent stands in the ledger before, and the broker’s word after', async (context) => {
  const started = await start(context);
  const { client, lines, service } = started;
  arrive(started, 'NO-V001', 1000);
  call(service);
  const dispatch = client.sent('dispatch')[0] as Published;
  assert.is(dispatch.unit, 'NO-V001');
  const alert = lines.find(({ what }) => what === 'alert');
  assert.is(dispatch.fields['dispatchId'], alert?.alertId);
  assert.is(dispatch.fields['ambulanceReference'], 'A100');
  assert.is(dispatch.fields['expiresAt'], alert?.expiresAtMs);
  assert.match(dispatch.ledger, /"what":"ambulance".*\n(.*\n)*.*"what":"alert"/);
  await context.clock.runUntil(MORNING_MS + 70);
  dispatch.done();
  const sent = lines.at(-1);
  assert.equal([sent?.what, sent?.step, sent?.skewMs], ['step', 'sent', 70]);
  await service.close();
});

test('what units tell becomes lines of the ledger', async (context) => {
  const started = await start(context);
  const { client, lines, say, service } = started;
  arrive(started, 'NO-V001', 1000);
  call(service);
  const dispatchId = client.sent('dispatch')[0]?.fields['dispatchId'];
  const at = { dispatchId, elapsedMs: 0 };
  say('NO-V001', 'up', 'receipt', { ...at, step: Step.sounding, refusal: 0 });
  say('NO-V001', 'up', 'response', { ...at, answer: Answer.accept, reason: 0 });
  say('NO-V001', 'up', 'status', { status: CrewStatus.committedElsewhere, reason: 2 });
  const told = lines.slice(-6, -1).map(({ what, step, reasons }) => [what, step ?? reasons]);
  assert.equal(told.slice(0, 2), [
    ['step', 'sounding'],
    ['step', 'accepted'],
  ]);
  assert.is(told[2]?.[0], 'unit');
  assert.equal(told.slice(3), [
    ['failed', ['released_police_priority']],
    ['standDown', ['released_police_priority']],
  ]);
  assert.is(client.sent('stand-down')[0]?.fields['dispatchId'], dispatchId);
  await service.close();
});

test('a position of a time when nobody could be told is not where the unit is', async (context) => {
  const started = await start(context);
  arrive(started, 'NO-V001', 1000);
  position(started, 'NO-V001', 3000, PositionReason.missed);
  const heard = started.service.coordinator.state.heard.positions.get('NO-V001');
  assert.equal(heard?.place.latitude.toFixed(5), northOf(NORTH, 1000).latitude.toFixed(5));
  assert.is(heard?.fixAtMs, MORNING_MS - 500);
  await started.service.close();
});

test('a unit that is silent is followed by the next, by the clock alone', async (context) => {
  const started = await start(context);
  arrive(started, 'NO-V001', 1000);
  arrive(started, 'NO-V002', 2000);
  call(started.service);
  await context.clock.runUntil(MORNING_MS + oneUnit().alerting.nextAfterS * 1000);
  assert.equal(
    started.client.sent('dispatch').map(({ unit }) => unit),
    ['NO-V001', 'NO-V002'],
  );
  await started.service.close();
});

test('Shows 5: an alert that the broker never had is sent again, under its number', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  call(first.service);
  const [before] = first.client.sent('dispatch');
  // The program dies here: nothing is said good-bye to, nothing more is kept.
  const second = await start(context);
  const [again, ...more] = second.client.sent('dispatch');
  assert.equal(more, []);
  assert.equal(again?.fields, before?.fields);
  again?.done();
  const third = await start(context);
  assert.equal(third.client.sent('dispatch'), []);
  assert.is(third.service.linesRead, readFileSync(context.ledger, 'utf8').split('\n').length - 1);
  await third.service.close();
});

test('Shows 5: after a restart a unit is stood down that was alerted before it', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  call(first.service);
  first.client.sent('dispatch')[0]?.done();
  await first.service.close();
  const second = await start(context);
  second.service.take({ do: 'ambulance', reference: 'A100', what: 'onScene' });
  const [standDown] = second.client.sent('stand-down');
  assert.is(standDown?.unit, 'NO-V001');
  const id = first.client.sent('dispatch')[0]?.fields['dispatchId'];
  assert.is(standDown?.fields['dispatchId'], id);
  standDown?.done();
  assert.is(second.lines.at(-1)?.step, 'standDownSent');
  await second.service.close();
});

test('after an orderly end it knows where its units are, and what they said last', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  await first.service.close();
  const second = await start(context);
  call(second.service);
  assert.is(second.client.sent('dispatch')[0]?.unit, 'NO-V001');
  const peers = (each: Started) => each.service.controlRoom.peerStates()['NO-V001'];
  assert.equal(peers(second)?.up, peers(first)?.up);
  assert.ok((peers(second)?.counter ?? 0) > (peers(first)?.counter ?? 0));
  await second.service.close();
});

test('CR-110, CR-111: killed and started again within a second, it uses no counter twice', async (context) => {
  const used: number[] = [];
  for (let kills = 0; kills < 5; kills++) {
    // (Whoever is killed unlocks nothing.)
    rmSync(`${context.ledger}.lock`, { force: true });
    const { client, service } = await start(context);
    for (let i = 0; i < 3 * SET_ASIDE; i++) service.controlRoom.command('NO-V001', 'report');
    used.push(...client.published.map(({ counter: each }) => each));
  }
  assert.is(used.length, 5 * 3 * SET_ASIDE);
  used
    .slice(1)
    .forEach((each, i) => assert.ok(each > (used[i] as number), `${each} after ${used[i]}`));
});

test('a file of counters that is none is refused', async (context) => {
  for (const content of ['', '12', 'many\n', '-1\n']) {
    writeFileSync(`${context.ledger}.counter`, content);
    const thrown = await start(context).catch((error: Error) => error);
    assert.ok(thrown instanceof UserError, content);
    assert.match(thrown.message, /\.counter: expected the last counter that was set aside/);
  }
});

test('what cannot be sent to one unit is offered to the next', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  arrive(first, 'NO-V002', 2000);
  await first.service.close();
  const path = `${context.ledger}.units.json`;
  const kept = JSON.parse(readFileSync(path, 'utf8'));
  kept.peers['NO-V001'].counter = 0xfffffffe;
  writeFileSync(path, JSON.stringify(kept));
  const { client, lines, service } = await start(context);
  call(service);
  assert.equal(
    client.sent('dispatch').map(({ unit }) => unit),
    ['NO-V002'],
  );
  const refused = lines.find(({ step }) => step === 'refused');
  assert.match(refused?.reasons?.[0] ?? '', /^notSent: NO-V001: no counter is left/);
  await service.close();
});

test('any text at all reaches a unit, as plain text', async (context) => {
  const started = await start(context);
  arrive(started, 'NO-V001', 1000);
  call(started.service, {
    address: `Café “Zoë”\n${'x'.repeat(200)}`,
    text: 'Dog\tin garden – 危',
    ambulanceReference: 'A-very-long-reference',
  });
  const { fields } = started.client.sent('dispatch')[0] as Published;
  assert.is(fields['address'], `Cafe 'Zoe' ${'x'.repeat(200)}`.slice(0, 94) + '..');
  assert.is(fields['note'], 'Dog in garden - ?');
  assert.is(fields['ambulanceReference'], 'A-very-long-refe');
  await started.service.close();
});

test('L14: a volunteer is told the place and no word of the call', async (context) => {
  const told: unknown[] = [];
  const { ledger, clock } = context;
  const client = new FakeClient(ledger);
  const service = await startService({
    scheme: oneUnit(),
    ledger,
    clock,
    secret: BENCH_SECRET,
    connect: () => client as unknown as MqttClient,
    tellVolunteer: (alert) => told.push(alert) > 0,
  });
  const known = { standard: 'approved-first-aid', verifiedUntil: '2017-12-31', available: true };
  service.take({ do: 'volunteerIs', volunteer: 'V1', ...known, place: NORTH });
  call(service, { text: 'John Smith' });
  const address = '1 High Street';
  assert.equal(told, [{ volunteer: 'V1', incident: 'C1', place: NORTH, address }]);
  assert.equal(service.coordinator.unconfirmed(), []);
  await service.close();
});

test('the ledger of another scheme is refused', async (context) => {
  const { service } = await start(context);
  await service.close();
  const other = { ...oneUnit(), id: 'paris' };
  const thrown = await start(context, other).catch((error: Error) => error);
  assert.ok(thrown instanceof Error);
  assert.match(thrown.message, /expected a ledger of paris, found that of london/);
});

test('what a call says otherwise goes to the unit, and again after a crash, until the broker has it', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  call(first.service);
  const [dispatch] = first.client.sent('dispatch');
  dispatch?.done();
  call(first.service, { text: 'Behind the church – north door' });
  const [told] = first.client.sent('update');
  assert.is(told?.unit, 'NO-V001');
  const { dispatchId, expiresAt } = dispatch?.fields as Fields;
  assert.equal(
    [told?.fields['dispatchId'], told?.fields['revision'], told?.fields['expiresAt']],
    [dispatchId, 1, expiresAt],
  );
  assert.is(told?.fields['note'], 'Behind the church - north door');
  assert.match(told?.ledger ?? '', /"what":"callAgain".*\n.*"what":"update"/);
  const second = await start(context);
  const [again] = second.client.sent('update');
  assert.equal(again?.fields, told?.fields);
  again?.done();
  assert.is(second.lines.at(-1)?.what, 'updateSent');
  const third = await start(context);
  assert.equal(third.client.sent('update'), []);
  await third.service.close();
});

test('an update that a crash cut off is decided at the next start', async (context) => {
  const first = await start(context);
  arrive(first, 'NO-V001', 1000);
  call(first.service);
  call(first.service, { text: 'North door' });
  const text = readFileSync(context.ledger, 'utf8');
  writeFileSync(context.ledger, text.slice(0, text.indexOf('"what":"update"')));
  const second = await start(context);
  assert.is(second.client.sent('update')[0]?.fields['note'], 'North door');
  await second.service.close();
});

test('with a new ledger, each unit is asked what it knows, one after another', async (context) => {
  const started = await start(context);
  const { client, say, service } = started;
  const kind = { unitKind: 1, firmware: '1', board: 'esp32' };
  const none = { birthCounter: 1, heardCounter: 0, configVersion: 0 };
  // One is born, as the broker kept it; of one another word comes first; one was never there.
  say('NO-V001', 'state', 'birth', { ...none, ...kind, callSign: 'V1' });
  position({ say }, 'NO-V002', 2000, PositionReason.periodic);
  position({ say }, 'NO-V002', 2100, PositionReason.periodic);
  const asked = () => client.sent('command').map(({ unit, fields }) => [unit, fields['command']]);
  assert.equal(asked(), []);
  await context.clock.runUntil(MORNING_MS + ASK_PERIOD_MS);
  assert.equal(asked(), [['NO-V001', Command.report]]);
  await context.clock.runUntil(MORNING_MS + 10 * ASK_PERIOD_MS);
  assert.equal(asked().slice(1), [['NO-V002', Command.report]]);
  say('NO-V001', 'state', 'birth', { ...none, ...kind, birthCounter: 9, callSign: 'V1' });
  await context.clock.runUntil(MORNING_MS + 20 * ASK_PERIOD_MS);
  assert.equal(asked().slice(2), [['NO-V001', Command.report]], 'born again, it is asked again');
  await service.close();
});

test('killed before it kept where its units are, it asks them at the next start', async (context) => {
  arrive(await start(context), 'NO-V001', 1000);
  const { client, say, service } = await start(context);
  const kind = { unitKind: 1, callSign: 'V1', firmware: '1', board: 'esp32' };
  say('NO-V001', 'state', 'birth', { birthCounter: 1, heardCounter: 0, configVersion: 0, ...kind });
  await context.clock.runUntil(MORNING_MS + ASK_PERIOD_MS);
  assert.is(client.sent('command')[0]?.unit, 'NO-V001');
  position({ say }, 'NO-V001', 1000, PositionReason.periodic);
  call(service);
  assert.is(client.sent('dispatch')[0]?.unit, 'NO-V001');
  await service.close();
});

test('a ledger that another process has is refused, with what to do; one of a dead process is not', async (context) => {
  const lock = `${context.ledger}.lock`;
  writeFileSync(lock, `${process.ppid}\n`);
  const thrown = await start(context).catch((error: Error) => error);
  assert.ok(thrown instanceof UserError && thrown.exit === 'ledgerInUse');
  assert.match(thrown.message, /in use by the control room of process \d+: .* another --ledger/);
  const dead = spawnSync(process.execPath, ['--version']).pid;
  for (const text of [`${dead}\n`, '', `${process.pid}\n`]) {
    writeFileSync(lock, text);
    const { service } = await start(context);
    assert.is(readFileSync(lock, 'utf8'), `${process.pid}\n`);
    await service.close();
    assert.not.ok(existsSync(lock));
  }
});

test('a file of units that is none is refused', async (context) => {
  writeFileSync(`${context.ledger}.units.json`, '{"peers":');
  const thrown = await start(context).catch((error: Error) => error);
  assert.ok(thrown instanceof Error);
  assert.match(thrown.message, /units\.json: expected what a control room keeps .* move it away/);
});

test.run();
