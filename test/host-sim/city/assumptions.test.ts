/** The city's data file: whole, sourced, and refused with its place when it is not. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assumptionsFor,
  parseAssumptions,
  readAssumptions,
} from '../../../host-sim/city/assumptions.js';

test('every assumption has a unit, a source and an uncertainty', () => {
  const groups = Object.values(readAssumptions()) as Record<string, Record<string, unknown>>[];
  const all = groups.flatMap((group) => Object.values(group));
  assert.ok(all.length >= 35);
  for (const one of all) {
    for (const key of ['source', 'uncertainty', 'unit', 'value']) assert.ok(key in one, key);
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

test('a scheme’s own number takes the place of the usual one, with its own source', () => {
  const all = readAssumptions();
  const { meanS, percentile90S } = assumptionsFor(all, 'norfolk').ambulance;
  assert.is(meanS.value, 505);
  assert.match(meanS.source, /East of England/);
  assert.is(meanS.unit, all.ambulance.meanS.unit);
  assert.is(assumptionsFor(all, 'elsewhere').ambulance.meanS.value, 457);
  // (No log-normal has just any centile: ambulances.ts.)
  assert.ok(percentile90S.value / meanS.value < 2.27);
});

test('a scheme’s own number out of its range is refused by name', () => {
  const own = { value: 9, source: 'mine', uncertainty: { low: 1, high: 2, why: 'why' } };
  const file = changed((each) => (each.crews.answerS.forScheme = { mine: own }));
  assert.throws(() => parseAssumptions(file, 'mine.json'), /answerS\.forScheme\.mine: value must/);
});

test('a value that was fitted for one scheme is not called fitted for another', () => {
  const all = readAssumptions();
  const { availableShare } = assumptionsFor(all, 'london').volunteers;
  assert.match(availableShare.fittedTo ?? '', /1\.3 %/);
  assert.is(assumptionsFor(all, 'norfolk').volunteers.availableShare.fittedTo, undefined);
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
