/** Who is on board, and what they learnt when: as many as the scheme has, overdue as often as assumed. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { readAssumptions } from '../../../host-sim/city/assumptions.js';
import { addDays, localDate, startOfDateMs } from '../../../host-sim/city/local-time.js';
import { drawTrainings, onBoard, respondersOf } from '../../../host-sim/city/training.js';
import { isCurrent } from '../../../host-sim/control-room/rules/skills.js';
import { rosterOf } from '../../../host-sim/schemes/roster.js';
import { loadScheme, schemeNames } from '../../../host-sim/schemes/schema.js';
import { Random } from '../../../host-sim/world/random.js';

const test = suite('training');
const FROM = startOfDateMs('2017-07-10');
const TO = startOfDateMs('2018-07-10');
const assumptions = readAssumptions();

test('L6: all responders belong to a unit, each to one', () => {
  for (const name of schemeNames()) {
    const scheme = loadScheme(name);
    const people = [...respondersOf(scheme, rosterOf(scheme)).values()].flat();
    assert.is(people.length, scheme.responders, name);
    assert.is(new Set(people).size, scheme.responders, name);
  }
});

test('Y7, N6: at any time the assumed share is overdue, and everybody was trained once', () => {
  const scheme = loadScheme('london');
  const people = [...respondersOf(scheme, rosterOf(scheme)).values()].flat();
  const drawn = drawTrainings(scheme, people, FROM, TO, assumptions, new Random(1));
  const validForDays = scheme.skills[0]?.validForDays as number;
  for (const days of [0, 100, 300]) {
    const atMs = addDays(FROM, days) + 1;
    const last = new Map<string, string>();
    for (const { atMs: toldMs, input } of drawn) {
      if (toldMs <= atMs) last.set(input.responder, input.trainedOn);
    }
    assert.is(last.size, people.length);
    const overdue = [...last.values()].filter(
      (trainedOn) => !isCurrent(trainedOn, validForDays, localDate(atMs)),
    );
    const share = overdue.length / people.length;
    assert.ok(Math.abs(share - 0.05) < 0.03, `${share} after ${days} days`);
  }
});

test('trainings are told in order, none before the run and none before its own day', () => {
  const scheme = loadScheme('norfolk');
  const drawn = drawTrainings(scheme, ['A', 'B', 'C'], FROM, TO, assumptions, new Random(2));
  let lastMs = FROM;
  for (const { atMs, input } of drawn) {
    assert.ok(atMs >= lastMs && atMs < TO);
    assert.ok(input.trainedOn <= localDate(atMs));
    lastMs = atMs;
  }
});

test('a crew is as large as there are people, each once', () => {
  const all = ['a', 'b', 'c'];
  for (const size of [0, 1, 3, 4]) {
    const crew = onBoard(all, size, new Random(size));
    assert.is(crew.length, Math.min(size, 3));
    assert.is(new Set(crew).size, crew.length);
    assert.ok(crew.every((each) => all.includes(each)));
  }
});

test.run();
