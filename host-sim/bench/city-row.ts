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
  /** The same while it stands; 0: no other, as of receivers that do not save power. */
  readonly fixPeriodS: number;
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
  /** Calls of the unit's own timers. */
  readonly timersPerUnitHour: number;
}

/** What the control room of a city has its units tell: less often than the default, for their number. */
const SETTINGS: Settings = { parkedPeriodS: 300, patrolPeriodS: 60, reportDistanceM: 1000 };

const START_MS = Date.UTC(2026, 2, 2, 3);
/** Over which the units are powered on, and after which they have all told that they are there. */
const POWER_ON_MS = 60_000;
const WARM_UP_MS = 120_000;
/** Of the small city in which the units' timers are counted. */
const TIMED_UNITS = 10;
const CENTRE = { latitude: 51.5, longitude: -0.12 };
const SPREAD_DEG = 0.2;
const DRIVING_M_PER_S = 9;
const METRES_PER_DEGREE = 111_320;

export async function measureCity(bundle: Bundle, options: CityOptions): Promise<CityRow> {
  const { units, rounds, roundS } = options;
  const memoryBefore = usedBytes();
  const startedS = cpuSeconds();
  const city = await createCity(bundle, options);
  const startS = cpuSeconds() - startedS;
  const memoryBytes = usedBytes() - memoryBefore;
  const cpuS: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const beforeS = cpuSeconds();
    await city.pass(roundS);
    cpuS.push(cpuSeconds() - beforeS);
  }
  await city.close();
  const perUnitHour = 3600 / (units * rounds * roundS);
  return {
    ...options,
    settings: SETTINGS,
    timesRealTime: spreadOf(cpuS.map((cpu) => roundS / cpu)),
    usPerUnitSecond: spreadOf(cpuS.map((cpu) => (cpu * 1e6) / units / roundS)),
    startMsPerUnit: (startS * 1000) / units,
    memoryKbPerUnit: memoryBytes / 1024 / units,
    messagesPerUnitHour: times(city.messages, perUnitHour),
    timersPerUnitHour: await countTimers(bundle, options),
  };
}

/** Apart from what is measured: to count costs time too. */
async function countTimers(bundle: Bundle, options: CityOptions): Promise<number> {
  const city = await createCity(bundle, { ...options, units: TIMED_UNITS }, true);
  await city.pass(3600);
  await city.close();
  return city.timers() / TIMED_UNITS;
}

function times(counts: Readonly<Record<string, number>>, factor: number): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).map(([name, count]) => [name, count * factor]));
}

interface City {
  /** Since all units were on duty, by name. */
  readonly messages: Readonly<Record<string, number>>;
  /** Calls of units' timers since then. */
  timers(): number;
  pass(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** All of its units are on duty, and have been given their settings. */
async function createCity(bundle: Bundle, options: CityOptions, isTimed = false): Promise<City> {
  const clock = new SimulatedClock(START_MS, 'each-instant');
  const network = await simulatedNetwork(clock);
  const random = new Random(options.seed);
  const members = membersOf(options, random.fork('places'));
  const messages: Record<string, number> = {};
  let timers = 0;
  const controlRoom: ControlRoom = new ControlRoom({
    clock,
    secret: BENCH_SECRET,
    units: members.map(({ id }) => id),
    connect: () => network.connect('cr-control'),
    watch: ({ name, unit, fields }) => {
      messages[name] = (messages[name] ?? 0) + 1;
      // A unit keeps its settings over a restart.
      if (name === 'birth' && fields['configVersion'] === 0) controlRoom.configure(unit, SETTINGS);
    },
  });
  const watch = isTimed ? { onTimer: () => void timers++ } : {};
  const { slotMs } = options;
  const fleet = new Fleet({ clock, random, network, bundle, members, slotMs, ...watch });
  members.forEach(({ id, place }, index) => {
    if (index < options.units * options.movingShare) fleet.unit(id).follow(circling(place));
  });
  fleet.powerOn(POWER_ON_MS);
  await clock.runUntil(START_MS + WARM_UP_MS);
  for (const name of Object.keys(messages)) delete messages[name];
  timers = 0;
  return {
    messages,
    timers: () => timers,
    pass: (seconds) => clock.runUntil(clock.nowMs() + seconds * 1000),
    close: async () => {
      fleet.stop();
      const closed = network.close();
      await clock.runUntil(clock.nowMs() + 1000);
      await closed;
    },
  };
}

function membersOf({ units, epochMs, fixPeriodS }: CityOptions, random: Random): FleetMember[] {
  return Array.from({ length: units }, (_, index) => ({
    id: `u${String(index).padStart(5, '0')}`,
    callSign: `U${index}`,
    kind: 'vehicle',
    place: {
      latitude: CENTRE.latitude + random.between(-SPREAD_DEG, SPREAD_DEG),
      longitude: CENTRE.longitude + random.between(-SPREAD_DEG, SPREAD_DEG),
    },
    epochMs,
    ...(fixPeriodS > 0 ? { fixPeriodS } : {}),
  }));
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
