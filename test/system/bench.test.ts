/** `npm run bench` gives what it promises. No figure is judged: time is the machine's. */
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import type { BenchResult } from '../../host-sim/commands/bench.js';
import type { MqttRows } from '../../host-sim/bench/mqtt-rows.js';
import type { Spread } from '../../host-sim/bench/spread.js';
import { ExitCode } from '../../host-sim/exit-codes.js';
import { messageTables } from '../../protocol/registry.js';
import { sim } from '../support/cli.js';
import { findInterpreter } from '../../host-sim/interpreter/interpreter.js';

const test = suite('npm run bench');
const FEW = ['--rounds', '7', '--messages', '1'];

function isSpread({ median, least, most }: Spread, what: string): void {
  assert.ok(least <= median && median <= most, `${what}: ${least} ${median} ${most}`);
  assert.ok(Number.isFinite(least) && Number.isFinite(most), what);
}

test('it gives ratios with their spread, of each host, and the bytes of the seal', async () => {
  const { code, stdout, stderr } = await sim('bench', ...FEW, '--json');
  assert.is(code, ExitCode.ok, stderr);
  const result = JSON.parse(stdout) as BenchResult;
  assert.is(result.rounds, 7);
  assert.is(result.messagesARound, 1);
  isSpread(result.brokerToSounder.ratio, 'broker to sounder');
  const hosts = result.codec.map(({ host }) => host);
  assert.equal(hosts, findInterpreter() === null ? ['node'] : ['node', 'interpreter']);
  for (const { host, rows } of result.codec) {
    const peers = rows.map(({ row, peer }) => [row, peer]);
    assert.equal(peers, [
      ['openAlarm', 'JSON.parse'],
      ['openAll', 'JSON.parse'],
      ['sealPosition', 'JSON.stringify'],
    ]);
    for (const { row, ratio, us, peerUs } of rows) {
      isSpread(ratio, `${host} ${row} ratio`);
      isSpread(us, `${host} ${row} us`);
      isSpread(peerUs, `${host} ${row} peer`);
    }
  }
  const { mean, most, messages } = result.sealedBytes;
  const names = messageTables.map(({ name }) => name);
  assert.equal(Object.keys(messages).sort(), [...names].sort());
  const added = Object.values(messages).map((bytes) => bytes.added);
  // Envelope 13, padding 1 to 16, tag 16.
  for (const bytes of added) assert.ok(bytes >= 30 && bytes <= 45, String(bytes));
  assert.is(most, Math.max(...added));
  assert.is(mean, added.reduce((sum, bytes) => sum + bytes, 0) / added.length);
});

test('rows beside a peer say so where none was given', async () => {
  const { code, stdout, stderr } = await sim('bench', ...FEW, '--json');
  assert.is(code, ExitCode.ok, stderr);
  const { gps, mqtt } = JSON.parse(stdout) as BenchResult;
  assert.is(gps, 'no peer given');
  if (findInterpreter() === null) assert.is(mqtt, null);
  else {
    isSpread((mqtt as MqttRows).bootMs, 'boot');
    isSpread((mqtt as MqttRows).unitMs, 'to the pin');
    isSpread((mqtt as MqttRows).unitBurst, 'burst');
    assert.is((mqtt as MqttRows).peerMs, null);
  }
});

test('fewer rounds than seven are a usage error, no interpreter a missing file', async () => {
  const [few, none] = await Promise.all([
    sim('bench', '--rounds', '6'),
    sim('bench', ...FEW, '--interpreter', 'no-such-espruino'),
  ]);
  assert.is(few.code, ExitCode.usage);
  assert.is(none.code, ExitCode.fileMissing);
  assert.match(none.stderr, /no-such-espruino/);
});

test.run();
