/** Gestures at their limits: a short press, a hold, a button that is stuck, and both together. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import {
  BOTH_MS,
  HOLD_MS,
  Held,
  LATE_MS,
  Phase,
  STUCK_MS,
  bothHeld,
  createButton,
  dueInMs,
  heldLong,
  pressed,
  released,
  spend,
} from '../../../firmware/crew/buttons.js';

const START = 5000;

function pair() {
  return { button: createButton(), other: createButton() };
}

function down() {
  const both = pair();
  pressed(both.button, both.other, START);
  return both;
}

const after: [string, number, boolean, number][] = [
  ['at once', 0, true, Held.nothing],
  ['HOLD_MS - 1', HOLD_MS - 1, true, Held.nothing],
  ['HOLD_MS', HOLD_MS, false, Held.hold],
  ['HOLD_MS + 1', HOLD_MS + 1, false, Held.hold],
  ['HOLD_MS + LATE_MS', HOLD_MS + LATE_MS, false, Held.hold],
  ['too late to know', HOLD_MS + LATE_MS + 1, false, Held.nothing],
];

test('a press is short before HOLD_MS, and from then on a hold, which is told once', () => {
  assert.is(HOLD_MS, 1000);
  for (const [when, ms, isShort, held] of after) {
    const short = down();
    assert.is(released(short.button, short.other, START + ms), isShort, `released ${when}`);
    assert.is(short.button.phase, Phase.up);
    const long = down();
    assert.is(heldLong(long.button, true, START + ms), held, `held ${when}`);
    if (held !== Held.hold) continue;
    assert.is(heldLong(long.button, true, START + ms + 1), Held.nothing, 'told once');
    assert.not.ok(released(long.button, long.other, START + ms + 2), 'and it is no short press');
  }
});

test('a button that nobody pressed gives nothing', () => {
  const { button, other } = pair();
  assert.is(heldLong(button, true, 100000), Held.nothing);
  assert.not.ok(released(button, other, 100000));
  assert.not.ok(released(button, other, 100001));
  assert.is(dueInMs(button, 100000), 1000);
});

test('a contact that is open when the hold is due was let go: no hold, and no short press', () => {
  const { button, other } = down();
  assert.is(heldLong(button, false, START + HOLD_MS), Held.nothing);
  assert.is(button.phase, Phase.up);
  assert.not.ok(released(button, other, START + HOLD_MS + 20));
});

test('looked at too late, a hold begins anew, because it may have been two presses', () => {
  const lateMs = START + HOLD_MS + LATE_MS + 1;
  const { button, other } = down();
  assert.is(heldLong(button, true, lateMs), Held.nothing);
  assert.is(dueInMs(button, lateMs), HOLD_MS);
  assert.is(heldLong(button, true, lateMs + HOLD_MS - 1), Held.nothing);
  assert.is(heldLong(button, true, lateMs + HOLD_MS), Held.hold);
  const short = down();
  heldLong(short.button, true, lateMs);
  assert.ok(released(short.button, short.other, lateMs + 20), 'what was short is told as short');
  assert.not.ok(released(button, other, lateMs + HOLD_MS + 20));
});

test('down for more than 30 s it is stuck: told once, ignored until it is released', () => {
  assert.is(STUCK_MS, 30000);
  const { button, other } = down();
  heldLong(button, true, START + HOLD_MS);
  assert.is(heldLong(button, true, START + STUCK_MS), Held.nothing);
  assert.is(heldLong(button, true, START + STUCK_MS + 1), Held.stuck);
  for (const ms of [2, 1000, 1000000]) {
    assert.is(heldLong(button, true, START + STUCK_MS + ms), Held.nothing);
  }
  spend(button);
  assert.is(button.phase, Phase.stuck);
  assert.not.ok(released(button, other, START + 2000000));
  pressed(button, other, START + 2000001);
  assert.ok(released(button, other, START + 2000101), 'and then it is a button again');
});

test('a stuck button is let go of also if nobody tells', () => {
  const { button } = down();
  heldLong(button, true, START + HOLD_MS);
  heldLong(button, true, START + STUCK_MS + 1);
  assert.is(heldLong(button, false, START + STUCK_MS + 1001), Held.nothing);
  assert.is(button.phase, Phase.up);
});

test('while one button is stuck or was held, the other one works by itself', () => {
  for (const ms of [HOLD_MS, STUCK_MS + 1]) {
    const { button, other } = down();
    heldLong(button, true, START + HOLD_MS);
    heldLong(button, true, START + ms);
    pressed(other, button, START + ms);
    assert.is(heldLong(other, true, START + ms + HOLD_MS), Held.hold);
    assert.not.ok(released(other, button, START + ms + HOLD_MS + 5));
    pressed(other, button, START + ms + 2000);
    assert.ok(released(other, button, START + ms + 2100));
  }
});

test('what is spent comes to nothing: neither hold nor short press, but stuck it can be', () => {
  const { button, other } = down();
  spend(button);
  assert.is(heldLong(button, true, START + HOLD_MS), Held.nothing);
  const short = down();
  spend(short.button);
  assert.not.ok(released(short.button, short.other, START + 100));
  assert.is(heldLong(button, true, START + STUCK_MS + 1), Held.stuck);
  spend(other);
  assert.is(other.phase, Phase.up);
});

test('both pressed together are neither presses nor holds, and after 5 s a self-test', () => {
  assert.is(BOTH_MS, 5000);
  const table: [number, boolean][] = [
    [BOTH_MS - 1, false],
    [BOTH_MS, true],
    [BOTH_MS + 1, true],
  ];
  for (const [ms, isSelfTest] of table) {
    const { button, other } = down();
    pressed(other, button, START + 300);
    const nowMs = START + 300 + ms;
    assert.is(heldLong(button, true, nowMs), Held.nothing);
    assert.is(heldLong(other, true, nowMs), Held.nothing);
    assert.is(bothHeld(button, other, nowMs), isSelfTest, `${ms} ms`);
    if (isSelfTest) {
      assert.not.ok(bothHeld(button, other, nowMs + 1), 'told once');
      assert.is(button.phase, Phase.spent);
      assert.is(other.phase, Phase.spent);
    }
    assert.not.ok(released(button, other, nowMs + 2));
    assert.not.ok(released(other, button, nowMs + 3));
  }
});

test('one of both let go: the other one is spent, and the next press is a press again', () => {
  const { button, other } = down();
  pressed(other, button, START + 10);
  assert.not.ok(released(other, button, START + 100));
  assert.is(button.phase, Phase.spent);
  assert.not.ok(bothHeld(button, other, START + BOTH_MS + 10));
  assert.is(heldLong(button, true, START + HOLD_MS + 10), Held.nothing);
  pressed(other, button, START + 2000);
  assert.ok(released(other, button, START + 2100));
});

test('one is held, and only then the other: no self-test', () => {
  const { button, other } = down();
  assert.is(heldLong(button, true, START + HOLD_MS), Held.hold);
  pressed(other, button, START + HOLD_MS + 1);
  assert.not.ok(bothHeld(button, other, START + 20000));
});

test('a press that is told twice begins anew', () => {
  const { button, other } = down();
  pressed(button, other, START + 900);
  assert.is(heldLong(button, true, START + HOLD_MS), Held.nothing);
  assert.is(heldLong(button, true, START + 900 + HOLD_MS), Held.hold);
});

test('it is due when there is something to tell, at most 1 s from now, and never at once', () => {
  const { button, other } = down();
  assert.is(dueInMs(button, START), HOLD_MS);
  assert.is(dueInMs(button, START + 999.5), 0.5);
  assert.is(dueInMs(button, START + HOLD_MS), 1000);
  pressed(other, button, START + 500);
  assert.is(dueInMs(other, START + 500), 1000);
  assert.is(dueInMs(other, START + 5000), 500);
  assert.is(dueInMs(other, START + 50000), 1000);
});

test.run();
