/** Provisioning the real interpreter over tcp://, where ESPRUINO names one (fleet tools, shows 2). */
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { embeddedTcpNetwork } from '../../../host-sim/bench/networks.js';
import { ControlRoom } from '../../../host-sim/control-room/control-room.js';
import { findInterpreter } from '../../../host-sim/interpreter/interpreter.js';
import { RealClock } from '../../../host-sim/world/clock.js';
import { wiring } from '../../../host-sim/world/wiring.js';
import { BoardConsole } from '../../../tools/board/console.js';
import { diagnose } from '../../../tools/board/diagnosis.js';
import { readRunningFacts } from '../../../tools/board/facts.js';
import { openLine } from '../../../tools/board/line.js';
import { PASSWORD, provisionOver, SECRET, wantedUnit } from '../../support/board-unit.js';
import { complete, RealBoard } from '../../support/real-board.js';

const PATIENCE_MS = 60_000;

const command = findInterpreter();
const test = suite('provision the interpreter');

test('pulled half-way it does not boot; the second run completes it, and the unit is born', async () => {
  const clock = new RealClock();
  const network = await embeddedTcpNetwork(clock, 0);
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
  const board = await RealBoard.open(command as string);
  try {
    const wanted = wantedUnit({ port: network.port, nowS: Math.floor(Date.now() / 1000) });
    board.pullAtByte = 30_000;
    const line = await openLine(board.url);
    const cut = await provisionOver(line, wanted).catch((error: Error) => error);
    assert.match(String(cut), 'the line to the board ended');
    board.pullAtByte = Infinity;
    await wait(500);
    assert.equal(born, []);
    await complete(board, wanted);
    await until('its birth', () => born.length > 0);
    assert.is(born[0], 'BX01');
  } finally {
    await board.close();
    await room.close();
    await network.close();
    clock.stop();
  }
});

test('doctor on its console finds nothing wrong with a unit that runs, and leaves it as it was', async () => {
  const clock = new RealClock();
  const network = await embeddedTcpNetwork(clock, 0);
  let isBorn = false;
  const room = new ControlRoom({
    clock,
    secret: SECRET,
    units: ['met-bx01'],
    connect: () => network.connect('cr-control'),
    watch: ({ name }) => {
      if (name === 'birth') isBorn = true;
    },
  });
  const board = await RealBoard.open(command as string);
  try {
    board.low = { [wiring.acceptButton]: true, [wiring.declineButton]: true };
    const wanted = wantedUnit({ port: network.port, nowS: Math.floor(Date.now() / 1000) });
    await complete(board, wanted);
    await until('its birth', () => isBorn);
    const { starts } = board;
    const before = (await board.control.ask('process.memory().free')) as number;
    const console = new BoardConsole(await openLine(board.url), { passwords: [PASSWORD] });
    await console.greet();
    assert.ok(console.wasLocked);
    await console.teach();
    const facts = await readRunningFacts(console);
    await console.leave();
    assert.is(await console.state(), 'locked');
    await console.close();
    const expected = { wanted, version: '' };
    const found = diagnose({ expected, console: facts });
    // What stands in for the chip on this build is that.
    assert.equal(
      found.map(({ id, wrong }) => `${id}: ${wrong}`),
      ['foreign-boot-code: boot code that is not the unit’s: .boot0'],
    );
    const after = (await board.control.ask('process.memory().free')) as number;
    assert.ok(Math.abs(after - before) < 100, `${before} variables free before, ${after} after`);
    assert.is(board.starts, starts, 'it was not restarted');
  } finally {
    await board.close();
    await room.close();
    await network.close();
    clock.stop();
  }
});

async function until(what: string, condition: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS;
  while (!condition()) {
    if (performance.now() > endMs) throw new Error(`waited in vain for ${what}`);
    await wait(100);
  }
}

if (command) test.run();
else console.log('left out, because ESPRUINO names no interpreter: provisioning one');
