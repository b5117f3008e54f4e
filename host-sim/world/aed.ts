/**
 * The AED in a vehicle's bay: a status indicator that the unit's optical sensor looks at, and the
 * temperature around it. What real ones do is in their manuals: ready is a blink, in use is steady
 * light, and a fault is darkness; some also light up for the seconds of a self-test.
 */
import type { UnitHost } from '../espruino/unit-host.js';
import type { Timer, WorldClock } from './clock.js';
import { wiring } from './wiring.js';

export type Indicator = 'blinking' | 'dark' | 'steady';

/** A flash of the indicator, as long ones go. */
const FLASH_MS = 200;
/** From one flash to the next. */
export const BLINK_PERIOD_MS = 5000;

/** 10 kilohm at 25 °C, B 3950, below a resistor of 10 kilohm. */
function thermistorShare(celsius: number): number {
  const ratio = Math.exp(3950 * (1 / (celsius + 273.15) - 1 / 298.15));
  return ratio / (1 + ratio);
}

export class Aed {
  #seated = true;
  #indicator: Indicator = 'blinking';
  #timer: Timer | null = null;

  constructor(
    private readonly host: UnitHost,
    private readonly clock: WorldClock,
  ) {
    this.setTemperature(18);
  }

  /** Seats or lifts it: the switch in the bracket closes to ground, the sensor sees it or not. */
  seat(seated: boolean): void {
    this.#seated = seated;
    this.host.setInput(wiring.bracketSwitch, !seated);
    this.#show();
  }

  setIndicator(indicator: Indicator): void {
    this.#indicator = indicator;
    this.#show();
  }

  setTemperature(celsius: number): void {
    this.host.setLevel(wiring.thermistor, thermistorShare(celsius));
  }

  #show(): void {
    if (this.#timer) this.clock.cancel(this.#timer);
    this.#timer = null;
    const seen = this.#seated ? this.#indicator : 'dark';
    this.#light(seen === 'steady');
    if (seen === 'blinking') this.#blink();
  }

  #blink(): void {
    this.#light(true);
    this.#timer = this.clock.after(FLASH_MS, () => {
      this.#light(false);
      this.#timer = this.clock.after(BLINK_PERIOD_MS - FLASH_MS, () => this.#blink());
    });
  }

  /** The sensor pulls its line down while it sees light. */
  #light(lit: boolean): void {
    this.host.setInput(wiring.indicatorSensor, !lit);
  }
}
