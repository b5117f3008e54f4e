/**
 * A virtual vehicle: a unit with everything that is wired to it, and a crew that hears the alarm
 * and presses a button.
 */
import type { UnitHost } from '../espruino/unit-host.js';
import type { Timer, WorldClock } from './clock.js';
import type { GpsReceiver } from './gps-receiver.js';
import { Aed } from './aed.js';
import { wiring } from './wiring.js';

export type Button = 'accept' | 'decline';

export interface Crew {
  readonly answer: 'accept' | 'decline' | 'none';
  /** Seconds from the first tone to the hand on the button. */
  readonly afterS: number;
}

/** What an alarm sounds of, and nothing else that the unit says. */
export const ALARM_HZ = 880;
const PRESS_MS = 300;
/** The unit takes a second for an answer. */
const HOLD_MS = 1300;
/** The red lamp flashes at 2 Hz: dark for longer than this, the alarm is over. */
const ALARM_GAP_MS = 1500;
const PINS = {
  accept: [wiring.acceptButton],
  decline: [wiring.declineButton],
  both: [wiring.acceptButton, wiring.declineButton],
} as const;
const LAMPS: readonly string[] = [wiring.redLamp, wiring.amberLamp, wiring.greenLamp];

export interface Alarms {
  /** When each alarm began: the first tone after quiet. */
  readonly beganAtMs: readonly number[];
  readonly sounding: boolean;
}

export class Vehicle {
  readonly aed: Aed;
  readonly #beganAtMs: number[] = [];
  readonly #alarmListeners: ((atMs: number) => void)[] = [];
  #lastRedAtMs = -Infinity;
  #redLit = false;
  readonly #lit = new Set<string>();
  #lampTests = 0;
  /** What the crew is about to do. */
  #reaction: Timer | null = null;

  constructor(
    readonly id: string,
    readonly host: UnitHost,
    private readonly clock: WorldClock,
    readonly gps: GpsReceiver,
    private readonly crew: Crew,
  ) {
    this.aed = new Aed(host, clock);
    host.onOutput((pin, state, atMs) => {
      if (pin === wiring.redLamp) this.#red(state.level === 1, atMs);
      if (LAMPS.includes(pin)) this.#lamp(pin, state.level === 1);
      if (pin === wiring.sounder && state.frequencyHz === ALARM_HZ) this.#tone(atMs);
    });
  }

  /** A touch: it moves on, and answers nothing. */
  press(button: Button | 'both', forMs = PRESS_MS): void {
    for (const pin of PINS[button]) {
      this.host.setInput(pin, false);
      this.clock.after(forMs, () => this.host.setInput(pin, true));
    }
  }

  /** Held until it counts as an answer. */
  hold(button: Button): void {
    this.press(button, HOLD_MS);
  }

  /** Times that all lamps were lit at once: in a self-test, and never else. */
  get lampTests(): number {
    return this.#lampTests;
  }

  /** Told of the first tone of each alarm. */
  onAlarm(listener: (atMs: number) => void): void {
    this.#alarmListeners.push(listener);
  }

  get alarms(): Alarms {
    const since = this.clock.nowMs() - this.#lastRedAtMs;
    return { beganAtMs: this.#beganAtMs, sounding: this.#redLit || since < ALARM_GAP_MS };
  }

  #lamp(pin: string, lit: boolean): void {
    const before = this.#lit.size;
    if (lit) this.#lit.add(pin);
    else this.#lit.delete(pin);
    if (this.#lit.size === LAMPS.length && before < LAMPS.length) this.#lampTests++;
  }

  #red(lit: boolean, atMs: number): void {
    if (this.#redLit || lit) this.#lastRedAtMs = atMs;
    this.#redLit = lit;
  }

  /** The first tone of an alarm: the sounder speaks just before the lamp. */
  #tone(atMs: number): void {
    if (this.#redLit || atMs - this.#lastRedAtMs < ALARM_GAP_MS) return;
    this.#beganAtMs.push(atMs);
    this.#lastRedAtMs = atMs;
    for (const listener of this.#alarmListeners) listener(atMs);
    this.#react();
  }

  /**
   * Answers, and again while something still sounds. With one hand: what it was about to do for an
   * alarm before this one would cut the hold for this one short, each time anew.
   */
  #react(): void {
    const { answer, afterS } = this.crew;
    if (answer === 'none') return;
    if (this.#reaction) this.clock.cancel(this.#reaction);
    this.#reaction = this.clock.after(afterS * 1000, () => {
      if (!this.alarms.sounding) return;
      this.hold(answer);
      this.#reaction = this.clock.after(ALARM_GAP_MS + HOLD_MS, () => this.#react());
    });
  }
}
