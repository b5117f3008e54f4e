/** A unit alone in the world, without a broker or a receiver: to be asked over its console. */
import { createUnitHost, type UnitHost } from '../espruino/unit-host.js';
import type { Bundle } from '../espruino/bundle.js';
import { createInterpreterHost } from '../interpreter/unit-host.js';
import { RealClock, SimulatedClock } from '../world/clock.js';
import { Random } from '../world/random.js';
import { provisionedFlash } from './bench.js';

export interface LoneUnit {
  readonly host: UnitHost;
  /** Lets time pass: simulated time, or on the interpreter real time. */
  advance(ms: number): Promise<void>;
  /** Feeds the line from the receiver, and waits until the unit has taken it. */
  feed(bytes: string): Promise<void>;
  close(): Promise<void>;
}

const UNIT = { id: 'bench', callSign: 'BENCH', kind: 'vehicle' as const };
const BROKER = { host: '10.0.0.1', port: 1883 };
const BOOT_PATIENCE_MS = 20_000;
const FEED_PATIENCE_MS = 20_000;

export async function createLoneUnit(bundle: Bundle, interpreter?: string): Promise<LoneUnit> {
  if (interpreter !== undefined) return loneInterpreter(bundle, interpreter);
  const clock = new SimulatedClock(0);
  const flash = provisionedFlash(UNIT, BROKER, clock.nowMs(), bundle);
  const host = createUnitHost({ clock, random: new Random(1), bundle, flash, dial: () => null });
  host.setWifi(false);
  host.powerOn();
  const advance = (ms: number) => clock.runUntil(clock.nowMs() + ms);
  await advance(1000);
  return {
    host,
    advance,
    feed: async (bytes) => host.feedSerial(bytes),
    close: async () => host.cutPower(),
  };
}

async function loneInterpreter(bundle: Bundle, command: string): Promise<LoneUnit> {
  const clock = new RealClock(0);
  const flash = provisionedFlash(UNIT, BROKER, clock.nowMs(), bundle);
  const host = createInterpreterHost({ clock, bundle, command, flash });
  const advance = (ms: number) => new Promise<void>((resolve) => clock.after(ms, resolve));
  const close = async () => {
    await host.dispose();
    clock.stop();
  };
  host.setWifi(false);
  try {
    await host.ready;
    host.powerOn();
    await booted(host, advance);
    await host.evaluate(`(global.$fed=0,Serial2.on("data",function(d){$fed+=d.length}),0)`);
  } catch (error) {
    await close();
    throw error;
  }
  let fedBytes = 0;
  const feed = async (bytes: string): Promise<void> => {
    host.feedSerial(bytes);
    fedBytes += bytes.length;
    // The pseudo-terminal and the interpreter's own polling take their time.
    const endMs = clock.nowMs() + FEED_PATIENCE_MS;
    while (((await host.evaluate('$fed')) as number) < fedBytes) {
      if (clock.nowMs() > endMs) throw new Error('the interpreter does not read its GPS line');
      await advance(1);
    }
  };
  return { host, advance, feed, close };
}

/** Waits until the unit's code has run to its end. */
async function booted(host: UnitHost, advance: LoneUnit['advance']): Promise<void> {
  for (let waitedMs = 0; waitedMs < BOOT_PATIENCE_MS; waitedMs += 50) {
    await advance(50);
    const ready = await Promise.resolve()
      .then(() => host.evaluate('typeof unit==="object"&&!!unit'))
      .catch(() => false);
    if (ready === true) return;
  }
  throw new Error('the unit does not come up on the interpreter');
}
