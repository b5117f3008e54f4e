/** Published figures beside simulated ones: what was fitted is called so, what was predicted is judged. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { assumptionsFor, readAssumptions } from '../../../host-sim/city/assumptions.js';
import { runCity } from '../../../host-sim/city/city.js';
import { addDays, startOfDateMs } from '../../../host-sim/city/local-time.js';
import { fittedOf, trustHtml, trustSentence, USES } from '../../../host-sim/city/report/trust.js';
import { tablesOf } from '../../../host-sim/city/report/table.js';
import { ScriptedUnits } from '../../../host-sim/city/scripted-units.js';
import { statisticsOf, type Statistics } from '../../../host-sim/city/statistics.js';
import { IncidentReader } from '../../../host-sim/city/statistics/incidents.js';
import { createCoordinator } from '../../../host-sim/control-room/coordinator.js';
import { rosterOf } from '../../../host-sim/schemes/roster.js';
import { loadScheme, schemeNames, type Published } from '../../../host-sim/schemes/schema.js';
import { Random } from '../../../host-sim/world/random.js';

const test = suite('validation');

async function run(name: string, from: string, to: string): Promise<Statistics> {
  const scheme = loadScheme(name);
  const assumptions = assumptionsFor(readAssumptions(), name);
  const fromMs = startOfDateMs(from);
  const toMs = addDays(startOfDateMs(to), 1);
  const lines: Parameters<IncidentReader['take']>[0][] = [];
  const { calls } = await runCity({
    ...{ scheme, roster: rosterOf(scheme), assumptions, fromMs, toMs, seed: 1 },
    coordinator: createCoordinator(scheme),
    createUnits: (world) => new ScriptedUnits(world),
    onLine: (line) => lines.push(line),
  });
  const reader = new IncidentReader(new Map(calls.map((call) => [call.callId, call])));
  for (const line of lines) reader.take(line);
  return statisticsOf({
    ...{ scheme, fromMs, toMs, assumptions, incidents: reader.incidents },
    forecastWarnings: reader.warnings,
    random: new Random(1),
  });
}

const norfolk = await run('norfolk', '2016-07-18', '2017-07-20');
const westYorkshire = await run('west-yorkshire', '2017-09-05', '2017-10-22');

function checkOf({ validation }: Statistics, measure: Published['measure']) {
  const check = validation.find((each) => each.measure === measure);
  assert.ok(check?.simulated, measure);
  return { ...check, simulated: check.simulated };
}

/** reported / simulated / worth, as a test: a change of the model that moves one of them is seen. */
test('N1: predicted: the 405 responses of Norfolk’s first year', () => {
  const { use, simulated, agrees, weeks, value } = checkOf(norfolk, 'responsesPerWeek');
  assert.is(use, 'predicted');
  assert.ok(Math.abs(weeks - 52.57) < 0.02);
  assert.ok(Math.abs(value * weeks - 405) < 3, 'the published number itself');
  assert.ok(simulated.value > 5.5 && simulated.value < 9, String(simulated.value));
  assert.is(agrees, true);
});

test('Y3: predicted, and wrong: activations in West Yorkshire come out several times too many', () => {
  const { use, simulated, agrees, weeks, value } = checkOf(westYorkshire, 'activationsPerWeek');
  assert.is(use, 'predicted');
  assert.ok(Math.abs(value * weeks - 40) < 1, 'the published number itself');
  assert.ok(simulated.value > 2 * value, String(simulated.value));
  assert.is(agrees, false);
  assert.match(trustSentence(westYorkshire), /2 published figures that it predicts, 1 agree/);
});

test('Y5: given: each service’s own Category 1 mean comes out of its simulation', () => {
  for (const [statistics, meanS] of [
    [norfolk, 505],
    [westYorkshire, 422],
  ] as const) {
    const { use, value, simulated, agrees } = checkOf(statistics, 'ambulanceMeanS');
    assert.equal([use, value, agrees], ['given', meanS, null]);
    assert.ok(
      simulated.low < meanS * 1.03 && simulated.high > meanS * 0.97,
      String(simulated.value),
    );
  }
});

test('what is fitted names its assumption, which says so itself, and the other way round', () => {
  const all = readAssumptions();
  const named = new Set<string>();
  for (const name of schemeNames()) {
    const fitted = new Map(fittedOf(assumptionsFor(all, name)));
    for (const { use, assumption = '' } of loadScheme(name).published) {
      if (use === 'fitted') assert.ok(fitted.has(assumption), `${name}: ${assumption}`);
      else assert.not.ok(fitted.has(assumption), `${name}: ${assumption} is fitted, and given`);
      if (use === 'given') {
        const [group = '', member = ''] = assumption.split('.');
        assert.ok(
          (all as never as Record<string, object>)[group]?.hasOwnProperty(member),
          assumption,
        );
      }
      if (use === 'fitted') named.add(assumption);
    }
  }
  for (const name of schemeNames()) {
    for (const [assumption] of fittedOf(assumptionsFor(all, name)))
      assert.ok(named.has(assumption));
  }
});

test('no fitted or given figure is judged, and each stands under its own name', () => {
  for (const statistics of [norfolk, westYorkshire]) {
    for (const { use, agrees } of statistics.validation) {
      if (use !== 'predicted') assert.is(agrees, null);
    }
    const page = trustHtml(statistics, assumptionsFor(readAssumptions(), statistics.scheme));
    const table = tablesOf(statistics);
    for (const { what, use, source } of statistics.validation) {
      assert.ok(page.includes(what) && page.includes(source) && page.includes(USES[use]), what);
      assert.ok(table.includes(what), what);
    }
  }
});

test('a figure of days that the run does not have is compared with all of it; none with nothing', async () => {
  const short = await run('norfolk', '2017-03-01', '2017-03-14');
  assert.is(checkOf(short, 'responsesPerWeek').weeks, 2);
  const shares = short.validation.filter(({ measure }) => measure.endsWith('Share'));
  assert.ok(shares.every(({ simulated }) => !simulated || simulated.high <= 1));
});

test.run();
