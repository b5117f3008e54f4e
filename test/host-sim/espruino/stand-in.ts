/** A stand-in with a small program of its own, in simulated time: what the tests of it share. */
import { compileBundle, installBundle } from '../../../host-sim/espruino/bundle.js';
import type { Flash } from '../../../host-sim/espruino/storage.js';
import {
  createUnitHost,
  type UnitEvent,
  type UnitHost,
} from '../../../host-sim/espruino/unit-host.js';
import { SimulatedClock } from '../../../host-sim/world/clock.js';
import type { Connection, ConnectionEvents, Dial } from '../../../host-sim/world/connection.js';
import { Random } from '../../../host-sim/world/random.js';

export const START_MS = Date.UTC(2026, 2, 2, 10);

export interface StandIn {
  readonly clock: SimulatedClock;
  readonly host: UnitHost;
  readonly events: UnitEvent[];
  /** Lets world time pass. */
  run(ms: number): Promise<void>;
  /** What the program has put into its list `seen` so far. */
  seen(): unknown[];
}

/**
 * Powered on and booted. The program may put what it sees into the list `seen`, and functions into
 * the object `api`, which is the bundle's `unit`.
 */
export async function bootStandIn(
  program: string,
  options: { dial?: Dial; flash?: Flash; seed?: number } = {},
): Promise<StandIn> {
  const clock = new SimulatedClock(START_MS);
  const bundle = compileBundle(
    `var unit = (function () { var seen = [], api = { seen: seen };\n${program}\nreturn api; })();`,
  );
  if (options.flash) installBundle(options.flash, bundle);
  const host = createUnitHost({
    clock,
    random: new Random(options.seed ?? 1),
    bundle,
    dial: options.dial ?? (() => null),
    ...(options.flash ? { flash: options.flash } : {}),
  });
  const events: UnitEvent[] = [];
  host.onEvent((event) => events.push(event));
  host.powerOn();
  await clock.runUntil(START_MS + 300);
  return {
    clock,
    host,
    events,
    run: (ms) => clock.runUntil(clock.nowMs() + ms),
    seen: () => host.inspect('seen') as unknown[],
  };
}

/** The far end of one connection, played by the test. */
export class FakeConnection implements Connection {
  events: ConnectionEvents | null = null;
  written = '';
  closed = false;
  vanished = false;

  listen(events: ConnectionEvents): void {
    this.events = events;
  }

  write(bytes: string): void {
    this.written += bytes;
  }

  close(): void {
    this.closed = true;
  }

  vanish(): void {
    this.vanished = true;
  }
}
