/** Contacts to ground with pull-ups: closed reads low. */
import type { Board } from '../boards/board.js';
import type { Inputs } from '../ports/inputs.js';

const pins: Pin[] = [];
const callbacks: ((closed: boolean) => void)[] = [];

/** One for all pins: a function for each would keep what it was made in. */
function changed(event: { state: boolean; pin: Pin }): void {
  (callbacks[pins.indexOf(event.pin)] as (closed: boolean) => void)(!event.state);
}

/** @rare */
function watch(input: number, debounceMs: number): void {
  setWatch(changed, pins[input] as Pin, { repeat: true, edge: 'both', debounce: debounceMs });
}

/** @rare */
export function espruinoInputs(board: Board): Inputs {
  for (let i = 0; i < board.inputs.length; i++) {
    const pin = new Pin(board.inputs[i] as string);
    pinMode(pin, 'input_pullup');
    pins.push(pin);
  }
  return /* @__NOINLINE__ */ inputsWith(board.debounceMs);
}

/** @rare */
function inputsWith(debounceMs: readonly number[]): Inputs {
  return {
    isClosed: function (input) {
      return !(pins[input] as Pin).read();
    },
    onChange: function (input, callback) {
      callbacks[input] = callback;
      watch(input, debounceMs[input] as number);
    },
    watchAgain: function () {
      // Without an id, all of them: one that has been removed would be an exception.
      clearWatch();
      for (let i = 0; i < callbacks.length; i++) watch(i, debounceMs[i] as number);
    },
  };
}
