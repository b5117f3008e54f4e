/** The virtual board of `sim board`: its console by hand, its flash in a file, its port. */
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitCode, UserError } from '../../../host-sim/exit-codes.js';
import { ConsoleBoard } from '../../../host-sim/console/console-board.js';
import { KeptFlash } from '../../../host-sim/console/kept-flash.js';
import { BoardPort } from '../../../host-sim/console/port.js';
import { Flash } from '../../../host-sim/espruino/storage.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { sim } from '../../support/cli.js';

const folder = mkdtempSync(join(tmpdir(), 'virtual-board-'));
test.after(() => rmSync(folder, { recursive: true }));

/** A board at its prompt, and all that it has said. */
async function started(flash = new Flash()) {
  const clock = new SimulatedClock(0);
  const board = new ConsoleBoard({ clock, random: new Random(1), dial: () => null, flash });
  let said = '';
  board.onText((text) => (said += text));
  board.powerOn();
  const pass = async (ms: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    await clock.runUntil(clock.nowMs() + ms);
  };
  await pass(1000);
  return { board, pass, said: () => said };
}

test('at the prompt what is typed is echoed, evaluated and answered; a line can be cleared', async () => {
  const { board, said } = await started();
  board.receive('nonsense\x1b[2Hprint(1+1)\n');
  assert.match(said(), /\r\n>nonsenseprint\(1\+1\).*2\r\n\r\n>$/s);
  board.receive('\x10print(2+2)\nno such thing\n');
  assert.match(said(), /\r\n>4\r\n\r\n>no such thing.*Uncaught SyntaxError/);
});

test('a password locks the console at each start, and is forgotten by reset()', async () => {
  const flash = new Flash();
  flash.write('.boot1', 'E.setPassword("secret");E.lockConsole();');
  const { board, pass, said } = await started(flash);
  assert.is(board.state, 'locked');
  board.receive('guess\n');
  assert.match(said(), /Invalid password\r\npassword>$/);
  board.receive('secret\n');
  assert.is(board.state, 'open');
  board.receive('E.reboot()\n');
  await pass(1000);
  assert.is(board.state, 'locked');
  board.receive('secret\nreset()\n');
  await pass(1000);
  board.receive('E.lockConsole()\n');
  assert.is(board.state, 'open');
});

test('without power nothing is heard or said', async () => {
  const { board, said } = await started();
  board.cutPower();
  const before = said();
  board.receive('print(1)\n');
  assert.is(said(), before);
  assert.is(board.state, 'off');
});

test('a flash is kept in a file for its owner alone, written whole', () => {
  const path = join(folder, 'board.flash');
  const flash = KeptFlash.open(path);
  flash.write('a', 'bytes \x00\xff');
  flash.program('b', 'x');
  flash.write('c', 'gone');
  flash.erase('c');
  flash.save();
  assert.is(statSync(path).mode & 0o777, 0o600);
  const again = KeptFlash.open(path);
  assert.equal(again.names(), ['a', 'b']);
  assert.is(again.read('a'), 'bytes \x00\xff');
  assert.equal(readdirSync(folder), ['board.flash']);
});

test('a flash that is open to others, or none, is refused and left', () => {
  const path = join(folder, 'other.flash');
  writeFileSync(path, '{}');
  chmodSync(path, 0o644);
  assert.throws(() => KeptFlash.open(path), /expected mode 600.*chmod 600/);
  chmodSync(path, 0o600);
  for (const content of ['', '[1]', '{"a":1}', '{"a":"no base64!"}']) {
    writeFileSync(path, content);
    assert.throws(() => KeptFlash.open(path), /expected a flash that sim board has kept/);
    assert.is(readFileSync(path, 'utf8'), content);
  }
});

test('a port that is in use is said, with what to do', async () => {
  const { board } = await started();
  const port = await BoardPort.open(board);
  const number = new URL(port.url).port;
  const error = await BoardPort.open(board, Number(number)).catch((thrown: unknown) => thrown);
  assert.instance(error, UserError);
  const { code, stderr } = await sim('board', '--port', number);
  assert.is(code, ExitCode.inUse, stderr);
  assert.match(stderr, `sim: port ${number} on loopback is in use: take another by --port`);
  port.close();
});

test.run();
