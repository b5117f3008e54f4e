/** Provisioning a board (issue: fleet tools, shows 2 and 4): on a board without the interpreter. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { UnitKind } from '../../../protocol/codes.js';
import { keysRecord } from '../../../protocol/host/keys.js';
import { Random } from '../../../host-sim/world/random.js';
import { readBundle } from '../../../tools/board/bundle-files.js';
import { BoardConsole } from '../../../tools/board/console.js';
import {
  planProvisioning,
  type Plan,
  type PlanOptions,
  type WantedUnit,
} from '../../../tools/board/plan.js';
import { bringUp, lookAtBoard } from '../../../tools/board/provision.js';
import { ConsoleBoard, turns, type Trouble } from '../../support/console-board.js';

const SECRET = Buffer.alloc(32, 7);
const PASSWORD = 'Rr0_-console-pw9';
const firmware = readBundle();
/** In turns of Node, not milliseconds. */
const ANSWER_MS = 400;

function wantedUnit(generation = 1, unitId = 'met-bx01'): WantedUnit {
  return {
    unitId,
    callSign: 'BX01',
    settings: {
      unitId,
      callSign: 'BX01',
      kind: UnitKind.vehicle,
      host: '10.0.0.1',
      port: 1883,
      user: unitId,
      password: 'broker-password-of-it',
      ssid: 'vehicle',
      wifiPassword: 'wifi-password-of-it',
    },
    keysRecord: keysRecord(SECRET, unitId, generation),
    laterKeysRecords: [],
    consolePassword: PASSWORD,
    firmware,
    nowS: 1_795_000_000,
  };
}

const FIRST: PlanOptions = { anew: false, isIssued: false };

async function run(
  board: ConsoleBoard,
  trouble: Trouble = {},
  wanted = wantedUnit(),
  options = FIRST,
): Promise<Plan> {
  const line = board.plugIn(trouble);
  const console = BoardConsole.on(line, {
    passwords: [PASSWORD],
    answerMs: ANSWER_MS,
    wait: turns,
  });
  const facts = await lookAtBoard(console);
  const plan = planProvisioning(facts, wanted, options);
  if ('why' in plan) throw new Error(`${plan.kind}: ${plan.why}`);
  await bringUp(console, plan);
  return plan;
}

function assertWhole(board: ConsoleBoard, plan: Plan): void {
  for (const { name, bytes } of plan.files) assert.ok(board.flash.read(name) === bytes, name);
}

test('a bare board becomes a unit that boots from its flash, with its console closed', async () => {
  const board = new ConsoleBoard();
  const plan = await run(board);
  assertWhole(board, plan);
  assert.ok(board.isConsoleClosed);
  assert.is(await board.host.inspect('settings.callSign'), 'BX01');
});

test('a second run finds nothing missing, and a unit that is as it was', async () => {
  const board = new ConsoleBoard({ buttonsHeld: true });
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
  const whole = new ConsoleBoard();
  const wholePlan = await run(whole);
  const [bytesIn, operations] = [whole.bytesIn, whole.operations];
  for (let seed = 1; seed <= PULLS; seed++) {
    const random = new Random(seed);
    const board = new ConsoleBoard({ random, buttonsHeld: true });
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

/** Whether the interpreter finds something to run. */
function isBootable(board: ConsoleBoard): boolean {
  const code = board.flash.read('.bootcde');
  return code !== undefined && !code.startsWith('\xff');
}

test.run();
