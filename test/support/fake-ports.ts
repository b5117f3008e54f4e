/**
 * The unit's ports without a device: time moves only when a test says so, the test plays the far
 * end of a connection, flash can lose power in a write, and outputs remember what they did.
 */
import { crc32 } from 'node:zlib';
import { generate, parser, type Packet } from 'mqtt-packet';
import { hostBytes } from '../../protocol/bytes.js';
import { HOLD_MS } from '../../firmware/crew/buttons.js';
import { Exhaustion } from '../../protocol/codes.js';
import type { Display } from '../../firmware/ports/display.js';
import type { Socket, SocketEvents } from '../../firmware/ports/net.js';
import type { Serial } from '../../firmware/ports/serial.js';
import type { Ports } from '../../firmware/ports/ports.js';
import { nodeCiphers } from '../../protocol/host/ciphers.js';

/** The supply fails: nothing after it runs, and only the files are left. */
export class PowerCut extends Error {}
/** Memory or stack ran out: the callback is abandoned, and no handler sees it. */
export class Exhausted extends Error {}

type Guard = (callback: () => void) => void;
type Note = (what: string) => void;

export class FakeClock {
  private timers: { id: number; dueMs: number; callback: () => void }[] = [];
  private lastId = 0;
  /** How a callback is run: what becomes of an exception is the interpreter's business. */
  guard: Guard = (callback) => callback();

  constructor(private timeMs = 0) {}

  readonly nowMs = (): number => this.timeMs;
  readonly pending = (): number => this.timers.length;

  after(delayMs: number, callback: () => void): number {
    this.lastId++;
    this.timers.push({ id: this.lastId, dueMs: this.timeMs + Math.max(0, delayMs), callback });
    return this.lastId;
  }

  cancel(timer: number): void {
    this.timers = this.timers.filter((other) => other.id !== timer);
  }

  /** Time passes without a timer running: something blocks the interpreter. */
  block(ms: number): void {
    this.timeMs += ms;
  }

  /** Time passes, and every timer runs when it is due, or as soon after as it can. */
  advance(ms: number): void {
    const untilMs = this.timeMs + ms;
    for (let calls = 0; ; calls++) {
      if (calls > 200000) throw new Error('timers without end');
      const next = this.timers
        .filter((timer) => timer.dueMs <= untilMs)
        .sort((a, b) => a.dueMs - b.dueMs || a.id - b.id)[0];
      if (next === undefined) break;
      this.cancel(next.id);
      this.timeMs = Math.max(this.timeMs, next.dueMs);
      this.guard(next.callback);
    }
    this.timeMs = Math.max(this.timeMs, untilMs);
  }
}

/** The other end of one TCP connection. */
export class FarEnd implements Socket {
  /** Every packet that the unit wrote. */
  readonly heard: Packet[] = [];
  isClosed = false;
  private taken = 0;
  private readonly parser = parser();

  constructor(
    private readonly events: SocketEvents,
    private readonly clock: FakeClock,
    onPacket: (packet: Packet) => void,
  ) {
    this.parser.on('packet', (packet: Packet) => {
      this.heard.push(packet);
      onPacket(packet);
    });
  }

  write(bytes: string): void {
    if (this.isClosed) throw new Error('This socket is closed');
    const left = this.parser.parse(Buffer.from(bytes, 'latin1'));
    if (left !== 0) throw new Error('The unit wrote half a packet, or none');
  }
  close(): void {
    this.isClosed = true;
  }

  /** TCP is up. */
  open(): void {
    if (!this.isClosed) this.clock.guard(() => this.events.onConnect());
  }
  /** Sends a packet, or bytes; also on a closed socket, as data in flight would come. */
  say(what: Packet | string): void {
    const bytes = typeof what === 'string' ? what : generate(what).toString('latin1');
    this.clock.guard(() => this.events.onData(bytes));
  }
  /** The connection is lost. */
  drop(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.clock.guard(() => this.events.onClose());
  }
  /** The packets that came since the last call. */
  take(): Packet[] {
    const fresh = this.heard.slice(this.taken);
    this.taken = this.heard.length;
    return fresh;
  }
}

export class FakeNet {
  readonly ends: FarEnd[] = [];
  /** What becomes of an attempt: TCP comes up, is refused, or is never answered. */
  manner: 'opens' | 'refuses' | 'hangs' = 'opens';
  /** For how long an attempt blocks everything. */
  blocksMs = 0;
  /** The far end's manners, called a little after the packet was sent. */
  onPacket: (far: FarEnd, packet: Packet) => void = () => {};
  trace: Note = () => {};
  constructor(private readonly clock: FakeClock) {}

  /** The newest connection. */
  get far(): FarEnd {
    const end = this.ends[this.ends.length - 1];
    if (end === undefined) throw new Error('no connection was made');
    return end;
  }

  connect(host: string, port: number, events: SocketEvents): Socket | null {
    this.trace('call ' + host + ':' + port);
    this.clock.block(this.blocksMs);
    if (this.manner === 'refuses') return null;
    const end: FarEnd = new FarEnd(events, this.clock, (packet) => {
      this.trace(packet.cmd);
      this.clock.after(1, () => {
        if (!end.isClosed) this.onPacket(end, packet);
      });
    });
    this.ends.push(end);
    if (this.manner === 'opens') this.clock.after(0, () => end.open());
    return end;
  }
}

/** A broker that says yes to everything. */
export function obliging(far: FarEnd, packet: Packet): void {
  if (packet.cmd === 'connect') {
    far.say({ cmd: 'connack', returnCode: 0, sessionPresent: true });
  } else if (packet.cmd === 'subscribe') {
    const granted = packet.subscriptions.map(() => 1);
    far.say({ cmd: 'suback', messageId: packet.messageId as number, granted });
  } else if (packet.cmd === 'publish') {
    far.say({ cmd: 'puback', messageId: packet.messageId as number });
  } else if (packet.cmd === 'pingreq') {
    far.say({ cmd: 'pingresp' });
  }
}

/** Flash. Replacing a file is not atomic: the old one goes before the new one is there. */
export class FakeStore {
  isFull = false;
  /** Called with each write; it may return how many bytes get to flash before power fails. */
  onWrite: (name: string, bytes: string) => 'before' | number | null = () => null;

  constructor(readonly files = new Map<string, string>()) {}

  read(name: string): string | undefined {
    return this.files.get(name);
  }
  write(name: string, parts: string | readonly string[]): boolean {
    const bytes = typeof parts === 'string' ? parts : parts.join('');
    if (this.isFull) return false;
    const cut = this.onWrite(name, bytes);
    if (cut === 'before') throw new PowerCut();
    // Of an erased page, what was not written reads 0xFF.
    const kept = cut === null ? bytes : bytes.substring(0, cut).padEnd(bytes.length, '\xff');
    this.files.delete(name);
    if (cut !== 0) this.files.set(name, kept);
    if (cut !== null) throw new PowerCut();
    return true;
  }
}

export class FakeOutputs {
  frequencyHz = 0;
  /** Of the last tone. */
  volumePercent = 0;
  readonly lit = [false, false, false];
  readonly changes: { atMs: number; what: string; value: number | boolean }[] = [];

  trace: Note = () => {};
  constructor(private readonly clock: FakeClock) {}

  sound(frequencyHz: number, volumePercent: number): void {
    this.set('sound', this.frequencyHz, frequencyHz);
    this.frequencyHz = frequencyHz;
    if (frequencyHz > 0) this.volumePercent = volumePercent;
  }
  light(lamp: number, lit: boolean): void {
    this.set(['red', 'amber', 'green'][lamp] as string, this.lit[lamp] as boolean, lit);
    this.lit[lamp] = lit;
  }
  private set(what: string, before: number | boolean, value: number | boolean): void {
    if (value === before) return;
    this.changes.push({ atMs: this.clock.nowMs(), what, value });
    this.trace(what + ' ' + value);
  }
}

export class FakeInputs {
  private readonly closed = [false, false, false, false];
  private listener: (input: number, closed: boolean) => void = () => {};

  constructor(private readonly clock: FakeClock) {}

  isClosed(input: number): boolean {
    return this.closed[input] as boolean;
  }
  onChange(callback: (input: number, closed: boolean) => void): void {
    this.listener = callback;
  }
  watchAgain(): void {}
  set(input: number, closed: boolean): void {
    this.closed[input] = closed;
    this.clock.guard(() => this.listener(input, closed));
  }
  press(input: number): void {
    this.set(input, true);
    this.set(input, false);
  }
  /** Held for so long that it says something: time passes. */
  hold(input: number): void {
    this.set(input, true);
    this.clock.advance(HOLD_MS + 100);
    this.set(input, false);
  }
}

export class FakeSystem {
  free: number | null = 2500;
  isExhausted = false;
  /** An exception in a callback is the interpreter's affair; otherwise it fails the test. */
  survives = false;
  watchdogS = 0;
  kicks = 0;
  restarts = 0;
  private readonly listeners: ((isOutOfStack: boolean) => void)[] = [];

  readonly guard: Guard = (callback) => {
    try {
      callback();
    } catch (error) {
      if (error instanceof Exhausted) this.isExhausted = true;
      else if (error instanceof PowerCut || !this.survives) throw error;
      else for (const listener of this.listeners) listener(/recursion/.test(String(error)));
    }
  };
  readonly freeVariables = (): number | null => this.free;
  tidied = 0;
  readonly tidy = (): void => void this.tidied++;
  readonly takeExhausted = (): number => {
    const bits = this.isExhausted ? Exhaustion.memory : 0;
    this.isExhausted = false;
    return bits;
  };
  readonly restart = (): void => void this.restarts++;
  readonly onUncaught = (callback: (isOutOfStack: boolean) => void): void =>
    void this.listeners.push(callback);
  readonly startWatchdog = (timeoutS: number): void => void (this.watchdogS = timeoutS);
  readonly kickWatchdog = (): void => void this.kicks++;
  readonly crc32 = (bytes: string): number => crc32(Buffer.from(bytes, 'latin1'));
}

/** All ports of a board, on one clock. The files are what survives a power cut. */
export function createFakePorts(files = new Map<string, string>()) {
  /** What the unit did to the world, in its order. */
  const trace: string[] = [];
  const note: Note = (what) => void trace.push(what);
  const clock = new FakeClock();
  const system = new FakeSystem();
  /** When the network was asked to join what. */
  const joins: string[] = [];
  let onGps = (_bytes: string): void => {};
  const store = new FakeStore(files);
  const net = new FakeNet(clock);
  const outputs = new FakeOutputs(clock);
  net.trace = outputs.trace = note;
  clock.guard = system.guard;
  store.onWrite = (name) => (note('write ' + name), null);
  const ports = {
    bytes: hostBytes,
    ciphers: nodeCiphers,
    clock,
    display: null as Display | null,
    inputs: new FakeInputs(clock),
    net,
    network: {
      up: true,
      joins,
      join: (...what: string[]): void => void joins.push(clock.nowMs() + ' ' + what.join(' ')),
      isUp(): boolean {
        return this.up;
      },
    },
    outputs,
    gps: {
      onData: (callback: typeof onGps): void => void (onGps = callback),
      feed: (bytes: string): void => clock.guard(() => onGps(bytes)),
    },
    sensors: {
      deciC: 180 as number | null,
      temperatureDeciC(): number | null {
        return this.deciC;
      },
    },
    store,
    system,
    tags: null as Serial | null,
    trace,
  };
  return ports satisfies Ports;
}

export type FakePorts = ReturnType<typeof createFakePorts>;
