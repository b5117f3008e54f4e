/** A crew's hands on the two buttons of a whole unit. */
import { HOLD_MS } from '../../../firmware/crew/buttons.js';
import { Input } from '../../../firmware/ports/inputs.js';
import type { Bench } from '../../support/sealed.js';

/** So long that it is a hold, which alone says something. */
export function hold(bench: Bench, input: number = Input.accept): void {
  const { inputs, clock } = bench.ports;
  inputs.set(input, true);
  clock.advance(HOLD_MS + 100);
  inputs.set(input, false);
}
