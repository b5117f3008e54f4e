/** `provision --all`: a list worked through on a table with one cable (issue: fleet tools). */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BoardPort } from '../../../host-sim/console/port.js';
import { ExitCode } from '../../../tools/exit-codes.js';
import { CableBoard, type BoardOptions } from '../../support/cable-board.js';
import { finished, type Finished } from '../../support/cli.js';
import { makeFleet, startTools, type TestFleet } from '../../support/fleet.js';
import { readPdfLabel, readSvgLabel } from '../../support/label-content.js';

const LIST =
  'call_sign,unit_id,area,type\n' +
  ['BX01', 'BX 02', 'BX03', 'BX04']
    .map((name, i) => `${name},met-bx0${i + 1},bexley,vehicle\n`)
    .join('');

const test = suite('provision --all');
let made: TestFleet;
let port: BoardPort;

test.before(async () => {
  made = await makeFleet(1, LIST);
  port = await BoardPort.open(new CableBoard().board);
});
test.after(() => {
  port.close();
  made.remove();
});

function bare(last: number, options: BoardOptions = {}): CableBoard {
  return new CableBoard({ buttonsHeld: true, serial: `24:6f:28:00:00:0${last}`, ...options });
}

/** What a person does when asked for a unit's board: connects one, or none, and types. */
interface Deed {
  readonly asked: string;
  readonly board?: CableBoard;
  readonly typed: string;
}

/** Runs the command and does these deeds, one at each question. */
async function provisionAll(deeds: readonly Deed[], ...args: string[]): Promise<Finished> {
  const flags = ['--port', port.url, '--fleet', made.folder, ...args];
  const child = startTools(['provision', '--all', ...flags]);
  const left = [...deeds];
  let heard = '';
  child.stderr.on('data', (chunk) => {
    heard += chunk;
    const question = /(\S.*) \(met-bx0\d\): connect its board, then Enter; s skips it, q ends: $/;
    const asked = question.exec(heard)?.[1];
    if (asked === undefined) return;
    heard = '';
    const deed = left.shift();
    if (deed?.board) port.board = deed.board.board;
    // A question that is not expected ends it, and fails the test.
    child.stdin.write(deed?.asked === asked ? `${deed.typed}\n` : 'q\n');
  });
  const done = await finished(child);
  assert.equal(left, [], `not asked for:\n${done.stderr}`);
  return done;
}

const boardsOf = () => JSON.parse(readFileSync(join(made.folder, 'boards.json'), 'utf8')) as object;

test('boards one after the other; a wrong one is said and asked for again; s skips, q ends', async () => {
  const labels = join(made.folder, 'labels');
  const done = await provisionAll(
    [
      { asked: 'BX01', board: bare(1), typed: '' },
      // The board of BX01 is still there.
      { asked: 'BX 02', typed: '' },
      { asked: 'BX 02', board: bare(2), typed: '' },
      { asked: 'BX03', typed: 's' },
      { asked: 'BX04', typed: 'q' },
    ],
    '--labels',
    labels,
  );
  assert.is(done.code, ExitCode.checkFailed, done.stderr);
  assert.match(done.stdout, 'BX01 (met-bx01), keys 1: runs on board 24:6f:28:00:00:01');
  assert.match(done.stdout, 'BX 02 (met-bx02), keys 1: runs on board 24:6f:28:00:00:02');
  assert.match(done.stdout, '2 done, 2 left: BX03, BX04');
  assert.match(done.stderr, /password of this unit does not open it/);
  assert.equal(Object.keys(boardsOf()), ['met-bx01', 'met-bx02']);
  assert.equal(readdirSync(labels).toSorted(), ['met-bx01.pdf', 'met-bx02.pdf']);
  assert.equal(readPdfLabel(readFileSync(join(labels, 'met-bx02.pdf'))), {
    code: 'met-bx02 BX 02',
    texts: ['BX 02', 'met-bx02', 'met'],
  });
});

test('another day goes on with those that are left, whatever board comes first', async () => {
  const labels = join(made.folder, 'more', 'labels');
  const done = await provisionAll(
    [
      { asked: 'BX03', board: bare(9, { version: '2v28' }), typed: '' },
      { asked: 'BX03', board: bare(9, { variables: 1000 }), typed: '' },
      { asked: 'BX03', board: bare(3), typed: '' },
      { asked: 'BX04', board: bare(4), typed: '' },
    ],
    ...['--labels', labels, '--label-format', 'svg', '--json'],
  );
  assert.is(done.code, ExitCode.ok, done.stderr);
  const { done: units, left } = JSON.parse(done.stdout) as {
    done: { callSign: string; board: string; label: string }[];
    left: string[];
  };
  assert.equal(
    units.map(({ callSign, board }) => [callSign, board]),
    [
      ['BX03', '24:6f:28:00:00:03'],
      ['BX04', '24:6f:28:00:00:04'],
    ],
  );
  assert.equal(left, []);
  assert.match(done.stderr, /found 2v28/);
  assert.match(done.stderr, /found 1000/);
  for (const { callSign, label } of units) {
    const { code, texts } = readSvgLabel(readFileSync(label, 'utf8'));
    const unitId = `met-${callSign.toLowerCase()}`;
    assert.equal([code, texts], [`${unitId} ${callSign}`, [callSign, unitId, 'met']]);
  }
});

test('when every unit has its board there is nothing to do; no folder for labels is said at once', async () => {
  const none = await provisionAll([]);
  assert.is(none.code, ExitCode.ok, none.stderr);
  assert.match(none.stdout, '0 done, 0 left');
  const file = join(made.folder, 'a-file');
  writeFileSync(file, '');
  const wrong = await provisionAll([], '--labels', join(file, 'labels'));
  assert.is(wrong.code, ExitCode.badFile, wrong.stdout);
  assert.match(wrong.stderr, /^tools: --labels .*: no folder: /);
  assert.not.ok(existsSync(join(file, 'labels')));
});

test.run();
