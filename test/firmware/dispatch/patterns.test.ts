/** The patterns are well-formed, and none can be taken for another. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  DISPATCH_HZ,
  DISPATCH_PULSE_MS,
  DISPATCH_STEPS,
  FLASH_MS,
  Pattern,
  stepsOf,
} from '../../../firmware/dispatch/patterns.js';
import { lengthMs, notesOf, type Note } from './notes.js';

const codes = Object.entries(Pattern).filter(([name]) => name !== 'none');

/** What is heard of a pattern: without the silence around it. */
function heard(code: number): Note[] {
  const notes = notesOf(code);
  while (notes[0]?.[0] === 0) notes.shift();
  while (notes.at(-1)?.[0] === 0) notes.pop();
  return notes;
}

test('every pattern has steps of a tone or a silence, and a length', () => {
  assert.equal(
    codes.map(([, code]) => code),
    codes.map((_, i) => i + 1),
  );
  for (const [name, code] of codes) {
    const steps = code === Pattern.dispatch ? DISPATCH_STEPS : stepsOf(code);
    assert.match(steps, /^([A-Y\-=][1-9:;<=>?@A-Za-z])+$/, name);
    assert.ok(lengthMs(heard(code)) >= 50, name);
  }
});

test('tones are from 150 to 1000 Hz, and no tone is longer than half a second', () => {
  for (const [name, code] of codes) {
    for (const [frequencyHz, ms] of heard(code)) {
      if (frequencyHz === 0) continue;
      assert.ok(frequencyHz >= 150 && frequencyHz <= 1000, `${name}: ${frequencyHz} Hz`);
      assert.ok(ms <= 500, `${name}: ${ms} ms`);
    }
  }
});

test('no two patterns are equal, and none but the dispatch begins as it does', () => {
  const texts = codes.map(([, code]) => JSON.stringify(heard(code)));
  assert.is(new Set(texts).size, codes.length);
  const [first] = heard(Pattern.dispatch);
  assert.equal(first, [DISPATCH_HZ, DISPATCH_PULSE_MS]);
  for (const [name, code] of codes) {
    if (code === Pattern.dispatch) continue;
    assert.ok(
      heard(code).every(([frequencyHz]) => frequencyHz !== DISPATCH_HZ),
      name,
    );
  }
});

test('no pattern is the beginning of another', () => {
  for (const [name, code] of codes) {
    for (const [otherName, other] of codes) {
      if (code === other) continue;
      const start = heard(other).slice(0, heard(code).length);
      assert.is.not(JSON.stringify(start), JSON.stringify(heard(code)), `${name}, ${otherName}`);
    }
  }
});

test('the dispatch: 3 + 2 pulses, twice, in 10 s', () => {
  const ms = notesOf(Pattern.dispatch).map((note) => note[1]);
  const burst = [150, 100, 150, 100, 150, 350, 150, 100, 150];
  assert.equal(ms, [...burst, 800, ...burst, 6400]);
});

test('a withdrawal falls in three tones; an AED is three pulses; a lost link is a low one', () => {
  const tones = (code: number): number[] =>
    heard(code).flatMap(([frequencyHz]) => (frequencyHz > 0 ? [frequencyHz] : []));
  const [high, middle, low, ...more] = tones(Pattern.cancel);
  assert.ok((high as number) > (middle as number) && (middle as number) > (low as number));
  assert.equal(more, []);
  assert.is(tones(Pattern.aedFault).length, 3);
  assert.is(new Set(tones(Pattern.aedFault)).size, 1);
  assert.is(tones(Pattern.linkLost).length, 1);
  assert.ok((tones(Pattern.linkLost)[0] as number) < (tones(Pattern.aedFault)[0] as number));
});

test('the reminder is one short tick every 30 s', () => {
  assert.is(lengthMs(notesOf(Pattern.tick)), 30000);
  assert.is(heard(Pattern.tick).length, 1);
});

test('feedback is over within half a second', () => {
  for (let code: number = Pattern.sent; code <= Pattern.suggested; code++) {
    assert.ok(lengthMs(notesOf(code)) <= 500, `${code}`);
  }
});

test('the lamp flashes slower than 2.8 Hz', () => {
  assert.ok(1000 / (2 * FLASH_MS) < 2.8 && 1000 / (2 * FLASH_MS) >= 1.4);
});

test.run();
