/**
 * Issue: fleet tools, shows 1. A list of 700 units, and by the commands: their broker, Mosquitto with
 * the access files; every unit as the bundle with its own keys and password; and who watches them.
 */
import { join } from 'node:path';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BrokerRights } from '../../support/broker-rights.js';
import { finished, startSim } from '../../support/cli.js';
import { listOf, makeFleet, startTools, type TestFleet } from '../../support/fleet.js';
import {
  findMosquitto,
  freePort,
  startMosquittoWith,
  type Mosquitto,
} from '../../support/mosquitto.js';
import { linesOf } from '../../support/lines.js';

const UNITS = 700;
/** Of them so many try what is not theirs. */
const THIEF_EVERY = 35;
const test = suite('fleet on Mosquitto');
const command = findMosquitto();

if (!command) {
  test.skip('Mosquitto is not installed', () => {});
} else {
  const port = await freePort();
  let made: TestFleet;
  let broker: Mosquitto;
  let rights: BrokerRights;

  test.before(async () => {
    made = await makeFleet(port, listOf(UNITS));
    for (const args of [['access', '--broker', 'mosquitto'], ['export']]) {
      const { code, stderr } = await made.run('fleet', ...args);
      assert.is(code, 0, stderr);
    }
    const conf = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    broker = await startMosquittoWith(command, conf, port);
    rights = new BrokerRights(made.folder, port);
  });
  test.after(async () => {
    rights.close();
    await broker.stop();
    made.remove();
  });

  test(`${UNITS} virtual units, each the bundle, connect by their own credentials and are seen`, async () => {
    const watch = startTools(['watch', '--json', '--fleet', made.folder]);
    const watched = finished(watch);
    const seen = new Map<string, Set<string>>();
    const others: string[] = [];
    const everyone = linesOf(watch.stdout, (line) => {
      const { unit, name } = JSON.parse(line) as { unit?: string; name: string };
      if (unit === undefined || name === 'refused') others.push(line);
      else seen.set(unit, (seen.get(unit) ?? new Set()).add(name));
      const isWhole = (names: Set<string>) =>
        ['birth', 'aed', 'position'].every((each) => names.has(each));
      return seen.size === UNITS && [...seen.values()].every(isWhole);
    });
    const records = join(made.folder, 'secrets/units.json');
    const units = startSim('start', '--fleet', records, '--broker', broker.url, '--json');
    const started = finished(units);
    await everyone;
    units.kill('SIGINT');
    watch.kill('SIGINT');
    const [bench, watcher] = await Promise.all([started, watched]);
    assert.is(bench.code, 0, bench.stderr);
    assert.is(bench.stdout, '', 'a unit met with a fault');
    assert.is(watcher.code, 0, watcher.stderr);
    assert.equal([...seen.keys()].toSorted(), rights.ids.toSorted());
    assert.equal(others, []);
  });

  test(`CR-036 a foreign password is refused for each of ${UNITS} units`, () =>
    rights.refusesForeignPasswords(rights.ids));

  // Their neighbours are no thieves.
  const thieves = () => rights.ids.filter((_, index) => index % THIEF_EVERY === 1);
  test('CR-036 a unit reaches its own topics', () => rights.allowsOwnTopics(thieves()));
  test('CR-036 a unit hears no other topics', () => rights.hidesForeignTopics(thieves()));
  test('CR-036 a unit cannot speak as another, nor as the control room', () =>
    rights.refusesForgery(thieves()));
  test('a client id is no way into the session of another', () =>
    rights.keepsSessions('met-bx001', 'met-bx002'));

  test('a broker that restarts is told, and ends nobody who watches; --unit hears that unit alone', async () => {
    const watched = made.run('watch', '--json', '--unit', 'BX002', '--for', '4');
    const conf = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await broker.stop();
    broker = await startMosquittoWith(command, conf, port);
    await new Promise((resolve) => setTimeout(resolve, 1500));
    for (const id of ['met-bx001', 'met-bx002']) await rights.says(id, 'not sealed');
    const { code, stdout, stderr } = await watched;
    assert.is(code, 0, stderr);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { unit?: string; name: string });
    const told = events.map(({ unit = '', name }) => `${unit} ${name}`.trim());
    // What the broker had kept of it, by its own rules a word or two; then its end and return.
    assert.equal(told.slice(-3), ['brokerAway', 'brokerBack', 'met-bx002 refused']);
    assert.not.match(stdout, /met-bx001/);
  });
}

test.run();
