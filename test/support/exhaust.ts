/**
 * Memory that runs out on purpose, on the real interpreter: a file in the unit's flash, loaded
 * before its program, wraps what the program calls and what it is called by, and takes all memory
 * at a stated call of a stated callback. The stand-in can only abandon such a callback; here the
 * interpreter does what it does with it, with its listeners, with its timers and with its heap.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { Task } from '../../firmware/fitting/task.js';
import { Exhaustion } from '../../protocol/codes.js';
import { MAX_ADDRESS_CHARS, MAX_NOTE_CHARS } from '../../protocol/limits.js';
import { Bench } from '../../host-sim/bench/bench.js';
import { embeddedTcpNetwork, type BenchNetwork } from '../../host-sim/bench/networks.js';
import type { KnownUnit } from '../../host-sim/control-room/control-room.js';
import type { LedgerEntry } from '../../host-sim/control-room/ledger.js';
import { loadBundle, type Bundle } from '../../host-sim/espruino/bundle.js';
import type { InterpreterHost } from '../../host-sim/interpreter/unit-host.js';
import { SHIM_VARIABLES, UNIT_VARIABLES } from '../../host-sim/interpreter/variables.js';
import { demoUnits } from '../../host-sim/scenarios/demo.js';
import type { ScenarioUnit } from '../../host-sim/scenarios/schema.js';
import { Random } from '../../host-sim/world/random.js';
import type { Vehicle } from '../../host-sim/world/vehicle.js';
import { wiring } from '../../host-sim/world/wiring.js';
import { ScaledClock, hurry } from './scaled-clock.js';

/**
 * The callbacks in which memory runs out, with the number of calls to the device that each makes at
 * least: of the link's, by the packet that came.
 */
export const PLACES = {
  dispatch: 18,
  connect: 3,
  connack: 4,
  suback: 10,
  puback: 1,
  gps: 2,
  beat: 5,
} as const;
export type Place = keyof typeof PLACES;

/**
 * `passing`: what took the memory goes with the callback that it stopped. `lasting`: it stays for a
 * time, and whatever wants memory meanwhile is stopped too. `forGood`: until the unit restarts.
 */
export const KINDS = ['passing', 'lasting', 'forGood'] as const;
export type Kind = (typeof KINDS)[number];

export interface Strike {
  readonly place: Place;
  readonly kind: Kind;
  /** At which call to the device in that callback: 0 is before it does anything. */
  readonly calls: number;
  /** Variables that are left free, unless it is `passing`. */
  readonly left: number;
  /** How long a `lasting` one stays, by the unit's clock. */
  readonly lastsS: number;
}

/** What the file takes of the interpreter, measured. */
const PROBE_VARIABLES = 400;
/** What an ESP32 has, and what the file's own calls take of it. */
const STACK_BYTES = 25_000 + 8000;
/** An output that no board has. */
const STRUCK_PIN = 'struck';
/** Characters of a text that take one variable. */
const VARIABLE_CHARS = 10;

/**
 * Written for the interpreter, like the shim. `$arm(place, calls, left, milliseconds)` has the next
 * such callback struck: `left` is null for what passes, and 0 milliseconds last for good. An
 * output tells when it is. `$fill(left)` fills at once.
 */
const PROBE = `(function () {
  var plan = null, place = "", calls = 0, kept = "", later = setTimeout;
  var net = require("net"), store = require("Storage"), crypto = require("crypto");
  var struck = { n: "${STRUCK_PIN}" };
  var hear = Serial2.on, unhear = Serial2.removeListener, listener;
  var kinds = ["", "", "connack", "dispatch", "puback", "", "", "", "", "suback"];
  global.$fill = function (left) {
    kept = "".padEnd((process.memory().free - left) * ${VARIABLE_CHARS});
  };
  global.$free = function () { kept = ""; };
  global.$arm = function (where, after, left, forMs) {
    digitalWrite(struck, 0);
    plan = { p: where, c: after, l: left, t: forMs };
  };
  function strike() {
    var now = plan, hog = [];
    plan = null;
    place = "";
    digitalWrite(struck, 1);
    if (now.l === null) for (;;) hog.push("12345678");
    if (now.t > 0) later($free, now.t);
    $fill(now.l);
  }
  function look() {
    if (plan !== null && place === plan.p && calls-- === 0) strike();
  }
  function within(name, work, what) {
    place = name;
    calls = plan === null ? 0 : plan.c;
    look();
    work(what);
    place = "";
  }
  function watched(owner, name) {
    var was = owner[name];
    return function (a, b, c) { look(); return was.call(owner, a, b, c); };
  }
  global.getTime = watched(global, "getTime");
  global.digitalWrite = watched(global, "digitalWrite");
  global.analogWrite = watched(global, "analogWrite");
  global.setTimeout = function (work, ms) {
    look();
    return later(typeof work === "string" ? work : function () { within("beat", work); }, ms);
  };
  global.$store = { read: watched(store, "read"), write: watched(store, "write"), erase: store.erase };
  global.$crypto = {
    SHA256: watched(crypto, "SHA256"),
    AES: { encrypt: watched(crypto.AES, "encrypt"), decrypt: watched(crypto.AES, "decrypt") }
  };
  global.$net = {
    connect: function (options, callback) {
      var socket = net.connect(options, function () { within("connect", callback); });
      var on = socket.on;
      socket.write = watched(socket, "write");
      socket.on = function (event, work) {
        on.call(socket, event, event !== "data" ? work : function (bytes) {
          var first = bytes.charCodeAt(0);
          // QoS 0: a hello.
          within(first === 0x30 ? "" : kinds[first >> 4], work, bytes);
        });
      };
      return socket;
    }
  };
  Modules.addCached("Storage", "exports=$store;");
  Modules.addCached("crypto", "exports=$crypto;");
  Modules.addCached("net", "exports=$net;");
  Serial2.on = function (event, work) {
    listener = function (bytes) { within("gps", work, bytes); };
    hear.call(Serial2, event, listener);
  };
  Serial2.removeListener = function (event) {
    if (listener) unhear.call(Serial2, event, listener);
  };
})();`;

export interface ExhaustOptions {
  readonly interpreter: string;
  readonly bundle?: string;
  readonly seed?: number;
  /** How many times as fast as the wall's the unit's clock runs: its stages take minutes. */
  readonly speed?: number;
}

/** What a unit's health tells of it. */
export interface Told {
  readonly exhaustions: number;
  readonly ranOut: number;
  readonly restartCause: number;
}

/** What became of a strike. Times are by the unit's clock, from the dispatch. */
export interface Outcome extends Told {
  readonly strike: Strike;
  /** False if the callback did not come, or made fewer calls. */
  readonly struck: boolean;
  /** To the first tone. */
  readonly soundsS: number;
  /** To where buttons, receiver and control room have their unit back. */
  readonly wellS: number;
  /** The interpreter died, or the unit or its watchdog restarted it. */
  readonly restarts: number;
  /** Exceptions that nothing caught. */
  readonly uncaught: number;
}

const SPEED = 30;
/** Longer than the unit's last stage takes. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 5;
/** A finger on a button, by the wall's clock: the interpreter may be busy for longer than a hurried one stays. */
const PRESS_MS = 60;
const STRIKES_MS = 1000;
const TELLS_MS = 300;
/** The longest dispatch there is. */
const JOB = {
  ambulanceReference: 'LAS-0412771-0001',
  latitude: 51.5,
  longitude: -0.1,
  address: 'a'.repeat(MAX_ADDRESS_CHARS),
  note: 'n'.repeat(MAX_NOTE_CHARS),
};

/** A unit on the interpreter whose memory can be taken, with broker, control room and receiver. */
export class ExhaustLab {
  readonly bench: Bench;
  /** What its host told: restarts, and exceptions that nothing caught. */
  readonly events: string[] = [];
  readonly #bundle: Bundle;
  readonly #clock: ScaledClock;
  readonly #unit: ScenarioUnit;

  static async start(options: ExhaustOptions): Promise<ExhaustLab> {
    const clock = new ScaledClock(options.speed ?? SPEED);
    const lab = new ExhaustLab(options, clock, await embeddedTcpNetwork(clock, 0));
    await lab.bench.ready();
    lab.bench.start();
    return lab;
  }

  private constructor(options: ExhaustOptions, clock: ScaledClock, network: BenchNetwork) {
    const { interpreter, bundle, seed = 1 } = options;
    const variables = UNIT_VARIABLES + SHIM_VARIABLES + PROBE_VARIABLES;
    this.#clock = clock;
    this.#bundle = loadBundle(bundle);
    this.#unit = { ...demoUnits(1)[0], crew: { answer: 'none', afterS: 0 } } as ScenarioUnit;
    this.bench = new Bench({
      clock,
      random: new Random(seed),
      network,
      bundle: this.#bundle,
      units: [this.#unit],
      interpreter,
      interpreterExtra: {
        files: { '.boot1': PROBE, '.boot2': hurry(clock.speed) },
        env: { ESPRUINO_VARS: String(variables), ESPRUINO_STACK: String(STACK_BYTES) },
      },
      onUnit: (_unit, what) => {
        if (what !== 'SOUNDS') this.events.push(what);
      },
    });
  }

  /**
   * Takes the memory in that callback, with a dispatch on its way: it must sound, the crew's answer
   * must come, and then a position and all that again. Fails where one of these does not come.
   */
  async strike(strike: Strike): Promise<Outcome> {
    const { place, kind, calls, left, lastsS } = strike;
    await this.untilArmed();
    this.events.length = 0;
    const isBirth = place === 'connect' || place === 'connack' || place === 'suback';
    if (isBirth) {
      this.bench.setLink(this.#unit.id, false);
      await this.until('it notices', () => !this.armed);
    }
    const forMs = kind === 'lasting' ? (lastsS * 1000) / this.#clock.speed : 0;
    const armed = `$arm("${place}",${calls},${kind === 'passing' ? null : left},${forMs})`;
    await this.host.evaluate(armed).catch((error: Error) => {
      // It came before the answer had left.
      if (!error.message.includes('has ended')) throw error;
    });
    const entry = this.dispatch();
    if (isBirth) this.bench.setLink(this.#unit.id, true);
    const sinceS = () => (this.#clock.nowMs() - entry.sentAtMs) / 1000;
    await this.until('the alarm', () => this.vehicle.alarms.sounding);
    const soundsS = sinceS();
    if (kind === 'forGood' && (await this.#strikes())) await this.#restarted();
    else await this.until('its step', () => wasTold(entry));
    await this.answered(entry);
    const positions = this.#count('position');
    await this.until('positions', () => this.#count('position') > positions + 1);
    // Else it might come later, and hide what became of it.
    const { struck } = this;
    if (!struck) await this.host.evaluate('$arm()');
    const next = this.dispatch();
    await this.until('the step of the next', () => wasTold(next));
    await this.answered(next);
    await this.untilArmed();
    const wellS = sinceS();
    const { restarts } = this;
    const uncaught = this.events.length - restarts;
    return { strike, struck, soundsS, wellS, restarts, uncaught, ...(await this.told()) };
  }

  get host(): InterpreterHost {
    return this.vehicle.host as InterpreterHost;
  }

  get vehicle(): Vehicle {
    return this.bench.vehicle(this.#unit.id);
  }

  /** It shows that it is connected and on duty with its AED. */
  get armed(): boolean {
    return this.host.readOutput(wiring.greenLamp).level === 1;
  }

  /** Memory ran out where it should. */
  get struck(): boolean {
    return this.restarts > 0 || this.host.readOutput(STRUCK_PIN).level === 1;
  }

  get restarts(): number {
    return this.events.filter((event) => !/^uncaught: (?!the interpreter ended)/.test(event))
      .length;
  }

  dispatch(): LedgerEntry {
    return this.bench.controlRoom.dispatch(this.#unit.id, JOB);
  }

  async untilArmed(): Promise<void> {
    await this.until('armed', () => this.armed && this.#known?.alive === true);
    await this.until('a position', () => this.#count('position') > 0);
  }

  /**
   * The crew presses until the unit hears it: buttons come back with the unit's next look at itself.
   * What an interpreter that died had still to tell is lost; the alarm is then silent all the same.
   */
  async answered(entry: LedgerEntry): Promise<void> {
    await this.until('the answer', async () => {
      await this.#press();
      const isLost = this.restarts > 0 && this.armed && !this.vehicle.alarms.sounding;
      return 'accepted' in entry.steps || isLost;
    });
    await this.until('silence', () => !this.vehicle.alarms.sounding);
  }

  /**
   * What it tells of its health when its tasks are made due: all but its look at itself, which lets
   * go of such a report where memory is short.
   */
  async told(): Promise<Told> {
    const { names } = this.#bundle;
    const reports = this.#count('health');
    const due = `unit.${names.shorten('tasks.dueMs')}`;
    const makeDue = `function(ms,task){if(task!==${Task.look})${due}[task]=0}`;
    await this.until('its health', async () => {
      await this.host.evaluate(`${due}.forEach(${makeDue})`);
      await wait(TELLS_MS);
      return this.#count('health') > reports;
    });
    const { exhaustions, ranOut, restartCause } = this.#known?.latest['health'] as unknown as Told;
    return { exhaustions, ranOut, restartCause };
  }

  async until(what: string, condition: () => boolean | Promise<boolean>): Promise<void> {
    const endMs = performance.now() + PATIENCE_MS;
    while (!(await condition())) {
      if (performance.now() > endMs) {
        const steps = this.bench.controlRoom.ledger.entries.slice(-2).map((entry) => entry.steps);
        const found = JSON.stringify([this.events, steps]);
        throw new Error(`waited in vain for ${what}: ${found}`);
      }
      await wait(LOOK_MS);
    }
  }

  async stop(): Promise<void> {
    await this.bench.stop();
    this.#clock.stop();
  }

  get #known(): KnownUnit | undefined {
    return this.bench.controlRoom.units.get(this.#unit.id);
  }

  /** What comes every second, and still does not come, will not. */
  async #strikes(): Promise<boolean> {
    const untilMs = performance.now() + STRIKES_MS;
    await this.until('the strike', () => this.struck || performance.now() > untilMs);
    return this.struck;
  }

  /** For want of memory a unit restarts itself only when its alarm is silent. */
  async #restarted(): Promise<void> {
    await this.until('a restart', async () => {
      if (this.vehicle.alarms.sounding) await this.#press();
      return this.restarts > 0;
    });
    await this.untilArmed();
  }

  async #press(): Promise<void> {
    this.host.setInput(wiring.acceptButton, false);
    await wait(PRESS_MS);
    this.host.setInput(wiring.acceptButton, true);
    await wait(PRESS_MS);
  }

  #count(name: string): number {
    return this.#known?.counts[name] ?? 0;
  }
}

/** The control room knows that the alarm sounds. */
function wasTold({ steps }: LedgerEntry): boolean {
  return 'sounding' in steps || 'resumed' in steps;
}

/** A packet that comes in one piece with another is not recognised. */
const MOST_TRIES = 3;

/** One unit is struck again and again. Fails at the first strike that it does not recover from. */
export async function strikeAll(
  options: ExhaustOptions,
  strikes: readonly Strike[],
  onOutcome: (outcome: Outcome) => void = () => {},
): Promise<Outcome[]> {
  const lab = await ExhaustLab.start(options);
  const outcomes: Outcome[] = [];
  try {
    for (const strike of strikes) {
      try {
        let outcome = await lab.strike(strike);
        for (let tries = 1; !outcome.struck && tries < MOST_TRIES; tries++) {
          outcome = await lab.strike(strike);
        }
        outcomes.push(outcome);
        onOutcome(outcome);
      } catch (error) {
        throw new Error(`${JSON.stringify(strike)}: ${(error as Error).message}`);
      }
    }
    return outcomes;
  } finally {
    await lab.stop();
  }
}

/** Seeded strikes, in every place and of every kind in turn. */
export function randomStrikes(count: number, seed: number): Strike[] {
  const random = new Random(seed);
  const places = Object.keys(PLACES) as Place[];
  return Array.from({ length: count }, (_, index) => {
    const place = places[index % places.length] as Place;
    const kind = KINDS[Math.floor(index / places.length) % KINDS.length] as Kind;
    return {
      place,
      kind,
      // Deep in a callback much is in use that is free again when it has ended: a unit may get by.
      calls: kind === 'forGood' ? 0 : random.integer(0, PLACES[place]),
      left: random.integer(4, kind === 'forGood' ? 40 : 120),
      lastsS: random.integer(1, 40),
    };
  });
}

/** A line for each place and kind: how often it was struck, and what came of it. */
export function inLines(outcomes: readonly Outcome[]): string[] {
  const line = (cells: readonly (string | number)[]) =>
    cells.map((cell) => String(cell).padStart(COLUMN_CHARS)).join('');
  const rows = Object.keys(PLACES).flatMap((place) =>
    KINDS.map((kind) => {
      const all = outcomes.filter(
        ({ strike, struck }) => struck && strike.place === place && strike.kind === kind,
      );
      const count = (is: (outcome: Outcome) => boolean) => all.filter(is).length;
      const slowestS = Math.max(0, ...all.map(({ soundsS }) => soundsS));
      return line([
        place,
        kind,
        all.length,
        count(({ restarts }) => restarts > 0),
        count(toldOfMemory),
        Math.round(slowestS),
      ]);
    }),
  );
  return [line(['where', 'how', 'struck', 'restarts', 'told', 'slowest s']), ...rows];
}

const COLUMN_CHARS = 10;

/** True if the unit told that memory ran out. */
export function toldOfMemory({ exhaustions, ranOut }: Told): boolean {
  return exhaustions > 0 && (ranOut & Exhaustion.memory) !== 0;
}
