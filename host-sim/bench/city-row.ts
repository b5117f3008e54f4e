/**
 * How fast a city passes: a fleet of the real bundle, its broker and its control room in one process
 * and in simulated time, over a quiet stretch in which nothing is dispatched. Beside the speed, what
 * there was to do: messages, receivers' epochs, and the unit's own timers.
 */
import { Fleet, type FleetMember } from '../city/fleet.js';
import { ControlRoom, type Settings } from '../control-room/control-room.js';
import type { Bundle } from '../espruino/bundle.js';
import { SimulatedClock } from '../world/clock.js';
import type { WhereAt } from '../world/placed-receiver.js';
import { Random } from '../world/random.js';
import { BENCH_SECRET } from './bench.js';
import { simulatedNetwork } from './networks.js';
import { spreadOf, type Spread } from './spread.js';

export interface CityOptions {
  readonly units: number;
  /** Stretches that are measured, one after the other in one city. */
  readonly rounds: number;
  /** Simulated seconds of each. */
  readonly roundS: number;
  readonly epochMs: number;
  /** Idle units are run in one go for so long, and heard at its end. */
  readonly slotMs: number;
  /** Share of the units that drive all the time. */
  readonly movingShare: number;
  readonly seed: number;
}

export interface CityRow extends CityOptions {
  readonly settings: Settings;
  /** Simulated seconds for each second of this process' CPU, all of its threads. */
  readonly timesRealTime: Spread;
  /** CPU for one simulated second of one unit. */
  readonly usPerUnitSecond: Spread;
  /** CPU from provisioning until all units are on duty, for each of them. */
  readonly startMsPerUnit: number;
  readonly memoryKbPerUnit: number;
  /** Of the measured stretches. */
  readonly messagesPerUnitHour: Readonly<Record<string, number>>;
  readonly epochsPerUnitHour: number;
}

/** What the control room of a city has its units tell: less often than the default, for their number. */
const SETTINGS: Settings = { parkedPeriodS: 300, patrolPeriodS: 60, reportDistanceM: 1000 };

const START_MS = Date.UTC(2026, 2, 2, 3);
/** Over which the units are powered on, and after which they have all told that they are there. */
const POWER_ON_MS = 60_000;
const WARM_UP_MS = 120_000;
const CENTRE = { latitude: 51.5, longitude: -0.12 };
const SPREAD_DEG = 0.2;
const DRIVING_M_PER_S = 9;
const METRES_PER_DEGREE = 111_320;

export async function measureCity(bundle: Bundle, options: CityOptions): Promise<CityRow> {
  const { units, rounds, roundS, epochMs } = options;
  const clock = new SimulatedClock(START_MS);
  const network = await simulatedNetwork(clock);
  const random = new Random(options.seed);
  const members = membersOf(options, random.fork('places'));
  const counts: Record<string, number> = {};
  const memoryBefore = usedBytes();
  const startedS = cpuSeconds();
  const controlRoom: ControlRoom = new ControlRoom({
    clock,
    secret: BENCH_SECRET,
    units: members.map(({ id }) => id),
    connect: () => network.connect('cr-control'),
    watch: ({ name, unit, fields }) => {
      counts[name] = (counts[name] ?? 0) + 1;
      // Told again with each start: it keeps settings over one.
      if (name === 'birth' && fields['configVersion'] === 0) controlRoom.configure(unit, SETTINGS);
    },
  });
  const fleet = new Fleet({ clock, random, network, bundle, members, slotMs: options.slotMs });
  members.forEach(({ id }, index) => {
    if (isMoving(index, options)) fleet.unit(id).follow(circling(fleet.unit(id).member.place));
  });
  fleet.powerOn(POWER_ON_MS);
  await clock.runUntil(START_MS + WARM_UP_MS);
  const startS = cpuSeconds() - startedS;
  const memoryBytes = usedBytes() - memoryBefore;
  for (const name of Object.keys(counts)) delete counts[name];
  const cpuS: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const beforeS = cpuSeconds();
    await clock.runUntil(clock.nowMs() + roundS * 1000);
    cpuS.push(cpuSeconds() - beforeS);
  }
  fleet.stop();
  const hours = (units * rounds * roundS) / 3600;
  const perHour = Object.entries(counts).map(([name, count]) => [name, count / hours]);
  return {
    ...options,
    settings: SETTINGS,
    timesRealTime: spreadOf(cpuS.map((cpu) => roundS / cpu)),
    usPerUnitSecond: spreadOf(cpuS.map((cpu) => (cpu * 1e6) / units / roundS)),
    startMsPerUnit: (startS * 1000) / units,
    memoryKbPerUnit: memoryBytes / 1024 / units,
    messagesPerUnitHour: Object.fromEntries(perHour) as Record<string, number>,
    epochsPerUnitHour: 3_600_000 / epochMs,
  };
}

function membersOf({ units, epochMs }: CityOptions, random: Random): FleetMember[] {
  return Array.from({ length: units }, (_, index) => ({
    id: `u${String(index).padStart(5, '0')}`,
    callSign: `U${index}`,
    kind: 'vehicle',
    place: {
      latitude: CENTRE.latitude + random.between(-SPREAD_DEG, SPREAD_DEG),
      longitude: CENTRE.longitude + random.between(-SPREAD_DEG, SPREAD_DEG),
    },
    epochMs,
  }));
}

function isMoving(index: number, { units, movingShare }: CityOptions): boolean {
  return index < units * movingShare;
}

/** Round and round the block. */
function circling({ latitude, longitude }: FleetMember['place']): WhereAt {
  const radiusM = 500;
  return (nowMs) => {
    const turned = ((nowMs / 1000) * DRIVING_M_PER_S) / radiusM;
    return {
      latitude: latitude + (radiusM * Math.cos(turned)) / METRES_PER_DEGREE,
      longitude: longitude + (radiusM * Math.sin(turned)) / METRES_PER_DEGREE,
      speedMPerS: DRIVING_M_PER_S,
      courseDeg: ((turned * 180) / Math.PI + 90) % 360,
      moving: true,
    };
  };
}

/** Of all threads: also of Node's collector of garbage. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function usedBytes(): number {
  globalThis.gc?.();
  return process.memoryUsage().rss;
}
