/** Training, by skill and day. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { crewTraining, isCurrent } from '../../../host-sim/control-room/rules/skills.js';
import { smallScheme } from './rig.js';

const test = suite('skills');

test('Y7: training counts on its day, and for as many days after it as its skill says', () => {
  const days = ['2017-09-04', '2017-09-05', '2017-10-04', '2017-10-05', '2017-10-06'];
  assert.equal(
    days.map((day) => isCurrent('2017-09-05', 30, day)),
    [false, true, true, true, false],
  );
});

test('Y7: each skill has a term of its own, and all of them are needed', () => {
  const scheme = smallScheme({
    skills: [
      { id: 'bls', name: 'Basic life support', validForDays: 365 },
      { id: 'trauma', name: 'Trauma', validForDays: 10 },
    ],
  });
  const training = new Map([
    [
      'both',
      new Map([
        ['bls', '2017-07-01'],
        ['trauma', '2017-07-01'],
      ]),
    ],
    ['one', new Map([['bls', '2017-07-01']])],
  ]);
  const on = (responders: string[], date: string) =>
    crewTraining(scheme, training, responders, date);
  assert.is(on(['both'], '2017-07-11'), 'current');
  assert.is(on(['both'], '2017-07-12'), 'lapsed');
  assert.is(on(['one'], '2017-07-11'), 'unknown');
  assert.is(on(['nobody'], '2017-07-11'), 'unknown');
  assert.is(on([], '2017-07-11'), 'unknown');
  // In London one suffices.
  assert.is(on(['one', 'both'], '2017-07-11'), 'current');
});

test('a scheme without skills asks for none', () => {
  assert.is(crewTraining(smallScheme({ skills: [] }), new Map(), [], '2017-07-10'), 'current');
});

test.run();
