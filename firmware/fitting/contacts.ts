/** Buttons go to the crew, the other contacts to the AED's bay. */
import { Input } from '../ports/inputs.js';
import type { Unit } from '../unit.js';
import { seeBracket, seeIndicator } from './bay.js';
import { touch } from './crew.js';

/** @rare */
export function fitContacts(unit: Unit): void {
  unit.ports.inputs.onChange(function (input, closed) {
    if (input === Input.bracket) seeBracket(unit, closed);
    else if (input === Input.indicator) seeIndicator(unit, closed);
    else touch(unit, input, closed);
  });
}
