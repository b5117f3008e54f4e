/** The control room with real units: the bundle, an embedded broker, and simulated time. */
import { EventEmitter } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MqttClient } from 'mqtt';
import { suite } from 'uvu';
import * as assert from 'uvu/assert';
import { BENCH_SECRET, Bench } from '../../../host-sim/bench/bench.js';
import { simulatedNetwork } from '../../../host-sim/bench/networks.js';
import { timelineOf } from '../../../host-sim/control-room/counts.js';
import type { Line } from '../../../host-sim/control-room/events.js';
import { startService } from '../../../host-sim/control-room/service.js';
import { loadBundle } from '../../../host-sim/espruino/bundle.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import { Random } from '../../../host-sim/world/random.js';
import { MORNING_MS, NORTH, aCall, northOf, smallScheme } from './rig.js';

const test = suite('the control room with units');

/** The bench has a control room of its own, which is to hear nothing here. */
class Deaf extends EventEmitter {
  connected = false;
  subscribe(): void {}
  async endAsync(): Promise<void> {}
}

test('L2, L3, L4: a call sounds on the nearest unit, whose crew goes; the next is found when it declines', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'units-'));
  const clock = new SimulatedClock(MORNING_MS);
  const network = await simulatedNetwork(clock);
  const vehicle = (id: string, metres: number, answer: 'accept' | 'decline') => ({
    id,
    callSign: id,
    kind: 'vehicle' as const,
    track: { pattern: 'parked' as const, ...northOf(NORTH, metres) },
    aed: 'present' as const,
    crew: { answer, afterS: 5 },
  });
  const bench = new Bench({
    clock,
    random: new Random(1),
    network: { ...network, connect: () => new Deaf() as unknown as MqttClient },
    bundle: loadBundle(),
    units: [vehicle('NO-V001', 1000, 'decline'), vehicle('NO-V002', 2000, 'accept')],
  });
  const scheme = smallScheme();
  const lines: Line[] = [];
  const service = await startService({
    scheme: {
      ...scheme,
      // As provisioned, a unit does not know what its AED's lamp means.
      eligibility: { ...scheme.eligibility, aedUnknown: 'tellCrew' },
      alerting: { ...scheme.alerting, units: 1 },
    },
    ledger: join(folder, 'ledger.ndjson'),
    clock,
    secret: BENCH_SECRET,
    connect: () => network.connect('cr-control'),
    onLine: (line) => lines.push(line),
  });
  bench.start();
  await clock.runUntil(MORNING_MS + 60_000);
  service.take({ do: 'call', call: aCall() });
  await clock.runUntil(MORNING_MS + 90_000);
  const steps = timelineOf(lines, 'C1').filter(({ who }) => who === 'unit');
  const of = (unit: string) => steps.flatMap(({ id, what }) => (id === unit ? [what] : []));
  for (const step of ['alerted', 'sent', 'verified', 'sounding', 'declined']) {
    assert.ok(of('NO-V001').includes(step), `NO-V001 ${step}: ${of('NO-V001').join(', ')}`);
  }
  for (const step of ['alerted', 'sent', 'verified', 'sounding', 'accepted']) {
    assert.ok(of('NO-V002').includes(step), `NO-V002 ${step}: ${of('NO-V002').join(', ')}`);
  }
  const skews = lines.flatMap(({ skewMs }) => (typeof skewMs === 'number' ? [skewMs] : []));
  assert.ok(skews[0] !== undefined && skews[0] <= 1000, String(skews));
  await service.close();
  const stopped = bench.stop();
  await clock.runUntil(MORNING_MS + 91_000);
  await stopped;
  rmSync(folder, { recursive: true });
});

test.run();
