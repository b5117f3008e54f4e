/**
 * Long runs of one unit on the interpreter: many dispatches, a day of routine, power cuts at seeded
 * instants. `npm run soak` runs them in full, the tests a small part.
 */
import { createTrackReceiver } from '../../host-sim/world/gps-receiver.js';
import { Random } from '../../host-sim/world/random.js';
import { createTrack } from '../../host-sim/world/track.js';
import { ALARM_HZ } from '../../host-sim/world/vehicle.js';
import { wiring } from '../../host-sim/world/wiring.js';
import { demoUnits } from '../../host-sim/scenarios/demo.js';
import { loadBundle } from '../../host-sim/espruino/bundle.js';
import { oblige } from './hostile-broker.js';
import { Rig } from './unit-rig.js';
import { ScaledClock, hurry } from './scaled-clock.js';

type Say = (line: string) => void;

export interface Sample {
  /** Dispatches, or simulated hours, that lie behind it. */
  readonly at: number;
  /** Variables in use while nothing is under way. */
  readonly inUse: number;
}

export interface SoakOptions {
  readonly interpreter: string;
  readonly bundle?: string;
  readonly say?: Say;
}

/** Variables in use once nothing waits to be sent and garbage is gone. */
async function inUse(rig: Rig, bundlePath?: string): Promise<number> {
  const { names } = loadBundle(bundlePath);
  const waiting = `unit.${names.shorten('outbox.waiting')}.length`;
  const news = `unit.${names.shorten('news')}.length`;
  for (let tries = 0; tries < 200; tries++) {
    const [busy, usage] = (await rig.unit.evaluate(
      `[${waiting}+${news},process.memory().usage]`,
    )) as [number, number];
    if (busy === 0) return usage;
    await rig.pass(20);
  }
  throw new Error('the unit does not come to rest');
}

/** Dispatches and stand-downs, one after another, each of which must sound and fall silent. */
export async function soakDispatches(
  options: SoakOptions & { readonly count: number; readonly every: number },
): Promise<Sample[]> {
  const { count, every, say = () => {} } = options;
  const rig = await Rig.start(options);
  const samples: Sample[] = [];
  let tones = 0;
  rig.unit.onOutput((pin, { frequencyHz }) => {
    if (pin === wiring.sounder && frequencyHz === ALARM_HZ) tones++;
  });
  try {
    await rig.untilArmed();
    for (let done = 1; done <= count; done++) {
      const { caller } = rig.broker;
      rig.told.length = 0;
      caller.heard.length = 0;
      tones = 0;
      const job = rig.dispatch(1);
      caller.write(job.bytes);
      await rig.until(`dispatch ${done} sounds`, () => {
        return tones > 0 && rig.steps('sounding', job.id) > 0 && caller.count('puback', 1) > 0;
      });
      caller.write(rig.standDown(2, job.id));
      await rig.until(`dispatch ${done} is stood down`, () => {
        return rig.steps('stoodDown', job.id) > 0 && caller.count('puback', 2) > 0;
      });
      if (rig.steps('sounding', job.id) !== 1) throw new Error(`dispatch ${done} sounded twice`);
      // Its word of the lamp comes by another line.
      await rig.until(`dispatch ${done} is quiet`, () => {
        return rig.unit.readOutput(wiring.redLamp).level === 0;
      });
      // The control room is there.
      if (done % 100 === 0) caller.write(rig.hello());
      if (done % every === 0) {
        samples.push({ at: done, inUse: await inUse(rig, options.bundle) });
        say(`${done} dispatches: ${samples.at(-1)?.inUse} variables in use`);
      }
    }
    if (rig.crashes.length > 0) throw new Error(`it crashed: ${JSON.stringify(rig.crashes)}`);
    return samples;
  } finally {
    await rig.stop();
  }
}

/** Connections that the broker ends as soon as the unit is armed by them, by a hurried clock. */
export async function soakReconnects(
  options: SoakOptions & { readonly count: number; readonly every: number; readonly speed: number },
): Promise<Sample[]> {
  const { count, every, speed, say = () => {} } = options;
  const clock = new ScaledClock(speed);
  const pauseMs = WALL_PAUSE_MS * speed;
  const rig = await Rig.start({ ...options, clock, pauseMs, files: { '.boot1': hurry(speed) } });
  const samples: Sample[] = [];
  const patienceMs = WALL_PATIENCE_MS * speed;
  try {
    for (let done = 0; ; done++) {
      await rig.untilArmed(patienceMs);
      if (done % every === 0) {
        samples.push({ at: done, inUse: await inUse(rig, options.bundle) });
        say(`${done} reconnects: ${samples.at(-1)?.inUse} variables in use`);
      }
      if (done >= count) break;
      await loseConnection(rig, patienceMs);
    }
    if (rig.crashes.length > 0) throw new Error(`it crashed: ${JSON.stringify(rig.crashes)}`);
    return samples;
  } finally {
    await rig.stop();
    clock.stop();
  }
}

/** The broker ends the connection, and the unit shows that it noticed; it may be back by then. */
async function loseConnection(rig: Rig, patienceMs: number): Promise<void> {
  const { length } = rig.armedChanges;
  rig.broker.caller.close();
  const noticed = () => rig.armedChanges.slice(length).some(({ armed }) => !armed);
  await rig.until('it notices', noticed, patienceMs);
}

export interface Routine {
  readonly samples: readonly Sample[];
  readonly connections: number;
  readonly reports: Readonly<Record<string, number>>;
  readonly simulatedHours: number;
}

/** On a clock that runs so fast the machine's own pauses are long. */
const WALL_PATIENCE_MS = 15_000;
/** A disk that is busy keeps who writes to it waiting for seconds. */
const WALL_PAUSE_MS = 10_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * Hours of routine by a hurried clock: receiver at 1 Hz, `hello` each minute, the broker closes the
 * connection every hour and falls silent every six, a dispatch every hour that is stood down.
 */
export async function soakRoutine(
  options: SoakOptions & { readonly hours: number; readonly speed: number; readonly seed: number },
): Promise<Routine> {
  const { hours, speed, seed, say = () => {} } = options;
  const clock = new ScaledClock(speed);
  const pauseMs = WALL_PAUSE_MS * speed;
  const rig = await Rig.start({ ...options, clock, pauseMs, files: { '.boot1': hurry(speed) } });
  const random = new Random(seed);
  const [unit] = demoUnits(1);
  if (!unit) throw new Error('there is no demo unit');
  const track = createTrack(unit.track, random.fork('track'));
  const line = (bytes: string) => rig.unit.feedSerial(bytes);
  const gps = createTrackReceiver(clock, track, random.fork('gps'), line, { baud: 9600 });
  const samples: Sample[] = [];
  const reports: Record<string, number> = {};
  const count = () => {
    for (const { name } of rig.told.splice(0)) reports[name] = (reports[name] ?? 0) + 1;
    for (const caller of rig.broker.callers) caller.heard.length = 0;
  };
  const patienceMs = WALL_PATIENCE_MS * speed;
  try {
    await rig.untilArmed(patienceMs);
    gps.start();
    const startMs = clock.nowMs();
    for (let minute = 1; minute <= hours * 60; minute++) {
      await rig.pass(startMs + minute * MINUTE_MS - clock.nowMs());
      rig.broker.caller.write(rig.hello());
      count();
      if (minute % 360 === 0) {
        rig.broker.answer = () => {};
        await rig.pass(MINUTE_MS);
        rig.broker.answer = oblige;
        await rig.untilArmed(patienceMs);
      } else if (minute % 60 === 0) {
        await loseConnection(rig, patienceMs);
        await rig.untilArmed(patienceMs);
      }
      if (minute % 60 !== 30) continue;
      await rig.untilArmed(patienceMs);
      const job = rig.dispatch(1);
      rig.broker.caller.write(job.bytes);
      await rig.until('it sounds', () => rig.steps('sounding', job.id) > 0, patienceMs);
      rig.broker.caller.write(rig.standDown(2, job.id));
      await rig.until('it is silent', () => rig.steps('stoodDown', job.id) > 0, patienceMs);
      samples.push({ at: minute / 60, inUse: await inUse(rig, options.bundle) });
      say(`hour ${minute / 60}: ${samples.at(-1)?.inUse} variables in use`);
    }
    if (rig.crashes.length > 0) throw new Error(`it crashed: ${JSON.stringify(rig.crashes)}`);
    const simulatedHours = (clock.nowMs() - startMs) / HOUR_MS;
    return { samples, connections: rig.broker.callers.length, reports, simulatedHours };
  } finally {
    gps.stop();
    await rig.stop();
    clock.stop();
  }
}

/** From power to armed, with room to spare. */
const LONGEST_BOOT_MS = 1500;
/** From a dispatch on its way to its PUBACK, with room to spare. */
const LONGEST_TAKING_MS = 12;

export interface PowerCuts {
  readonly inDispatch: number;
  readonly inBoot: number;
  /** Cuts by which the unit had acknowledged the dispatch, so that only flash knew of it. */
  readonly acknowledged: number;
  /** Cuts before it was armed. */
  readonly beforeArmed: number;
}

/**
 * The power goes while a dispatch is taken, and again while the unit boots: it comes back armed and
 * sounds. What it did not acknowledge the broker delivers again, as it must.
 */
export async function cutPowerAtInstants(
  options: SoakOptions & { readonly cuts: number; readonly seed: number },
): Promise<PowerCuts> {
  const { cuts, seed, say = () => {} } = options;
  const random = new Random(seed);
  const rig = await Rig.start(options);
  const told = { inDispatch: 0, inBoot: 0, acknowledged: 0, beforeArmed: 0 };
  let open: { readonly id: number; readonly bytes: string } | null = null;
  rig.broker.answer = (caller, packet) => {
    oblige(caller, packet);
    if (packet.cmd === 'subscribe' && open) caller.write(open.bytes);
    if (packet.cmd === 'puback' && packet.messageId === 1) open = null;
  };
  const cutAfter = async (ms: number) => {
    await rig.pass(ms);
    rig.unit.cutPower();
    await rig.until('it is dead', () =>
      rig.broker.callers.every((each) => each.closedAtMs !== null),
    );
  };
  let tones = 0;
  rig.unit.onOutput((pin, { frequencyHz }) => {
    if (pin === wiring.sounder && frequencyHz === ALARM_HZ) tones++;
  });
  try {
    await rig.untilArmed();
    for (let done = 0; done < cuts; done += 2) {
      rig.told.length = 0;
      const job = rig.dispatch(1);
      open = job;
      rig.broker.caller.write(job.bytes);
      const takenMs = random.integer(0, LONGEST_TAKING_MS);
      await cutAfter(takenMs);
      told.inDispatch++;
      if (open === null) told.acknowledged++;
      const bootMs = random.integer(0, LONGEST_BOOT_MS);
      const changes = rig.armedChanges.length;
      rig.unit.powerOn();
      await cutAfter(bootMs);
      told.inBoot++;
      if (!rig.armedChanges.slice(changes).some(({ armed }) => armed)) told.beforeArmed++;
      const where = `seed ${seed}, cut ${done}: ${takenMs} ms into the dispatch, ${bootMs} ms into the boot`;
      say(where);
      tones = 0;
      rig.unit.powerOn();
      try {
        await rig.untilArmed();
        await rig.until('it sounds again', () => tones > 0);
        await rig.until('flash has it', () => open === null);
        rig.broker.caller.write(rig.standDown(2, job.id));
        await rig.until('it is stood down', () => rig.steps('stoodDown', job.id) > 0);
      } catch (error) {
        throw new Error(`${where}: ${(error as Error).message}`);
      }
    }
    if (rig.crashes.length > 0) throw new Error(`it crashed: ${JSON.stringify(rig.crashes)}`);
    return told;
  } finally {
    await rig.stop();
  }
}
