/** Some of a scheme's vehicles as virtual ones, with the bench's keys, on any broker in real time. */
import type { Bundle } from '../espruino/bundle.js';
import { createUnitHost } from '../espruino/unit-host.js';
import type { ScenarioUnit } from '../scenarios/schema.js';
import { rosterOf } from '../schemes/roster.js';
import type { Area, Scheme } from '../schemes/schema.js';
import type { WorldClock } from '../world/clock.js';
import { createTrackReceiver } from '../world/gps-receiver.js';
import type { Random } from '../world/random.js';
import { createTrack } from '../world/track.js';
import { Vehicle, type Crew } from '../world/vehicle.js';
import { provisionedFlash } from './bench.js';
import type { BenchNetwork } from './networks.js';

/** The first vehicles of a scheme's roster, on patrol at the centre of their area. */
export function schemeVehicles(scheme: Scheme, count: number, crew: Crew): ScenarioUnit[] {
  const areas = new Map(scheme.areas.map((area) => [area.id, area]));
  const vehicles = rosterOf(scheme).filter(({ kind }) => kind === 'vehicle');
  return vehicles.slice(0, count).map(({ id, area }) => {
    const { latitude, longitude } = areas.get(area) as Area;
    const track = { pattern: 'patrol', latitude, longitude, speedKmh: 30 } as const;
    return { id, callSign: id, kind: 'vehicle', track, aed: 'present', crew };
  });
}

/** Powers one on. Its GPS receiver tells where it is each second. */
export function startVehicle(
  unit: ScenarioUnit,
  clock: WorldClock,
  network: BenchNetwork,
  random: Random,
  bundle: Bundle,
): Vehicle {
  const host = createUnitHost({
    clock,
    random: random.fork('host'),
    bundle,
    flash: provisionedFlash(unit, network, clock.nowMs(), bundle),
    dial: network.linkFor(unit.id, random.fork('link')).dial,
  });
  const track = createTrack(unit.track, random.fork('track'));
  const line = (bytes: string) => host.feedSerial(bytes);
  const gps = createTrackReceiver(clock, track, random.fork('gps'), line, { baud: 9600 });
  const vehicle = new Vehicle(unit.id, host, clock, gps, unit.crew);
  vehicle.aed.seat(unit.aed === 'present');
  gps.start();
  host.powerOn();
  return vehicle;
}
