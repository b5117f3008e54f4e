/** The city's data file: whole, sourced, and refused with its place when it is not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { parseAssumptions, readAssumptions } from '../../../host-sim/city/assumptions.js';

test('every assumption has a unit, a source and an uncertainty', () => {
  const groups = Object.values(readAssumptions()) as Record<string, Record<string, unknown>>[];
  const all = groups.flatMap((group) => Object.values(group));
  assert.ok(all.length >= 35);
  for (const one of all) {
    assert.equal(Object.keys(one).sort(), ['source', 'uncertainty', 'unit', 'value']);
  }
});

function changed(change: (file: ReturnType<typeof readAssumptions>) => void): unknown {
  const file = structuredClone(readAssumptions());
  change(file);
  return file;
}

test('a value at the end of its range is taken, beyond it is refused by name', () => {
  const at = (value: number) =>
    parseAssumptions(
      changed((file) => (file.crews.answerS.value = value)),
      'mine.json',
    );
  assert.is(at(4).crews.answerS.value, 4);
  assert.is(at(20).crews.answerS.value, 20);
  assert.throws(() => at(3.9), /mine\.json: crews\.answerS: value must lie/);
  assert.throws(() => at(20.1), /crews\.answerS/);
});

test('a missing source and a list of the wrong length are refused by name', () => {
  const sourceless = changed((file) => delete (file.ambulance.meanS as { source?: string }).source);
  assert.throws(() => parseAssumptions(sourceless, 'mine.json'), /ambulance\.meanS\.source/);
  const short = changed((file) => file.travel.speedKmhByHour.value.pop());
  assert.throws(() => parseAssumptions(short, 'mine.json'), /travel\.speedKmhByHour\.value/);
});

test('a file that is not there is a bad file with its path', () => {
  assert.throws(() => readAssumptions('/nowhere.json'), /\/nowhere\.json: expected a JSON file/);
});

test.run();
