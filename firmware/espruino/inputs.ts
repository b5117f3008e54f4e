/**
 * Contacts to ground with pull-ups: closed reads low. What is known of them stands outside of the
 * functions, because a function that is made in another keeps all that is known there.
 */
import type { Board } from '../boards/board.js';
import type { Inputs } from '../ports/inputs.js';

const pins: Pin[] = [];
let debounceMs: readonly number[];
let tell: (input: number, closed: boolean) => void;

/** One for all pins. */
function changed(event: { state: boolean; pin: Pin }): void {
  tell(pins.indexOf(event.pin), !event.state);
}

/** @rare */
function watchAll(): void {
  for (let i = 0; i < pins.length; i++) {
    const forMs = debounceMs[i] as number;
    setWatch(changed, pins[i] as Pin, { repeat: true, edge: 'both', debounce: forMs });
  }
}

const inputs: Inputs = {
  isClosed: function (input) {
    return !(pins[input] as Pin).read();
  },
  onChange: function (callback) {
    tell = callback;
    watchAll();
  },
  watchAgain: function () {
    // Without an id, all of them: one that has been removed would be an exception.
    clearWatch();
    watchAll();
  },
};

/** @rare */
export function espruinoInputs(board: Board): Inputs {
  for (let i = 0; i < board.inputs.length; i++) {
    const pin = new Pin(board.inputs[i] as string);
    pinMode(pin, 'input_pullup');
    pins.push(pin);
  }
  debounceMs = board.debounceMs;
  return inputs;
}
