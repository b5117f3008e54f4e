/**
 * Green: armed. Amber: something is amiss, the crew cannot count on the unit; it blinks where the
 * unit is well and the control room is away. (Red is the alarm's.)
 */
import { Lamp, type Outputs } from '../ports/outputs.js';

/** What else the two lamps are for; they are then both lit. */
export const LampShow = {
  none: 0,
  test: 1,
  /** Blinking, so that the unit is found. */
  locate: 2,
} as const;

export interface Lamps {
  readonly outputs: Outputs;
  armed: boolean | null;
  /** The link is up, and the control room is not there. */
  isAway: boolean;
  /** What is lit, as bits: 1 green, 2 amber; -1 is not known. */
  lit: number;
}

const GREEN = 1;
const AMBER = 2;
/** 0.5 Hz. */
const BLINK_MS = 1000;

/** @rare */
export function createLamps(outputs: Outputs): Lamps {
  return { outputs: outputs, armed: null, isAway: false, lit: -1 };
}

/**
 * At once. Armed is: the link is open, the control room there, the AED in its bracket, the clock
 * known. Without `isAway` the control room is not known to be away. True if that is new.
 * @rare
 */
export function showArmed(lamps: Lamps, armed: boolean, isAway?: boolean): boolean {
  if (armed === lamps.armed && !isAway === !lamps.isAway) return false;
  lamps.armed = armed;
  lamps.isAway = isAway === true;
  light(lamps, armed ? GREEN : AMBER);
  return true;
}

/**
 * Blinks; to be called with a LampShow when that changes, and every second as long as this gives
 * true.
 */
export function runLamps(lamps: Lamps, show: number, nowMs: number): boolean {
  const isDark = Math.floor(nowMs / BLINK_MS) % 2 === 1;
  if (show === LampShow.test) light(lamps, GREEN | AMBER);
  else if (show === LampShow.locate) light(lamps, isDark ? 0 : GREEN | AMBER);
  else if (lamps.armed !== null) {
    if (lamps.armed) light(lamps, GREEN);
    else light(lamps, lamps.isAway && isDark ? 0 : AMBER);
  }
  return show !== LampShow.none || lamps.isAway;
}

function light(lamps: Lamps, lit: number): void {
  if (lit === lamps.lit) return;
  lamps.lit = lit;
  lamps.outputs.light(Lamp.green, (lit & GREEN) !== 0);
  lamps.outputs.light(Lamp.amber, (lit & AMBER) !== 0);
}
