/**
 * What a unit takes of the interpreter that it lives on: variables, stack, writes to flash. What the
 * bench's own shim takes is measured beside it, by a program that touches the same pins with the
 * shim and without, and is taken off.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from '../espruino/bundle.js';
import { Flash } from '../espruino/storage.js';
import { demoJob, demoUnits } from '../scenarios/demo.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { RealClock } from '../world/clock.js';
import { wiring } from '../world/wiring.js';
import {
  answers,
  exhaustions,
  isAlive,
  PATIENCE_MS,
  printed,
  until,
  withLab,
  type Lab,
} from './lab.js';
import { createInterpreterHost } from './unit-host.js';
import { variablesFor } from './variables.js';

/** Wraps what the unit calls from its depths, and looks there what is in use; counts its writes. */
const PROBE = `(function () {
  var now = getTime, store = require("Storage"), most = 0, writes = 0;
  function look() { var m = process.memory(false); if (m && m.usage > most) most = m.usage; }
  global.getTime = function () { look(); return now(); };
  global.$store = {
    read: store.read,
    erase: store.erase,
    write: function (name, bytes) {
      look();
      // A record comes in two parts, and its first part, a checksum, tells them all apart.
      var was = store.read(name);
      if (typeof bytes === "string" ? was !== bytes : !was || was.substr(0, 8) !== bytes[0]) writes++;
      return store.write(name, bytes);
    }
  };
  Modules.addCached("Storage", "exports=$store;");
  global.$most = function () { var was = most; most = 0; return was; };
  global.$writes = function () { return writes; };
})();`;

const PINS = JSON.stringify(Object.values(wiring));
/** Does with the board what a unit does, and nothing else. */
const BARE = `var pins = ${PINS}.map(function (name) { return new Pin(name); });
for (var i = 4; i < 7; i++)
  setWatch(function () {}, pins[i], { repeat: true, edge: "both", debounce: 50 });
E.enableWatchdog(1000, false);
setTimeout(function () { getTime(); print("USED " + process.memory().usage + "."); }, 1000);`;

/** Variables that the bench takes of the interpreter. */
export interface Overhead {
  /** While it asks. */
  readonly asked: number;
  /** While it looks from the depths of the unit's code. */
  readonly looked: number;
}

export interface Layout {
  readonly variables: number;
  readonly variableBytes: number;
}

export interface Measured {
  readonly layout: Layout;
  readonly overhead: Overhead;
  /** In use, without the bench's own. */
  readonly afterBoot: number;
  readonly idle: number;
  readonly openDispatch: number;
  readonly peak: number;
  /** What went wrong during the run: resets, exhaustions, exceptions. */
  readonly troubles: readonly string[];
  readonly flashWritesAnHour: {
    /** Null where the run was too short to tell: one write may be any rate. */
    readonly idle: number | null;
    readonly worst: number;
  };
}

/** From its birth to where a unit has nothing to do but its routine. */
const SETTLE_MS = 5000;
/** Idle time that tells how often it writes. */
const TELLING_MS = 60_000;

async function overhead(
  command: string,
  bundle: Bundle,
): Promise<{ layout: Layout; overhead: Overhead }> {
  const bare = await printed(command, { '.bootcde': BARE }, 'USED');
  const clock = new RealClock(0);
  const files = { '.boot1': PROBE, '.bootcde': BARE };
  const host = createInterpreterHost({ clock, bundle, command, flash: new Flash(), files });
  const asked = async (expression: string) => (await host.evaluate(expression)) as number;
  try {
    host.powerOn();
    await until('an answer', () => asked('1').then(Boolean, () => false));
    await wait(1500);
    const looked = await asked('$most()');
    const used = await asked('process.memory().usage');
    const layout = {
      variables: await asked('process.memory().total'),
      variableBytes: await asked('process.memory().blocksize'),
    };
    return { layout, overhead: { asked: used - bare, looked: looked - bare } };
  } finally {
    await host.dispose();
    clock.stop();
  }
}

/** One measurement; `minutes` is the length of its worst part. */
export async function measure(command: string, bundle: Bundle, minutes: number): Promise<Measured> {
  const taken = await overhead(command, bundle);
  const { asked, looked } = taken.overhead;
  const env = variablesFor(Math.max(asked, looked));
  const unit = { ...demoUnits(1)[0], crew: { answer: 'none', afterS: 0 } } as ScenarioUnit;
  return withLab(bundle, command, unit, { env, files: { '.boot1': PROBE } }, async (lab) => {
    const { bench, host, random } = lab;
    const used = async () => ((await host.evaluate('process.memory().usage')) as number) - asked;
    const writes = async () => (await host.evaluate('$writes()')) as number;
    bench.setLink(unit.id, false);
    bench.start();
    await until('the boot', () => answers(lab));
    await wait(5000);
    const afterBoot = await used();
    bench.setLink(unit.id, true);
    await until('its birth', () => isAlive(lab));
    await wait(SETTLE_MS);
    const writesBefore = await writes();
    const idleMs = Math.max(5000, minutes * 6000);
    await wait(idleMs);
    const idle = await used();
    const idleWrites = (await writes()) - writesBefore;
    const entry = bench.controlRoom.dispatch(unit.id, demoJob(unit, 0, random));
    await until('its alarm', () => entry.steps['sounding'] !== undefined);
    await wait(1000);
    const openDispatch = await used();
    bench.controlRoom.standDown(entry.id);
    await until('its stand-down', () => entry.steps['stoodDown'] !== undefined);
    const before = await writes();
    const startMs = performance.now();
    const peak = (await worst(lab, minutes * 60_000)) - looked;
    const hours = (performance.now() - startMs) / 3_600_000;
    await until('an answer', () => answers(lab)).catch(() => lab.events.push('it hangs'));
    if (lab.events.length === 0) lab.events.push(...(await exhaustions(lab)));
    const worstWrites = Math.max(0, (await writes().catch(() => before)) - before);
    return {
      ...taken,
      afterBoot,
      idle,
      openDispatch,
      peak,
      troubles: lab.events,
      flashWritesAnHour: {
        idle: idleMs < TELLING_MS ? null : Math.round((idleWrites * 3_600_000) / idleMs),
        worst: Math.round(worstWrites / hours),
      },
    };
  });
}

/** A round: jobs come, the link goes, crew and AED are busy, more jobs wait; all meet when it is back. */
const JOBS_A_ROUND = 6;
const CUT_MS = 25_000;
const BUSY_MS = 2500;

/** Fills every queue again and again. Gives the most variables that were seen in use. */
async function worst(lab: Lab, lengthMs: number): Promise<number> {
  const { bench, unit, random, host } = lab;
  const vehicle = bench.vehicle(unit.id);
  const endMs = performance.now() + lengthMs;
  let most = 0;
  let jobs = 1;
  const look = async () => {
    // One that ended just then is among the lab's events.
    const seen = await host.evaluate('$most()').catch(() => 0);
    most = Math.max(most, seen as number);
  };
  const send = () => {
    for (let i = 0; i < JOBS_A_ROUND; i++) {
      bench.controlRoom.dispatch(unit.id, {
        ...demoJob(unit, jobs++, random),
        note: 'n'.repeat(64),
      });
    }
  };
  do {
    send();
    await wait(3000);
    await look();
    bench.setLink(unit.id, false);
    send();
    const backMs = Math.min(performance.now() + CUT_MS, endMs);
    for (let turn = 0; performance.now() < backMs; turn++) {
      vehicle.press(turn % 2 ? 'accept' : 'decline');
      vehicle.aed.seat(turn % 2 === 0);
      await wait(BUSY_MS);
      await look();
    }
    bench.setLink(unit.id, true);
    const isBack = until('the link', async () => {
      await look();
      return isAlive(lab);
    });
    await isBack.catch(() => {
      lab.events.push(`not back ${PATIENCE_MS / 1000} s after the link`);
    });
    for (let i = 0; i < JOBS_A_ROUND; i++) {
      vehicle.press('accept');
      await wait(1000);
      await look();
    }
  } while (performance.now() < endMs && lab.events.length === 0);
  return most;
}
