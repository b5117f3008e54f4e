/** The console's words: what counts as an answer, and when nothing may be sent. */
import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { crc32 } from 'node:zlib';
import { BoardConsole } from '../../../tools/board/console.js';
import { answerIn } from '../../../tools/board/console-words.js';
import type { ByteLine } from '../../../tools/board/line.js';
import { turns } from '../../support/cable-board.js';

const seed = 20_261;
const noise = fc.string({ unit: fc.constantFrom('#', ':', '=', '1', '7', '\r', '\n', '>', 'x') });
const value = fc.string().map((text) => `=${JSON.stringify(text)}`);

function told(id: number, answer: string): string {
  const said = `${id}:${answer}`;
  return `#${said}:${crc32(said)}#`;
}

test('an answer is found in any noise', () => {
  fc.assert(
    fc.property(noise, value, noise, (before, answer, after) => {
      assert.is(answerIn(before + told(7, answer) + after, 7), answer);
    }),
    { seed },
  );
});

test('an answer of which a character is another, or lost, or that is to another question, is none', () => {
  fc.assert(
    fc.property(value, fc.nat(), fc.constantFrom('', '~'), (answer, at, instead) => {
      const whole = told(7, answer);
      const place = at % whole.length;
      if (whole[place] === instead) return;
      const spoilt = whole.slice(0, place) + instead + whole.slice(place + 1);
      assert.is(answerIn(spoilt, 7), null);
      assert.is(answerIn(whole, 77), null);
    }),
    { seed },
  );
});

/** A line that only notes what is sent. */
function quietLine() {
  let listener: (bytes: string) => void = () => {};
  let sent = '';
  const line: ByteLine = {
    write: async (bytes) => {
      sent += bytes;
    },
    onBytes: (given) => (listener = given),
    onGone: () => {},
    close: async () => {},
  };
  return { line, hear: (bytes: string) => listener(bytes), sent: () => sent };
}

test('after XOFF nothing is sent until XON, or until that must have got lost', async () => {
  const { line, hear, sent } = quietLine();
  const console = new BoardConsole(line, { answerMs: 10, wait: turns });
  hear('\x13');
  const asked = console.ask('1', 'a question').catch(() => {});
  await turns(100);
  assert.is(sent(), '');
  hear('\x11');
  await turns(10);
  assert.match(sent(), '$r(1,');
  await asked;
  const before = sent();
  hear('\x13');
  await console.ask('2', 'a question').catch(() => {});
  assert.match(sent().slice(before.length), '$r(2,');
});

test('an error never repeats what was asked: it may hold secrets', async () => {
  const { line } = quietLine();
  const console = new BoardConsole(line, { answerMs: 5, wait: turns });
  const error = await console.ask('"a-secret"', 'writing keys.0').catch((thrown: Error) => thrown);
  assert.match((error as Error).message, 'no answer from the board to: writing keys.0');
  assert.not.match((error as Error).message, 'a-secret');
});

test.run();
