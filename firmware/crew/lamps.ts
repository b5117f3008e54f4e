/** Green: armed. Amber: something is amiss, the crew cannot count on the unit. */
import { Lamp, type Outputs } from '../ports/outputs.js';

export interface Lamps {
  readonly outputs: Outputs;
  armed: boolean | null;
}

export function createLamps(outputs: Outputs): Lamps {
  return { outputs: outputs, armed: null };
}

/** Armed is: the link is open, the AED is in its bracket, the clock is known. */
export function showArmed(lamps: Lamps, armed: boolean): void {
  if (armed === lamps.armed) return;
  lamps.armed = armed;
  lamps.outputs.light(Lamp.green, armed);
  lamps.outputs.light(Lamp.amber, !armed);
}
