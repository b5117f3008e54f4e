/** The three schemes, as published, and how one that is wrong is refused. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { isLive } from '../../../host-sim/control-room/rules/rollout.js';
import { UserError } from '../../../host-sim/exit-codes.js';
import { parsePublicAeds } from '../../../host-sim/schemes/public-aeds.js';
import { rosterOf, withUnits } from '../../../host-sim/schemes/roster.js';
import { loadScheme, parseScheme, schemeNames } from '../../../host-sim/schemes/schema.js';
import { isUnitId } from '../../../protocol/settings.js';
import { smallScheme } from '../control-room/rig.js';

const test = suite('schemes');
const london = loadScheme('london');
const westYorkshire = loadScheme('west-yorkshire');
const norfolk = loadScheme('norfolk');

/** As announced on 10 July 2017. */
const CALENDAR = `
Pilot: Croydon, Enfield, Ealing, Havering
2017-07-10: Barking and Dagenham, Redbridge, Hillingdon
2017-07-24: Waltham Forest, Sutton, Bromley
2017-08-07: Hounslow, Barnet, Lewisham
2017-08-21: Brent, Haringey, Kingston Upon Thames
2017-09-04: Harrow, Lambeth, Bexley
2017-09-18: Hammersmith and Fulham, Greenwich, Richmond Upon Thames
2017-10-02: Kensington and Chelsea, Hackney, Tower Hamlets
2017-10-16: Westminster, Camden and Islington, Merton
2017-10-30: Newham, Southwark, Wandsworth`;

const waves = CALENDAR.trim()
  .split('\n')
  .map((line) => line.split(': ') as [string, string])
  .map(([date, names]) => ({ date, names: names.split(', ') }));

for (const [wave, { date, names }] of waves.entries()) {
  for (const name of names) {
    test(`L11: ${name} goes live in wave ${wave}, ${date}`, () => {
      const [area, ...others] = london.areas.filter((each) => each.name === name);
      assert.ok(area && others.length === 0);
      assert.is(area.wave, wave);
      if (wave > 0) assert.is(area.goesLiveOn, date);
      else assert.is(area.goesLiveOn, '2015-11-30');
    });
  }
}

test('L11: 31 entries are 32 boroughs, in a pilot and nine waves 14 days apart', () => {
  assert.is(london.areas.length, 31);
  assert.is(waves.flatMap(({ names }) => names).length, 31);
  const boroughs = london.areas.flatMap(({ name, members }) => members ?? [name]);
  assert.is(new Set(boroughs).size, 32);
  const days = waves.slice(1).map(({ date }) => Date.parse(date) / 86_400_000);
  assert.is(days.length, 9);
  for (let i = 1; i < days.length; i++)
    assert.is((days[i] as number) - (days[i - 1] as number), 14);
});

test('L10: the roll-out is from 10 July to the end of October 2017, wave by wave', () => {
  const live = (date: string) => london.areas.filter((area) => isLive(area, date)).length;
  assert.equal(
    ['2017-07-09', '2017-07-10', '2017-07-24', '2017-10-29', '2017-10-30'].map(live),
    [4, 7, 10, 28, 31],
  );
});

test('L1: London has 700 units, vehicles and stations', () => {
  const units = rosterOf(london);
  assert.is(units.length, 700);
  assert.is(units.filter(({ kind }) => kind === 'station').length, 31);
});

test('L1: AEDs by borough are those that are published', () => {
  const count = (code: string) => rosterOf(london).filter(({ id }) => id.startsWith(code)).length;
  assert.equal(
    ['CRO', 'ENF', 'HAY', 'LAM', 'BRE', 'HRW', 'BRO', 'BEX', 'KIN'].map(count),
    [50, 27, 26, 22, 20, 16, 16, 15, 15],
  );
});

test('L6: 1,320 officers', () => assert.is(london.responders, 1320));

test('L15: a scheme of 10,000 units has as many, each with an id of its own', () => {
  for (const scheme of [london, westYorkshire, norfolk]) {
    const units = rosterOf(withUnits(scheme, 10_000));
    assert.is(new Set(units.map(({ id }) => id)).size, 10_000);
    assert.ok(units.every(({ id }) => isUnitId(id)));
  }
});

test('a scheme has its stations at least', () => {
  for (const units of [30, 31, 32]) {
    const make = () => rosterOf(withUnits(london, units)).length;
    if (units < 31) assert.throws(make, /at least 31 units, its stations, found 30/);
    else assert.is(make(), units);
  }
});

test('Y1, Y6: West Yorkshire has firearms officers, with AEDs in their kit', () => {
  const units = rosterOf(westYorkshire);
  assert.ok(units.length > 0);
  for (const unit of units) {
    assert.equal(unit.capabilities, ['firearms']);
    assert.is(unit.aedMount, 'kit');
  }
  assert.is(westYorkshire.startsOn, '2017-09-05');
});

test('Y4: a couple of calls a week are forecast', () => {
  assert.is(westYorkshire.expectedPerWeek, 2);
});

test('N3: Norfolk has seven places', () => {
  assert.equal(norfolk.areas.map(({ name }) => name).sort(), [
    'Gorleston',
    'Great Yarmouth',
    "King's Lynn",
    'North Walsham',
    'Norwich',
    'Sheringham',
    'Thetford',
  ]);
});

test('N4: nine stations in seven places, told apart by their ids', () => {
  const stations = rosterOf(norfolk).filter(({ kind }) => kind === 'station');
  assert.is(new Set(stations.map(({ id }) => id)).size, 9);
  assert.is(new Set(stations.map(({ area }) => area)).size, 7);
  assert.is(stations.filter(({ area }) => area === 'norwich').length, 3);
});

test('N7: a scheme has a start, perhaps an end, a partner and an ambulance service', () => {
  assert.is(norfolk.startsOn, '2016-07-18');
  assert.is(norfolk.partner.name, 'Norfolk Fire and Rescue Service');
  assert.is(norfolk.ambulance.name, 'East of England Ambulance Service');
});

test('N6: every skill has the days for which training in it counts', () => {
  for (const { skills } of [london, westYorkshire, norfolk]) assert.ok(skills.length > 0);
});

test('the schemes that are there are three, and say what they assume', () => {
  assert.equal(schemeNames(), ['london', 'norfolk', 'west-yorkshire']);
  for (const { sources, assumptions } of [london, westYorkshire, norfolk]) {
    assert.ok(sources.length > 0 && assumptions.length > 0);
  }
});

test('a scheme that is not there is refused with the names of those that are', () => {
  assert.throws(() => loadScheme('paris'), /paris: neither a file .* london, norfolk, west-yorks/);
});

const [north, south] = smallScheme().areas as [object, object];
for (const [name, change, error] of [
  ['a field of a wrong kind', { name: 7 }, /^f\.json: name: .*expected string.*, found 7$/],
  ['a field too many', { colour: 'red' }, /^f\.json: file: .*"colour"/],
  ['a day that is none', { startsOn: '2017-02-29' }, /^f\.json: startsOn: .*found "2017-02-29"$/],
  [
    'an unknown area',
    { stations: [{ id: 'S1', name: 'S', area: 'east', latitude: 0, longitude: 0 }] },
    /^f\.json: stations\.0\.area: expected the id of one of the areas, found "east"$/m,
  ],
  ['an area twice', { areas: [north, north] }, /areas\.1\.id: expected each once, found "north"/],
  ['too few waves', { waves: 2 }, /areas: expected waves 1 to 2, found 1$/],
  [
    'a wave before the one before it',
    { areas: [{ ...north, goesLiveOn: '2017-07-11' }, south] },
    /areas: expected wave 1 after 2017-07-11, found 2017-07-10/,
  ],
  [
    'an area that is live before the scheme',
    { startsOn: '2017-07-02' },
    /areas\.0\.goesLiveOn: expected a day from 2017-07-02 to 9999-12-31, found 2017-07-01/,
  ],
  ['an end before the start', { endsOn: '2017-06-30' }, /endsOn: expected a day from 2017-07-01/],
  [
    'criteria out of order',
    { criteria: [...smallScheme().criteria, { ...smallScheme().criteria[0], version: 2 }] },
    /criteria\.1\.from: expected a day after 2017-07-01, found 2017-07-01/,
  ],
  [
    'a capability that nobody has',
    { eligibility: { ...smallScheme().eligibility, capabilities: ['boat'] } },
    /eligibility\.capabilities\.0: expected one that a unit .*\(response\), found "boat"/,
  ],
  [
    'fewer units in all than at once',
    { alerting: { ...smallScheme().alerting, units: 3, maxUnits: 2 } },
    /alerting\.maxUnits: expected at least 3, as units, found 2/,
  ],
] as const) {
  test(`a scheme with ${name} is refused`, () => {
    const parse = () => parseScheme({ ...smallScheme(), ...change }, 'f.json');
    assert.throws(parse, (thrown: unknown) => {
      assert.ok(thrown instanceof UserError);
      assert.match(thrown.message, error);
      return thrown.exit === 'badFile';
    });
  });
}

test('the small scheme of these tests is one', () => {
  assert.is(parseScheme(smallScheme(), 'f.json').areas.length, 2);
});

test('L13: public AEDs are read from CSV, with their access and hours', () => {
  assert.ok(london.publicAeds.length > 0);
  const text = '@id,@lat,@lon,access,opening_hours,name\nn1,51.5,-0.1,yes,"Mo-Fr 09:00",Hall\n';
  assert.equal(parsePublicAeds(text, 'f.csv'), [
    { id: 'n1', latitude: 51.5, longitude: -0.1, where: '', access: 'yes', hours: 'Mo-Fr 09:00' },
  ]);
});

for (const [name, text, error] of [
  ['without a column', '@id,@lat\nn1,51\n', /^f\.csv:1: expected a column @lon, found @id, @lat$/],
  ['without a latitude', '@id,@lat,@lon\nn1,,0\n', /^f\.csv:2: latitude: /],
  ['that is none', '@id,@lat,@lon\n"n1,51,0\n', /^f\.csv: not CSV: /],
] as const) {
  test(`L13: a CSV file ${name} is refused`, () => {
    assert.throws(() => parsePublicAeds(text, 'f.csv'), error);
  });
}

test.run();
