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
import { Lines } from '../../support/lines.js';

const UNITS = 700;
/** Of them so many try what is not theirs. */
const THIEF_EVERY = 35;
/** What a unit says when it has come up. */
const FIRST_WORDS = ['birth', 'aed', 'position', 'status', 'health'];
const test = suite('fleet on Mosquitto');
const command = findMosquitto();

/** What `watch --json` prints. */
const events = (lines: readonly string[]) =>
  lines.map((line) => JSON.parse(line) as { readonly name: string; readonly unit?: string });

if (!command) {
  test.skip('Mosquitto is not installed', () => {});
} else {
  const port = await freePort();
  let made: TestFleet;
  let broker: Mosquitto;
  let rights: BrokerRights;
  let conf: string;

  test.before(async () => {
    made = await makeFleet(port, listOf(UNITS));
    for (const args of [['access', '--broker', 'mosquitto'], ['export']]) {
      const { code, stderr } = await made.run('fleet', ...args);
      assert.is(code, 0, stderr);
    }
    conf = join(made.folder, 'secrets/access/mosquitto/mosquitto.conf');
    broker = await startMosquittoWith(command, conf, port);
    rights = new BrokerRights(made.folder, port);
  });
  test.after(async () => {
    rights.close();
    await broker.stop();
    made.remove();
  });

  test(`${UNITS} virtual units, each the bundle, connect by their own credentials; a watcher that is slow misses none`, async () => {
    const watch = startTools(['watch', '--json', '--fleet', made.folder]);
    const watched = finished(watch);
    const lines = new Lines(watch.stdout);
    const records = join(made.folder, 'secrets/units.json');
    let units: ReturnType<typeof startSim> | undefined;
    let started: ReturnType<typeof finished> | undefined;
    const said = new Map<string, Set<string | undefined>>();
    let read = 0;
    try {
      await lines.has('"watching"');
      // As if it had no processor: all that 700 units say at first waits for it at the broker.
      watch.kill('SIGSTOP');
      units = startSim('start', '--fleet', records, '--broker', broker.url, '--json');
      started = finished(units);
      await rights.hasBorn(UNITS);
      watch.kill('SIGCONT');
      await lines.until((all) => {
        for (const { name, unit } of events(all.slice(read))) {
          said.set(name, (said.get(name) ?? new Set()).add(unit));
        }
        read = all.length;
        return FIRST_WORDS.every((name) => said.get(name)?.size === UNITS);
      }, 'what every unit says at first');
    } finally {
      watch.kill('SIGCONT');
      watch.kill('SIGINT');
      units?.kill('SIGINT');
    }
    const [bench, watcher] = await Promise.all([started, watched]);
    assert.is(bench?.code, 0, bench?.stderr);
    assert.is(bench?.stdout, '', 'a unit met with a fault');
    assert.is(watcher.code, 0, watcher.stderr);
    for (const name of FIRST_WORDS)
      assert.equal([...(said.get(name) ?? [])].toSorted(), rights.ids);
    assert.not.ok(said.has('refused'));
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
    const watch = startTools(['watch', '--json', '--unit', 'BX002', '--fleet', made.folder]);
    const watched = finished(watch);
    const lines = new Lines(watch.stdout);
    try {
      await lines.has('"watching"');
      await broker.stop();
      await lines.has('"brokerAway"');
      // So long that the client tries in vain.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      broker = await startMosquittoWith(command, conf, port);
      await lines.has('"brokerBack"');
      for (const id of ['met-bx001', 'met-bx002']) await rights.says(id, 'not sealed');
      await lines.has('"refused"');
    } finally {
      watch.kill('SIGINT');
    }
    const { code, stdout, stderr } = await watched;
    assert.is(code, 0, stderr);
    assert.is(events(lines.all).at(-1)?.unit, 'met-bx002');
    assert.not.match(stdout, /met-bx001/);
  });
}

test.run();
