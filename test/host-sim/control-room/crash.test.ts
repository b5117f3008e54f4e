/**
 * Shows 5: the control room dies at 100 seeded places, between any line and its effect and inside the
 * bytes of a line, and goes on from its ledger: no alert is made twice, none is lost.
 */
import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { Effect, Input, Line } from '../../../host-sim/control-room/events.js';
import { openJournal, readJournal, type Journal } from '../../../host-sim/control-room/journal.js';
import { countsOf } from '../../../host-sim/control-room/counts.js';
import type { State } from '../../../host-sim/control-room/state.js';
import { Random } from '../../../host-sim/world/random.js';
import { MORNING_MS, NORTH, Rig, aCall, northOf, smallScheme } from './rig.js';

const test = suite('crashes of the control room');
const SEED = Number(process.env['CRASH_SEED'] ?? 5);
const CUTS = 100;

class Crash extends Error {}

/** Where the run is cut: before an effect is done, or so many bytes into the ledger; or nowhere. */
interface Cut {
  readonly effect?: number;
  readonly byte?: number;
}

interface Due {
  readonly atMs: number;
  readonly input: Input;
}

const UNITS = ['NO-V001', 'NO-V002', 'NO-V003'];

/**
 * What goes on whether the control room lives or not: calls, and units that answer each alert once,
 * however often it comes. What is told to the control room is told until it has taken it.
 */
class World {
  readonly #due: Due[] = [];
  readonly delivered = new Map<number, Effect>();
  readonly stoodDown = new Set<number>();
  /** What each unit was told last of a call that changed. */
  readonly updated = new Map<number, string>();

  constructor(seed: number) {
    const random = new Random(seed);
    const at = (seconds: number, input: Input) => this.#add(MORNING_MS + seconds * 1000, input);
    UNITS.forEach((unit) => {
      at(0, { do: 'unit', unit, report: { kind: 'alive', alive: true } });
      at(0, { do: 'unit', unit, report: { kind: 'crew', state: 'available' } });
      const aed = { kind: 'aed', presence: 'present', readiness: 'ready' } as const;
      at(0, { do: 'unit', unit, report: aed });
    });
    const standard = 'approved-first-aid';
    const volunteer = { volunteer: 'V1', standard, verifiedUntil: '2017-12-31', place: NORTH };
    at(1, { do: 'volunteerIs', ...volunteer, available: true });
    const gate = { do: 'capacity', partner: 'metropolitan-police', area: 'north' } as const;
    const why = { reason: 'as needed', role: 'partner', by: 'duty officer' };
    at(2200, { ...gate, ...why, open: false });
    at(2500, { ...gate, ...why, open: true });
    for (let i = 0; i < 6; i++) {
      const reference = `A${i}`;
      const call = aCall({ callId: `C${i}`, ambulanceReference: reference });
      at(10 + i * 450, { do: 'call', call });
      at(14 + i * 450, { do: 'call', call: { ...call, text: `Door ${i}.` } });
      const arrivalS = 10 + i * 450 + random.integer(200, 500);
      at(arrivalS, { do: 'ambulance', reference, what: 'onScene' });
      const counts = { patients: 1, resuscitatedAndTransported: 0 };
      at(arrivalS + 900, { do: 'closeIncident', incident: call.callId, ...counts });
    }
  }

  next(): Due | undefined {
    return this.#due[0];
  }

  taken(): void {
    this.#due.shift();
  }

  do(effect: Effect, atMs: number): void {
    if (effect.do === 'alertVolunteer') {
      const { volunteer, incident } = effect;
      return this.#add(atMs, { do: 'volunteer', volunteer, incident, what: 'sent' });
    }
    const { alertId } = effect;
    if (effect.do === 'update') {
      const { revision } = effect;
      this.updated.set(alertId, effect.call.text);
      return this.#add(atMs + 100, { do: 'updateSent', alertId, revision });
    }
    const step = (seconds: number, name: string, reason = '') => {
      const told = { alertId, step: name, reason, stepAtMs: atMs } as Input & { do: 'step' };
      this.#add(atMs + seconds * 1000, { ...told, do: 'step' });
    };
    if (effect.do === 'standDown') {
      this.stoodDown.add(alertId);
      return step(0.1, 'standDownSent');
    }
    step(0.1, 'sent');
    if (this.delivered.has(alertId)) return step(0.2, 'duplicate');
    this.delivered.set(alertId, effect);
    step(0.2, 'sounding');
    if (alertId % 4 === 0) return;
    if (alertId % 4 === 1) return step(20, 'declined', 'tooFar');
    step(9, 'accepted');
    step(150, 'onScene');
    step(600, 'handedOver');
    step(700, 'clear');
  }

  #add(atMs: number, input: Input): void {
    const at = this.#due.findIndex((due) => due.atMs > atMs);
    this.#due.splice(at < 0 ? this.#due.length : at, 0, { atMs, input });
  }
}

/** One life of the control room, until the world has no more to tell, or until the cut. */
async function live(path: string, world: World, cut: Cut, count: { effects: number }) {
  const coordinator = createCoordinator(smallScheme());
  const journal: Journal = openJournal(path);
  for await (const line of readJournal(path)) coordinator.apply(line);
  // Places are in no ledger: the units tell them, or the file beside it.
  UNITS.forEach((unit, i) => {
    const place = northOf(NORTH, 1000 * (i + 1));
    coordinator.state.heard.positions.set(unit, { place, fixAtMs: 4e12, speedKmh: 0 });
  });
  coordinator.state.heard.volunteers.set('V1', NORTH);
  let atMs = coordinator.state.lastAtMs;

  const keep = (lines: readonly Line[]) => {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    const { size } = statSync(path);
    if (cut.byte !== undefined && size + text.length > cut.byte) {
      appendFileSync(path, text.slice(0, Math.max(0, cut.byte - size)));
      throw new Crash();
    }
    journal.append(lines, false);
  };
  const doAll = (effects: readonly Effect[]) => {
    for (const effect of effects) {
      if (count.effects++ === cut.effect) throw new Crash();
      world.do(effect, atMs);
    }
  };
  const take = (input: Input) => {
    const lines = coordinator.take(input, atMs);
    keep(lines);
    doAll(lines.flatMap((line) => coordinator.effects(line)));
  };
  try {
    keep(coordinator.take({ do: 'time' }, atMs));
    doAll(coordinator.unconfirmed());
    for (let due = world.next(); due; due = world.next()) {
      const dueMs = coordinator.nextDueMs() ?? Infinity;
      atMs = Math.max(atMs, Math.min(dueMs, due.atMs));
      if (dueMs <= due.atMs) take({ do: 'time' });
      else {
        take(due.input);
        world.taken();
      }
    }
  } finally {
    journal.close();
  }
  return coordinator;
}

/** Runs until the end, over a crash; gives the ledger and what the world saw. */
async function run(folder: string, cut: Cut) {
  const path = join(mkdtempSync(join(folder, 'run-')), 'ledger.ndjson');
  const world = new World(SEED);
  const count = { effects: 0 };
  let crashes = 0;
  let coordinator;
  try {
    coordinator = await live(path, world, cut, count);
  } catch (error) {
    if (!(error instanceof Crash)) throw error;
    crashes++;
    coordinator = await live(path, world, {}, count);
  }
  const lines: Line[] = [];
  for await (const line of readJournal(path)) lines.push(line);
  return { path, world, lines, crashes, coordinator, effects: count.effects };
}

/**
 * What a crash may not change. Which unit goes may differ: after a restart units that are wanted are
 * looked for at once, and not when the next search was due.
 */
function gist(lines: readonly Line[]) {
  const { calls, matched, activations, patients, volunteersAlerted } = countsOf(lines);
  const activated = new Set(lines.filter(({ what }) => what === 'alert').map((l) => l.incident));
  return { calls, matched, activations, patients, volunteersAlerted, activated };
}

/** What is known but for places and times of the next search, of which no line tells. */
function fromLines({ heard: _, dues: __, searches: ___, scheme: ____, ...rest }: State) {
  return rest;
}

test(`${CUTS} cuts: no alert twice, none lost (seed ${SEED})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'control-room-'));
  try {
    const whole = await run(folder, {});
    assert.is(whole.crashes, 0);
    const bytes = statSync(whole.path).size;
    const random = new Random(SEED).fork('cuts');
    let torn = 0;
    for (let i = 0; i < CUTS; i++) {
      const cut: Cut =
        i % 2 === 0
          ? { byte: random.integer(0, bytes - 1) }
          : { effect: random.integer(0, whole.effects - 1) };
      const { path, world, lines, crashes, coordinator } = await run(folder, cut);
      const where = `cut ${JSON.stringify(cut)}`;
      assert.is(crashes, 1, where);
      assert.equal(gist(lines), gist(whole.lines), where);
      // One number for each alert, all of which arrived; and the stand-downs too.
      const ids = lines.filter(({ what }) => what === 'alert').map(({ alertId }) => alertId);
      assert.is(new Set(ids).size, ids.length, where);
      const pairs = lines.flatMap((l) => (l.what === 'alert' ? [`${l.incident} ${l.unit}`] : []));
      assert.is(new Set(pairs).size, pairs.length, where);
      assert.equal([...world.delivered.keys()].sort(), [...ids].sort(), where);
      const news = lines.filter(({ what }) => what === 'update').map(({ alertId }) => alertId);
      assert.ok(news.length > 0, where);
      assert.equal([...world.updated.keys()].sort(), news.sort(), where);
      const back = lines.filter(({ what }) => what === 'standDown').map(({ alertId }) => alertId);
      assert.equal([...world.stoodDown].sort(), back.sort(), where);
      assert.equal(coordinator.unconfirmed(), [], where);
      // Read again, the ledger gives what was known at its end.
      const again = createCoordinator(smallScheme());
      for (const line of lines) again.apply(line);
      assert.equal(fromLines(again.state), fromLines(coordinator.state), where);
      torn += readdirSync(dirname(path)).filter((name) => name.includes('.torn-at-')).length;
    }
    assert.ok(torn > CUTS / 4, `${torn} lines were torn`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

/** A small scene: three units, and a call that two of them were alerted for. */
function scene(): Rig {
  const rig = new Rig();
  for (const [i, unit] of UNITS.entries()) rig.ready(unit, northOf(NORTH, 1000 * (i + 1)));
  return rig;
}

for (const [name, before, last] of [
  ['a call', [], { do: 'call', call: aCall() }],
  [
    'the arrival of the ambulance',
    [{ do: 'call', call: aCall() }],
    { do: 'ambulance', reference: 'A100', what: 'onScene' },
  ],
  [
    'a crew that is called away',
    [{ do: 'call', call: aCall() }],
    { do: 'unit', unit: 'NO-V001', report: { kind: 'crew', state: 'committed' } },
  ],
] as [string, Input[], Input][]) {
  test(`a decision about ${name} that was cut off is made whole, though nobody asks again`, () => {
    const whole = scene();
    for (const input of before) whole.take(input);
    const known = whole.lines.length;
    whole.take(last);
    assert.ok(whole.lines.length > known + 2);
    for (let kept = known + 1; kept <= whole.lines.length; kept++) {
      const again = new Rig();
      for (const line of whole.lines.slice(0, kept)) again.coordinator.apply(line);
      for (const [unit, position] of whole.coordinator.state.heard.positions) {
        again.coordinator.state.heard.positions.set(unit, position);
      }
      const rest = again.take({ do: 'time' });
      const lines = [...whole.lines.slice(0, kept), ...rest];
      assert.equal(lines, whole.lines, `${kept - known} lines were kept`);
    }
  });
}

test.run();
