/** Cables to boards: serial ports, which a pseudo-terminal stands in for, and TCP. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BoardPort } from '../../../host-sim/console/port.js';
import { openLine, type ByteLine } from '../../../tools/board/line.js';
import { provisionOver, wantedUnit } from '../../support/board-unit.js';
import { CableBoard } from '../../support/cable-board.js';

const test = suite('lines to boards');

/** What comes back of what is sent. */
async function echoed(line: ByteLine, text: string): Promise<string> {
  let heard = '';
  line.onBytes((bytes) => (heard += bytes));
  await line.write(text);
  for (let tries = 0; heard.length < text.length && tries < 200; tries++) await wait(10);
  return heard;
}

/** The word that is given, unless something takes longer than it may. */
async function inTime(work: Promise<unknown>): Promise<string> {
  const late = wait(5000, 'late', { ref: false });
  return Promise.race([work.then(() => 'in time'), late]);
}

const folder = mkdtempSync(join(tmpdir(), 'line-'));
const path = join(folder, 'board');

/** A serial port that leads to what socat calls by that. */
async function serialPort(path: string, to: string) {
  const socat = spawn('socat', [`PTY,link=${path},raw,echo=0`, to], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => {
    socat.on('error', () => resolve());
    socat.on('exit', () => resolve());
  });
  for (let tries = 0; !existsSync(path) && tries < 200; tries++) await wait(10);
  return async () => {
    socat.kill('SIGTERM');
    await ended;
  };
}

const pull = await serialPort(path, 'EXEC:cat');
test.after(async () => {
  await pull();
  rmSync(folder, { recursive: true });
});
if (!existsSync(path)) {
  test.skip('serial ports: left out, they take socat', () => {});
} else {
  test('a serial port is free again when its line is closed, for the next board', async () => {
    for (let board = 1; board <= 3; board++) {
      const line = await openLine(path);
      assert.is(await echoed(line, 'hello\x00\xff'), 'hello\x00\xff', `board ${board}`);
      assert.is(await inTime(line.close()), 'in time');
    }
  });

  test('a serial port that goes away says so once, at the latest when it is written to; closing it is no trouble', async () => {
    const line = await openLine(path);
    let gone = 0;
    line.onGone(() => gone++);
    line.onBytes(() => {});
    await pull();
    for (let tries = 0; gone === 0 && tries < 20; tries++) {
      assert.is(await inTime(line.write('x')), 'in time');
      await wait(10);
    }
    assert.is(gone, 1);
    assert.is(await inTime(line.write('x')), 'in time');
    assert.is(await inTime(line.close()), 'in time');
    assert.is(await inTime(line.close()), 'in time');
  });

  test('a board is provisioned over a serial port', async () => {
    const board = new CableBoard({ buttonsHeld: true });
    const port = await BoardPort.open(board.board);
    const serial = join(folder, 'serial');
    const unplug = await serialPort(serial, `TCP:${new URL(port.url).host}`);
    try {
      const plan = await provisionOver(await openLine(serial), wantedUnit());
      for (const { name, bytes } of plan.files) assert.ok(board.flash.read(name) === bytes, name);
    } finally {
      await unplug();
      port.close();
    }
  });
}

test('a TCP line that the far end closes says so, and closing it is no trouble', async () => {
  const server = createServer((socket) => {
    socket.on('data', (bytes) => socket.write(bytes));
    setTimeout(() => socket.destroy(), 200);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const line = await openLine(`tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const gone = new Promise<void>((resolve) => line.onGone(resolve));
  assert.is(await echoed(line, 'hello'), 'hello');
  assert.is(await inTime(gone), 'in time');
  assert.is(await inTime(line.write('x')), 'in time');
  assert.is(await inTime(line.close()), 'in time');
  server.close();
});

test.run();
