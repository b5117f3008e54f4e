/** What an operations desk sees first of a fleet of hundreds, and what of it a terminal shows. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  AedReason,
  ClockQuality,
  Fix,
  PositionReason,
  Presence,
  Readiness,
  Refusal,
} from '../../../protocol/codes.js';
import type { Fields } from '../../../protocol/host/messages.js';
import type { FleetUnit } from '../../../tools/fleet/schema.js';
import { MAX_AED_AGE_MS, MAX_FIX_AGE_MS, look } from '../../../tools/fleet/troubles.js';
import { unitsFromCsv } from '../../../tools/fleet/units-csv.js';
import { WatchModel } from '../../../tools/fleet/watch-model.js';
import { watchTable, type Only } from '../../../tools/fleet/watch-table.js';
import { listOf } from '../../support/fleet.js';

const test = suite('troubles of a fleet');
const T0 = 1_795_000_000_000;
const UNITS = 700;

function fleetOf(count: number): WatchModel {
  const { units } = unitsFromCsv(listOf(count), 'met', []) as { units: FleetUnit[] };
  return new WatchModel(units);
}

let counter = 0;
function say(model: WatchModel, index: number, name: string, fields: Fields): void {
  const message = { at: T0, clock: ClockQuality.gps, ...fields };
  model.take(idOf(index), { name, message, counter: ++counter, generation: 1 }, T0);
}
const callSignOf = (index: number) => `BX${String(index).padStart(3, '0')}`;
const idOf = (index: number) => `met-${callSignOf(index).toLowerCase()}`;

const AED = {
  presence: Presence.present,
  readiness: Readiness.ready,
  reasons: 0,
  seenMsAgo: 0,
};
const POSITION = { reason: PositionReason.periodic, fix: Fix.gps, fixAgeMs: 0 };

/** A unit with nothing wrong. */
function good(model: WatchModel, index: number): void {
  say(model, index, 'birth', { callSign: callSignOf(index), firmware: '0.1.0', board: 'b' });
  say(model, index, 'aed', AED);
  say(model, index, 'position', POSITION);
  say(model, index, 'health', { refusedStale: 3 });
}

/** Each has something wrong, in the order in which it is to be looked at. */
const WRONG: readonly (readonly [
  what: string,
  troubles: string,
  (m: WatchModel, i: number) => void,
])[] = [
  ['its will came', 'link', (m, i) => say(m, i, 'death', {})],
  [
    'the AED is out of its bracket, and there is no fix',
    'aed fix',
    (m, i) => {
      say(m, i, 'aed', { ...AED, presence: Presence.absent, readiness: Readiness.unknown });
      say(m, i, 'position', { ...POSITION, fix: Fix.none, fixAgeMs: 9000 });
    },
  ],
  [
    'a fault of the AED',
    'aed',
    (m, i) =>
      say(m, i, 'aed', { ...AED, readiness: Readiness.fault, reasons: AedReason.padsExpired }),
  ],
  [
    'the AED wants attention',
    'aed',
    (m, i) => say(m, i, 'aed', { ...AED, readiness: Readiness.attention }),
  ],
  ['no fix', 'fix', (m, i) => say(m, i, 'position', { ...POSITION, fix: Fix.none })],
  [
    'an old fix',
    'fix',
    (m, i) => say(m, i, 'position', { ...POSITION, fixAgeMs: MAX_FIX_AGE_MS + 1 }),
  ],
  [
    'nothing tells whether the AED is ready',
    'aed',
    (m, i) => say(m, i, 'aed', { ...AED, readiness: Readiness.unknown }),
  ],
  [
    'what is known of the AED is old',
    'aed',
    (m, i) => say(m, i, 'aed', { ...AED, seenMsAgo: MAX_AED_AGE_MS + 1 }),
  ],
  [
    'its clock drifts',
    'clock',
    (m, i) => say(m, i, 'health', { clock: ClockQuality.drifting, refusedStale: 3 }),
  ],
  ['it refused one more', 'refused', (m, i) => say(m, i, 'health', { refusedStale: 4 })],
  ['one did not prove itself', 'refused', (m, i) => m.refuse(idOf(i), Refusal.badTag)],
];

test('each kind of trouble is seen, the most urgent first; what is well is in none', () => {
  for (const [index, [what, troubles, spoil]] of WRONG.entries()) {
    const model = fleetOf(2);
    good(model, 1);
    good(model, 2);
    assert.equal(
      look(model, T0).map(({ troubles: list }) => list.join(' ')),
      ['', ''],
      what,
    );
    spoil(model, 2);
    const [first, second] = look(model, T0);
    assert.is(first?.unit.unit.callSign, 'BX002', what);
    assert.is(first?.troubles.join(' '), troubles, what);
    assert.equal(second?.troubles, [], what);
    // Beside the one after it in the table it comes first, wherever it stands in the fleet.
    const next = WRONG[index + 1];
    if (!next) continue;
    next[2](model, 1);
    const urgencies = look(model, T0).map(({ urgency }) => urgency);
    if (urgencies[0] !== urgencies[1]) {
      assert.is(look(model, T0)[0]?.unit.unit.callSign, 'BX002', `${what} before ${next[0]}`);
    }
  }
});

test('limits: at a limit of age it is well, a millisecond later it is not', () => {
  const model = fleetOf(1);
  good(model, 1);
  const troublesAt = (ms: number) => look(model, T0 + ms)[0]?.troubles.join(' ');
  assert.is(MAX_FIX_AGE_MS, MAX_AED_AGE_MS);
  assert.is(troublesAt(MAX_FIX_AGE_MS), '');
  assert.is(troublesAt(MAX_FIX_AGE_MS + 1), 'fix aed');
});

test('a station has its place without a receiver; what was never heard is not well', () => {
  const model = fleetOf(100);
  good(model, 100);
  say(model, 100, 'position', { ...POSITION, fix: Fix.surveyed, fixAgeMs: null });
  say(model, 1, 'birth', { callSign: 'BX001', firmware: '0.1.0', board: 'b' });
  const byName = new Map(
    look(model, T0).map(({ unit, troubles }) => [unit.unit.callSign, troubles]),
  );
  assert.equal(byName.get('BX100'), []);
  assert.equal(byName.get('BX001'), ['unheard']);
  assert.equal(byName.get('BX002'), ['link']);
});

test('an AED without a sensor is not ready, and comes after all that is news', () => {
  const model = fleetOf(2);
  good(model, 1);
  good(model, 2);
  const unsensed = { ...AED, readiness: Readiness.unknown, reasons: AedReason.notSensed };
  say(model, 1, 'aed', unsensed);
  model.refuse(idOf(2), Refusal.badTag);
  assert.equal(
    look(model, T0).map(({ troubles }) => troubles),
    [['refused'], ['unsensed']],
  );
  assert.match(watchTable(model, T0), /2 of 2 units connected, 1 with an AED ready/);
  say(model, 1, 'aed', { ...unsensed, reasons: AedReason.notSensed | AedReason.cold });
  assert.equal(look(model, T0)[0]?.troubles, ['aed']);
});

test('a restart of the unit, which counts from 0 again, hides no refusal', () => {
  const model = fleetOf(1);
  good(model, 1);
  say(model, 1, 'health', { refusedStale: 0 });
  assert.equal(look(model, T0)[0]?.troubles, []);
  say(model, 1, 'health', { refusedStale: 1 });
  assert.equal(look(model, T0)[0]?.troubles, ['refused']);
});

/** 700 units: 600 well, and of each kind of trouble some. */
function city(): WatchModel {
  const model = fleetOf(UNITS);
  for (let index = 1; index <= 690; index++) good(model, index);
  for (let index = 601; index <= 690; index++) WRONG[index % WRONG.length]?.[2](model, index);
  return model;
}

test(`${UNITS} units on a terminal of 40 lines: trouble first, and how many are not shown`, () => {
  const model = city();
  const room = { rows: 40, columns: 80 };
  const lines = watchTable(model, T0, 'all', room).split('\n');
  assert.is(lines.length, room.rows - 1, 'the last line is the cursor’s');
  assert.ok(lines.every((line) => line.length <= room.columns));
  const rows = lines.filter((line) => /│ BX\d/.test(line));
  assert.ok(
    rows.every((line) => !/│ +│ up/.test(line)),
    'a unit that is well',
  );
  assert.match(
    lines.at(-3) ?? '',
    /^682 of 700 units connected, \d+ with an AED ready, \d+ with a/,
  );
  assert.match(
    lines.at(-2) ?? '',
    /^trouble on 100: link 18, aed 41, fix 24, clock 9, refused 16$/,
  );
  assert.is(lines.at(-1), `${UNITS - rows.length} more do not fit here`);
});

test('the sums of the summary are those of the units', () => {
  const lines = watchTable(city(), T0).split('\n');
  const words = lines.slice(-2).join('\n');
  const [connected, , ready, fixed, both] = (words.match(/\d+/g) ?? []).map(Number);
  const looked = look(city(), T0).filter(({ unit }) => unit.link === 'up');
  const without = (...kinds: string[]) =>
    looked.filter(({ troubles }) => !kinds.some((kind) => troubles.includes(kind as never))).length;
  assert.equal(
    [connected, ready, fixed, both],
    [looked.length, without('aed'), without('fix'), without('aed', 'fix')],
  );
  assert.is(lines.filter((line) => /│ BX\d/.test(line)).length, UNITS, 'a file has room for all');
});

test('--only chooses units by their trouble', () => {
  const model = city();
  const count = (only: Only) =>
    watchTable(model, T0, only)
      .split('\n')
      .filter((line) => /│ BX\d/.test(line)).length;
  assert.is(count('all'), UNITS);
  assert.is(count('trouble'), 100);
  assert.is(count('link'), 18);
  assert.is(count('unheard'), 0);
  assert.match(watchTable(model, T0, 'link'), /\n18 of 700: link$/);
});

test('a terminal of any size shows at least one unit, and never more lines than it has', () => {
  const model = city();
  for (const rows of [10, 11, 24, 100, 800]) {
    const lines = watchTable(model, T0, 'trouble', { rows, columns: 200 }).split('\n');
    assert.ok(lines.length < rows, `${lines.length} lines in ${rows}`);
    assert.match(lines[3] ?? '', /BX/);
  }
});

test('while the broker is away, that is said before anything else', () => {
  const model = city();
  model.brokerAwaySinceMs = T0 - 12_000;
  assert.match(
    watchTable(model, T0),
    /\nTHE BROKER IS AWAY for 12 s: all this is of before\n682 of/,
  );
});

test.run();
