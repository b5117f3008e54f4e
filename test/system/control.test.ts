/**
 * `sim control` as a process on a real broker: killed while it works, it loses no call that it answered
 * and alerts no unit twice (issue 6, 5). `npm run kill-control` does it at 100 instants.
 */
import { writeFileSync } from 'node:fs';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { ExitCode } from '../../host-sim/exit-codes.js';
import { sim } from '../support/cli.js';
import { controlFolder, startControl, TOKENS } from '../support/control-child.js';
import { killControl } from '../support/kill-control.js';
import { findMosquitto, startMosquitto } from '../support/mosquitto.js';

const test = suite('sim control');
const INSTANTS = 5;
const SEED = 6;

const command = findMosquitto();
if (command === null) {
  console.log('the control room killed: left out, mosquitto is not installed');
  test.skip(`killed at ${INSTANTS} instants, it goes on where it was`, () => {});
} else {
  test(`L8: killed at ${INSTANTS} instants, it goes on where it was (seed ${SEED})`, async () => {
    const broker = await startMosquitto(command);
    try {
      const { faults, calls, kills, linesOfLedger } = await killControl(broker.url, INSTANTS, SEED);
      assert.equal(faults, []);
      assert.is(calls, INSTANTS);
      assert.ok(kills >= INSTANTS);
      assert.ok(linesOfLedger > 10 * INSTANTS);
    } finally {
      await broker.stop();
    }
  });
}

test('it listens, ends with 0 when told to, and says a token to nobody', async () => {
  const folder = controlFolder(1);
  try {
    const child = startControl(...folder.flags, '--broker-port', '0');
    const url = await child.listening;
    assert.ok(url, child.output());
    const headers = { authorization: `Bearer ${TOKENS.viewer}` };
    assert.is((await fetch(`${url}/units`, { headers })).status, 200);
    child.process.kill('SIGTERM');
    assert.is(await child.ended, ExitCode.ok, child.output());
    for (const token of Object.values(TOKENS)) assert.not.ok(child.output().includes(token));
  } finally {
    folder.remove();
  }
});

test('what it cannot start with is said in a line, without the secret', async () => {
  const folder = controlFolder(1);
  try {
    const file = folder.flags[folder.flags.indexOf('--secrets') + 1] as string;
    writeFileSync(file, `CONTROL_TOKEN_AMBULANCE=short-secret\n`);
    const { code, stderr } = await sim('control', ...folder.flags);
    assert.is(code, ExitCode.badFile);
    assert.match(
      stderr,
      /^sim: CONTROL_TOKEN_AMBULANCE: expected at least 32 .* found another text$/m,
    );
    assert.not.match(stderr, /short-secret/);
  } finally {
    folder.remove();
  }
});

test.run();
