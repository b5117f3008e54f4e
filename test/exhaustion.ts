/**
 * Memory runs out on the real interpreter while a dispatch is taken, in the link's callbacks and in
 * the receiver's: the alarm sounds, the unit recovers by its stages, and tells the cause.
 */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { RESERVE_VARIABLES } from '../firmware/fitting/link.js';
import { findInterpreter } from '../host-sim/interpreter/interpreter.js';
import { RestartCause } from '../protocol/codes.js';
import {
  ExhaustLab,
  strikeAll,
  toldOfMemory,
  type Kind,
  type Outcome,
  type Place,
} from './support/exhaust.js';

const test = suite('exhaustion on the interpreter (CR-042, CR-086)');
const command = findInterpreter();

const DISPATCH = 'in the taking of a dispatch';
const LINK = "in the link's callbacks";
const RECEIVER = "in the receiver's callback";
const HEARTBEAT = 'in the heartbeat';

/** The call to the device at which it happens, in the callback of a place. */
type Where = readonly [Place, number];

/** Too few variables for any callback. */
const LEFT = 8;
/** Longer than the unit waits before it tries again what was abandoned. */
const LASTS_S = 12;
/** So little that it can still do its work: with much less the interpreter itself dies of it. */
const BELOW = 60;
/** Where memory is gone altogether the interpreter itself may die, and nobody can tell the cause. */
const MOST_TRIES = 3;
/** A minute of the unit's in a second: its last stages take many. */
const STAGES_SPEED = 60;

function onInterpreter(title: string, run: (interpreter: string) => Promise<void>): void {
  if (command === null) test.skip(title, () => {});
  else test(title, () => run(command));
}

function struck(
  title: string,
  kind: Kind,
  wheres: readonly Where[],
  check: (outcome: Outcome, shown: string) => void,
): void {
  const strikes = wheres.map(([place, calls]) => {
    return { place, kind, calls, left: LEFT, lastsS: LASTS_S };
  });
  onInterpreter(title, async (interpreter) => {
    const hurried = kind === 'forGood' ? { speed: STAGES_SPEED } : {};
    for (const outcome of await strikeAll({ interpreter, ...hurried }, strikes)) {
      const shown = JSON.stringify(outcome);
      assert.ok(outcome.struck, shown);
      check(outcome, shown);
    }
  });
}

/** What took the memory goes with the callback that it stopped. */
function forAnInstant(where: string, ...wheres: Where[]): void {
  const title = `${where}: it sounds, recovers without a restart, tells the cause`;
  struck(title, 'passing', wheres, (outcome, shown) => {
    assert.is(outcome.restarts, 0, shown);
    assert.ok(toldOfMemory(outcome), shown);
  });
}

/** The interpreter itself may die of it: nobody can tell the cause then, but the alarm sounds on. */
function forAWhile(where: string, ...wheres: Where[]): void {
  const title = `${where}, for a while: it sounds and recovers`;
  struck(title, 'lasting', wheres, (outcome, shown) => {
    assert.ok(outcome.restarts > 0 || toldOfMemory(outcome), shown);
  });
}

function forGood(where: string, ...wheres: Where[]): void {
  const title = `${where}, for good: it sounds, restarts, and is as before`;
  struck(title, 'forGood', wheres, ({ restarts }, shown) => assert.ok(restarts > 0, shown));
}

if (command === null) {
  console.log('exhaustion on the interpreter: left out, the environment has no ESPRUINO');
}

forAnInstant(DISPATCH, ['dispatch', 0], ['dispatch', 5], ['dispatch', 9], ['dispatch', 12]);
forAnInstant(LINK, ['connect', 1], ['connack', 0], ['suback', 2], ['puback', 0]);
forAnInstant(RECEIVER, ['gps', 0], ['gps', 2]);
forAnInstant(HEARTBEAT, ['beat', 0], ['beat', 1], ['beat', 4]);

forAWhile(DISPATCH, ['dispatch', 0], ['dispatch', 3]);
forAWhile(LINK, ['suback', 2], ['puback', 0]);
forAWhile(RECEIVER, ['gps', 0]);
forAWhile(HEARTBEAT, ['beat', 0]);

forGood(DISPATCH, ['dispatch', 0]);
forGood(LINK, ['puback', 0]);
forGood(RECEIVER, ['gps', 0]);

onInterpreter('with the reserve alone: a dispatch sounds, and nothing runs out', async (run) => {
  const lab = await ExhaustLab.start({ interpreter: run });
  try {
    await lab.untilArmed();
    await lab.host.evaluate(`$fill(${RESERVE_VARIABLES})`);
    const entry = lab.dispatch();
    await lab.until('the alarm', () => 'sounding' in entry.steps);
    await lab.answered(entry);
    const told = await lab.told();
    assert.not.ok(toldOfMemory(told), JSON.stringify(told));
    assert.is(lab.restarts, 0);
  } finally {
    await lab.stop();
  }
});

/** Memory is short from now on. True if the unit restarted by itself, false if the interpreter died of it. */
async function shortForLong(interpreter: string): Promise<boolean> {
  const lab = await ExhaustLab.start({ interpreter, speed: STAGES_SPEED });
  try {
    await lab.untilArmed();
    await lab.host.evaluate(`$fill(${RESERVE_VARIABLES - BELOW})`);
    await lab.until('a restart', () => lab.restarts > 0);
    const isOwn = lab.events.some((event) => event.startsWith('reboot'));
    await lab.untilArmed();
    if (isOwn) assert.is((await lab.told()).restartCause, RestartCause.memory);
    const entry = lab.dispatch();
    await lab.until('the alarm', () => 'sounding' in entry.steps);
    return isOwn;
  } finally {
    await lab.stop();
  }
}

onInterpreter('below the reserve for long: it restarts, and tells why', async (run) => {
  for (let tries = 1; tries <= MOST_TRIES; tries++) if (await shortForLong(run)) return;
  assert.unreachable(`in ${MOST_TRIES} tries it never came to restart itself`);
});

test.run();
