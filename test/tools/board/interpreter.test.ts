/** Provisioning the real interpreter over tcp://, where ESPRUINO names one (fleet tools, shows 2). */
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { embeddedTcpNetwork } from '../../../host-sim/bench/networks.js';
import { ControlRoom } from '../../../host-sim/control-room/control-room.js';
import { findInterpreter } from '../../../host-sim/interpreter/interpreter.js';
import { RealClock } from '../../../host-sim/world/clock.js';
import { openLine } from '../../../tools/board/line.js';
import { provisionOver, SECRET, wantedUnit } from '../../support/board-unit.js';
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
    const endMs = performance.now() + PATIENCE_MS;
    while (born.length === 0 && performance.now() < endMs) await wait(100);
    assert.is(born[0], 'BX01');
  } finally {
    await board.close();
    await room.close();
    await network.close();
    clock.stop();
  }
});

if (command) test.run();
else console.log('left out, because ESPRUINO names no interpreter: provisioning one');
