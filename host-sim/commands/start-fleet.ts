/**
 * `npm start -- --fleet FILE`: virtual units with the settings and keys of a real fleet, and no
 * control room: whoever has the fleet's secret is that.
 */
import { loadBundle } from '../espruino/bundle.js';
import { createUnitHost } from '../espruino/unit-host.js';
import { flashOf, putRecord } from '../bench/bench.js';
import { readFleetFile, type FleetRecord } from '../bench/fleet-file.js';
import { embeddedTcpNetwork, tcpNetwork, type BenchNetwork } from '../bench/networks.js';
import { demoUnits } from '../scenarios/demo.js';
import { RealClock } from '../world/clock.js';
import { createTrackReceiver } from '../world/gps-receiver.js';
import { Random } from '../world/random.js';
import { createTrack } from '../world/track.js';
import { Vehicle } from '../world/vehicle.js';
import type { StartFlags } from './start.js';

/** Name of the unit's record of counters (SPEC CR-068). */
const COUNTER_RECORD = 'counter';
const GPS_BAUD = 9600;
const MAX_NAMES_SHOWN = 20;

export async function startFleet(path: string, flags: StartFlags): Promise<void> {
  const records = readFleetFile(path);
  const clock = new RealClock(Date.now());
  const random = new Random(flags.seed ?? 1);
  const bundle = loadBundle(flags.bundle);
  const network = flags.broker
    ? await tcpNetwork(clock, flags.broker)
    : await embeddedTcpNetwork(clock, flags.port);
  const say = (unit: string, name: string) => {
    const atMs = clock.nowMs();
    const line = `${new Date(atMs).toISOString().substring(11, 23)}  ${unit.padEnd(16)}  ${name}`;
    console.log(flags.json ? JSON.stringify({ atMs, unit, name }) : line);
  };
  const places = demoUnits(records.length);
  const vehicles = records.map((record, index) => {
    const { unitId } = record.settings;
    const track = record.place
      ? { pattern: 'parked' as const, ...record.place }
      : (places[index] as (typeof places)[number]).track;
    const chance = random.fork(unitId);
    const flash = fleetFlash(record, network, clock.nowMs(), bundle);
    const { dial } = network.linkFor(unitId, chance.fork('link'));
    const host = createUnitHost({ clock, random: chance.fork('host'), bundle, flash, dial });
    const gps = createTrackReceiver(
      clock,
      createTrack(track, chance.fork('track')),
      chance.fork('gps'),
      (bytes) => host.feedSerial(bytes),
      { baud: GPS_BAUD },
    );
    const vehicle = new Vehicle(unitId, host, clock, gps, { answer: 'accept', afterS: 3 });
    vehicle.aed.seat(true);
    vehicle.onAlarm(() => say(unitId, 'SOUNDS'));
    host.onEvent(({ kind, detail }) => say(unitId, detail ? `${kind}: ${detail}` : kind));
    return vehicle;
  });
  for (const vehicle of vehicles) {
    vehicle.gps.start();
    vehicle.host.powerOn();
  }
  if (!flags.json) {
    console.log(`broker      mqtt://${network.host}:${network.port}`);
    console.log(`units       ${namesOf(records)}`);
    console.log('no control room: the fleet tools are that; Ctrl-C ends\n');
  }
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  for (const vehicle of vehicles) {
    vehicle.gps.stop();
    vehicle.host.cutPower();
  }
  await network.close();
  clock.stop();
}

/** All of a few; of hundreds the first and the last. */
function namesOf(records: readonly FleetRecord[]): string {
  const names = records.map(({ settings }) => settings.callSign);
  if (names.length <= MAX_NAMES_SHOWN) return names.join(', ');
  return `${names.length}, ${names[0]} to ${names.at(-1)}`;
}

/**
 * A flash as provisioning leaves it, for the broker of the bench. Its counters go on from the time
 * of day, because a virtual unit forgets those of its last start, and a receiver does not.
 */
export function fleetFlash(
  { settings, keysRecord }: FleetRecord,
  { host, port }: Pick<BenchNetwork, 'host' | 'port'>,
  nowMs: number,
  bundle: ReturnType<typeof loadBundle>,
) {
  const flash = flashOf({ ...settings, host, port }, keysRecord, nowMs, bundle);
  putRecord(flash, COUNTER_RECORD, String(Math.floor(nowMs / 1000)));
  return flash;
}
