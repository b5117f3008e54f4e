/** What a crew reads on 64 characters: whole words, what matters first, and a mark where some are cut. */
import fc from 'fast-check';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { plainText, shortened } from '../../../host-sim/control-room/plain-text.js';
import { textFor } from '../../../host-sim/control-room/rules/told.js';
import { MAX_NOTE_CHARS } from '../../../protocol/limits.js';

const test = suite('what a crew is told');
const LIBRARY = { id: '1', distanceM: 120, where: 'Library', access: 'yes', hours: '24/7' };
const STATION = {
  ...{ id: '2', distanceM: 340, where: 'King’s Cross station, concourse' },
  ...{ access: 'yes', hours: 'Mo-Sa 05:00-01:30; Su 05:30-01:30' },
};

for (const [name, text, reasons, aed, told] of [
  [
    'all of it',
    'Not breathing.',
    [],
    LIBRARY,
    'Not breathing. Public AED 120 m: Library (yes 24/7)',
  ],
  [
    'without hours',
    'Not breathing.',
    [],
    STATION,
    "Not breathing. Public AED 340 m: King's Cross station, concourse",
  ],
  [
    'the distance alone',
    'Male 61, not breathing, CPR in progress',
    [],
    STATION,
    'Male 61, not breathing, CPR in progress Public AED 340 m',
  ],
  [
    'the call’s words cut at one',
    'Male 61, not breathing, CPR in progress, at the back of the church',
    [],
    STATION,
    'Male 61, not breathing, CPR in progress, at.. Public AED 340 m',
  ],
  [
    'a crew without an AED first of the public one',
    'Not breathing, CPR in progress by the wife',
    ['aedAbsent'],
    LIBRARY,
    'NO AED WITH YOU. Public AED 120 m Not breathing, CPR in..',
  ],
  ['no public AED', 'Not breathing.', ['aedUnknown'], null, 'CHECK YOUR AED. Not breathing.'],
] as const) {
  test(`L13: ${name}`, () => assert.is(textFor(text, reasons, aed), told));
}

test('L13: any text fits the display, and always tells that there is a public AED', () => {
  fc.assert(
    fc.property(
      fc.string({ maxLength: 200, unit: 'grapheme' }),
      fc.subarray(['aedAbsent', 'aedUnknown']),
      fc.integer({ min: 0, max: 500 }),
      (text, reasons, distanceM) => {
        const told = textFor(text, reasons.slice(0, 1), { ...STATION, distanceM });
        assert.ok(told.length <= MAX_NOTE_CHARS, `${told.length}: ${told}`);
        assert.ok(told.includes(`Public AED ${distanceM} m`), told);
      },
    ),
    { seed: 13 },
  );
});

test('a text is cut after a whole word, with a mark; a word that is too long within it', () => {
  assert.is(shortened('behind the church', 17), 'behind the church');
  assert.is(shortened('behind the church', 16), 'behind the..');
  assert.is(shortened('a'.repeat(20), 10), 'aaaaaaaa..');
  assert.is(plainText('Café “Zoë”\n–'), "Cafe 'Zoe' -");
});

test.run();
