/** The same scenario against a real broker, over real sockets and in real time. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
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
}

test.run();
