/** A unit alone in the world, without a broker or a receiver: to be asked over its console. */
import { createUnitHost, type UnitHost } from '../espruino/unit-host.js';
import type { Bundle } from '../espruino/bundle.js';
import { SimulatedClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { provisionedFlash } from './bench.js';

export interface LoneUnit {
  readonly host: UnitHost;
  /** Lets simulated time pass. */
  advance(ms: number): Promise<void>;
}

export async function createLoneUnit(bundle: Bundle): Promise<LoneUnit> {
  const clock = new SimulatedClock(0);
  const flash = provisionedFlash(
    { id: 'bench', callSign: 'BENCH', kind: 'vehicle' },
    { host: '10.0.0.1', port: 1883 },
    clock.nowMs(),
  );
  const host = createUnitHost({ clock, random: new Random(1), bundle, flash, dial: () => null });
  host.setWifi(false);
  host.powerOn();
  const advance = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  await advance(1000);
  return { host, advance };
}
