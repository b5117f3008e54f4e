/** The same scenario against a real broker, over real sockets and in real time. */
import { connect, connectAsync, type IConnackPacket } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { sweepBroker } from '../../host-sim/bench/networks.js';
import { stateTopic } from '../../protocol/topics.js';
import { sim } from '../support/cli.js';
import { findMosquitto, startMosquitto } from '../support/mosquitto.js';

const test = suite('a real broker');
const command = findMosquitto();

if (command === null) {
  console.log('a real broker: left out, mosquitto is not installed');
  test.skip('the spine passes on Mosquitto', () => {});
} else {
  test('the spine passes on Mosquitto (L2, L3)', async () => {
    const broker = await startMosquitto(command);
    try {
      const { code, stdout, stderr } = await sim('run', 'spine', '--broker', broker.url, '--json');
      const result = JSON.parse(stdout);
      const failed = result.checks.filter((check: { ok: boolean }) => !check.ok);
      assert.equal(failed, []);
      assert.is(code, 0, stderr);
      // A broker that is not ours does not say when a message leaves it.
      assert.is(result.dispatches[0].brokerToSounderMs, null);
    } finally {
      await broker.stop();
    }
  });
  test('what a broker kept of the units of an earlier run is swept away, and no more', async () => {
    const broker = await startMosquitto(command);
    const [topic, other] = [stateTopic('met-bx01'), stateTopic('met-cr07')];
    const kept = { clientId: 'met-bx01', clean: false };
    try {
      const before = await connectAsync(broker.url, kept);
      await before.subscribeAsync('cr/#', { qos: 1 });
      for (const each of [topic, other]) {
        await before.publishAsync(each, 'dead', { qos: 1, retain: true });
      }
      await before.endAsync();
      await sweepBroker(broker.url, ['met-bx01']);
      const heard: string[] = [];
      const after = connect(broker.url, kept);
      after.on('message', (of) => heard.push(of));
      const connack = await new Promise<IConnackPacket>((resolve) =>
        after.once('connect', resolve),
      );
      assert.is(connack.sessionPresent, false);
      await after.subscribeAsync('cr/#', { qos: 1 });
      // Its own comes after what is retained.
      await after.publishAsync('cr/last', '', { qos: 1 });
      while (!heard.includes('cr/last')) {
        await new Promise<void>((resolve) => after.once('message', () => resolve()));
      }
      assert.equal(heard, [other, 'cr/last']);
      await after.endAsync();
    } finally {
      await broker.stop();
    }
  });
}

test.run();
