/** Provisioning a board (issue: fleet tools, shows 2 and 4): on a board without the interpreter. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { deriveKeyBytes, keysRecord } from '../../../protocol/host/keys.js';
import { packRecord } from '../../../protocol/record.js';
import { packKeys } from '../../../protocol/seal/keys.js';
import { simulatedNetwork } from '../../../host-sim/bench/networks.js';
import { ControlRoom } from '../../../host-sim/control-room/control-room.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { createUnitHost } from '../../../host-sim/espruino/unit-host.js';
import { CERTIFICATE_FILE, KEY_FILE } from '../../../firmware/espruino/net.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { crcOf, readBundle } from '../../../tools/board/bundle-files.js';
import { BoardConsole } from '../../../tools/board/console.js';
import type { Plan } from '../../../tools/board/plan.js';
import { MIN_SPARE_BYTES, MIN_VARIABLES } from '../../../tools/board/refusal.js';
import { unlock } from '../../../tools/board/provision.js';
import { UserError } from '../../../tools/exit-codes.js';
import { FIRST, PASSWORD, provisionOver, SECRET, wantedUnit } from '../../support/board-unit.js';
import { CableBoard, turns, type BoardOptions, type Trouble } from '../../support/cable-board.js';

const firmware = readBundle();
/** In turns of Node, not milliseconds. */
const ANSWER_MS = 400;

const timing = { answerMs: ANSWER_MS, wait: turns };

function consoleOf(board: CableBoard, passwords: string[]): BoardConsole {
  return new BoardConsole(board.plugIn(), { passwords, ...timing });
}

function run(
  board: CableBoard,
  trouble: Trouble = {},
  wanted = wantedUnit(),
  options = FIRST,
): Promise<Plan> {
  return provisionOver(board.plugIn(trouble), wanted, options, timing);
}

function assertWhole(board: CableBoard, plan: Plan): void {
  for (const { name, bytes } of plan.files) assert.ok(board.flash.read(name) === bytes, name);
}

test('a bare board becomes a unit that boots from its flash, with its console closed', async () => {
  const board = new CableBoard();
  const plan = await run(board);
  assertWhole(board, plan);
  assert.is(board.board.state, 'closed');
  assert.is(await board.board.host.inspect('settings.callSign'), 'BX01');
});

test('a second run finds nothing missing, and a unit that is as it was', async () => {
  const board = new CableBoard({ buttonsHeld: true });
  await run(board);
  const before = new Map(board.flash.names().map((name) => [name, board.flash.read(name)]));
  const plan = await run(board, {}, wantedUnit(), { anew: false, isIssued: true });
  assert.equal(plan.steps, []);
  for (const [name, bytes] of before) {
    if (!/^(boot|counter|restart)/.test(name)) assert.ok(board.flash.read(name) === bytes, name);
  }
});

const PULLS = 50;

test('a cable pulled at 50 seeded instants leaves a board that does not boot half, and that a second run completes', async () => {
  const whole = new CableBoard();
  const wholePlan = await run(whole);
  const [bytesIn, operations] = [whole.bytesIn, whole.operations];
  for (let seed = 1; seed <= PULLS; seed++) {
    const random = new Random(seed);
    const board = new CableBoard({ random, buttonsHeld: true });
    const trouble: Trouble =
      seed % 2 === 0
        ? { pullAtByte: random.integer(1, bytesIn) }
        : {
            pullAtOperation: random.integer(1, operations),
            phase: (['before', 'half', 'after'] as const)[random.integer(0, 2)]!,
          };
    const at = `seed ${seed}: ${JSON.stringify(trouble)}`;
    const error = await run(board, trouble).then(
      () => null,
      (thrown: Error) => thrown,
    );
    assert.ok(error !== null && board.pulled, `${at}: it is pulled: ${error?.message}`);
    assert.match(error.message, 'the line to the board ended', at);
    if (isBootable(board)) assertWhole(board, wholePlan);
    await run(board, {}).catch((thrown: Error) => {
      throw new Error(`${at}: ${thrown.stack}`);
    });
    assertWhole(board, wholePlan);
    assert.is(board.flash.read('.boot2'), undefined, at);
  }
});

test('a run after a pulled cable goes on within the bundle, and begins it anew where it was torn', async () => {
  const whole = new CableBoard();
  const wholePlan = await run(whole);
  const [bytesIn, operations] = [whole.bytesIn, whole.operations];
  const secondRun = async (trouble: Trouble) => {
    const board = new CableBoard({ buttonsHeld: true });
    await errorOf(run(board, trouble));
    await run(board);
    assertWhole(board, wholePlan);
    return board.bytesIn;
  };
  const pullAtByte = Math.floor(bytesIn * 0.9);
  assert.ok((await secondRun({ pullAtByte })) < bytesIn * 0.2);
  // Most of the operations are pieces of the bundle.
  const pullAtOperation = Math.floor(operations * 0.5);
  assert.ok((await secondRun({ pullAtOperation, phase: 'half' })) > bytesIn * 0.9);
});

test('noise and lost bytes cost time and nothing else', async () => {
  for (let seed = 1; seed <= 5; seed++) {
    const board = new CableBoard({ random: new Random(seed) });
    const plan = await run(board, { spoilt: 0.0002 }).catch((error: Error) => {
      throw new Error(`seed ${seed}: ${error.stack}`);
    });
    assertWhole(board, plan);
    assert.is(board.board.host.inspect('settings.unitId'), 'met-bx01', `seed ${seed}`);
  }
});

test('a board with too old an Espruino, too little memory or flash is refused, with what to do', async () => {
  const refused = async (options: BoardOptions, what: RegExp) => {
    const board = new CableBoard(options);
    assert.match(await errorOf(run(board)), what);
    assert.equal(board.flash.names(), []);
  };
  await refused({ version: '2v29.276' }, /tooOld: Espruino 2v29.277 or later .* flash/);
  await refused({ version: '2v29' }, /tooOld/);
  await refused({ variables: MIN_VARIABLES - 1 }, /tooLittleMemory: 2400 .* found 2399.*WROVER/);
  const needed = firmware.bundle.length + firmware.loader.length + MIN_SPARE_BYTES;
  await refused({ capacityBytes: needed - 1 }, /tooLittleFlash: .*eraseAll/);
  // What an update has left in the other slot makes room, because it goes.
  const updated = new CableBoard({ capacityBytes: needed + 100 });
  updated.flash.write('app.b', 'x'.repeat(2000));
  await run(updated);
  assert.is(updated.flash.read('app.b'), undefined);
  for (const options of [
    { version: '2v30' },
    { variables: MIN_VARIABLES },
    { capacityBytes: needed },
  ]) {
    await run(new CableBoard(options));
  }
});

/** The counter that the unit has kept, of the newer slot. */
function counterOf(board: CableBoard): number {
  const kept = ['counter.0', 'counter.1'].map((name) => board.flash.read(name)?.slice(16));
  return Math.max(...kept.map((value) => Number(value ?? 0)));
}

test('CR-128: a unit that was in service keeps its counters, and only --anew takes them away', async () => {
  const board = new CableBoard({ buttonsHeld: true });
  await run(board);
  const desk = board.flash.read('desk.0');
  board.flash.write('counter.1', packRecord(7, '70000', crcOf));
  await run(board, {}, { ...wantedUnit(), nowS: 1_800_000_000 }, { anew: false, isIssued: true });
  assert.ok(counterOf(board) >= 70_000);
  assert.is(board.flash.read('desk.0'), desk);
  for (const wanted of [wantedUnit({ generation: 2 }), wantedUnit({ unitId: 'met-bx02' })]) {
    const error = await errorOf(run(board, {}, wanted));
    assert.match(error, /inService: .*met-bx01 with generation 1/);
    assert.ok(counterOf(board) >= 70_000);
  }
  const plan = await run(board, {}, wantedUnit({ generation: 2 }), { anew: true, isIssued: false });
  assertWhole(board, plan);
  assert.is(board.flash.read('keys.0')!.charCodeAt(16), 2);
  assert.ok(counterOf(board) < 70_000);
});

test('CR-128: a board without keys is refused where another one has had them', async () => {
  const board = new CableBoard();
  const error = await errorOf(run(board, {}, wantedUnit(), { anew: false, isIssued: true }));
  assert.match(error, /issued: .* --anew/);
  await run(board, {}, wantedUnit({ generation: 2 }), { anew: true, isIssued: false });
});

test('CR-128: --anew, cut short at 10 seeded operations, is completed by a second run', async () => {
  for (let seed = 1; seed <= 10; seed++) {
    const random = new Random(seed);
    const board = new CableBoard({ random, buttonsHeld: true });
    await run(board);
    board.flash.write('counter.1', packRecord(7, '70000', crcOf));
    const trouble: Trouble = { pullAtOperation: random.integer(1, 16), phase: 'after' };
    const anew = { anew: true, isIssued: false };
    await errorOf(run(board, trouble, wantedUnit({ generation: 2 }), anew));
    assert.ok(board.pulled, `seed ${seed}: ${JSON.stringify(trouble)}`);
    const plan = await run(board, {}, wantedUnit({ generation: 2 }), anew);
    assertWhole(board, plan);
    assert.ok(counterOf(board) < 70_000, `seed ${seed}`);
  }
});

test('what a board without keys has kept of a life goes when it gets keys', async () => {
  const board = new CableBoard();
  const life = ['counter.1', 'config.0', 'desk.1', 'trial.0', 'restart.1'];
  for (const name of life) board.flash.write(name, packRecord(9, 'of another unit', crcOf));
  board.flash.write('keys.0', 'torn');
  const plan = await run(board);
  assertWhole(board, plan);
  for (const name of life) {
    assert.not.match(board.flash.read(name) ?? '', 'of another unit', name);
  }
});

test('keys that the unit was given over the air are its own', async () => {
  const board = new CableBoard({ buttonsHeld: true });
  await run(board);
  const rotated = packKeys({
    generation: 2,
    keys: deriveKeyBytes(SECRET, 'met-bx01', 2),
    lastGeneration: 1,
    lastDown: deriveKeyBytes(SECRET, 'met-bx01', 1).slice(0, 48),
  });
  board.flash.write('keys.1', packRecord(2, rotated, crcOf));
  const later = { ...wantedUnit(), laterKeysRecords: [keysRecord(SECRET, 'met-bx01', 2)] };
  const plan = await run(board, {}, later, { anew: false, isIssued: true });
  assert.equal(plan.steps, []);
});

test('the console is locked: only the password of the unit opens it, and --unlock takes it off', async () => {
  const board = new CableBoard({ buttonsHeld: true });
  await run(board);
  assert.match(await errorOf(consoleOf(board, ['of-another-unit']).greet()), /does not open it/);
  await unlock(consoleOf(board, ['an-earlier-one', PASSWORD]));
  assert.is(board.flash.read('.boot1'), undefined);
  board.pull();
  assert.is(await consoleOf(board, []).greet(), '2v29.277');
});

test('a closed console is said to need both buttons', async () => {
  const board = new CableBoard();
  await run(board);
  assert.match(await errorOf(consoleOf(board, [PASSWORD]).greet()), /hold both its buttons/);
});

const certificate = { certificate: 'certificate in DER \x00\xff', key: 'key in DER \x80' };

test('with TLS to the broker its certificate and key are written and verified, and go when it has none', async () => {
  const plain = wantedUnit();
  const byTls = { ...plain, settings: { ...plain.settings, tls: true }, certificate };
  const error = await errorOf(run(new CableBoard({ variables: 5099 }), {}, byTls));
  assert.match(error, /tooLittleMemory: 5100 variables .*with TLS.* found 5099/);
  const board = new CableBoard({ variables: 5100, buttonsHeld: true });
  const plan = await run(board, {}, byTls);
  assertWhole(board, plan);
  // The names that the unit looks for.
  assert.is(board.flash.read(CERTIFICATE_FILE), certificate.certificate);
  assert.is(board.flash.read(KEY_FILE), certificate.key);
  assert.is(board.board.host.inspect('settings.tls'), true);
  const issued = { anew: false, isIssued: true };
  const renewed = { ...byTls, certificate: { ...certificate, certificate: 'a later one' } };
  await run(board, {}, renewed, issued);
  assert.is(board.flash.read(CERTIFICATE_FILE), 'a later one');
  await run(board, {}, plain, issued);
  assert.is(board.flash.read(CERTIFICATE_FILE), undefined);
  assert.is(board.flash.read(KEY_FILE), undefined);
});

test('a board on which something fails says what it was, as an error for people', async () => {
  const board = new CableBoard();
  const console = consoleOf(board, []);
  await console.greet();
  await console.teach();
  const error = await console.ask('S.write("a","")', 'writing a').catch((thrown: Error) => thrown);
  assert.instance(error, UserError);
  assert.match((error as Error).message, /^writing a: the board says .*zero length file/);
});

test('a console that was only looked into is locked again', async () => {
  const board = new CableBoard({ buttonsHeld: true });
  await run(board);
  const console = consoleOf(board, [PASSWORD]);
  await console.greet();
  assert.is(board.board.state, 'open');
  await console.teach();
  await console.leave();
  assert.is(board.board.state, 'locked');
});

test('a unit that was provisioned connects to its broker and is born there', async () => {
  const board = new CableBoard();
  await run(board);
  const clock = new SimulatedClock(1_795_000_000_000);
  const network = await simulatedNetwork(clock);
  const random = new Random(3);
  const { dial } = network.linkFor('met-bx01', random.fork('link'));
  const host = createUnitHost({ clock, random, bundle: loadBundle(), flash: board.flash, dial });
  const born: string[] = [];
  const room = new ControlRoom({
    clock,
    secret: SECRET,
    units: ['met-bx01'],
    connect: () => network.connect('cr-control'),
    watch: ({ name, fields }) => {
      if (name === 'birth') born.push(String(fields['callSign']));
    },
  });
  host.powerOn();
  await clock.runUntil(clock.nowMs() + 60_000);
  host.cutPower();
  await room.close();
  await network.close();
  assert.equal(born, ['BX01']);
});

async function errorOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: Error) => error.message,
  );
}

/** Whether the interpreter finds something to run. */
function isBootable(board: CableBoard): boolean {
  const code = board.flash.read('.bootcde');
  return code !== undefined && !code.startsWith('\xff');
}

test.run();
