/** Volunteers and public AEDs in the city: by the scheme's data, beside the units, and in their own time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import {
  assumptionsFor,
  readAssumptions,
  type Assumptions,
} from '../../../host-sim/city/assumptions.js';
import { runCity } from '../../../host-sim/city/city.js';
import { localHour, startOfDateMs } from '../../../host-sim/city/local-time.js';
import { canBeHad, withPublicAeds } from '../../../host-sim/city/public-aeds.js';
import { ScriptedUnits } from '../../../host-sim/city/scripted-units.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import type { KnownLine } from '../../../host-sim/control-room/lines.js';
import { areaOf } from '../../../host-sim/control-room/rules/rollout.js';
import { rosterOf } from '../../../host-sim/schemes/roster.js';
import { loadScheme, type Scheme } from '../../../host-sim/schemes/schema.js';
import { Random } from '../../../host-sim/world/random.js';

const test = suite('volunteers of a city');
const SEED = 14;
const all = readAssumptions();

interface Change {
  /** Null for none. */
  readonly volunteers?: Scheme['volunteers'] | null;
  readonly assume?: (assumptions: Assumptions) => void;
}

async function run(name: string, from: string, to: string, change: Change = {}) {
  const { volunteers: usual, ...rest } = loadScheme(name);
  const own = change.volunteers === undefined ? usual : change.volunteers;
  const assumptions = structuredClone(assumptionsFor(all, name));
  // Many more than there are, so that a week shows all that they do.
  assumptions.volunteers.availableShare.value = 0.9;
  change.assume?.(assumptions);
  const bare: Scheme = own ? { ...rest, volunteers: own } : rest;
  const scheme = withPublicAeds(bare, assumptions, new Random(SEED).fork('publicAeds'));
  const lines: KnownLine[] = [];
  await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions, seed: SEED },
    fromMs: startOfDateMs(from),
    toMs: startOfDateMs(to),
    coordinator: createCoordinator(scheme),
    createUnits: (world) => new ScriptedUnits(world),
    onLine: (line) => lines.push(line as KnownLine),
  });
  return { scheme, assumptions, lines };
}

type Ran = Awaited<ReturnType<typeof run>>;

function of<W extends KnownLine['what']>({ lines }: Ran, what: W) {
  return lines.filter((line): line is Extract<KnownLine, { what: W }> => line.what === what);
}

const london = await run('london', '2017-07-10', '2017-07-17');
const norfolk = await run('norfolk', '2016-07-18', '2016-09-12');

test('L14: they are told, accept, decline or say nothing, and some reach the patient', () => {
  for (const ran of [london, norfolk]) {
    const told = of(ran, 'alertVolunteer').length;
    const steps = of(ran, 'volunteer').map(({ step }) => step);
    const count = (step: string) => steps.filter((each) => each === step).length;
    assert.ok(told > 40, String(told));
    assert.is(count('sent'), told);
    for (const step of ['accepted', 'declined', 'silent', 'onScene', 'aedTaken']) {
      assert.ok(count(step) > 0, `${ran.scheme.id}: ${step}`);
    }
    assert.is(count('onScene'), count('accepted'));
    assert.ok(Math.abs(count('accepted') / told - 0.25) < 0.12, `${count('accepted')} of ${told}`);
  }
});

test('L14: no unit and no ambulance does anything otherwise for them', async () => {
  // What changes of itself in a vehicle is heard when the control room looks, at whoever's time.
  const assume = ({ units, coverage }: Assumptions) => {
    units.committedShare.value = 0;
    units.calledAwayShare.value = 0;
    coverage.dropsPerUnitDay.value = 0;
    coverage.withoutCoverageShare.value = 0;
  };
  const range = ['norfolk', '2016-07-18', '2016-09-12'] as const;
  const beside = await run(...range, { assume });
  const without = await run(...range, { assume, volunteers: null });
  assert.ok(of(beside, 'alertVolunteer').length > 40);
  assert.is(of(without, 'alertVolunteer').length, 0);
  const rest = ({ lines }: Ran) =>
    lines
      .filter(({ what }) => !what.toLowerCase().includes('volunteer'))
      .map((line) => ({ ...line, n: 0 }));
  assert.equal(rest(beside), rest(without));
});

test('L14: none before the first day that the scheme’s data says, and none in West Yorkshire', async () => {
  const rule = { ...(loadScheme('london').volunteers as NonNullable<Scheme['volunteers']>) };
  const later = await run('london', '2017-07-10', '2017-07-17', {
    volunteers: { ...rule, from: '2017-07-14' },
  });
  const days = of(later, 'alertVolunteer').map(({ atMs }) => atMs);
  assert.ok(days.length > 0 && Math.min(...days) >= startOfDateMs('2017-07-14'));
  const yorkshire = await run('west-yorkshire', '2017-09-05', '2017-09-19');
  assert.is(of(yorkshire, 'alertVolunteer').length + of(yorkshire, 'volunteerIs').length, 0);
  assert.ok(of(yorkshire, 'matched').every(({ publicAed }) => publicAed === null));
});

test('L14: whose standard has run out is never told', () => {
  const until = new Map(
    of(london, 'volunteerIs').map((each) => [each.volunteer, each.verifiedUntil]),
  );
  const lapsed = [...until].filter(([, date]) => date < '2017-07-10').map(([id]) => id);
  assert.ok(lapsed.length > 5);
  const told = new Set(of(london, 'alertVolunteer').map(({ volunteer }) => volunteer));
  assert.ok(lapsed.every((id) => !told.has(id)));
});

test('L13: first responders carry an AED; others have one only where a public one was told of', () => {
  const withAed = (ran: Ran) => of(ran, 'volunteer').filter(({ step }) => step === 'aedTaken');
  const onScene = (ran: Ran) => of(ran, 'volunteer').filter(({ step }) => step === 'onScene');
  assert.is(withAed(norfolk).length, onScene(norfolk).length);
  const told = new Map(of(london, 'matched').map((each) => [each.incident, each.publicAed]));
  assert.ok(withAed(london).length < onScene(london).length);
  for (const { incident } of withAed(london)) assert.ok(told.get(incident));
});

test('L13: as many public AEDs as are published, the scheme’s own first, each in its area, by people', () => {
  const { scheme, assumptions } = london;
  const people = scheme.areas.reduce((sum, { population = 0 }) => sum + population, 0);
  const expected = Math.round((people / 100_000) * assumptions.publicAeds.per100k.value);
  assert.is(scheme.publicAeds.length, expected);
  assert.equal(scheme.publicAeds.slice(0, 8), loadScheme('london').publicAeds);
  const drawn = scheme.publicAeds.slice(8);
  // (The world reckons on a sphere: at an edge the control room may have it otherwise.)
  const strays = drawn.filter((aed) => areaOf(scheme, aed)?.name !== aed.where);
  assert.ok(strays.length < drawn.length / 100, `${strays.length} of ${drawn.length}`);
  const always = drawn.filter(({ hours }) => hours === '24/7').length / drawn.length;
  assert.ok(Math.abs(always - 0.343) < 0.03, String(always));
});

test('L13: by day all can be had, at night those that are open day and night', () => {
  const aed = { id: '1', latitude: 51, longitude: 0, where: '', access: 'yes' };
  for (let hour = 0; hour < 24; hour++) {
    const atMs = startOfDateMs('2017-07-10') + hour * 3_600_000;
    assert.is(localHour(atMs).hour, hour);
    const isDay = hour >= 8 && hour < 18;
    assert.is(canBeHad({ ...aed, hours: 'Mo-Su 08:00-18:00' }, atMs, all), isDay, String(hour));
    assert.is(canBeHad({ ...aed, hours: '24/7' }, atMs, all), true);
  }
});

test('the same seed gives the same volunteers', async () => {
  const again = await run('norfolk', '2016-07-18', '2016-09-12');
  assert.equal(again.lines, norfolk.lines);
});

test.run();
