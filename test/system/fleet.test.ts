/** Many units over real sockets: whom a dispatch to all reaches, and how often. No time is judged. */
import { connectAsync } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { measureFleet } from '../../host-sim/bench/fleet-rows.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { ExitCode } from '../../host-sim/exit-codes.js';
import { everyUnitState } from '../../protocol/topics.js';
import { finished, startSim } from '../support/cli.js';
import { findMosquitto, startMosquitto } from '../support/mosquitto.js';

const test = suite('a fleet over sockets');
const UNITS = 50;
/** One before the round that counts, one in it; each to one unit and to all. */
const DISPATCHED = 2 * (1 + UNITS);

async function allSoundOnce(broker?: string): Promise<void> {
  const result = await measureFleet(loadBundle(), UNITS, 1, 1, broker);
  assert.is(result.dispatched, DISPATCHED);
  assert.is(result.sounded, DISPATCHED, 'none is lost');
  assert.is(result.soundedTwice, 0);
  for (const { to, pin, socket } of result.rows) {
    assert.ok(socket.p50Ms > 0 && pin.p50Ms > socket.p50Ms, to);
  }
}

test('L1: a dispatch to one and to all sounds once, on the embedded broker', () => allSoundOnce());

const command = findMosquitto();
if (command === null) {
  console.log('a fleet on Mosquitto: left out, mosquitto is not installed');
  test.skip('L1: a dispatch to one and to all sounds once, on Mosquitto', () => {});
} else {
  test('L1: a dispatch to one and to all sounds once, on Mosquitto', async () => {
    const broker = await startMosquitto(command);
    try {
      await allSoundOnce(broker.url);
    } finally {
      await broker.stop();
    }
  });

  test('a broker that ends on the way is said in a line, with an exit code of its own', async () => {
    const broker = await startMosquitto(command);
    const run = startSim('bench', '--fleet', '5', '--rounds', '1000', '--broker', broker.url);
    const ended = finished(run);
    const watcher = await connectAsync(broker.url, { reconnectPeriod: 0 });
    watcher.on('error', () => {});
    await watcher.subscribeAsync(everyUnitState());
    await new Promise((resolve) => watcher.once('message', resolve));
    await broker.stop();
    const { code, stderr } = await ended;
    assert.is(code, ExitCode.brokerLost, stderr);
    assert.match(stderr, /^sim: the broker at mqtt:.* was lost on the way: .*$/m);
    assert.not.match(stderr, /\n +at /);
  });
}

test.run();
